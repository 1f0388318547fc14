package org.memphisee.core.observe;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.partition.Partition;

/**
 * One walk over all partitions, each asked on its own shard: a few consumers in one turn, then a pause in which
 * others have theirs. One use; the caller waits.
 */
final class StreamWalk {

    /** What is looked at in one turn of a shard, below 100 µs. */
    private static final int CONSUMERS_PER_TURN = 32;
    private static final int PARTITIONS_PER_TURN = 64;
    private static final long PAUSE_NANOS = 500_000L;

    private final Map<Long, StreamFigures> found = new ConcurrentHashMap<>();

    /** Figures by number of the partition; those that a shard did not tell in time are missing. */
    Map<Long, StreamFigures> run(Collection<Partition> partitions, long limitMillis) {
        Map<Shard, List<Partition>> byShard = partitions.stream()
            .collect(Collectors.groupingBy(p -> p.resources().shard()));
        CountDownLatch done = new CountDownLatch(byShard.size());
        byShard.forEach((shard, list) -> shard.execute(() -> visit(shard, list, 0, done)));
        try {
            done.await(limitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.copyOf(found);
    }

    private void visit(Shard shard, List<Partition> list, int from, CountDownLatch done) {
        int next = from;
        int consumers = 0;
        try {
            while (next < list.size() && consumers < CONSUMERS_PER_TURN && next - from < PARTITIONS_PER_TURN) {
                Partition p = list.get(next++);
                StreamFigures figures = new StreamFigures(p.id(), p.config(), p.createdNanos(), p.state(),
                    p.operations().consumerInfos());
                found.put(p.id(), figures);
                consumers += figures.consumers().size();
            }
        } finally {
            if (next < list.size()) {
                int resume = next;
                shard.set(new ShardTimer(() -> visit(shard, list, resume, done)), shard.clock().nowNanos() + PAUSE_NANOS);
            } else {
                done.countDown();
            }
        }
    }
}
