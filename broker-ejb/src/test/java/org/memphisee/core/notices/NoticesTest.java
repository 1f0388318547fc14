package org.memphisee.core.notices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.TaskView.State;
import org.memphisee.core.time.TestClock;

class NoticesTest {

    private final TestClock clock = new TestClock();
    private final Notices notices = new Notices(clock);

    private static TaskView task(State state, String station, String reason) {
        return new TaskView(1, "resend_all_dls_msgs", "Resend All DLS Messages", station, "ann", 5, 1, 1, Map.of(), state, false,
            reason, 9, "Resend all unacked messages operation");
    }

    private String text() {
        Notice newest = notices.newerThan(0).get(0);
        return newest.kind().word() + ' ' + newest.text();
    }

    @Test
    void shouldTellHowATaskEnded() {
        notices.ended(task(State.COMPLETED, "orders", ""));
        assertEquals(List.of(new Notice(1, Notice.Kind.INFO, "Resend all unacked messages operation at station orders, "
            + "triggered by user ann has been completed successfully", "orders", "/tasks", 5, 9)), notices.newerThan(0));
        notices.ended(task(State.FAILED, "orders", "an internal error"));
        assertEquals("error Resend all unacked messages operation at station orders, triggered by user ann "
            + "has failed due to an internal error", text());
        notices.ended(task(State.FAILED, "", "No progress for 20 minutes"));
        assertEquals("error Resend all unacked messages operation, triggered by user ann has failed: No progress for 20 minutes",
            text());
        notices.ended(task(State.CANCELLED, "", "x"));
        assertTrue(text().startsWith("info") && text().endsWith("has been stopped"), text());
        notices.ended(task(State.INTERRUPTED, "", "x"));
        assertTrue(text().startsWith("error") && text().endsWith("was interrupted by a restart of the broker"), text());
    }

    @Test
    void shouldTellOfAlertsAndPassThemOn() {
        List<Alert> sent = new ArrayList<>();
        notices.sendBy(sent::add);
        Alert poison = new Alert(Alert.Kind.POISON_MESSAGE, "orders", "group g gave up message 7", "", 42);
        notices.raise(poison);
        assertEquals(List.of(new Notice(1, Notice.Kind.ERROR, "Poison message: group g gave up message 7", "orders",
            "/stations/orders/dead-letters/42", clock.wallNanos(), clock.wallNanos())), notices.newerThan(0));
        assertEquals(List.of(poison), sent);
        assertEquals(1, notices.raised(Alert.Kind.POISON_MESSAGE));
        assertEquals(0, notices.raised(Alert.Kind.DISCONNECTION));
        notices.raise(new Alert(Alert.Kind.DISCONNECTION, "", "client c left", "", 0));
        assertEquals("", notices.newerThan(1).get(0).page());
    }

    @Test
    void shouldKeepTheNewestOnesAndNoMoreOfATextThanItMay() {
        for (int i = 1; i <= 1_000; i++) {
            notices.raise(new Alert(Alert.Kind.SCHEMA_FAILURE, "s", i + "x".repeat(100_000), "y".repeat(100_000), 0));
        }
        List<Notice> kept = notices.newerThan(0);
        assertEquals(Notices.KEPT, kept.size());
        assertEquals(1_000, kept.get(0).id());
        assertEquals(901, kept.get(Notices.KEPT - 1).id());
        assertTrue(kept.stream().allMatch(notice -> notice.text().length() < 1_100));
        assertEquals(1_000, notices.raised(Alert.Kind.SCHEMA_FAILURE));
        assertEquals(2, notices.newerThan(998).size());
    }
}
