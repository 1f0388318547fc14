package org.memphisee.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.memphisee.ra.api.BrokerException;

/** Reading what the broker answers. */
class AnswersTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PubAck ack(String json) {
        return PubAck.parse(bytes("xx" + json), 2, bytes(json).length);
    }

    private static AckToken token(String subject) {
        return AckToken.parse(bytes("_" + subject), 1, bytes(subject).length);
    }

    @Test
    void shouldReadAcknowledgements() {
        assertEquals(new PubAck("my#station-1$1", 7, false, 0, ""), ack("{\"stream\":\"my#station-1$1\", \"seq\":7}"));
        assertEquals(new PubAck("s", 7, true, 0, ""), ack("{\"stream\":\"s\", \"seq\":7,\"duplicate\": true}"));
        assertEquals(new PubAck("S", 0, false, 10077, "maximum messages exceeded"), ack("{\"error\":{\"code\":503,"
            + "\"err_code\":10077,\"description\":\"maximum messages exceeded\"},\"stream\":\"S\",\"seq\":0}"));
    }

    @Test
    void shouldNotTakeSomethingElseForAnAcknowledgement() {
        for (String json : new String[] {"", "x", "{}", "[1]", "{\"seq\":", "{\"stream\":\"s\"}", "{\"seq\":\"x\"}"}) {
            assertEquals(0, ack(json).sequence(), json);
            assertEquals(false, ack(json).error().isEmpty(), json);
        }
    }

    @Test
    void shouldReadBothFormsOfTheAckSubject() {
        AckToken expected = new AckToken(12, 3, 41, 1795478544954412199L);
        assertEquals(expected, token("$JS.ACK.my#station$12.grp#a.3.41.77.1795478544954412199.6"));
        assertEquals(expected, token("$JS.ACK._.acc.my#station$12.grp#a.3.41.77.1795478544954412199.6"));
        assertEquals(expected, token("$JS.ACK.hub.acc.my#station$12.grp#a.3.41.77.1795478544954412199.6.rnd"));
        assertEquals(new AckToken(0, 1, 2, 4), token("$JS.ACK.plain.grp.1.2.3.4.5"));
        assertNull(token("$JS.ACK.short.grp.1"));
        assertNull(token("_INBOX.a.b.c.d.e.f.g.h.i"));
    }

    @Test
    void shouldReadHeadersAndStatus() {
        byte[] block = bytes("NATS/1.0\r\nmsg-id: 7\r\nempty:\r\nno colon\r\nb: c:d\r\n\r\n");
        assertEquals(Map.of("msg-id", "7", "empty", "", "b", "c:d"), HeaderBlock.parse(block, 0, block.length));
        assertEquals(0, HeaderBlock.status(block, 0, block.length));
        byte[] status = bytes("NATS/1.0 409 Consumer Deleted\r\nNats-Pending-Messages: 3\r\n\r\n");
        assertEquals(409, HeaderBlock.status(status, 0, status.length));
        assertEquals("Consumer Deleted", HeaderBlock.description(status, 0, status.length));
        assertEquals("3", HeaderBlock.parse(status, 0, status.length).get("Nats-Pending-Messages"));
    }

    @Test
    void shouldReadPartitionsOrTheBrokersError() {
        assertArrayEquals(new int[] {1, 2}, StationTarget.partitions("x",
            bytes("{\"partitions_update\":{\"partitions_list\":[1,2]},\"error\":\"\"}")));
        BrokerException json = assertThrows(BrokerException.class, () -> StationTarget.partitions("Producing",
            bytes("{\"partitions_update\":{\"partitions_list\":null},\"error\":\"no\"}")));
        assertEquals("Producing: no", json.getMessage());
        BrokerException text = assertThrows(BrokerException.class, () -> StationTarget.partitions("Consuming",
            bytes("user does not exist")));
        assertEquals("Consuming: user does not exist", text.getMessage());
    }
}
