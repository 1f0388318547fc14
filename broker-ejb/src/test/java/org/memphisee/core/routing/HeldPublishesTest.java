package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published while nobody leads, by clients that publish much. */
class HeldPublishesTest extends RoutesFixture {

    private static final int LARGE = 8_000;
    private static final int MESSAGES = 100;

    private Client a;

    @BeforeEach
    void begin() {
        budget = 256 << 10;
        start(1);
        linkAll();
        define(7, "S");
        a = nodes.get("a").client().subscribe("in.>", "");
        settle();
    }

    private void publish() {
        for (int i = 0; i < MESSAGES; i++) {
            a.publish("S.x", "in." + i, i + "p".repeat(LARGE));
            run();
        }
    }

    /** From the budget on its client is not read; what was read a moment before has as much again, and no more is kept. */
    @Test
    void shouldHoldNoMoreThanItMayAndReadAgainWhenSomebodyLeads() {
        publish();
        List<String> refused = a.frames();
        long held = MESSAGES - refused.size();
        assertTrue(a.sink.pauses > 0, "not read any more");
        assertTrue(refused.stream().allMatch(f -> f.contains("\"err_code\":10008")), refused::toString);
        assertEquals(2 * budget / LARGE, held, 1);
        assertEquals(held, nodes.get("a").routes.held());

        Served c = serve("c", 7);
        leads(7, "c");
        settle();
        c.answer();
        settle();
        assertEquals(held, c.got.size());
        for (int i = 0; i < held; i++) {
            assertTrue(c.got.get(i).startsWith("S.x " + i + "p"), "in order");
        }
        assertEquals(held, a.frames().size());
        assertEquals(0, a.sink.pauses, "read again");
        assertEquals(0, nodes.get("a").shard.heldBytes());
        assertEquals(0, nodes.get("a").routes.held());
    }

    /** Nobody leads in time: the client hears so of each, and is read again. */
    @Test
    void shouldGiveAllBackWhenNobodyLeadsInTime() {
        publish();
        pass(4_100);
        settle();
        assertEquals(MESSAGES, a.frames().stream().filter(f -> f.contains("\"err_code\":10008")).count());
        assertEquals(0, a.sink.pauses);
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }
}
