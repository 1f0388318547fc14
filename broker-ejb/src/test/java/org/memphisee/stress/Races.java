package org.memphisee.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Runs what two or three threads do to one thing again and again, each time with a new thing, and counts what came of it.
 * The threads begin each round together, but for a moment that is drawn, so that they meet in all ways there are.
 */
public final class Races {

    private static final int STRIDE = 256;
    private static final long NANOS = 700_000_000;
    private static final int MOST_SPINS = 200;
    private static final int MOST_PAUSE = 24;

    /** One thing and what is done to it. */
    public interface Round {

        /** What the threads do, one each; the same number in each round. */
        List<Runnable> actors();

        /** What came of it, asked when all have done. */
        String outcome();
    }

    private final Supplier<? extends Round> next;
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final AtomicInteger arrivals = new AtomicInteger();
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();

    private Races(Supplier<? extends Round> next) {
        this.next = next;
    }

    /** Runs rounds for most of a second; tells how often there was which outcome. */
    public static Map<String, Long> count(Supplier<? extends Round> next) throws InterruptedException {
        Races races = new Races(next);
        long end = System.nanoTime() + NANOS;
        do {
            races.stride();
        } while (System.nanoTime() - end < 0);
        return races.outcomes;
    }

    private void stride() throws InterruptedException {
        List<Round> rounds = new ArrayList<>();
        List<List<Runnable>> actors = new ArrayList<>();
        for (int i = 0; i < STRIDE; i++) {
            Round round = next.get();
            rounds.add(round);
            actors.add(round.actors());
        }
        int count = actors.get(0).size();
        arrivals.set(0);
        List<Thread> threads = new ArrayList<>();
        for (int a = 0; a < count; a++) {
            int actor = a;
            Thread thread = new Thread(() -> act(actors, actor, count), "racer-" + a);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (thrown.get() != null) {
            throw new AssertionError("a thread failed", thrown.get());
        }
        for (Round round : rounds) {
            outcomes.merge(round.outcome(), 1L, Long::sum);
        }
    }

    private void act(List<List<Runnable>> actors, int actor, int count) {
        try {
            int expected = 0;
            for (List<Runnable> round : actors) {
                expected += count;
                meet(expected);
                for (int pause = ThreadLocalRandom.current().nextInt(MOST_PAUSE); pause > 0; pause--) {
                    Thread.onSpinWait();
                }
                round.get(actor).run();
            }
        } catch (RuntimeException | Error e) {
            thrown.compareAndSet(null, e);
        }
    }

    /** Waits until all threads are here, awake if there is a processor for each. */
    private void meet(int expected) {
        arrivals.incrementAndGet();
        for (int spins = 0; arrivals.get() < expected && thrown.get() == null; spins++) {
            if (spins < MOST_SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
