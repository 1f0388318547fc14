package org.memphisee.core.notices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.notices.Alert.Kind;
import org.memphisee.core.time.TestClock;

class PacedAlertsTest {

    private final TestClock clock = new TestClock();
    private final List<Alert> raised = new ArrayList<>();
    private final PacedAlerts paced = new PacedAlerts(raised::add, clock);

    private static Alert alert(Kind kind, String station, String text) {
        return new Alert(kind, station, text, "why", 7);
    }

    private List<String> texts() {
        paced.look();
        return raised.stream().map(Alert::text).toList();
    }

    @Test
    void shouldTellTheFirstAtOnceAndTheOthersOfTheMinuteTogether() {
        paced.raise(alert(Kind.POISON_MESSAGE, "s", "first"));
        assertEquals(List.of("first"), texts());
        for (int i = 0; i < 10_000; i++) {
            paced.raise(alert(Kind.POISON_MESSAGE, "s", "later " + i));
        }
        clock.now += PacedAlerts.PACE_NANOS - 1;
        assertEquals(List.of("first"), texts());
        clock.now += 1;
        assertEquals(List.of("first", "later 9999 (and 9999 more)"), texts());
        assertEquals(new Alert(Kind.POISON_MESSAGE, "s", "later 9999 (and 9999 more)", "why", 7), raised.get(1));
        paced.raise(alert(Kind.POISON_MESSAGE, "s", "soon after"));
        assertEquals(2, texts().size());
        clock.now += PacedAlerts.PACE_NANOS;
        assertEquals("soon after", texts().get(2));
        clock.now += PacedAlerts.PACE_NANOS;
        assertEquals(3, texts().size());
        paced.raise(alert(Kind.POISON_MESSAGE, "s", "at once again"), 5);
        assertEquals("at once again (and 4 more)", raised.get(3).text());
    }

    @Test
    void shouldTellStationsAndKindsApart() {
        paced.raise(alert(Kind.POISON_MESSAGE, "s", "a"));
        paced.raise(alert(Kind.SCHEMA_FAILURE, "s", "b"));
        paced.raise(alert(Kind.POISON_MESSAGE, "t", "c"));
        assertEquals(List.of("a", "b", "c"), texts());
    }

    @Test
    void shouldHoldNobodyBackWhoLeaves() {
        paced.raise(alert(Kind.DISCONNECTION, "s", "a"));
        paced.raise(alert(Kind.DISCONNECTION, "s", "b"));
        assertEquals(List.of("a", "b"), texts());
    }

    /** Names of stations are a client's words. */
    @Test
    void shouldTellOnlySoManyStationsApart() {
        for (int i = 0; i < PacedAlerts.MOST + 500; i++) {
            paced.raise(alert(Kind.SCHEMA_FAILURE, "s" + i, "x".repeat(2_000)));
        }
        assertEquals(PacedAlerts.MOST + 1, texts().size());
        clock.now += PacedAlerts.PACE_NANOS;
        assertEquals(PacedAlerts.MOST + 2, texts().size());
        String last = raised.get(PacedAlerts.MOST + 1).text();
        assertTrue(last.endsWith("… (and 498 more)"), last);
        assertEquals("s" + (PacedAlerts.MOST + 499), raised.get(PacedAlerts.MOST + 1).station());
        clock.now += PacedAlerts.PACE_NANOS;
        texts();
        paced.raise(alert(Kind.SCHEMA_FAILURE, "there is room again", "y"));
        assertEquals("y", raised.get(PacedAlerts.MOST + 2).text());
    }
}
