package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.client.FetchSize;
import org.memphisee.core.client.GroupKey;
import org.memphisee.core.client.LocalRefusal;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationMessages;
import org.memphisee.core.stations.StationView;
import org.memphisee.store.memory.MemoryLogStore;

/** What each door says about a stored message whose record cannot be read: never that there is none. */
class UnreadableMessagesTest {

    private static final String DAMAGE = "Damaged data: batch 2 of partition";

    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private final List<String> unexpected = new CopyOnWriteArrayList<>();
    private Broker broker;
    private CoreClient client;

    /** Three messages in records of their own, none in memory; the second one cannot be read. */
    @BeforeEach
    void prepare() throws StoreException {
        start();
        assertTrue(client.request("$JS.API.STREAM.CREATE.d", "{\"name\":\"d\",\"subjects\":[\"d.>\"],\"storage\":\"file\","
            + "\"allow_direct\":true}").contains("did_create"));
        assertTrue(client.request("$JS.API.CONSUMER.CREATE.d.c", "{\"stream_name\":\"d\",\"config\":{\"durable_name\":\"c\","
            + "\"ack_policy\":\"explicit\"}}").contains("\"name\":\"c\""));
        for (int i = 1; i <= 3; i++) {
            client.request("d.x", "m" + i);
        }
        stop();
        store = store.reopen();
        for (long partition = 1; partition < 100; partition++) {
            store.corruptBatch(partition, 2);
        }
        start();
    }

    private void start() throws StoreException {
        broker = WholeBroker.open(WholeBroker.options(WholeBroker.SHARDS, 10_000_000), store, new WholeBroker.Events(unexpected) {
                @Override
                public void partitionFrozen(String stream, StoreException cause) { // what this is about
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
            assertEquals(List.of(), unexpected);
        }
    }

    @Test
    void shouldTellClientsOfJetStream() {
        for (String wanted : List.of("{\"seq\":2}", "{\"next_by_subj\":\"d.*\",\"seq\":2}")) {
            String answer = client.request("$JS.API.STREAM.MSG.GET.d", wanted);
            assertTrue(answer.contains("\"err_code\":10118"), answer);
            assertTrue(answer.contains("messages 2 to 2 of stream d cannot be read: " + DAMAGE), answer);
        }
        assertTrue(client.request("$JS.API.STREAM.MSG.GET.d", "{\"seq\":3}").contains("\"seq\":3"));
        assertTrue(client.request("$JS.API.STREAM.MSG.GET.d", "{\"seq\":4}").contains("\"err_code\":10037"));
        String direct = client.answerHeaders("$JS.API.DIRECT.GET.d", "{\"seq\":2}");
        assertTrue(direct.startsWith("NATS/1.0 500 Message Unreadable: messages 2 to 2 of stream d"), direct);
        assertEquals("m1", client.fetch("d", "c", 1).get(0).payload());
        String pull = client.answerHeaders("$JS.API.CONSUMER.MSG.NEXT.d.c", "{\"batch\":1,\"expires\":10000000000}");
        assertTrue(pull.startsWith("NATS/1.0 409 Stored Message Unreadable"), pull);
    }

    @Test
    void shouldTellWhoeverFetchesForAGroup() {
        assertEquals("m1", client.fetch("d", "c", 1).get(0).payload());
        CompletableFuture<Object> fetched = broker.local().connection("rest-gateway", "root")
            .fetch(new GroupKey("d", "reader", "c", 10_000, 1), new FetchSize(5, 10_000, 1 << 20))
            .handle((messages, failure) -> failure instanceof LocalRefusal refusal ? refusal.kind() : messages);
        assertEquals(LocalRefusal.Kind.UNAVAILABLE, CoreClient.get(fetched));
    }

    @Test
    void shouldTellPeople() {
        StationAdministration stations = broker.control().memphis().administration();
        StationView station = CoreClient.get(stations.queries().find("d")).orElseThrow();
        StationMessages.Newest newest = CoreClient.get(stations.messages().newest(station, -1, 10));
        assertEquals(List.of("m1", "m3"), newest.rows().stream()
            .map(row -> new String(row.payload(), StandardCharsets.UTF_8)).toList());
        assertEquals(1, newest.problems().size());
        assertTrue(newest.problems().get(0).contains(DAMAGE), newest.problems().get(0));
        CompletableFuture<String> read = stations.messages().message(station, -1, 2)
            .handle((message, failure) -> failure == null ? message.toString() : failure.getMessage());
        assertTrue(CoreClient.get(read).contains(DAMAGE), CoreClient.get(read));
    }
}
