package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.tiering.TierFigures;

class TierWatchTest {

    private static final long MINUTE = 60_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private final TierWatch watch = new TierWatch((message, values) -> told.add(message + Arrays.toString(values)));

    private static TierFigures figures(String problem, long lost) {
        return new TierFigures(0, 0, 0, 0, lost, 0, problem);
    }

    @Test
    void shouldTellOnceThatItFailsAndOnceThatItWorksAgain() {
        watch.look(figures("", 0), 0);
        watch.look(figures("nobody listens there", 0), 1);
        watch.look(figures("no answer in time", 0), 2);
        watch.look(figures("", 0), 3);
        watch.look(figures("", 0), 4);
        watch.look(figures("again", 0), 5);
        assertEquals(List.of("TIER_FAILS[nobody listens there]", "TIER_WORKS[]", "TIER_FAILS[again]"), told);
    }

    @Test
    void shouldTellWhatWasLostAtOnceAndThenByTheMinute() {
        watch.look(figures("", 3), 10);
        watch.look(figures("", 5), 11);
        watch.look(figures("", 5), 10 + MINUTE - 1);
        watch.look(figures("", 9), 10 + MINUTE);
        watch.look(figures("", 9), 10 + 3 * MINUTE);
        assertEquals(List.of("TIER_LOST[3]", "TIER_LOST[6]"), told);
    }
}
