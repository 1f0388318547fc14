package org.memphisee.core.partition.log;

import java.util.function.Consumer;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.log.RecordLoading.Outcome;

/**
 * Goes over batches one by one, up or down, without ever holding up the shard: what has to be read is asked for, and after
 * a bounded piece of work others have their turn. Meanwhile batches may come, be merged, or go: the walk goes on by sequence,
 * so that what is stored all the time is met, and met once. When nothing has to be read and there is little to look at, all
 * is done at once. What cannot be read is passed over; it has frozen the partition by then. Shard's thread only.
 */
public final class BatchWalk {

    /** Work that is done in one go, in about what a subject or message costs to look at: a few milliseconds. */
    private static final int SLICE = 50_000;

    /** What a visitor wants. */
    public enum Next {
        /** The next batch. */
        GO_ON,
        /** The summary of this one, to look again. */
        SUMMARY,
        /** The record of this one, to look again. */
        RECORD,
        /** No more. */
        ENOUGH
    }

    /** Looks at batches. */
    public interface Visitor {

        /**
         * Looks at a batch; of a merged one, only a part may be left to look at.
         *
         * @param from only messages at or after this sequence
         * @param to only messages at or before this sequence
         * @param summary its summary when it was asked for, else null; valid during the call
         */
        Next look(StoredBatch batch, long from, long to, StoredSummary summary) throws StoreException;
    }

    private final StoredMessages messages;
    private final Visitor visitor;
    private final Consumer<Boolean> done;
    private final boolean up;
    /** What is left to look at, both ends included. */
    private long from;
    private long to;
    private int work;
    private boolean ended;

    private BatchWalk(StoredMessages messages, boolean up, long from, long to, Visitor visitor, Consumer<Boolean> done) {
        this.messages = messages;
        this.up = up;
        this.from = from;
        this.to = to;
        this.visitor = visitor;
        this.done = done;
    }

    /**
     * From a sequence to the end, whatever comes while it goes.
     *
     * @param done told once at the end; false when the partition gives out nothing any more
     */
    public static void up(StoredMessages messages, long from, Visitor visitor, Consumer<Boolean> done) {
        new BatchWalk(messages, true, Math.max(1, from), Long.MAX_VALUE, visitor, done).run();
    }

    /** From a sequence down to another, both ends included. */
    static void down(StoredMessages messages, long to, long from, Visitor visitor, Consumer<Boolean> done) {
        new BatchWalk(messages, false, from, to, visitor, done).run();
    }

    /** The batch that is next, null when there is none. */
    private StoredBatch next() {
        BatchList batches = messages.batches();
        int i = batches.indexOf(up ? from : to);
        if (!up && (i == batches.size() || batches.get(i).first() > to)) {
            i--;
        }
        return i < 0 || i >= batches.size() || batches.get(i).last() < from ? null : batches.get(i);
    }

    private void run() {
        work = 0;
        while (!ended) {
            StoredBatch b = next();
            if (b == null || from > to) {
                end(true);
            } else if (work > SLICE) {
                messages.resources().shard().execute(() -> {
                    messages.enter();
                    run();
                });
                return;
            } else if (!look(b, null)) {
                return;
            }
        }
    }

    /** False when it goes on later. */
    private boolean look(StoredBatch b, StoredSummary summary) {
        Next next;
        try {
            next = b.live() == 0 || b.unreadable() && b.record == null ? Next.GO_ON : visitor.look(b, from, to, summary);
        } catch (StoreException e) {
            messages.unreadable(b, e);
            next = Next.GO_ON;
        }
        work += 1 + cost(b, summary);
        switch (next) {
            case GO_ON -> pass(b);
            case ENOUGH -> end(true);
            case SUMMARY -> messages.withSummary(b, (outcome, read) -> came(b, outcome, read));
            case RECORD -> {
                if (b.record != null) {
                    throw new IllegalStateException("the record is there");
                }
                if (up) {
                    messages.readAhead(b);
                }
                messages.with(b, outcome -> came(b, outcome, null));
            }
            default -> throw new IllegalStateException(next.toString());
        }
        return next == Next.GO_ON || next == Next.ENOUGH;
    }

    private static int cost(StoredBatch b, StoredSummary summary) {
        return b.subjects != null ? b.subjects.size() : b.record != null || summary != null ? b.count() : 0;
    }

    private void pass(StoredBatch b) {
        if (up) {
            from = b.last() + 1;
        } else {
            to = b.first() - 1;
        }
    }

    private void came(StoredBatch b, Outcome outcome, StoredSummary summary) {
        if (outcome == Outcome.ENDED) {
            end(false);
            return;
        }
        if (outcome == Outcome.UNREADABLE) {
            pass(b);
        } else if (summary != null && !b.gone && !look(b, summary)) {
            return;
        }
        run();
    }

    private void end(boolean all) {
        ended = true;
        done.accept(all);
    }
}
