package org.memphisee.core.time;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A loop of actions, at once and later, for work that nobody waits for on a hot path. An action that throws is reported and costs
 * only itself. {@link #execute} on any thread, {@link #after} on the loop.
 */
public final class TimedLoop implements Loop, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(TimedLoop.class.getName());

    private record Timed(long at, long order, Runnable action) implements Comparable<Timed> {
        @Override
        public int compareTo(Timed other) {
            int byTime = Long.compare(at - other.at, 0); // monotonic clock: compare differences
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final PriorityQueue<Timed> timers = new PriorityQueue<>();
    private final List<Runnable> due = new ArrayList<>();
    private final Parking parking = new Parking();
    private final BrokerClock clock;
    private World.Running running;
    private long numbers;
    private volatile boolean stopping;

    /** A loop that is not yet running; actions may already be handed over. */
    public TimedLoop(BrokerClock clock) {
        this.clock = clock;
    }

    /** Begins to run actions, on a thread of this name. */
    public void start(World world, String name) {
        running = world.run(name, this);
    }

    /** Runs an action on the loop, after those before it. Never refused: callers bound what they hand over. */
    public void execute(Runnable action) {
        inbox.add(action);
        parking.wake();
    }

    /** Runs an action on the loop when so much time has gone by. */
    public void after(long nanos, Runnable action) {
        timers.add(new Timed(clock.nowNanos() + nanos, numbers++, action));
    }

    @Override
    public long turn() {
        inbox.drainTo(due);
        due.forEach(TimedLoop::guarded);
        due.clear();
        long now = clock.nowNanos();
        while (!stopping && !timers.isEmpty() && timers.peek().at() - now <= 0) {
            guarded(timers.poll().action());
        }
        return !inbox.isEmpty() ? AT_ONCE : timers.isEmpty() || stopping ? WHEN_WOKEN : timers.peek().at();
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the loop goes on after a failure", e);
        }
    }

    @Override
    public boolean ready() {
        return !inbox.isEmpty();
    }

    @Override
    public Parking parking() {
        return parking;
    }

    /** Ends the loop; what was to come later does not. */
    @Override
    public void close() {
        stopping = true;
        if (running != null) {
            running.close();
        }
    }
}
