package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import org.memphisee.core.archive.ArchiveEntry;
import org.memphisee.core.archive.ArchiveReader;
import org.memphisee.core.archive.ArchiveWriter;
import org.memphisee.core.archive.S2Reader;
import org.memphisee.core.archive.SnappyWriter;

/** STREAM.SNAPSHOT and STREAM.RESTORE on a whole broker, as a client sees them. */
class SnapshotRestoreTest extends SnapshotFixture {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private void stream(String name, String more) {
        client.done("STREAM.CREATE." + name, "{'name':'" + name + "','subjects':['" + name.toLowerCase() + ".>']" + more + "}");
    }

    private String offer(String stream, JsonNode config, JsonNode state) {
        ObjectNode request = MAPPER.createObjectNode();
        ObjectNode named = ((ObjectNode) config.deepCopy()).put("name", stream);
        request.set("config", named);
        request.set("state", state);
        LiveClient.Message answer = client.request("$JS.API.STREAM.RESTORE." + stream, "", request.toString());
        assertFalse(answer.json().has("error"), answer.toString());
        return answer.json().get("deliver_subject").asText();
    }

    private JsonNode restore(String stream, Snapshot from, int chunk) {
        return send(offer(stream, from.answer().get("config"), from.answer().get("state")), from.bytes(), chunk);
    }

    private static List<ArchiveEntry> entries(byte[] bytes) throws Exception {
        List<ArchiveEntry> entries = new ArrayList<>();
        ArchiveReader archive = new ArchiveReader(entries::add, 1 << 20);
        new S2Reader(archive).bytes(bytes, 0, bytes.length);
        assertTrue(archive.ended());
        return entries;
    }

