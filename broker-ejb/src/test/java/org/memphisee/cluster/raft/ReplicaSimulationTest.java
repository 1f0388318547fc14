package org.memphisee.cluster.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.memphisee.core.cluster.journal.JournalException;

/**
 * Three or five members that agree on registers, from seeds. More with {@code -Dmemphisee.seeds=10000}, others with {@code
 * -Dmemphisee.seed=20001} besides.
 */
class ReplicaSimulationTest {

    private static final int SEEDS = 200;

    private static Map<String, Integer> play(long seed) {
        try {
            ReplicaStory story = new ReplicaStory(seed);
            story.run();
            return story.counts();
        } catch (JournalException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " (again: mvn -pl broker-ejb -am test -Dtest=ReplicaSimulationTest "
                + "-Dsurefire.failIfNoSpecifiedTests=false -Dmemphisee.seeds=1 -Dmemphisee.seed=" + seed + "): "
                + e.getMessage(), e);
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS) // ten thousand seeds
    void shouldAgreeWhateverHappensAndSoonGoOnWhenItIsOver() {
        long first = Long.getLong("memphisee.seed", 1);
        int seeds = Integer.getInteger("memphisee.seeds", SEEDS);
        Map<String, Integer> all = new TreeMap<>();
        for (long seed = first; seed < first + seeds; seed++) {
            play(seed).forEach((what, count) -> all.merge(what, count, Integer::sum));
        }
        if (Boolean.getBoolean("memphisee.print")) {
            System.out.println(all);
        }
        List<String> wanted = List.of("behind", "committed", "crash", "elections", "failed disk", "known to be gone", "leases",
            "lost disk", "not known", "rebuilt", "steps down");
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
