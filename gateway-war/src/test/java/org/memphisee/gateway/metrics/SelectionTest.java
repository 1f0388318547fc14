package org.memphisee.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.observe.StreamFigures;

class SelectionTest {

    private static final List<StreamFigures> ALL = List.of(Figures.stream("a$1", "g1", "g2"), Figures.stream("b$1", "g1"),
        Figures.stream("c$1", "g1", "tmp-1"));

    private static Selection.Selected select(int maxConsumers, String allow, String deny, String consumersAllow,
                                             String consumersDeny) {
        return new Selection(new BrokerSettings.Monitoring("", false, false, maxConsumers, allow, deny, consumersAllow,
            consumersDeny, "")).of(ALL);
    }

    private static String shown(Selection.Selected selected) {
        StringBuilder text = new StringBuilder();
        selected.streams().forEach(s -> {
            text.append(s.name()).append(':');
            s.consumers().forEach(c -> text.append(c.config().name()).append(' '));
        });
        return text.toString().strip();
    }

    @Test
    void shouldShowEverythingWithinTheLimit() {
        Selection.Selected selected = select(5, ".*", "", ".*", "");
        assertEquals("a$1:g1 g2 b$1:g1 c$1:g1 tmp-1", shown(selected));
        assertEquals(0, selected.consumersLeftOut());
        assertSame(ALL.get(0), selected.streams().get(0), "nothing is copied for nothing");
    }

    @Test
    void shouldCountConsumersBeyondTheLimit() {
        Selection.Selected selected = select(3, ".*", "", ".*", "");
        assertEquals("a$1:g1 g2 b$1:g1 c$1:", shown(selected));
        assertEquals(2, selected.consumersLeftOut());
    }

    @Test
    void shouldShowNoConsumersWithALimitOfNone() {
        Selection.Selected selected = select(0, ".*", "", ".*", "");
        assertEquals("a$1:b$1:c$1:", shown(selected));
        assertEquals(5, selected.consumersLeftOut());
    }

    @Test
    void shouldObeyPatternsOfStreamsAndConsumers() {
        assertEquals("a$1:g1 g2", shown(select(9, "[ab].*", "b.*", ".*", "")));
        assertEquals("a$1:g1 b$1:g1 c$1:g1", shown(select(9, ".*", "", "g1|tmp-1", "tmp-.*")));
        assertEquals(0, select(3, ".*", "", "g1", "").consumersLeftOut(), "what a pattern leaves out is not missed");
    }
}
