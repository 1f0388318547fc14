package org.memphisee.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import org.memphisee.core.routing.Lane;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.World;

/**
 * A world in which everything that can happen next happens on the calling thread, one after the other, in an order that
 * comes from a seed; time passes when told.
 */
public final class SeededWorld implements World {

    private static final long EPOCH = 1_700_000_000_000_000_000L;
    /** More turns than this without a pause in between are a loop that never comes to rest. */
    private static final int RESTLESS = 200_000;

    private final Random chance;
    /** Of its own, so that a look at the order of turns does not change names. */
    private final Random numbers;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> due = new ArrayList<>();
    private long now = 1_000_000_000_000L;
    private long turns;
    private final BrokerClock clock = new BrokerClock() {
        @Override
        public long wallNanos() {
            return EPOCH + now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    };

    public SeededWorld(long seed) {
        chance = new Random(seed);
        numbers = new Random(~seed);
    }

    // ---- what is told to it

    /** One thing that is due, chosen by chance; false when nothing is. */
    public boolean turn() {
        due.clear();
        for (Actor actor : actors) {
            if (actor.next() <= now) {
                due.add(actor);
            }
        }
        if (due.isEmpty()) {
            return false;
        }
        turns++;
        due.get(chance.nextInt(due.size())).turn();
        Lane.current().flush();
        return true;
    }

    /** Everything that is due now. */
    public void settle() {
        for (int i = 0; turn(); i++) {
            if (i > RESTLESS) {
                throw new AssertionError("it does not come to rest");
            }
        }
    }

    /** So much time goes by, and what becomes due meanwhile is done at its time. */
    public void pass(long nanos) {
        long until = now + nanos;
        settle();
        for (long next = next(); next <= until; next = next()) {
            now = Math.max(now, next);
            settle();
        }
        now = until;
        settle();
    }

    /** The clock jumps: what was due meanwhile is late. */
    public void jump(long nanos) {
        now += nanos;
    }

    /** The process ends here. */
    public void end() {
        actors.clear();
    }

    /** Things done so far. */
    long turns() {
        return turns;
    }

    private long next() {
        long soonest = Long.MAX_VALUE;
        for (Actor actor : actors) {
            soonest = Math.min(soonest, actor.next());
        }
        return soonest;
    }

    // ---- what a broker gets of it

    @Override
    public BrokerClock clock() {
        return clock;
    }

    @Override
    public RandomGenerator random() {
        return numbers;
    }

    @Override
    public String newId() {
        return new UUID(numbers.nextLong(), numbers.nextLong()).toString();
    }

    @Override
    public Running run(String name, Loop loop) {
        return added(new Turning(loop));
    }

    @Override
    public Running repeat(String name, long pauseNanos, Runnable task) {
        return added(new Repeating(pauseNanos, task));
    }

    @Override
    public ExecutorService readers(int threads) {
        return added(new Working(threads, Integer.MAX_VALUE)).service;
    }

    @Override
    public ExecutorService worker(String name, int waiting) {
        return added(new Working(1, waiting)).service;
    }

    @Override
    public <T> T await(CompletableFuture<T> result, long limitNanos) throws ExecutionException, TimeoutException,
        InterruptedException {
        long limit = limitNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + limitNanos;
        while (!result.isDone()) {
            if (!turn()) {
                long next = next();
                if (next > limit || next == Long.MAX_VALUE) {
                    throw new TimeoutException("nothing would complete it");
                }
                now = Math.max(now, next);
            }
        }
        return result.get();
    }

    private <A extends Actor> A added(A actor) {
        actors.add(actor);
        return actor;
    }

    /** Something that has turns. */
    private abstract static class Actor implements Running {
        /** When it is due, by the monotonic clock. */
        abstract long next();

        abstract void turn();
    }

    private final class Turning extends Actor {
        private final Loop loop;
        private long due = Loop.AT_ONCE;
        private long nap = Loop.NO_NAP;

        private Turning(Loop loop) {
            this.loop = loop;
        }

        @Override
        long next() {
            return Math.max(nap, loop.ready() ? Loop.AT_ONCE : due);
        }

        @Override
        void turn() {
            due = loop.turn();
            nap = loop.takeNap();
        }

        @Override
        public boolean alive() {
            return actors.contains(this);
        }

        @Override
        public void close() {
            do {
                now = Math.max(now, nap);
                turn();
                Lane.current().flush();
            } while (due == Loop.AT_ONCE);
            actors.remove(this);
        }
    }

    private final class Repeating extends Actor {
        private final long pause;
        private final Runnable task;
        private long at;

        private Repeating(long pause, Runnable task) {
            this.pause = pause;
            this.task = task;
            at = now + pause;
        }

        @Override
        long next() {
            return at;
        }

        @Override
        void turn() {
            task.run();
            at = now + pause;
        }

        @Override
        public boolean alive() {
            return actors.contains(this);
        }

        @Override
        public void close() {
            actors.remove(this);
        }
    }

    private final class Working extends Actor {
        private final List<Runnable> tasks = new ArrayList<>();
        private final int threads;
        private final int waiting;
        private final ExecutorService service = new Service(this);

        private Working(int threads, int waiting) {
            this.threads = threads;
            this.waiting = waiting;
        }

        @Override
        long next() {
            return tasks.isEmpty() ? Long.MAX_VALUE : Loop.AT_ONCE;
        }

        /** Those that are at work at a time end in any order. */
        @Override
        void turn() {
            tasks.remove(chance.nextInt(Math.min(threads, tasks.size()))).run();
        }

        @Override
        public boolean alive() {
            return actors.contains(this);
        }

        @Override
        public void close() {
            actors.remove(this);
        }
    }

    /** What the broker sees of a {@link Working}. */
    private static final class Service extends AbstractExecutorService {
        private final Working working;

        private Service(Working working) {
            this.working = working;
        }

        @Override
        public void execute(Runnable task) {
            if (isShutdown() || working.tasks.size() > working.waiting) {
                throw new RejectedExecutionException();
            }
            working.tasks.add(task);
        }

        @Override
        public void shutdown() {
            working.close();
        }

        @Override
        public List<Runnable> shutdownNow() {
            working.close();
            return List.copyOf(working.tasks);
        }

        @Override
        public boolean isShutdown() {
            return !working.alive();
        }

        @Override
        public boolean isTerminated() {
            return isShutdown();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return isShutdown();
        }
    }
}
