package org.memphisee.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AckTest {

    private static Ack parse(String payload) {
        return Ack.parse(payload.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+ACK", "+OK"})
    void shouldReadAcks(String payload) {
        assertEquals(Ack.ACKNOWLEDGE, parse(payload));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "-NAK | 0", "-NAK {\"delay\":1500} | 1500", "-NAK {\"delay\": 5000000000 } | 5000000000",
        "-NAK 5s | 5000000000",
        "-NAK 1m0.5s | 60500000000", "-NAK 250ms | 250000000", "-NAK soon | 0", "-NAK {\"delay\":\"x\"} | 0",
        "-NAK {broken | 0", "-NAK {\"delay\":-1} | 0", "-NAK {\"delay\":true} | 0", "-NAK -5s | 0"})
    void shouldReadNaksWithTheirDelay(String payload, long nanos) {
        assertEquals(new Ack.Nak(nanos), parse(payload));
    }

    @Test
    void shouldReadTheOthers() {
        assertInstanceOf(Ack.InProgress.class, parse("+WPI"));
        assertEquals(new Ack.Terminate(""), parse("+TERM"));
        assertEquals(new Ack.Terminate("no such order"), parse("+TERM no such order"));
        assertArrayEquals(new byte[0], ((Ack.AcknowledgeAndNext) parse("+NXT")).pull());
        assertArrayEquals(new byte[] {'5'}, ((Ack.AcknowledgeAndNext) parse("+NXT 5")).pull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "+ACKED", "-NAKED", "+TERMINATE", "+", "+WPI now"})
    void shouldIgnoreWhatIsUnknown(String payload) {
        assertInstanceOf(Ack.Unknown.class, parse(payload));
    }
}
