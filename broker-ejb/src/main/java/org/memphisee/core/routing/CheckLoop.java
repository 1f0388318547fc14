package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;

/**
 * Looks at messages of the partitions of one shard that have a schema, beside the shard. Partitions take turns of some
 * milliseconds, so that one whose messages cost much holds up the others by no more than one message. While the shard takes
 * no more, neither does this. Its thread calls {@link #turn}; the rest is for any thread.
 */
final class CheckLoop implements Loop, ShardCommand.Reader {

    private static final long SLICE_NANOS = 1_000_000;
    private static final int SLICE_MESSAGES = 256;

    /** How long one partition may go on, and what it handed on. */
    final class Slice {
        private final Map<CheckedPartition, Integer> looked = new IdentityHashMap<>();
        private long end;
        private int left;

        private void begin() {
            end = clock.nowNanos() + SLICE_NANOS;
            left = SLICE_MESSAGES;
        }

        boolean more() {
            return left > 0 && (left == SLICE_MESSAGES || clock.nowNanos() - end < 0);
        }

        void looked(CheckedPartition partition) {
            left--;
            looked.merge(partition, 1, Integer::sum);
        }
    }

    private final BrokerClock clock;
    private final Consumer<Throwable> failures;
    private final long budget;
    private final ConcurrentLinkedQueue<CheckedPartition> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicInteger pauses = new AtomicInteger();
    private final List<ShardCommand.Reader> pausedReaders = new ArrayList<>();
    private final Parking parking = new Parking();
    private final Slice slice = new Slice();

    /**
     * A loop.
     *
     * @param failures told of what a check threw, which costs that message only
     * @param budget bytes of client data above which readers are paused
     */
    CheckLoop(BrokerClock clock, Consumer<Throwable> failures, long budget) {
        this.clock = clock;
        this.failures = failures;
        this.budget = budget;
    }

    /** Counts what was handed over; whether that is more than the budget. */
    boolean hold(long bytes) {
        return heldBytes.addAndGet(bytes) > budget;
    }

    /** Bytes that wait. */
    long heldBytes() {
        return heldBytes.get();
    }

    /** Messages of the partition wait. */
    void add(CheckedPartition partition) {
        inbox.add(partition);
        parking.wake();
    }

    @Override
    public void pauseReading() {
        pauses.incrementAndGet();
    }

    @Override
    public void resumeReading() {
        if (pauses.decrementAndGet() == 0) {
            parking.wake();
        }
    }

    @Override
    public boolean ready() {
        return pauses.get() == 0 && !inbox.isEmpty();
    }

    @Override
    public Parking parking() {
        return parking;
    }

    // ---- the loop's thread

    void release(long bytes, ShardCommand.Reader paused) {
        heldBytes.addAndGet(-bytes);
        if (paused != ShardCommand.Reader.NONE) {
            pausedReaders.add(paused);
        }
    }

    @Override
    public long turn() {
        Lane lane = Lane.ofLoop();
        CheckedPartition partition = pauses.get() == 0 ? inbox.poll() : null;
        if (partition != null) {
            slice.begin();
            boolean more = true;
            try {
                more = partition.turn(lane, slice);
            } catch (RuntimeException | Error e) {
                failures.accept(e);
            }
            if (more) {
                inbox.add(partition);
            }
        }
        lane.flushCommands(this);
        lane.flushFrames();
        slice.looked.forEach(CheckedPartition::handedOn); // only now: what comes next may overtake what is handed over
        slice.looked.clear();
        if (!pausedReaders.isEmpty() && heldBytes.get() < budget / 2) {
            pausedReaders.forEach(ShardCommand.Reader::resumeReading);
            pausedReaders.clear();
        }
        return ready() ? AT_ONCE : WHEN_WOKEN;
    }
}
