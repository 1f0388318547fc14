package org.memphisee.core.partition.log;

import java.util.Optional;

import org.memphisee.core.consumer.MessageView;

/**
 * What is stored in one batch now, for whoever looks at it elsewhere: the record itself, which never changes, and what was
 * removed from it. Immutable; any thread.
 */
public final class RecordCopy {

    /** Takes messages; the view is valid during the call. */
    public interface Messages<E extends Exception> {

        /** The next message. */
        void message(MessageView view) throws E;
    }

    private final byte[] record;
    private final long first;
    private final long last;
    private final Optional<Removed> removed;

    RecordCopy(StoredBatch batch) {
        this.record = batch.record;
        this.first = batch.first();
        this.last = batch.last();
        this.removed = Optional.ofNullable(batch.removed).map(r -> Removed.decode(r.encode()));
    }

    /** Highest sequence of its range. */
    public long last() {
        return last;
    }

    /** Bytes it takes. */
    public int bytes() {
        return record.length;
    }

    /** Visits what is there, ascending, from a sequence up to another, both included. */
    public <E extends Exception> void visit(long from, long upTo, Messages<E> visitor) throws E {
        MessageView view = new MessageView();
        int count = MessageBatch.count(record);
        for (int k = MessageBatch.indexOf(record, from); k < count; k++) {
            MessageBatch.view(record, k, view);
            if (view.sequence > upTo) {
                return;
            }
            if (removed.isEmpty() || !removed.get().contains((int) (view.sequence - first))) {
                visitor.message(view);
            }
        }
    }
}
