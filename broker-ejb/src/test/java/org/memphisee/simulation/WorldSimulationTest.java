package org.memphisee.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A whole broker under everything at once, against models that know only the promises. More seeds with {@code
 * -Dmemphisee.seeds=10000}, others with {@code -Dmemphisee.seed=20001}, one with {@code -Dmemphisee.seeds=1} besides.
 */
class WorldSimulationTest {

    private static final int EVENTS = Integer.getInteger("memphisee.events", 150);
    /** One thread, whose lane nobody else uses. */
    private static ExecutorService stage;

    @BeforeAll
    static void open() {
        stage = Executors.newSingleThreadExecutor();
    }

    @AfterAll
    static void close() {
        stage.shutdown();
    }

    private static long play(long seed) throws InterruptedException {
        try {
            return stage.submit(() -> new Play(seed, EVENTS).run()).get();
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed + " (again: mvn -pl broker-ejb -am test -Dtest=WorldSimulationTest "
                + "-Dsurefire.failIfNoSpecifiedTests=false -Dmemphisee.seeds=1 -Dmemphisee.seed=" + seed + "): "
                + e.getCause().getMessage(), e.getCause());
        }
    }

    @Test
    void shouldKeepEveryPromiseWhateverHappens() throws InterruptedException {
        long first = Long.getLong("memphisee.seed", 1);
        List<Long> broken = new ArrayList<>();
        AssertionError why = null;
        for (long seed = first; seed < first + Integer.getInteger("memphisee.seeds", 1_000); seed++) {
            try {
                play(seed);
            } catch (AssertionError e) {
                broken.add(seed);
                why = why == null ? e : why;
            }
        }
        if (why != null) {
            throw new AssertionError("seeds " + broken + " are broken, the first: " + why.getMessage(), why);
        }
    }

    @Test
    void shouldBeTheSameAgainFromTheSameSeed() throws InterruptedException {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(play(seed), play(seed), "seed " + seed);
        }
    }
}
