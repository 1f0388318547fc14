package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Stories of three nodes with the same definitions, from seeds. More with {@code -Dmemphisee.seeds=1000}, others with {@code
 * -Dmemphisee.seed=2001} besides.
 */
class MetaSimulationTest {

    private static final int SEEDS = 25;

    private static Map<String, Integer> play(long seed) {
        try {
            MetaStory story = new MetaStory(seed);
            story.run();
            return story.counts();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + " (again: mvn -pl broker-ejb -am test -Dtest=MetaSimulationTest "
                + "-Dsurefire.failIfNoSpecifiedTests=false -Dmemphisee.seeds=1 -Dmemphisee.seed=" + seed + "): "
                + e.getMessage(), e);
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS) // thousands of seeds
    void shouldHaveTheSameDefinitionsEverywhereAndKeepWhatWasAnswered() {
        long first = Long.getLong("memphisee.seed", 1);
        int seeds = Integer.getInteger("memphisee.seeds", SEEDS);
        Map<String, Integer> all = new TreeMap<>();
        for (long seed = first; seed < first + seeds; seed++) {
            play(seed).forEach((what, count) -> all.merge(what, count, Integer::sum));
        }
        if (Boolean.getBoolean("memphisee.print")) {
            System.out.println(all);
        }
        for (String what : seeds < SEEDS ? List.<String>of() : List.of("made", "gone", "UNKNOWN", "REFUSED", "LOST", "behind",
            "rebuilt", "lost disk", "cut",
            "frozen", "killed",
            "power cut")) {
            assertTrue(all.getOrDefault(what, 0) > 2, "few " + what + ": " + all);
        }
    }

    @Test
    void shouldBeTheSameAgainFromTheSameSeed() {
        for (long seed = 1; seed <= 3; seed++) {
            assertEquals(play(seed), play(seed));
        }
    }
}
