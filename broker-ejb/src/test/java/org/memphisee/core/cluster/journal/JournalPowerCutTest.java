package org.memphisee.core.cluster.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lives of a journal that end in any write, sync or renaming, by a kill or a power cut, with disks that fail, are full or
 * damaged, against a model that knows what groups were told. More with {@code -Dmemphisee.seeds=10000}, others with {@code
 * -Dmemphisee.seed=20001} besides.
 */
class JournalPowerCutTest {

    private static final int BLOCK = 250;

    static List<Arguments> blocks() {
        long first = Long.getLong("memphisee.seed", 1);
        long end = first + Integer.getInteger("memphisee.seeds", 2_000);
        List<Arguments> blocks = new ArrayList<>();
        for (long from = first; from < end; from += BLOCK) {
            blocks.add(Arguments.of(from, Math.min(end, from + BLOCK) - 1));
        }
        return blocks;
    }

    private static JournalStory play(long seed) {
        try {
            JournalStory story = new JournalStory(seed);
            story.run();
            return story;
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + " (again: mvn -pl broker-ejb -am test -Dtest=JournalPowerCutTest "
                + "-Dsurefire.failIfNoSpecifiedTests=false -Dmemphisee.seeds=1 -Dmemphisee.seed=" + seed + "): "
                + e.getMessage(), e);
        }
    }

    @ParameterizedTest(name = "seeds {0} to {1}")
    @MethodSource("blocks")
    void shouldKeepWhatGroupsWereTold(long from, long to) {
        JournalStory.Seen all = new JournalStory.Seen();
        for (long seed = from; seed <= to; seed++) {
            all.add(play(seed).seen());
        }
        if (to - from >= BLOCK - 1) {
            all.assertMuch();
        }
    }

    @Test
    void shouldBeTheSameAgainFromTheSameSeed() {
        for (long seed = 1; seed <= 10; seed++) {
            assertEquals(play(seed).seen().toString(), play(seed).seen().toString());
        }
    }
}
