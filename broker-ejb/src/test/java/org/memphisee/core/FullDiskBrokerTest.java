package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.CoreClient.get;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.contract.RefusingStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.je.TinyDisk;

/** A whole broker on a disk that fills and empties again: nothing stays closed, nothing answered is lost. */
class FullDiskBrokerTest {

    private static final int STREAMS = 4;
    private static final int MESSAGES = 40;

    /** What the disk has no room for. */
    enum Full {
        BATCHES(c -> c instanceof StoreChange.PutBatch),
        CURSORS(c -> c instanceof StoreChange.PutCursor),
        REMOVALS(c -> c instanceof StoreChange.DropBatches || c instanceof StoreChange.PutTombstones
            || c instanceof StoreChange.PutPartitionState),
        MERGES(c -> c instanceof StoreChange.MergeBatches),
        EVENTS(c -> c instanceof StoreChange.PutSystemEvent),
        PARTITIONS(c -> c instanceof StoreChange.DropPartition),
        ANYTHING(c -> true);

        private final Predicate<StoreChange> changes;

        Full(Predicate<StoreChange> changes) {
            this.changes = changes;
        }
    }

    @TempDir
    private Path directory;
    private final List<String> happened = new CopyOnWriteArrayList<>();
    private RefusingStore store;
    private Broker broker;
    private CoreClient client;
    /** What was acknowledged and not removed, by stream: sequence and payload. */
    private final Map<String, TreeMap<Long, String>> expected = new TreeMap<>();

    private void start(Path home) throws StoreException {
        store = new RefusingStore(JeLogStore.open(new JeStoreSettings(home, 16L << 20, 0, Thread::new)));
        broker = WholeBroker.open(WholeBroker.options(WholeBroker.SHARDS, 20_000_000), store, new WholeBroker.Events(happened));
        client = new CoreClient(broker, WholeBroker.SECRET);
    }

    @AfterEach
    void stop() throws StoreException {
        if (broker != null) {
            broker.stopping();
            broker.close();
            store.close();
        }
    }

    private static String stream(int i) {
        return "S" + i;
    }

    private String create(String name) {
        return client.request("$JS.API.STREAM.CREATE." + name,
            "{\"name\":\"" + name + "\",\"subjects\":[\"" + name + ".>\"],\"storage\":\"file\"}");
    }

    private String consumer(String name, String consumer) {
        return client.request("$JS.API.CONSUMER.CREATE." + name + "." + consumer, "{\"stream_name\":\"" + name
            + "\",\"config\":{\"durable_name\":\"" + consumer
            + "\",\"ack_policy\":\"explicit\",\"ack_wait\":600000000000}}");
    }

    /** Publishes and notes what was acknowledged. */
    private CompletableFuture<Boolean> publish(String stream, String payload) {
        return client.ask(stream + ".a", payload).thenApply(answer -> {
            if (answer.contains("\"error\"")) {
                assertTrue(answer.contains("\"err_code\":10023"), answer);
                return false;
            }
            long sequence = Long.parseLong(answer.replaceAll(".*\"seq\":(\\d+).*", "$1"));
            synchronized (expected) {
                expected.computeIfAbsent(stream, s -> new TreeMap<>()).put(sequence, payload);
            }
            return true;
        });
    }

    private static boolean fine(String answer) {
        return !answer.contains("\"error\"");
    }

    private void fill() {
        for (int i = 0; i < STREAMS; i++) {
            assertTrue(fine(create(stream(i))));
            assertTrue(fine(consumer(stream(i), "group")));
            for (int n = 0; n < MESSAGES; n++) {
                assertTrue(get(publish(stream(i), stream(i) + "-" + n + "-" + "x".repeat(300))));
            }
        }
    }

