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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole broker under everything at once, against models that know only the promises. More seeds with {@code
 * -Dmemphisee.seeds=10000}, others with {@code -Dmemphisee.seed=20001} besides, one with {@code -Dmemphisee.seeds=1}; all that
 * happens in it is printed with {@code -Dmemphisee.print=true}.
 */
class WorldSimulationTest {

    private static final int EVENTS = Integer.getInteger("memphisee.events", 100);
    private static final int BLOCK = 50;
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

    static List<Arguments> blocks() {
        long first = Long.getLong("memphisee.seed", 1);
        long end = first + Integer.getInteger("memphisee.seeds", 1_000);
        List<Arguments> blocks = new ArrayList<>();
        for (long from = first; from < end; from += BLOCK) {
            blocks.add(Arguments.of(from, Math.min(end, from + BLOCK) - 1));
        }
        return blocks;
    }

    @ParameterizedTest(name = "seeds {0} to {1}")
    @MethodSource("blocks")
    void shouldKeepEveryPromiseWhateverHappens(long first, long last) throws InterruptedException {
        List<Long> broken = new ArrayList<>();
        AssertionError why = null;
        for (long seed = first; seed <= last; seed++) {
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
        for (long seed = 1; seed <= 10; seed++) {
            assertEquals(play(seed), play(seed), "seed " + seed);
        }
    }
}
