package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import org.memphisee.core.CoreClient;
import org.memphisee.core.api.Author;
import org.memphisee.core.archive.ArchiveWriter;
import org.memphisee.core.archive.SnappyWriter;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.stream.StreamConfig;

/** Streams and stations of three replicas are restored at one of three whole nodes, and are then at all of them. */
class ReplicatedRestoreTest extends ThreeNodes {

    private static final int CHUNK = 128 << 10;
    private static final long TIME = 1_700_000_000_000_000_000L;
    private static final Pattern DELIVER = Pattern.compile("\"deliver_subject\":\"([^\"]+)\"");

    @Override
    boolean together() {
        return true;
    }

    // ---- archives

    /** Messages with odd sequences up to 2 * count - 1, each with an id, and a consumer that has all up to sequence 5. */
    private static byte[] archive(String subject, int count, int size, String filter) throws Exception {
        Random random = new Random(7);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnappyWriter compressed = new SnappyWriter(out::write);
        ArchiveWriter writer = new ArchiveWriter(compressed);
        writer.entry("state.json", 0, text("{\"first_seq\":1,\"last_seq\":" + (2 * count + 3) + ",\"consumer_count\":1}"));
        writer.entry("consumers/work", 0, text("{\"config\":{\"durable_name\":\"work\",\"ack_policy\":\"explicit\","
            + "\"ack_wait\":7000000000,\"max_deliver\":4,\"filter_subject\":\"" + filter + "\"},\"state\":{"
            + "\"delivered\":{\"consumer_seq\":3,\"stream_seq\":5},"
            + "\"ack_floor\":{\"consumer_seq\":3,\"stream_seq\":5}}}"));
        for (int i = 1; i <= count; i++) {
            byte[] header = text("NATS/1.0\r\nNats-Msg-Id: " + subject + "-" + i + "\r\n\r\n");
            byte[] body = new byte[size];
            random.nextBytes(body);
            byte[] name = text(subject);
            byte[] all = Arrays.copyOf(name, name.length + header.length + size);
            System.arraycopy(header, 0, all, name.length, header.length);
            System.arraycopy(body, 0, all, name.length + header.length, size);
            writer.message(all, 0, name.length, TIME + i, 2 * i - 1, name.length, header.length, size);
        }
        writer.end();
        compressed.flush();
        return out.toByteArray();
    }

