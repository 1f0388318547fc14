package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;
import org.memphisee.store.memory.MemoryLogStore;

/** A message id is stored once in a station, whichever of its partitions it is sent to. */
class StationIdsTest {

    private static final int SHARDS = 3;

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private Broker broker;
    private CoreClient client;

    @BeforeEach
    void start() throws StoreException {
        broker = WholeBroker.open(WholeBroker.options(SHARDS, 20_000_000), store, new WholeBroker.Events(happened));
        client = new CoreClient(broker, WholeBroker.SECRET);
    }

    @AfterEach
    void stop() {
        broker.close();
        assertEquals(List.of(), happened);
    }

    private void restart() throws StoreException {
        broker.close();
        store.crash();
        store = store.reopen();
        start();
    }

    private void station(String name, int partitions) {
        assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + name
            + "\",\"retention_type\":\"messages\",\"retention_value\":1000000,\"storage_type\":\"file\",\"replicas\":1,"
            + "\"idempotency_window_in_ms\":120000,\"partitions_number\":" + partitions
            + ",\"schema_name\":\"\",\"username\":\"root\",\"version\":2}"), "created");
    }

    private CompletableFuture<String> ask(String stream, String id) {
        return client.ask(stream + ".final", "msg-id: " + id, "hello");
    }

    private String publish(String stream, String id) {
        return CoreClient.get(ask(stream, id));
    }

    private static String stored(String stream, long sequence) {
        return "{\"stream\":\"" + stream + "\", \"seq\":" + sequence + "}";
    }

    private static String duplicate(String stream, long sequence) {
        return "{\"stream\":\"" + stream + "\", \"seq\":" + sequence + ",\"duplicate\": true}";
    }

    @Test
    void shouldAnswerWithTheMessageOfTheOtherPartition() {
        station("st", 3);

        assertEquals(stored("st$1", 1), publish("st$1", "a"));
        assertEquals(duplicate("st$1", 1), publish("st$2", "a"));
        assertEquals(duplicate("st$1", 1), publish("st$3", "a"));
        assertEquals(duplicate("st$1", 1), publish("st$1", "a"));
        assertEquals(stored("st$2", 1), publish("st$2", "b"));
        assertEquals(duplicate("st$2", 1), publish("st$1", "b"));
    }

    @Test
    void shouldKnowTheIdsOfAllPartitionsAfterARestart() throws StoreException {
        station("st", 3);
        for (int i = 0; i < 30; i++) {
            publish("st$" + (1 + i % 3), "id" + i);
        }
        restart();

        for (int i = 0; i < 30; i++) {
            assertEquals(duplicate("st$" + (1 + i % 3), 1 + i / 3), publish("st$" + (1 + (i + 1) % 3), "id" + i));
        }
    }

    @Test
    void shouldNotMixUpStationsAndStreamsWithTheSameIds() {
        station("one", 2);
        station("two", 2);
        client.request("$JS.API.STREAM.CREATE.plain", "{\"name\":\"plain\",\"subjects\":[\"plain.>\"]}");

        assertEquals(stored("one$1", 1), publish("one$1", "a"));
        assertEquals(stored("two$2", 1), publish("two$2", "a"));
        assertEquals(stored("plain", 1), publish("plain", "a"));
    }

    @Test
    void shouldForgetTheIdsOfAStationThatWasRemoved() {
        station("st", 2);
        publish("st$1", "a");
        assertEquals("", client.request("$memphis_station_destructions",
            "{\"station_name\":\"st\",\"username\":\"root\"}"));
        station("st", 2);

        assertEquals(stored("st$2", 1), publish("st$2", "a"));
    }

    @Test
    void shouldForgetTheIdsOfAPartitionThatWasRemoved() {
        station("st", 3);
        publish("st$1", "a");
        client.request("$JS.API.STREAM.DELETE.st$1", "");

        assertEquals(stored("st$2", 1), publish("st$2", "a"));
        assertEquals(duplicate("st$2", 1), publish("st$3", "a"));
    }

    @Test
    void shouldStoreEachIdOnceHoweverManyPartitionsItIsSentToAtOnce() {
        station("st", 4);
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            for (int p = 1; p <= 4; p++) {
                answers.add(ask("st$" + (1 + (i + p) % 4), "id" + i));
            }
        }

        Set<String> stored = new HashSet<>();
        int duplicates = 0;
        for (CompletableFuture<String> answer : answers) {
            String text = CoreClient.get(answer);
            if (text.contains("\"duplicate\": true")) {
                duplicates++;
            } else {
                stored.add(text);
            }
        }
        assertEquals(2_000, stored.size());
        assertEquals(6_000, duplicates);
    }
}
