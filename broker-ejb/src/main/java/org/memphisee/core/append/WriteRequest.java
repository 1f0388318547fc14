package org.memphisee.core.append;

import java.util.List;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/**
 * Changes that belong together, for the log writer.
 *
 * @param changes applied in one transaction, possibly together with others
 * @param sync whether completion means durable; otherwise written and synced at the interval
 * @param bytes about how much it is
 * @param fence orders it after earlier requests with the same fence: when one of them fails, so do all later ones.
 *     {@link WriteFence#NONE} when it depends on none of them, as everything but batches
 * @param completion told on the thread that wrote; must hand over at once
 */
public record WriteRequest(List<StoreChange> changes, boolean sync, int bytes, WriteFence fence, Completion completion) {

    /** One that depends on no earlier one. */
    public WriteRequest(List<StoreChange> changes, boolean sync, int bytes, Completion completion) {
        this(changes, sync, bytes, WriteFence.NONE, completion);
    }

    /** Whether it is to be refused when the disk is nearly full, so that smaller and more urgent ones pass. */
    boolean needsRoom() {
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutBatch || change instanceof StoreChange.MergeBatches
                || change instanceof StoreChange.PutSystemSnapshot) {
                return true;
            }
        }
        return false;
    }

    /** Told once what became of a request. */
    public interface Completion {
        void written();

        void failed(StoreException cause);
    }
}
