package org.memphisee.core.cluster;

import java.util.List;

import org.memphisee.core.log.StoreChange;

/**
 * Changes that belong together: all of them become durable, or none.
 *
 * @param changes applied in one transaction, possibly together with others
 * @param sync whether committed means durable; otherwise written, and synced at the interval
 * @param bytes about how much it is
 * @param fence orders it after earlier ones with the same fence: when one of them fails, so do all later ones. {@link
 *     WriteFence#NONE} when it depends on none of them, as everything but batches
 * @param ending told once what became of it, on the thread that learned of it; must hand over at once
 */
public record Proposal(List<StoreChange> changes, boolean sync, int bytes, WriteFence fence, Ending ending) {

    /** One that depends on no earlier one. */
    public Proposal(List<StoreChange> changes, boolean sync, int bytes, Ending ending) {
        this(changes, sync, bytes, WriteFence.NONE, ending);
    }

    /** Whether it is to be refused when the disk is nearly full, so that smaller and more urgent ones pass. */
    public boolean needsRoom() {
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutBatch || change instanceof StoreChange.MergeBatches
                || change instanceof StoreChange.PutSystemSnapshot) {
                return true;
            }
        }
        return false;
    }

    /** Told once what became of a proposal. */
    public interface Ending {
        void ended(WriteOutcome outcome);
    }
}
