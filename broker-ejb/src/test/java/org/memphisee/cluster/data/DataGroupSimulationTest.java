package org.memphisee.cluster.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.core.log.StoreException;

/**
 * Three or five nodes with replicated partitions, publishers and consumers, from seeds. More with {@code
 * -Dmemphisee.seeds=10000},
 * others with {@code -Dmemphisee.seed=20001} besides.
 */
class DataGroupSimulationTest {

    private static final int SEEDS = 100;

    private static Map<String, Integer> play(long seed) {
        try {
            DataStory story = new DataStory(seed);
            story.run();
            return story.counts();
        } catch (StoreException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " (again: mvn -pl broker-ejb -am test -Dtest=DataGroupSimulationTest "
                + "-Dsurefire.failIfNoSpecifiedTests=false -Dmemphisee.seeds=1 -Dmemphisee.seed=" + seed + "): "
                + e.getMessage(), e);
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS) // ten thousand seeds
    void shouldKeepWhatClientsWereToldWhateverHappens() {
        long first = Long.getLong("memphisee.seed", 1);
        int seeds = Integer.getInteger("memphisee.seeds", SEEDS);
        Map<String, Integer> all = new TreeMap<>();
        for (long seed = first; seed < first + seeds; seed++) {
            play(seed).forEach((what, count) -> all.merge(what, count, Integer::sum));
        }
        if (Boolean.getBoolean("memphisee.print")) {
            System.out.println(all);
        }
        List<String> wanted = List.of("acknowledged", "acknowledgements answered", "crash", "deleted", "deliveries", "duplicate",
            "leaderships", "power cuts of all", "purged", "refused", "unanswered", "unknown",
            "lost disk", "rebuilt");
        for (String what : seeds < SEEDS ? List.<String>of() : wanted) {
            assertTrue(all.getOrDefault(what, 0) > 20, "few " + what + ": " + all);
        }
    }

    @Test
    void shouldBeTheSameAgainFromTheSameSeed() {
        for (long seed = 1; seed <= 5; seed++) {
            assertEquals(play(seed), play(seed));
        }
    }
}
