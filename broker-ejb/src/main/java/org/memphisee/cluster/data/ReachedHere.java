package org.memphisee.cluster.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.memphisee.core.append.Shard;

/**
 * Who waits until what follows from an event is in effect at this node: handed to all its shards, and through them. Any thread.
 */
final class ReachedHere {

    private static final int MOST = 16_384;

    private final List<Wait> waits = new ArrayList<>();
    private long handed;

    private record Wait(long event, Runnable then) { }

    /** All that follows from events up to this one was handed to the shards. */
    void handed(long event, Supplier<List<Shard>> shards) {
        List<Wait> over;
        synchronized (waits) {
            handed = Math.max(handed, event);
            if (waits.isEmpty()) {
                return;
            }
            over = waits.stream().filter(wait -> wait.event <= handed).toList();
            waits.removeAll(over);
        }
        over.forEach(wait -> through(shards.get(), wait.then));
    }

    /** Runs something when that is so of an event. Nobody else waits while too many do, perhaps for what never comes. */
    void when(long event, Supplier<List<Shard>> shards, Runnable then) {
        synchronized (waits) {
            if (event > handed && waits.size() < MOST) {
                waits.add(new Wait(event, then));
                return;
            }
        }
        through(shards.get(), then);
    }

    private static void through(List<Shard> shards, Runnable then) {
        AtomicInteger left = new AtomicInteger(shards.size());
        for (Shard shard : shards) {
            shard.execute(() -> {
                if (left.decrementAndGet() == 0) {
                    then.run();
                }
            });
        }
    }
}