    private static byte[] archive(Object... parts) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnappyWriter compressed = new SnappyWriter(out::write);
        ArchiveWriter writer = new ArchiveWriter(compressed);
        for (Object part : parts) {
            if (part instanceof ArchiveEntry e && e.sequence() != 0) {
                byte[] name = e.name().getBytes(StandardCharsets.UTF_8);
                byte[] all = Arrays.copyOf(name, name.length + e.body().length);
                System.arraycopy(e.body(), 0, all, name.length, e.body().length);
                writer.message(all, 0, name.length, e.timeNanos(), e.sequence(), name.length, e.headerLength(),
                    e.body().length - e.headerLength());
            } else if (part instanceof ArchiveEntry e) {
                writer.entry(e.name(), e.timeNanos(), e.body());
            } else {
                writer.end();
            }
        }
        compressed.flush();
        return out.toByteArray();
    }

    private static ArchiveEntry json(String name, String json) {
        return new ArchiveEntry(name, 1, 0, 0, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ArchiveEntry message(String subject, long sequence, String header, String payload) {
        return new ArchiveEntry(subject, 1_000_000_000L * sequence, sequence, header.length(),
            (header + payload).getBytes(StandardCharsets.UTF_8));
    }

    private void fill() {
        stream("ORD", "");
        for (int i = 1; i <= 400; i++) {
            String header = i % 3 == 0 ? LiveClient.header("Nats-Msg-Id: id-" + i, "X: y") : "";
            assertEquals(i, client.store("ord." + i % 5, header, ("message " + i + " ").repeat(1 + i % 300)).get("seq").asInt());
        }
        for (int gone : new int[] {1, 7, 8, 200, 400}) {
            client.done("STREAM.MSG.DELETE.ORD", "{'seq':" + gone + "}");
        }
        client.done("CONSUMER.DURABLE.CREATE.ORD.work", "{'stream_name':'ORD','config':{'durable_name':'work',"
            + "'ack_policy':'explicit','ack_wait':600000000000,'max_deliver':4,'filter_subject':'ord.2'}}");
        for (int i = 0; i < 6; i++) {
            LiveClient.Message m = client.request("$JS.API.CONSUMER.MSG.NEXT.ORD.work", "{'batch':1}");
            if (i == 0 || i == 3) {
                assertTrue(client.request(m.reply(), "", "+ACK").payload().isEmpty());
            }
        }
    }

    private JsonNode message(String stream, int sequence) {
        return client.js("STREAM.MSG.GET." + stream, "{'seq':" + sequence + "}").json();
    }

    private void assertSameMessages(String copy) {
        for (int i = 1; i <= 400; i++) {
            JsonNode a = message("ORD", i);
            JsonNode b = message(copy, i);
            assertEquals(a.get("message"), b.get("message"), "sequence " + i);
            assertEquals(a.path("error"), b.path("error"));
        }
    }

    private static JsonNode without(JsonNode info, String... members) {
        return ((ObjectNode) info.deepCopy()).remove(List.of(members));
    }

    @Test
    void shouldRestoreSequencesTimesHeadersAndConsumersAsTheyWere() throws Exception {
        fill();
        JsonNode stream = client.done("STREAM.INFO.ORD", "{'deleted_details':true}");
        JsonNode consumer = client.done("CONSUMER.INFO.ORD.work", "");
        Snapshot taken = snapshot("ORD", ",'chunk_size':4096,'window_size':16384");
        assertEquals("204", taken.status());
        assertEquals(stream.get("config"), taken.answer().get("config"));
        assertEquals(stream.get("state").get("messages"), taken.answer().get("state").get("messages"));
        client.done("STREAM.DELETE.ORD", "");

        JsonNode restored = restore("ORD", taken, 10_000);

        assertEquals("io.nats.jetstream.api.v1.stream_create_response", restored.get("type").asText());
        assertFalse(restored.has("error"), restored.toString());
        assertEquals(stream.get("state"), client.done("STREAM.INFO.ORD", "{'deleted_details':true}").get("state"));
        JsonNode back = client.done("CONSUMER.INFO.ORD.work", "");
        assertEquals(stripped(consumer), stripped(back));
        assertEquals(own(taken), own(snapshot("ORD", "")));
        assertEquals(401, client.store("ord.1", "", "next").get("seq").asInt());
        assertTrue(client.store("ord.1", LiveClient.header("Nats-Msg-Id: id-399"), "again").get("duplicate").asBoolean());
    }

    /** The whole state of the consumer, byte by byte. */
    private static String own(Snapshot taken) throws Exception {
        return MAPPER.readTree(entries(taken.bytes()).get(1).body()).get("memphisee_state").asText();
    }

    private static JsonNode stripped(JsonNode consumer) {
        ObjectNode n = (ObjectNode) without(consumer, "created", "ts");
        ((ObjectNode) n.get("delivered")).remove("last_active");
        ((ObjectNode) n.get("ack_floor")).remove("last_active");
        return n;
    }

    @Test
    void shouldRestoreUnderAnotherNameBesideTheStream() throws Exception {
        fill();
        Snapshot taken = snapshot("ORD", "");
        ObjectNode config = ((ObjectNode) taken.answer().get("config").deepCopy());
        config.putArray("subjects").add("copy.>");
        JsonNode answer = send(offer("COPY", config, taken.answer().get("state")), taken.bytes(), 100_000);
        assertFalse(answer.has("error"), answer.toString());
        assertSameMessages("COPY");
    }

    @Test
    void shouldTakeWhatNatsServerWrote() throws Exception {
        byte[] bytes = resource("nats-2.15.snapshot");
        JsonNode request = MAPPER.readTree(resource("nats-2.15.json"));
        JsonNode answer = send(offer("VEC", request.get("config"), request.get("state")), bytes, 5_000);
        assertFalse(answer.has("error"), answer.toString());
        assertEquals(request.get("state").get("messages"), answer.get("state").get("messages"));
        assertEquals(request.get("state").get("bytes"), answer.get("state").get("bytes"));
        assertEquals(request.get("state").get("last_ts"), answer.get("state").get("last_ts"));
        assertEquals(300, answer.get("state").get("last_seq").asInt());
        JsonNode consumer = client.done("CONSUMER.INFO.VEC.work", "");
        assertEquals(11, consumer.get("delivered").get("consumer_seq").asInt());
        assertEquals(65, consumer.get("delivered").get("stream_seq").asInt());
        assertEquals(9, consumer.get("ack_floor").get("stream_seq").asInt());
        assertEquals(7, consumer.get("num_ack_pending").asInt());
        assertEquals(1, consumer.get("num_redelivered").asInt());
        assertEquals(32, consumer.get("num_pending").asInt());
        List<ArchiveEntry> given = entries(bytes);
        List<ArchiveEntry> again = entries(snapshot("VEC", "").bytes());
        for (int i = 2; i < given.size(); i++) {
            assertEquals(given.get(i).name(), again.get(i).name());
            assertEquals(given.get(i).sequence(), again.get(i).sequence());
            assertEquals(given.get(i).timeNanos(), again.get(i).timeNanos());
            assertArrayEquals(given.get(i).body(), again.get(i).body());
        }
    }

    private static byte[] resource(String name) throws Exception {
        try (InputStream in = SnapshotRestoreTest.class.getResourceAsStream("/golden/archive/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void shouldSaveAnEmptyStreamAndOneInMemoryAndLeaveConsumersOut() throws Exception {
        stream("EMPTY", "");
        Snapshot empty = snapshot("EMPTY", "");
        assertEquals("", empty.status());
        assertEquals(2, entries(empty.bytes()).size());
        client.done("STREAM.DELETE.EMPTY", "");
        assertEquals(0, restore("EMPTY", empty, 1000).get("state").get("last_seq").asInt());
        assertEquals(1, client.store("empty.1", "", "first").get("seq").asInt());
        stream("MEM", ",'storage':'memory'");
        client.store("mem.1", "", "kept");
        client.done("CONSUMER.DURABLE.CREATE.MEM.c", "{'stream_name':'MEM','config':{'durable_name':'c','ack_policy':'explicit'}}");
        List<ArchiveEntry> entries = entries(snapshot("MEM", ",'no_consumers':true").bytes());
        assertEquals(List.of("state.json", "mem.1", ""), entries.stream().map(ArchiveEntry::name).toList());
        assertEquals(0, MAPPER.readTree(entries.get(0).body()).get("consumer_count").asInt());
    }

    @Test
    void shouldSendNoMoreThanTheWindowUntilChunksAreAcknowledged() throws Exception {
        fill();
        client.subscribe("snap", "snap");
        client.done("STREAM.SNAPSHOT.ORD", "{'deliver_subject':'snap','chunk_size':1024,'window_size':3072}");
        List<String> replies = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            LiveClient.Message m = client.next();
            assertEquals(1024, m.bytes().length);
            assertTrue(m.reply().endsWith(".1024." + i), m.reply());
            replies.add(m.reply());
        }
        // whatever else were sent would come before the answer to what is asked now
        assertTrue(client.done("STREAM.INFO.ORD", "").has("state"));
        client.publish(replies.get(0), "", "", "");
        assertTrue(client.next().reply().endsWith(".1024.4"));
    }

    @Test
    void shouldGiveUpWhenNobodyListensAndWhenNobodyAcknowledges() throws Exception {
        fill();
        client.subscribe("$JS.EVENT.ADVISORY.STREAM.SNAPSHOT_COMPLETE.*", "advisory");
        client.done("STREAM.SNAPSHOT.ORD", "{'deliver_subject':'nobody.hears'}");
        assertEquals("no interest", client.next().json().get("error").asText());
        client.subscribe("snap", "snap");
        client.done("STREAM.SNAPSHOT.ORD", "{'deliver_subject':'snap','chunk_size':1024,'window_size':1024}");
        assertEquals(1024, client.next().bytes().length);
        assertEquals("408 No Flow Response", client.next().status());
        assertEquals("no flow response", client.next().json().get("error").asText());
    }

    @Test
    void shouldRefuseWrongRequests() {
        stream("S", "");
        assertEquals(10003, client.js("STREAM.SNAPSHOT.S", "").errCode());
        assertEquals(10059, client.js("STREAM.SNAPSHOT.NONE", "{'deliver_subject':'a'}").errCode());
        assertEquals(10015, client.js("STREAM.SNAPSHOT.S", "{'deliver_subject':'a.*'}").errCode());
        assertEquals(10025, client.js("STREAM.SNAPSHOT.S", "{'deliver_subject':'a','x':1}").errCode());
        assertEquals(10003, client.js("STREAM.RESTORE.T", "").errCode());
        assertEquals(10130, client.js("STREAM.RESTORE.S", "{'config':{'name':'S'}}").errCode());
        assertEquals(10056, client.js("STREAM.RESTORE.T", "{'config':{'name':'U'}}").errCode());
        assertEquals(10065, client.js("STREAM.RESTORE.T", "{'config':{'name':'T','subjects':['s.>']}}").errCode());
        assertEquals(10062, client.js("STREAM.RESTORE.T", "{'config':{'name':'T','storage':'memory'}}").errCode());
        assertEquals("503", client.request("$JS.SNAPSHOT.RESTORE.T.unknown", "x").status());
        client.publish("$JS.SNAPSHOT.ACK.T.unknown.1.1", "", "", "");
    }

    private void assertRefused(String part, byte[] archive) throws Exception {
        String to = offer("BAD", MAPPER.readTree("{\"subjects\":[\"bad.>\"]}"), MAPPER.createObjectNode());
        JsonNode answer = send(to, archive, 900);
        assertEquals(10062, answer.path("error").path("err_code").asInt(), answer.toString());
        assertTrue(answer.get("error").get("description").asText().contains(part), answer.toString());
        assertEquals(10059, client.js("STREAM.INFO.BAD", "").errCode());
        assertEquals("503", client.request(to, "more").status());
    }

    @Test
    void shouldRefuseArchivesThatAreNotWhatTheySayAndLeaveNothing() throws Exception {
        ArchiveEntry one = json("state.json", "{'first_seq':1,'last_seq':5,'consumer_count':0}");
        assertRefused("EOF", archive(one, message("bad.1", 1, "", "x")));
        assertRefused("corrupt input", "no archive at all".getBytes(StandardCharsets.UTF_8));
        assertRefused("state.json first", archive(message("bad.1", 1, "", "x"), ""));
        assertRefused("state.json first", archive(json("../../etc/passwd", "{}"), ""));
        assertRefused("state.json", archive(json("state.json", "[1]"), ""));
        assertRefused("out of range", archive(json("state.json", "{'first_seq':9,'last_seq':5}"), ""));
        assertRefused("out of range", archive(json("state.json", "{'last_seq':5,'consumer_count':99999999}"), ""));
        assertRefused("out of order", archive(one, message("bad.1", 2, "", "x"), message("bad.1", 2, "", "y"), ""));
        assertRefused("out of order", archive(one, message("bad.1", Long.MAX_VALUE, "", "y"), ""));
        assertRefused("invalid subject", archive(one, message("bad.*", 1, "", "y"), ""));
        assertRefused("invalid subject", archive(one, message("", 1, "", "y"), ""));
        assertRefused("invalid headers", archive(one, message("bad.1", 1, "MSG x 1 1\r\n", "y"), ""));
        ArchiveEntry two = json("state.json", "{'first_seq':1,'last_seq':5,'consumer_count':1}");
        assertRefused("expected consumer", archive(two, message("bad.1", 1, "", "x"), ""));
        assertRefused("missing config", archive(two, json("consumers/c", "{'state':{}}"), ""));
        assertRefused("is called", archive(two, json("consumers/../../c", "{'config':{'durable_name':'c'},'state':{}}"), ""));
        assertRefused("can not contain", archive(two, json("consumers/a.b", "{'config':{'durable_name':'a.b'},'state':{}}"), ""));
        assertRefused("contradict", archive(two, json("consumers/c", "{'config':{'durable_name':'c','ack_policy':'explicit'},"
            + "'state':{'delivered':{'consumer_seq':1,'stream_seq':1},'ack_floor':{'stream_seq':9}}}"), ""));
        assertRefused("state", archive(two, json("consumers/c", "{'config':{'durable_name':'c','ack_policy':'explicit'},"
            + "'state':{},'memphisee_state':'AAAA'}"), ""));
        assertEquals(0, client.done("STREAM.NAMES", "").get("total").asInt());
    }

    @Test
    void shouldLeaveNothingOfARestoreThatACrashInterrupts() throws Exception {
        fill();
        Snapshot taken = snapshot("ORD", "");
        client.done("STREAM.DELETE.ORD", "");
        String to = offer("ORD", taken.answer().get("config"), taken.answer().get("state"));
        for (int at = 0; at + 1000 < taken.bytes().length; at += 1000) {
            assertEquals(0, client.request(to, "", Arrays.copyOfRange(taken.bytes(), at, at + 1000)).bytes().length);
        }
        client.close();
        client = new LiveClient(store);
        assertEquals(0, client.done("STREAM.NAMES", "").get("total").asInt());
        JsonNode answer = restore("ORD", taken, 3000);
        assertFalse(answer.has("error"), answer.toString());
        assertEquals(395, answer.get("state").get("messages").asInt());
        client.close();
        client = new LiveClient(store);
        assertEquals(395, client.done("STREAM.INFO.ORD", "").get("state").get("messages").asInt());
        assertEquals(4, client.done("CONSUMER.INFO.ORD.work", "").get("num_ack_pending").asInt());
    }

    @Test
    void shouldRefuseTheSlowerOfTwoThatRestoreOneName() throws Exception {
        fill();
        Snapshot taken = snapshot("ORD", "");
        client.done("STREAM.DELETE.ORD", "");
        String first = offer("ORD", taken.answer().get("config"), taken.answer().get("state"));
        String second = offer("ORD", taken.answer().get("config"), taken.answer().get("state"));
        assertFalse(send(second, taken.bytes(), 50_000).has("error"));
        assertEquals(10130, send(first, taken.bytes(), 50_000).get("error").get("err_code").asInt());
        assertEquals(395, client.done("STREAM.INFO.ORD", "").get("state").get("messages").asInt());
    }

    @Test
    void shouldRefuseMoreTransfersThanItsBudget() throws Exception {
        List<String> begun = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            begun.add(offer("R" + i, MAPPER.createObjectNode(), MAPPER.createObjectNode()));
        }
        assertEquals(10062, client.js("STREAM.RESTORE.R16", "{'config':{'name':'R16'}}").errCode());
        assertEquals(10062, send(begun.get(3), "wrong".getBytes(StandardCharsets.UTF_8), 10).get("error").get("err_code").asInt());
        offer("R16", MAPPER.createObjectNode(), MAPPER.createObjectNode());
    }
}
