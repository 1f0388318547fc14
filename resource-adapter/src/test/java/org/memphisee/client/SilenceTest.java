package org.memphisee.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SilenceTest {

    private final Silence silence = new Silence(100);

    @Test
    void shouldAskASilentBrokerOnceAndThenLeaveIt() {
        silence.heard();
        assertEquals(Silence.Verdict.FINE, silence.look(1_000));
        assertEquals(Silence.Verdict.FINE, silence.look(1_099));
        assertEquals(Silence.Verdict.ASK, silence.look(1_100));
        assertEquals(Silence.Verdict.FINE, silence.look(1_199));
        assertEquals(Silence.Verdict.GONE, silence.look(1_200));
    }

    @Test
    void shouldBeginAnewWithEachByte() {
        silence.heard();
        silence.look(0);
        assertEquals(Silence.Verdict.ASK, silence.look(100));
        silence.heard();
        assertEquals(Silence.Verdict.FINE, silence.look(199));
        assertEquals(Silence.Verdict.FINE, silence.look(298));
        assertEquals(Silence.Verdict.ASK, silence.look(299));
    }
}
