package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationMessages;
import org.memphisee.core.stations.StationView;
import org.memphisee.store.je.JeFiles;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/**
 * A partition of which something stored is damaged: it says so and changes nothing, everything else serves, and with the
 * damage mended it goes on where it was. Over a real store whose files are changed while it is closed.
 */
class DamagedPartitionTest {

    /** What is damaged of stream D, the partition with the lowest number. */
    enum Damage {
        SUMMARY("the summary of batch"), TOMBSTONES("the tombstones of batch"), STATE("the state of partition"),
        CURSOR("the cursor of consumer");

        private final String named;

        Damage(String named) {
            this.named = named;
        }
    }

    @TempDir
    private Path home;
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final List<Runnable> mending = new ArrayList<>();
    private JeLogStore store;
    /** What is stored of D. */
    private Stored found;
    private Broker broker;
    private CoreClient client;

    private void open() throws StoreException {
        store = JeLogStore.open(new JeStoreSettings(home, 16L << 20, 0, Thread::new));
    }

    private void start() throws StoreException {
        open();
        serve();
    }

    /** Starts on a store whose damage was not seen when it was opened, as when a file is damaged that is not its newest. */
    private void start(Damage damage) throws Exception {
        open();
        damage(damage);
        serve();
    }

    private void serve() throws StoreException {
        broker = WholeBroker.open(WholeBroker.options(WholeBroker.SHARDS, 10_000_000), store, new WholeBroker.Events(reported) {
                @Override
                public void partitionFrozen(String stream, StoreException cause) {
                    reported.add(stream + ": " + cause.getMessage());
                }
            });
        client = new CoreClient(broker, WholeBroker.SECRET);
    }

    @AfterEach
    void stop() throws StoreException {
        if (broker != null) {
            broker.stopping();
            broker.close();
            broker = null;
            store.close();
            mend();
        }
    }

