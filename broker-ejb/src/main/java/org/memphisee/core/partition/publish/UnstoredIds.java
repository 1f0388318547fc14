package org.memphisee.core.partition.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoredSummary;

/**
 * Batches without messages: they hold the ids of messages that nobody wanted, so that these are known as duplicates after
 * a restart too (P5), and go when the deduplication window has passed them. Shard's thread only.
 */
public final class UnstoredIds {

    private final long partition;
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    /** On their way out, by the write that removes them. */
    private final Map<Long, List<Kept>> leaving = new HashMap<>(0);

    UnstoredIds(long partition) {
        this.partition = partition;
    }

    /** Whether a batch is one of these. */
    public static boolean holds(StoredSummary summary) {
        return summary.count() == 0;
    }

    /** One is stored, now or since before: not earlier, because a sequence that was refused is given to a message next. */
    public void add(long firstSequence, long lastTimeNanos) {
        kept.add(new Kept(firstSequence, lastTimeNanos));
    }

    /** One was removed from the store. */
    public void dropped(long firstSequence) {
        kept.removeIf(k -> k.firstSequence == firstSequence);
    }

    /**
     * Adds the removal of those whose last id is older.
     *
     * @param with names the write that removes them, until it is {@link #removed} or {@link #failed}
     */
    void collectExpired(long beforeNanos, long with, List<StoreChange> changes) {
        if (kept.isEmpty() || kept.peek().lastTimeNanos >= beforeNanos) {
            return;
        }
        List<Kept> expired = new ArrayList<>();
        while (!kept.isEmpty() && kept.peek().lastTimeNanos < beforeNanos) {
            expired.add(kept.poll());
        }
        leaving.put(with, expired);
        changes.add(new StoreChange.DropBatches(partition, expired.stream().map(Kept::firstSequence).toList()));
    }

    /** A write is done, and what it removed is gone. */
    void removed(long with) {
        if (!leaving.isEmpty()) {
            leaving.remove(with);
        }
    }

    /** A write was refused: what it was to remove is still there. */
    void failed(long with) {
        List<Kept> still = leaving.remove(with);
        for (int i = still == null ? 0 : still.size(); i > 0; i--) {
            kept.addFirst(still.get(i - 1));
        }
    }

    private record Kept(long firstSequence, long lastTimeNanos) { }
}
