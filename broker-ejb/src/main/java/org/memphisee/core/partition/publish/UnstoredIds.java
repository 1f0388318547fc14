package org.memphisee.core.partition.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoredSummary;

/**
 * Batches without messages: they hold the ids of messages that nobody wanted, so that these are known as duplicates after
 * a restart too (P5), and go when the deduplication window has passed them. Shard's thread only.
 */
public final class UnstoredIds {

    private final long partition;
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();

    UnstoredIds(long partition) {
        this.partition = partition;
    }

    /** Whether a batch is one of these. */
    public static boolean holds(StoredSummary summary) {
        return summary.count() == 0;
    }

    /** One was stored or found in the store. */
    public void add(long firstSequence, long lastTimeNanos) {
        kept.add(new Kept(firstSequence, lastTimeNanos));
    }

    /** Adds the removal of those whose last id is older. */
    void collectExpired(long beforeNanos, List<StoreChange> changes) {
        if (kept.isEmpty() || kept.peek().lastTimeNanos >= beforeNanos) {
            return;
        }
        List<Long> expired = new ArrayList<>();
        while (!kept.isEmpty() && kept.peek().lastTimeNanos < beforeNanos) {
            expired.add(kept.poll().firstSequence);
        }
        changes.add(new StoreChange.DropBatches(partition, expired));
    }

    private record Kept(long firstSequence, long lastTimeNanos) { }
}
