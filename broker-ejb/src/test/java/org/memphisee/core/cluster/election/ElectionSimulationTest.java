package org.memphisee.core.cluster.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.journal.JournalException;

/**
 * Three or five members with journals, from seeds. More with {@code -Dmemphisee.seeds=10000}, others with {@code
 * -Dmemphisee.seed=20001} besides.
 */
class ElectionSimulationTest {

    private static Map<String, Integer> play(long seed) {
        try {
            ElectionStory story = new ElectionStory(seed);
            story.run();
            return story.counts();
        } catch (JournalException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " (again: mvn -pl broker-ejb -am test -Dtest=ElectionSimulationTest "
                + "-Dsurefire.failIfNoSpecifiedTests=false -Dmemphisee.seeds=1 -Dmemphisee.seed=" + seed + "): "
                + e.getMessage(), e);
        }
    }

    @Test
    void shouldElectOneLeaderInATermAndSoonOneForAll() {
        long first = Long.getLong("memphisee.seed", 1);
        int seeds = Integer.getInteger("memphisee.seeds", 200);
        Map<String, Integer> all = new TreeMap<>();
        for (long seed = first; seed < first + seeds; seed++) {
            play(seed).forEach((what, count) -> all.merge(what, count, Integer::sum));
        }
        List<String> wanted = List.of("crash", "elections", "known to be gone", "leases", "steps down");
        for (String what : seeds < 200 ? List.<String>of() : wanted) {
            assertTrue(all.getOrDefault(what, 0) > 20, "few " + what + ": " + all);
        }
    }

    @Test
    void shouldElectOneLeaderInATermWhenVotesAreForgottenWithADisk() {
        long first = Long.getLong("memphisee.seed", 1);
        int seeds = Integer.getInteger("memphisee.seeds", 200);
        Map<String, Integer> all = new TreeMap<>();
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                LostDiskStory story = new LostDiskStory(seed);
                story.run();
                story.counts().forEach((what, count) -> all.merge(what, count, Integer::sum));
            } catch (JournalException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        for (String what : seeds < 200 ? List.<String>of() : List.of("elections", "lost", "rebuilt")) {
            assertTrue(all.getOrDefault(what, 0) > 30, "few " + what + ": " + all);
        }
    }

    @Test
    void shouldBeTheSameAgainFromTheSameSeed() {
        for (long seed = 1; seed <= 5; seed++) {
            assertEquals(play(seed), play(seed));
        }
    }
}