    /** Everything that clients do, in the same moment; what must be answered sooner or later. */
    private List<CompletableFuture<?>> everythingAtOnce(List<List<CoreClient.Message>> delivered, String tag) {
        List<CompletableFuture<?>> later = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String stream = stream(i);
            for (int n = 0; n < 20; n++) {
                later.add(publish(stream, stream + "-" + tag + "-" + n));
            }
            for (CoreClient.Message m : delivered.get(i)) {
                later.add(client.ask(m.reply(), "+ACK"));
            }
            long victim = 5 + i;
            synchronized (expected) {
                expected.get(stream).remove(victim);
            }
            later.add(client.ask("$JS.API.STREAM.MSG.DELETE." + stream, "{\"seq\":" + victim + "}"));
            later.add(client.ask("$JS.API.STREAM.PURGE." + stream, "{\"seq\":3}"));
            synchronized (expected) {
                expected.get(stream).headMap(3L).clear();
            }
            later.add(client.ask("$JS.API.STREAM.CREATE." + stream + tag, "{\"name\":\"" + stream + tag + "\"}"));
        }
        return later;
    }

    private void goesOn(List<CompletableFuture<?>> later) {
        later.forEach(CoreClient::get);
        for (int i = 0; i < STREAMS; i++) {
            String stream = stream(i);
            assertTrue(get(publish(stream, stream + "-after")), "publishes go on");
            String added = "N" + i;
            assertTrue(fine(create(added)), "definitions go on");
            assertTrue(fine(consumer(added, "late" + last(stream))), "definitions go on");
            assertTrue(get(publish(added, "first")));
            for (CoreClient.Message m : client.fetch(stream, "group", 5)) {
                assertEquals("", get(client.ask(m.reply(), "+ACK")), "acknowledgements go on");
            }
            long last = last(stream);
            assertTrue(fine(client.request("$JS.API.STREAM.MSG.DELETE." + stream, "{\"seq\":" + last + "}")),
                "removals go on");
            assertTrue(fine(client.request("$JS.API.STREAM.PURGE." + stream, "{\"seq\":7}")), "retention goes on");
            synchronized (expected) {
                expected.get(stream).remove(last);
                expected.get(stream).headMap(7L).clear();
            }
        }
        assertEquals(Map.of(), broker.streamFaults());
        assertEquals(Optional.empty(), broker.fault());
    }

    private long last(String stream) {
        synchronized (expected) {
            return expected.get(stream).lastKey();
        }
    }

    private void assertHolds() {
        for (Map.Entry<String, TreeMap<Long, String>> stream : expected.entrySet()) {
            String info = client.request("$JS.API.STREAM.INFO." + stream.getKey(), "");
            assertTrue(info.contains("\"messages\":" + stream.getValue().size() + ","), stream.getKey() + ": " + info);
            for (Map.Entry<Long, String> message : stream.getValue().entrySet()) {
                String found = client.request("$JS.API.STREAM.MSG.GET." + stream.getKey(),
                    "{\"seq\":" + message.getKey() + "}");
                String payload = java.util.Base64.getEncoder().encodeToString(message.getValue().getBytes());
                assertTrue(found.contains(payload), stream.getKey() + " " + message + ": " + found);
            }
        }
    }

    private static List<Long> floors(CoreClient client) {
        List<Long> floors = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String info = client.request("$JS.API.CONSUMER.INFO." + stream(i) + ".group", "");
            floors.add(Long.parseLong(info.replaceAll(".*\"ack_floor\":\\{[^}]*\"stream_seq\":(\\d+).*", "$1")));
        }
        return floors;
    }

    @ParameterizedTest
    @EnumSource(Full.class)
    void shouldGoOnWithEverythingAfterTheDiskHadNoRoomFor(Full full) throws StoreException {
        Path home = directory.resolve("log");
        start(home);
        fill();
        assertTrue(fine(create("Gone")));
        List<List<CoreClient.Message>> delivered = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            delivered.add(client.fetch(stream(i), "group", 10));
        }
        store.refuse(full.changes);
        List<CompletableFuture<?>> later = everythingAtOnce(delivered, "full");
        later.add(client.ask("$JS.API.STREAM.DELETE.Gone", ""));
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (full != Full.MERGES && store.refusals() == 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertTrue(full == Full.MERGES || store.refusals() > 0, "it was met");
        store.free();

        goesOn(later);

        assertEquals(List.of(), happened);
        assertHolds();
        List<Long> floors = floors(client);
        floors.forEach(f -> assertTrue(f >= 14, floors.toString()));
        stop();
        start(home);
        assertHolds();
        assertEquals(floors, floors(client));
        assertEquals(List.of(), happened);
    }

    /** JE itself has no room, again and again, under everything at once. */
    @Test
    void shouldGoOnWithEverythingAfterARealFileSystemWasFull() throws Exception {
        TinyDisk disk = TinyDisk.mount(directory, 40);
        try {
            Path home = disk.root().resolve("log");
            start(home);
            fill();
            for (int round = 0; round < 3; round++) {
                List<List<CoreClient.Message>> delivered = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    delivered.add(client.fetch(stream(i), "group", round == 0 ? 10 : 2));
                }
                disk.fillUpTo(64 << 10);
                boolean refused = false;
                for (int n = 0; n < 1_000 && !refused; n++) {
                    refused = !get(publish("S0", "pressure" + "y".repeat(20_000)));
                }
                assertTrue(refused, "the disk became full");
                List<CompletableFuture<?>> later = everythingAtOnce(delivered, "full" + round);
                assertTrue(fine(client.request("$JS.API.STREAM.MSG.GET.S1", "{\"seq\":39}")), "reads go on");
                disk.free();
                goesOn(later);
                assertEquals(List.of(), happened);
            }
            assertHolds();
            List<Long> floors = floors(client);
            stop();
            start(home);
            assertHolds();
            assertEquals(floors, floors(client));
        } finally {
            stop();
            broker = null;
            disk.close();
        }
    }
}
