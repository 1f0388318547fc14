package org.memphisee.core.tasks;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;
import org.memphisee.core.time.World;

/** The one loop of all tasks: actions at once and later. {@link #execute} on any thread, {@link #after} on the loop. */
final class TaskLoop implements Loop, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(TaskLoop.class.getName());

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

    TaskLoop(BrokerClock clock) {
        this.clock = clock;
    }

    void start(World world) {
        running = world.run("memphisee-tasks", this);
    }

    void execute(Runnable action) {
        inbox.add(action);
        parking.wake();
    }

    void after(long nanos, Runnable action) {
        timers.add(new Timed(clock.nowNanos() + nanos, numbers++, action));
    }

    @Override
    public long turn() {
        inbox.drainTo(due);
        due.forEach(TaskLoop::guarded);
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
            LOG.log(Level.ERROR, "the loop of tasks goes on after a failure", e);
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
