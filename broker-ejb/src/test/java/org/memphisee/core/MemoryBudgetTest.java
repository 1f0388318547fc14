package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;
import org.memphisee.store.memory.MemoryLogStore;

/** Stations in memory have a budget: above it publishes are refused, and go on when something was removed. */
class MemoryBudgetTest {

    private static final long BUDGET = 8 << 20;
    private static final String KILOBYTE = "x".repeat(1_000);

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private Broker broker;
    private CoreClient client;

    @BeforeEach
    void start() throws StoreException {
        broker = WholeBroker.open(new BrokerOptions("test", 1 << 20, WholeBroker.SHARDS, 32 << 20, 8 << 20, 32 << 20, 100_000_000,
            20_000_000, 0, 0, BUDGET, false, WholeBroker.control()),
            new MemoryLogStore(MemoryLogStore.Disk.KEEPS), new WholeBroker.Events(happened) {
                @Override
                public void storageFull(boolean full) {
                    happened.add("storage full " + full);
                }
            });
        client = new CoreClient(broker, WholeBroker.SECRET);
    }

    @AfterEach
    void stop() {
        broker.close();
        assertEquals(List.of(), happened);
    }

    private String create(String name, String more) {
        return client.request("$JS.API.STREAM.CREATE." + name,
            "{\"name\":\"" + name + "\",\"subjects\":[\"" + name + ".>\"],\"storage\":\"memory\"" + more + "}");
    }

    private boolean publish(String stream) {
        String answer = client.request(stream + ".a", KILOBYTE);
        if (answer.contains("\"error\"")) {
            assertTrue(answer.contains("\"code\":503,\"err_code\":10023,\"description\":\"insufficient resources\""), answer);
            return false;
        }
        return true;
    }

    /** Publishes until it is refused; how many were taken. */
    private int fill(String stream) {
        int n = 0;
        while (publish(stream)) {
            assertTrue(++n < 20_000, "the budget is met");
        }
        assertTrue(broker.memory().used() > BUDGET - 100_000, "it was used: " + broker.memory().used());
        assertTrue(broker.memory().used() <= BUDGET, "and no more: " + broker.memory().used());
        return n;
    }

    private String info() {
        return client.request("$JS.API.INFO", "");
    }

    @Test
    void shouldRefuseAtTheBudgetAndGoOnAfterAPurgeADeleteAndRetention() {
        create("M", "");
        client.request("$JS.API.STREAM.CREATE.F", "{\"name\":\"F\",\"subjects\":[\"F.>\"]}");
        int taken = fill("M");
        assertTrue(taken > BUDGET / 3_000, "records are not counted many times: " + taken);
        assertTrue(client.request("$JS.API.STREAM.MSG.GET.M", "{\"seq\":1}").contains("\"message\""), "reads go on");
        assertTrue(publish("F"), "the disk has nothing to do with it");
        assertTrue(info().contains("\"max_memory\":" + BUDGET), info());
        assertTrue(info().contains("\"memory\":" + broker.memory().used() + ","), info());

        client.request("$JS.API.STREAM.PURGE.M", "{\"keep\":10}");
        assertTrue(broker.memory().used() < BUDGET / 4, "" + broker.memory().used());
        fill("M");

        client.request("$JS.API.STREAM.UPDATE.M",
            "{\"name\":\"M\",\"subjects\":[\"M.>\"],\"storage\":\"memory\",\"max_msgs\":100}");
        for (int i = 0; i < 1_000; i++) {
            assertTrue(publish("M"), "what is over the limit goes");
        }
        assertTrue(broker.memory().used() < BUDGET / 4, "" + broker.memory().used());

        create("N", "");
        fill("N");
        client.request("$JS.API.STREAM.DELETE.N", "");
        client.request("$JS.API.STREAM.DELETE.M", "");
        assertEquals(0, broker.memory().used(), "nothing is left behind");
        create("M", "");
        assertTrue(publish("M"));
    }

    @Test
    void shouldFreeWhatWasAcknowledgedOnAWorkQueue() {
        create("Q", ",\"retention\":\"workqueue\"");
        client.request("$JS.API.CONSUMER.CREATE.Q.c",
            "{\"stream_name\":\"Q\",\"config\":{\"durable_name\":\"c\",\"ack_policy\":\"explicit\",\"max_ack_pending\":-1}}");
        int taken = fill("Q");
        client.fetch("Q", "c", taken).forEach(m -> assertEquals("", client.request(m.reply(), "+ACK")));
        assertTrue(publish("Q"));
        assertTrue(broker.memory().used() < 1 << 20, "" + broker.memory().used());
    }

    @Test
    void shouldRefuseToReserveMoreThanThereIs() {
        assertFalse(create("A", ",\"max_bytes\":6000000").contains("\"error\""));
        String refused = create("B", ",\"max_bytes\":3000000");
        assertTrue(refused.contains("\"code\":500,\"err_code\":10028,\"description\":\"insufficient memory resources available\""),
            refused);
        assertFalse(create("B", ",\"max_bytes\":2000000").contains("\"error\""));
        String update = client.request("$JS.API.STREAM.UPDATE.B",
            "{\"name\":\"B\",\"subjects\":[\"B.>\"],\"storage\":\"memory\",\"max_bytes\":4000000}");
        assertTrue(update.contains("\"err_code\":10028"), update);
        String station = client.request("$memphis_station_creations",
            "{\"name\":\"sdk\",\"retention_type\":\"bytes\",\"retention_value\":1000000,\"storage_type\":\"memory\","
                + "\"partitions_number\":2}");
        assertEquals("insufficient memory resources available (10028)", station);
        assertTrue(info().contains("\"reserved_memory\":8000000"), info());
        assertEquals(8_000_000, broker.reservedMemory());
        client.request("$JS.API.STREAM.DELETE.A", "");
        assertTrue(info().contains("\"reserved_memory\":2000000"), info());
        assertEquals("", client.request("$memphis_station_creations",
            "{\"name\":\"sdk\",\"retention_type\":\"bytes\",\"retention_value\":1000000,\"storage_type\":\"memory\","
                + "\"partitions_number\":2}"));
        assertEquals(4_000_000, broker.reservedMemory());
    }
}
