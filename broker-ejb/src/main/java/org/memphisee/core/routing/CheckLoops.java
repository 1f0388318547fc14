package org.memphisee.core.routing;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.memphisee.core.time.World;

/** The loops that look at messages, one for each shard that has a partition with a schema; begun with the first of them. */
public final class CheckLoops implements AutoCloseable {

    private record Started(CheckLoop loop, World.Running running) { }

    private final World world;
    private final Consumer<Throwable> failures;
    private final long budget;
    private final Map<Integer, Started> loops = new TreeMap<>();
    private boolean closed;

    /**
     * No loops yet.
     *
     * @param failures told of what a check threw, on the loop's thread
     * @param budget bytes of client data that one loop holds before readers are paused
     */
    public CheckLoops(World world, Consumer<Throwable> failures, long budget) {
        this.world = world;
        this.failures = failures;
        this.budget = budget;
    }

    /** The loop beside a shard. Any thread. */
    synchronized CheckLoop beside(int shard) {
        if (closed) {
            throw new IllegalStateException("the broker is closing");
        }
        return loops.computeIfAbsent(shard, n -> {
            CheckLoop loop = new CheckLoop(world.clock(), failures, budget);
            return new Started(loop, world.run("memphisee-check-" + n, loop));
        }).loop();
    }

    /** Looks at what waits and ends them; before shards end. Not from a loop. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        loops.values().forEach(started -> started.running().close());
    }
}
