package org.memphisee.cli.migrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** How streams are read and sent, against a port that answers as the test says. */
@Timeout(30)
@SuppressWarnings("try") // scripts know the port before it is made, so it is a field, too
class JetStreamServerTest {

    private static final String BLOCK = "NATS/1.0\r\nA: b\r\n\r\n";
    private static final String BEAT = "NATS/1.0 100 Idle Heartbeat\r\n\r\n";

    private ScriptedPort port;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private static JsonNode info(String more) {
        return FakeServer.json("{'config':{'name':'S'" + more
            + "},'state':{'messages':3,'bytes':300,'first_seq':3,'last_seq':9}}");
    }

    private static String text(StoredMessage m) {
        return m.sequence() + " " + m.timeNanos() + " " + new String(m.subject(), StandardCharsets.UTF_8) + " "
            + new String(m.body(), 0, m.headerLength(), StandardCharsets.UTF_8).replace("\r\n", "|")
            + new String(m.body(), m.headerLength(), m.body().length - m.headerLength(), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldReadMessageByMessageOverGapsToTheEnd() throws IOException {
        TreeMap<Long, String> stored = new TreeMap<>();
        stored.put(3L, "'subject':'s.a','hdrs':'" + base64(BLOCK) + "','data':'" + base64("three")
            + "','time':'2026-01-02T03:04:05.000000006Z'");
        stored.put(4L, "'subject':'s.b','data':'" + base64("four") + "','time':'1970-01-01T00:00:01+00:00'");
        stored.put(900L, "'subject':'s.c','time':'1970-01-01T00:00:00.5Z'");
        try (ScriptedPort p = port = new ScriptedPort((subject, reply, payload) -> {
            JsonNode request = FakeServer.json(new String(payload, StandardCharsets.UTF_8));
            assertEquals("$JS.API.STREAM.MSG.GET.S", subject);
            assertEquals(">", request.get("next_by_subj").asText());
            Long found = stored.ceilingKey(request.get("seq").asLong());
            asked.add(request.get("seq").asText());
            port.answer(reply, (found == null ? "{'error':{'code':404,'err_code':10037,'description':'no message found'}}"
                : "{'message':{'seq':" + found + "," + stored.get(found) + "}}").replace('\'', '"'));
        }); Broker broker = port.broker()) {
            JetStreamServer server = new JetStreamServer(broker);
            JsonNode queue = info(",'retention':'workqueue'");
            try (MessageReader reader = server.read(queue, 1, 2000)) {
                assertEquals("3 1767323045000000006 s.a NATS/1.0|A: b||three", text(reader.next()));
                assertEquals("4 1000000000 s.b four", text(reader.next()));
                assertEquals("900 500000000 s.c ", text(reader.next()));
                assertNull(reader.next());
                assertNull(reader.next());
            }
            assertEquals("3", asked.get(0), "nothing is before the first");
            try (MessageReader reader = server.read(queue, 4, 899)) {
                assertEquals(4, reader.next().sequence());
                assertNull(reader.next(), "the next one is not wanted");
            }
        }
    }

    /** Consumers in the order in which they are made. */
    private interface Consumers {
        void made(int number, String inbox, long from) throws IOException;
    }

    private ScriptedPort push(String pending, Consumers consumers) throws IOException {
        int[] made = {0};
        return new ScriptedPort((subject, reply, payload) -> {
            if (subject.equals("$JS.API.CONSUMER.CREATE.S")) {
                JsonNode config = FakeServer.json(new String(payload, StandardCharsets.UTF_8)).get("config");
                assertEquals("none", config.get("ack_policy").asText());
                int number = ++made[0];
                port.answer(reply, ("{'name':'c" + number + "','num_pending':" + pending.split(",")[number - 1]
                    + ",'delivered':{'consumer_seq':0}}").replace('\'', '"'));
                asked.add("from " + config.get("opt_start_seq"));
                consumers.made(number, config.get("deliver_subject").asText(), config.get("opt_start_seq").asLong());
            } else {
                asked.add(subject.replaceFirst("^\\$JS.API.", ""));
            }
        });
    }

    @Test
    void shouldAskAgainForWhatWasLostAndAnswerForTheWindow() throws IOException {
        try (ScriptedPort p = port = push("5,2", (number, inbox, from) -> {
            if (number == 1) {
                port.deliver(inbox, "s.a", "$JS.ACK.S.c1.1.3.1.1000.4", BLOCK, "three");
                port.deliver(inbox, inbox, "$JS.FC.S.c1.abcd", "NATS/1.0 100 FlowControl Request\r\n\r\n", "");
                port.deliver(inbox, inbox, "",
                    "NATS/1.0 100 Idle Heartbeat\r\nNats-Consumer-Stalled: $JS.FC.S.c1.efgh\r\n\r\n", "");
                port.deliver(inbox, "s.b", "$JS.ACK.S.c1.1.4.2.1001.3", "", "four");
                port.deliver(inbox, "s.c", "$JS.ACK.S.c1.1.8.4.1003.1", "", "five to seven are lost");
            } else {
                port.deliver(inbox, "s.a", "$JS.ACK.domain.hash.S.c2.1.5.1.1002.1.x", "", "five");
                port.deliver(inbox, "s.c", "$JS.ACK.domain.hash.S.c2.1.8.2.1003.0.x", "NATS/1.0 503\r\n\r\n", "");
            }
        }); Broker broker = port.broker()) {
            JetStreamServer server = new JetStreamServer(broker);
            try (MessageReader reader = server.read(info(""), 1, 9)) {
                assertEquals("3 1000 s.a NATS/1.0|A: b||three", text(reader.next()));
                assertEquals("4 1001 s.b four", text(reader.next()));
                assertEquals("5 1002 s.a five", text(reader.next()));
                assertEquals("8 1003 s.c NATS/1.0 503||", text(reader.next()), "a stored message, whatever its headers say");
                assertNull(reader.next());
            }
            broker.await(server.session().flush());
            assertEquals(List.of("from 1", "$JS.FC.S.c1.abcd", "$JS.FC.S.c1.efgh", "CONSUMER.DELETE.S.c1", "from 5",
                "CONSUMER.DELETE.S.c2"), asked);
        }
    }

    @Test
    void shouldEndWhenWhatItWaitedForWentAndWhenNothingIsThere() throws IOException {
        try (ScriptedPort p = port = push("2,0,0", (number, inbox, from) -> {
            if (number == 1) {
                port.deliver(inbox, "s.a", "$JS.ACK.S.c1.1.3.1.1000.1", "", "three");
                port.deliver(inbox, inbox, "", BEAT, "");
                port.deliver(inbox, inbox, "", BEAT, "");
            }
        }); Broker broker = port.broker()) {
            JetStreamServer server = new JetStreamServer(broker);
            try (MessageReader reader = server.read(info(""), 1, 9)) {
                assertEquals(3, reader.next().sequence());
                assertNull(reader.next());
            }
            assertTrue(asked.contains("from 4"), asked.toString());
            try (MessageReader reader = server.read(info(""), 7, 9)) {
                assertNull(reader.next());
            }
            try (MessageReader reader = server.read(info(""), 10, 9)) {
                assertNull(reader.next());
            }
        }
    }

    @Test
    void shouldStopWhenTheServerGoes() throws IOException {
        try (ScriptedPort p = port = push("5", (number, inbox, from) -> port.deliver(inbox, "s.a",
            "$JS.ACK.S.c1.1.3.1.1000.4", "", "three"));
             Broker broker = port.broker()) {
            MessageReader reader = new JetStreamServer(broker).read(info(""), 1, 9);
            assertEquals(3, reader.next().sequence());
            port.close();
            assertEquals(ExitCode.UNREACHABLE, assertThrows(CliFailure.class, reader::next).code());
        }
    }

    // ---- sending

    /** What the frames of a stream of Snappy blocks hold that are not compressed. */
    private static byte[] unframed(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0xff, in.get() & 0xff);
        in.position(10);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (in.hasRemaining()) {
            int head = in.getInt();
            assertEquals(1, head & 0xff);
            int sum = in.getInt() - 0xa282ead8;
            byte[] data = new byte[(head >>> 8) - 4];
            in.get(data);
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(data);
            assertEquals((int) crc.getValue(), sum >>> 17 | sum << 15);
            out.writeBytes(data);
        }
        return out.toByteArray();
    }

    @Test
    void shouldSendAnArchiveInChunksThatFitAndTakeARefusal() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        int[] chunks = {0};
        try (ScriptedPort p = port = new ScriptedPort((subject, reply, payload) -> {
            if (subject.startsWith("$JS.API.STREAM.RESTORE.")) {
                asked.add(new String(payload, StandardCharsets.UTF_8));
                port.answer(reply, "{'deliver_subject':'to.it','memphisee_import':{'last_seq':7,'messages':3}}".replace('\'',
                    '"'));
            } else {
                assertTrue(payload.length < 70_000);
                sent.writeBytes(payload);
                chunks[0]++;
                port.answer(reply, sent.size() > 300_000 ? "{\"error\":{\"code\":500,\"description\":\"restore failed: full\"}}"
                    : payload.length == 0 ? "{\"type\":\"x\"}" : "");
            }
        }); Broker broker = port.broker()) {
            JetStreamServer server = new JetStreamServer(broker);
            Target.Intake to = server.begin("S", FakeServer.json("{'name':'S'}"), Optional.of(new StationPlace("s", 1, 2)),
                "id", true);
            assertEquals(FakeServer.json("{'config':{'name':'S'},'state':{},'memphisee_import':{'id':'id','restart':true,'station':"
                + "{'name':'s','number':1,'partitions':2}}}"), FakeServer.json(asked.get(0)));
            assertEquals(7, to.last());
            assertEquals(3, to.messages());
            to.entry("state.json", "{}".getBytes(StandardCharsets.UTF_8));
            to.message(new StoredMessage(300, -1, "s.a".getBytes(StandardCharsets.UTF_8), 2,
                "hhpayload".getBytes(StandardCharsets.UTF_8)));
            to.finish();
            byte[] archive = unframed(sent.toByteArray());
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            expected.writeBytes("NATSARC1".getBytes(StandardCharsets.US_ASCII));
            expected.writeBytes(new byte[] {10, 0, 0, 0, 2});
            expected.writeBytes("state.json{}".getBytes(StandardCharsets.US_ASCII));
            expected.writeBytes(new byte[] {3, 1, (byte) 0xac, 2, 2, 7});
            expected.writeBytes("s.ahhpayload".getBytes(StandardCharsets.US_ASCII));
            expected.writeBytes(new byte[5]);
            assertArrayEquals(expected.toByteArray(), archive);

            sent.reset();
            Target.Intake more = server.begin("S", FakeServer.json("{'name':'S'}"), Optional.empty(), "id", false);
            byte[] large = new byte[200_000];
            more.message(new StoredMessage(8, 1, "s.a".getBytes(StandardCharsets.UTF_8), 0, large));
            CliFailure refused = assertThrows(CliFailure.class, () -> {
                more.message(new StoredMessage(9, 1, "s.a".getBytes(StandardCharsets.UTF_8), 0, large));
                more.pause();
            });
            assertEquals("restore failed: full", refused.getMessage());
            assertTrue(chunks[0] > 4);
        }
    }
}
