package org.memphisee.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.observe.BrokerObserver.Letters;

class DeadLetterTextTest {

    private static String written(String name, Letters... letters) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TextWriter out = new TextWriter(bytes)) {
            boolean any = DeadLetterText.write(out, List.of(letters), name);
            out.flush();
            assertEquals(any, bytes.size() > 0);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldCountByStationAndKind() throws IOException {
        assertEquals("""
            # HELP memphis_broker_dls_messages Dead letters of stations that have some.
            # TYPE memphis_broker_dls_messages gauge
            memphis_broker_dls_messages{mp_scope="application",station="a.b",type="poison"} 5
            memphis_broker_dls_messages{mp_scope="application",station="a.b",type="schema"} 1
            memphis_broker_dls_messages{mp_scope="application",station="plain",type="poison"} 0
            memphis_broker_dls_messages{mp_scope="application",station="plain",type="schema"} 7
            """, written("", new Letters("plain", 0, 7), new Letters("a#b$1", 2, 1), new Letters("a#b$10", 3, 0)));
    }

    @Test
    void shouldWriteNothingWhenThereIsNothingOrSomethingElseIsAskedFor() throws IOException {
        assertEquals("", written(""));
        assertEquals("", written("memphis_stream_total_bytes", new Letters("a$1", 1, 0)));
        assertEquals(4, written("memphis_broker_dls_messages", new Letters("a$1", 1, 0)).lines().count());
    }
}
