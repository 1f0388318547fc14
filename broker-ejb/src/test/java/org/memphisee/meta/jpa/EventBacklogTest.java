package org.memphisee.meta.jpa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.control.SystemEvent;

final class EventBacklogTest {

    private static final SystemEvent EVENT = new SystemEvent.SettingChanged("k", "v");

    private final EventBacklog backlog = new EventBacklog(3);

    @Test
    void shouldKeepEventsUntilTheyAreDone() throws InterruptedException {
        backlog.event(1, EVENT);
        backlog.event(2, EVENT);

        assertEquals(List.of(1L, 2L), indexes());
        assertEquals(List.of(1L, 2L), indexes());
        backlog.done(1);
        assertEquals(List.of(2L), indexes());
    }

    @Test
    void shouldGiveTheOldestFirstAndNoMoreThanAskedFor() throws InterruptedException {
        backlog.event(1, EVENT);
        backlog.event(2, EVENT);

        assertEquals(1, backlog.peek(1, 0).size());
        assertEquals(1, backlog.peek(1, 0).get(0).index());
    }

    @Test
    void shouldForgetAllWhenTooManyWaitAndKeepAgainAfterTheRestart() throws InterruptedException {
        for (int i = 1; i <= 4; i++) {
            backlog.event(i, EVENT);
        }

        assertTrue(backlog.overflowed());
        assertEquals(List.of(), indexes());

        backlog.restart();
        backlog.event(5, EVENT);
        assertFalse(backlog.overflowed());
        assertEquals(List.of(5L), indexes());
    }

    private List<Long> indexes() throws InterruptedException {
        return backlog.peek(10, 0).stream().map(EventBacklog.Numbered::index).toList();
    }
}