    private void create(String name) {
        String made = client.request("$JS.API.STREAM.CREATE." + name,
            "{\"name\":\"" + name + "\",\"subjects\":[\"" + name + ".>\"],\"storage\":\"file\"}");
        assertTrue(made.contains("did_create"), made);
        consumer(name, "c");
        consumer(name, "d");
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            // of another size in each stream, so that no value of one is also found in the other
            answers.add(client.ask(name + ".subject-of-" + name.repeat(name.charAt(0) - 'A'), name + i));
        }
        answers.forEach(CoreClient::get);
    }

    private String consumer(String stream, String name) {
        return client.request("$JS.API.CONSUMER.CREATE." + stream + "." + name, "{\"stream_name\":\"" + stream
            + "\",\"config\":{\"durable_name\":\"" + name + "\",\"ack_policy\":\"explicit\"}}");
    }

    private List<String> consume(String stream, String consumer, int n) {
        List<String> payloads = new ArrayList<>();
        for (CoreClient.Message m : client.fetch(stream, consumer, n)) {
            payloads.add(m.payload());
            client.request(m.reply(), "+ACK");
        }
        return payloads;
    }

    /** Two streams with cursors in the middle and single messages removed; stopped. */
    private void prepare() throws StoreException {
        start();
        create("D");
        create("E");
        for (String stream : List.of("D", "E")) {
            assertEquals(10, consume(stream, "c", 10).size());
            assertEquals(20, consume(stream, "d", 20).size());
            client.request("$JS.API.STREAM.MSG.DELETE." + stream, "{\"seq\":35}");
        }
        stop();
        open();
        found = Stored.of(store, partition());
        store.close();
    }

    private void mend() {
        mending.forEach(Runnable::run);
        mending.clear();
    }

    private void damage(Damage what) throws Exception {
        Stored d = found;
        flip(switch (what) {
            case SUMMARY -> "subject-of-DDD".getBytes(StandardCharsets.UTF_8);
            case TOMBSTONES -> d.tombstones.values().iterator().next();
            case STATE -> d.state;
            case CURSOR -> d.cursors.values().iterator().next();
        });
    }

    private long partition() throws StoreException {
        for (long p = 1; p < 100; p++) {
            if (!Stored.of(store, p).cursors.isEmpty()) {
                return p;
            }
        }
        throw new AssertionError("no partition with cursors");
    }

    /** Changes a byte of each copy, until mended. */
    private void flip(byte[] content) throws IOException {
        for (Path log : JeFiles.logs(home)) {
            byte[] bytes = Files.readAllBytes(log);
            for (int i = 0; i <= bytes.length - content.length; i++) {
                if (java.util.Arrays.equals(bytes, i, i + content.length, content, 0, content.length)) {
                    int at = i + content.length / 2;
                    byte was = bytes[at];
                    put(log, at, (byte) (was ^ 0x10));
                    mending.add(() -> put(log, at, was));
                }
            }
        }
        assertTrue(!mending.isEmpty());
    }

    private static void put(Path file, int at, byte value) {
        try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
            f.seek(at);
            f.write(value);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void shouldChangeNothingOfADamagedPartitionAndGoOnWhenItIsMended(Damage damage) throws Exception {
        prepare();
        Stored before = found;
        for (int restart = 0; restart < 2; restart++) {
            start(damage);
            assertOffline(damage);
            assertEquals(List.of("E" + (21 + restart)), consume("E", "d", 1));
            stop();
        }
        open();
        before.assertSame(Stored.of(store, partition()));
        store.close();
        start();
        assertEquals(new TreeMap<>(), broker.streamFaults());
        assertTrue(client.request("D.x", "41").contains("\"seq\":41"));
        String info = client.request("$JS.API.STREAM.INFO.D", "");
        assertTrue(info.contains("\"messages\":40"), info);
        assertEquals(List.of("D11", "D12"), consume("D", "c", 2));
        assertEquals(List.of("D21", "D22"), consume("D", "d", 2));
    }

    private void assertOffline(Damage damage) {
        SortedMap<String, String> faults = broker.streamFaults();
        assertEquals(List.of("D"), List.copyOf(faults.keySet()));
        assertTrue(faults.get("D").contains("could not be recovered"), faults.get("D"));
        assertTrue(faults.get("D").contains(damage.named), faults.get("D"));
        assertTrue(reported.get(0).startsWith("D: "), () -> reported.toString());
        assertTrue(client.request("D.x", "lost").contains("\"err_code\":10118"));
        for (String request : List.of("STREAM.INFO.D", "STREAM.PURGE.D", "STREAM.MSG.GET.D {\"seq\":1}",
            "STREAM.MSG.DELETE.D {\"seq\":1}", "CONSUMER.INFO.D.c", "CONSUMER.NAMES.D", "CONSUMER.LIST.D",
            "CONSUMER.DELETE.D.c", "STREAM.UPDATE.D {\"name\":\"D\",\"subjects\":[\"D.>\"],\"max_msgs\":1}",
            "STREAM.CREATE.D {\"name\":\"D\",\"subjects\":[\"D.>\"]}")) {
            String[] parts = request.split(" ", 2);
            String answer = client.request("$JS.API." + parts[0], parts.length > 1 ? parts[1] : "");
            assertTrue(answer.contains("\"err_code\":10118"), () -> request + ": " + answer);
            assertTrue(answer.contains(damage.named), () -> request + ": " + answer);
        }
        assertOfflineForPeople(damage);
        assertTrue(consumer("D", "c").contains("\"err_code\":10118"));
        assertTrue(consumer("D", "new").contains("\"err_code\":10118"));
        assertEquals("", client.request("$JS.ACK.D.c.1.11.11.1.1", "+ACK"), "answered without payload: no responders");
        assertEquals("", client.request("$JS.API.CONSUMER.MSG.NEXT.D.c", "{\"batch\":1}"), "a status");
        assertTrue(client.request("$JS.API.STREAM.NAMES", "").contains("\"D\""));
    }

    /** Lists of messages are not empty but say why nothing is in them. */
    private void assertOfflineForPeople(Damage damage) {
        StationAdministration stations = broker.control().memphis().administration();
        StationView station = CoreClient.get(stations.queries().find("D")).orElseThrow();
        StationMessages.Newest newest = CoreClient.get(stations.messages().newest(station, -1, 10));
        assertEquals(List.of(), newest.rows());
        assertEquals(1, newest.problems().size());
        assertTrue(newest.problems().get(0).contains(damage.named), newest.problems().get(0));
        CompletableFuture<String> read = stations.messages().message(station, -1, 1)
            .handle((message, failure) -> failure == null ? message.toString() : failure.getMessage());
        assertTrue(CoreClient.get(read).contains(damage.named), CoreClient.get(read));
    }

    @Test
    void shouldDeleteADamagedStream() throws Exception {
        prepare();
        start(Damage.CURSOR);
        assertTrue(client.request("$JS.API.STREAM.DELETE.D", "").contains("\"success\":true"));
        assertEquals(new TreeMap<>(), broker.streamFaults());
        create("D");
        stop();
        start();
        assertEquals(List.of("D1"), consume("D", "c", 1));
    }

    /** All that is stored of a partition but its records. */
    private static final class Stored implements org.memphisee.core.log.LogStore.PartitionVisitor {
        private byte[] state = new byte[0];
        private final Map<Long, byte[]> tombstones = new TreeMap<>();
        private final Map<Long, byte[]> cursors = new TreeMap<>();
        private final List<Long> batches = new ArrayList<>();

        static Stored of(JeLogStore store, long partition) throws StoreException {
            Stored s = new Stored();
            store.recoverPartition(partition, s);
            return s;
        }

        void assertSame(Stored now) {
            assertArrayEquals(state, now.state);
            assertEquals(batches, now.batches);
            assertEquals(tombstones.keySet(), now.tombstones.keySet());
            tombstones.forEach((k, v) -> assertArrayEquals(v, now.tombstones.get(k)));
            assertEquals(cursors.keySet(), now.cursors.keySet());
            cursors.forEach((k, v) -> assertArrayEquals(v, now.cursors.get(k)));
        }

        @Override
        public void state(byte[] encoded) {
            state = encoded;
        }

        @Override
        public void batch(org.memphisee.core.log.StoredSummary summary) {
            batches.add(summary.firstSequence());
        }

        @Override
        public void tombstones(long firstSequence, byte[] encoded) {
            tombstones.put(firstSequence, encoded);
        }

        @Override
        public void cursor(long consumer, byte[] encoded) {
            cursors.put(consumer, encoded);
        }
    }
}