    private static byte[] text(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    /** Where the archive goes. */
    private static String offer(CoreClient at, String stream, String request) {
        Matcher m = DELIVER.matcher(ok(at.request("$JS.API.STREAM.RESTORE." + stream, request)));
        assertTrue(m.find());
        return m.group(1);
    }

    private static void send(CoreClient at, String to, byte[] archive) {
        for (int from = 0; from < archive.length; from += CHUNK) {
            assertEquals("", at.request(to, Arrays.copyOfRange(archive, from, Math.min(archive.length, from + CHUNK))));
        }
    }

    private static String end(CoreClient at, String to) {
        return at.request(to, "");
    }

    private static String stream(String name) {
        return "{\"config\":{\"name\":\"" + name + "\",\"subjects\":[\"" + name.toLowerCase() + ".>\"],"
            + "\"num_replicas\":3},\"state\":{}}";
    }

    // ---- what the nodes have

    private ControlEngine engine(String node) {
        return cluster.broker(node).control().engine();
    }

    private long partition(String stream) {
        return engine("n0").definitions().stream(stream).orElseThrow().partitionId();
    }

    private List<Long> batches(String node, long partition) {
        try {
            return cluster.store(node).batches(partition);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** All three stores have the same records of a stream, so many at least. */
    private void assertSameEverywhere(String stream, int least) throws Exception {
        long partition = partition(stream);
        cluster.until("all have the same batches", () -> cluster.names().stream().map(node -> batches(node, partition)).distinct()
            .count() == 1);
        List<Long> keys = batches("n0", partition);
        assertTrue(keys.size() >= least, keys::toString);
        for (long key : keys) {
            byte[] record = cluster.store("n0").readBatch(partition, key);
            assertArrayEquals(record, cluster.store("n1").readBatch(partition, key));
            assertArrayEquals(record, cluster.store("n2").readBatch(partition, key));
        }
    }

    private void untilNobodyKnows(String stream) {
        cluster.until("nobody knows " + stream, () -> cluster.living().stream().allMatch(node ->
            engine(node).definitions().stream(stream).isEmpty() && engine(node).registry().known(stream).isEmpty()));
    }

    @Test
    void shouldRestoreAStreamAtAllNodesWithSequencesTimesHeadersAndCursors() throws Exception {
        CoreClient a = at("n1");
        String to = offer(a, "ORD", stream("ORD"));
        send(a, to, archive("ord.x", 60, 300 << 10, "ord.>"));
        String made = ok(end(a, to));

        assertTrue(made.contains("\"num_replicas\":3") && made.contains("\"sealed\":false") && made.contains("\"messages\":60")
            && made.contains("\"last_seq\":123") && !made.contains("restoring"), made);
        assertSameEverywhere("ORD", 10);
        for (String node : cluster.names()) {
            cluster.until(node + " knows it", () -> engine(node).definitions().stream("ORD")
                .filter(s -> !s.config().filling()).isPresent());
            String message = at(node).request("$JS.API.STREAM.MSG.GET.ORD", "{\"seq\":7}");
            assertTrue(message.contains("\"time\":\"2023-11-14T22:13:20.000000004Z\"") && message.contains("\"hdrs\":"), message);
            assertTrue(at(node).request("$JS.API.STREAM.MSG.GET.ORD", "{\"seq\":8}").contains("10037"));
        }
        assertTrue(at("n2").fetch("ORD", "work", 1).get(0).reply().contains(".7."), "behind what was acknowledged");
        assertTrue(ok(at("n0").request("ord.y", "new")).contains("\"seq\":124"));

        String leader = engine("n1").view().leader(partition("ORD"));
        lose(leader);
        String other = cluster.living().get(0);
        cluster.until("another one leads", () -> at(other).request("$JS.API.STREAM.INFO.ORD", "").contains("\"messages\":61"));
        String info = ok(at(other).request("$JS.API.CONSUMER.INFO.ORD.work", ""));
        assertTrue(info.contains("\"ack_floor\":{\"consumer_seq\":3,\"stream_seq\":5"), info);
        assertTrue(ok(at(other).request("ord.y", "more")).contains("\"seq\":125"));
    }

    @Test
    void shouldRestoreAStationOfTwoPartitions() throws Exception {
        CoreClient a = at("n2");
        for (int number = 1; number <= 2; number++) {
            String name = "shop$" + number;
            String to = offer(a, name, "{\"config\":{\"name\":\"" + name + "\",\"subjects\":[\"" + name
                + ".>\"],\"max_msgs\":1000,\"num_replicas\":3},\"state\":{},\"memphisee_import\":{\"id\":\"" + number
                + "\",\"station\":{\"name\":\"shop\",\"number\":" + number + ",\"partitions\":2}}}");
            send(a, to, archive(name + ".final", 20, 1000, name + ".final"));
            ok(end(a, to));
        }
        for (String node : cluster.names()) {
            cluster.until(node + " knows the station", () -> engine(node).definitions().station("shop").isPresent()
                && engine(node).definitions().stream("shop$2").filter(s -> !s.config().filling()).isPresent());
        }
        var station = engine("n0").definitions().station("shop").orElseThrow().created();
        assertEquals(3, station.replicas());
        assertTrue(!station.config().filling(), "nor are partitions that it gets");
        for (int number = 1; number <= 2; number++) {
            assertSameEverywhere("shop$" + number, 1);
            assertTrue(ok(at("n0").request("$JS.API.STREAM.INFO.shop$" + number, "")).contains("\"messages\":20"));
            assertTrue(at("n1").fetch("shop$" + number, "work", 1).get(0).reply().contains(".7."));
            assertTrue(ok(at("n1").request("shop$" + number + ".final", "x")).contains("\"seq\":44"));
        }
        assertTrue(engine("n0").definitions().group(station.id(), "work").isPresent());
    }

    @Test
    void shouldLeaveNothingWhenSomebodyWasFaster() throws Exception {
        CoreClient a = at("n0");
        String to = offer(a, "DEL", stream("DEL"));
        send(a, to, archive("del.x", 5, 100, "del.>"));
        ok(at("n1").request("$JS.API.STREAM.CREATE.OTHER", "{\"name\":\"OTHER\",\"subjects\":[\"del.>\"],\"num_replicas\":3}"));
        cluster.until("n0 knows it", () -> engine("n0").definitions().stream("OTHER").isPresent());
        assertTrue(end(a, to).contains("10065"), "somebody has its subjects");
        untilNobodyKnows("DEL");
        ok(at("n1").request("$JS.API.STREAM.DELETE.OTHER", ""));
    }

    @Test
    void shouldTakeNothingWhileItIsFilledAndRemoveWhatIsLeftAfterAStart() throws Exception {
        engine("n1").askToLead(3);
        cluster.until("n1 leads a group", () -> engine("n1").placeLed(3).isPresent());
        long id = engine("n1").allocateId();
        StreamConfig config = config("LEFT");
        define("n1", new SystemEvent.StreamCreated(id, config.asFilling(), 1, "root", engine("n1").placeLed(3).orElseThrow()));
        cluster.until("all know it", () -> cluster.names().stream().allMatch(node ->
            engine(node).definitions().stream("LEFT").isPresent()));
        assertTrue(at("n1").request("left.x", "m").contains("\"error\""));
        assertTrue(at("n0").request("left.x", "m").contains("\"error\""));
        String update = at("n0").request("$JS.API.STREAM.UPDATE.LEFT",
            "{\"name\":\"LEFT\",\"subjects\":[\"left.>\"],\"num_replicas\":3}");
        assertTrue(update.contains("\"error\""), update);

        lose("n1");
        cluster.start("n1");
        untilNobodyKnows("LEFT");
    }

    private StreamConfig config(String name) {
        CoreClient a = at("n1");
        String like = "LIKE" + name;
        ok(a.request("$JS.API.STREAM.CREATE." + like, "{\"name\":\"" + like + "\",\"num_replicas\":3}"));
        Optional<StreamConfig> made = engine("n1").definitions().stream(like).map(s -> s.config());
        ok(a.request("$JS.API.STREAM.DELETE." + like, ""));
        return made.orElseThrow().withSubjects(name, List.of(name.toLowerCase() + ".>"));
    }

    private void define(String node, SystemEvent event) {
        ControlEngine at = engine(node);
        at.resume(() -> at.change(Author.BROKER, event, ChangeResult.IGNORED));
    }
}
