package org.memphisee.core.consumer;

import org.memphisee.core.consumer.DeliveryLoop.Stop;

/**
 * When a consumer delivers: has the loop run when something has changed, and asks for the timer that is needed next. Shard's
 * thread only.
 */
final class DeliveryTurns {

    private final ConsumerEnvironment env;
    private final DeliveryLoop loop;
    private final RedeliverySchedule schedule;
    private final Demand demand;
    private final Idleness idleness;
    private boolean loading;
    private boolean running;
    private boolean runAgain;
    private boolean closed;
    private boolean paused;
    /** The earliest timer asked for; a timer that fires early only costs a look. */
    private long wish = RedeliverySchedule.NEVER;

    DeliveryTurns(ConsumerEnvironment env, DeliveryLoop loop, RedeliverySchedule schedule, Demand demand, Idleness idleness) {
        this.env = env;
        this.loop = loop;
        this.schedule = schedule;
        this.demand = demand;
        this.idleness = idleness;
    }

    /** Delivers what can be delivered. What happens inside may call back into the consumer, hence the guard. */
    void turn(long now) {
        if (paused) {
            return;
        }
        if (running) {
            runAgain = true;
            return;
        }
        idleness.look(now);
        if (!loading) {
            running = true;
            try {
                do {
                    runAgain = false;
                    loading = loop.run(now) == Stop.LOADING;
                } while (runAgain && loop.stop() != Stop.TURN_USED && !loading && !closed);
            } finally {
                running = false;
            }
        }
        arm(!loading && loop.stop() == Stop.TURN_USED ? now : RedeliverySchedule.NEVER);
    }

    /** Whether a message must be read before anything is delivered. */
    boolean loading() {
        return loading;
    }

    /** What it waited for is there, or gone. */
    void loaded() {
        loading = false;
    }

    /** The time asked for has come. */
    void timerFired() {
        wish = RedeliverySchedule.NEVER;
    }

    /** Asks for a timer when something is due before the one already asked for. */
    void arm(long atLatest) {
        if (closed) {
            return;
        }
        long next = Math.min(Math.min(atLatest, loop.resumeAt()), Math.min(schedule.nextDeadline(), demand.nextWake()));
        next = Math.min(next, idleness.due());
        if (next < wish) {
            wish = next;
            env.wakeAt(next);
        }
    }

    /** Nothing is delivered for a moment, or again. */
    void pause(boolean now) {
        paused = now;
    }

    /** Nothing is delivered any more. */
    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }
}
