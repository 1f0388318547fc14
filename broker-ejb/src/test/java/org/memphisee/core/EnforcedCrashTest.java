package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationView;
import org.memphisee.schema.Languages;
import org.memphisee.store.memory.MemoryLogStore;

/** The power fails at any write of a broker that enforces a schema: what fits and was acknowledged is there, what does not fit is not. */
class EnforcedCrashTest {

    private static final int MESSAGES = 60;

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());

    private Broker open(MemoryLogStore store) throws StoreException {
        return Broker.open(WholeBroker.options(1, 1_000_000), store, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }, new WholeBroker.Events(happened), new Languages());
    }

    private static boolean stored(String answer) {
        return answer.contains("\"seq\"") && !answer.contains("\"error\"");
    }

    static IntStream writes() {
        return IntStream.rangeClosed(1, 24);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void shouldKeepWhatFitsAndNothingElse(int write) throws StoreException {
        MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        Broker broker = open(store);
        CoreClient client = new CoreClient(broker, WholeBroker.SECRET);
        assertEquals("{\"error\":\"\"}", client.request("$memphis_schema_creations",
            "{\"name\":\"n\",\"type\":\"json\",\"schema_content\":\"{\\\"type\\\":\\\"integer\\\"}\"}"));
        assertEquals("", client.request("$memphis_station_creations",
            "{\"name\":\"s\",\"partitions_number\":1,\"schema_name\":\"n\","
            + "\"retention_type\":\"messages\",\"retention_value\":1000,\"dls_configuration\":{\"poison\":true,\"Schemaverse\":true}}"));

        MemoryLogStore.Moment[] moments = MemoryLogStore.Moment.values();
        store.cutPower(write, moments[write % moments.length]);
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < MESSAGES && !store.powerCut(); i++) {
            client.publish("s$1.final", "", "\"nobody asks\"");
            CompletableFuture<String> refused = client.ask("s$1.final", "\"no number " + i + "\"");
            String answer = client.request("s$1.final", String.valueOf(i));
            assertFalse(stored(CoreClient.get(refused)), "what does not fit");
            assertTrue(stored(answer), answer);
            if (!store.powerCut()) { // else nobody has heard it
                acknowledged.add(String.valueOf(i));
            }
        }
        assertTrue(store.powerCut(), "the power went");
        broker.close();
        store.crash();
        happened.clear(); // that the power failed

        broker = open(store.reopen());
        client = new CoreClient(broker, WholeBroker.SECRET);
        StationAdministration stations = broker.control().memphis().administration();
        StationView station = CoreClient.get(stations.queries().find("s")).orElseThrow();
        List<String> kept = CoreClient.get(stations.messages().newest(station, -1, 1_000)).rows().stream()
            .map(row -> new String(row.payload(), StandardCharsets.UTF_8)).toList();
        assertEquals(station.messages(), kept.size());
        assertTrue(kept.stream().allMatch(payload -> payload.matches("\\d+")), kept::toString);
        assertTrue(kept.containsAll(acknowledged), acknowledged + " were acknowledged, there are " + kept);
        assertEquals(kept.stream().sorted((a, b) -> Integer.parseInt(a) - Integer.parseInt(b)).distinct().toList(), kept,
            "in their order, each once");
        assertTrue(client.request("s$1.final", "\"x\"").contains("Schema validation has failed"), "the schema holds still");
        assertTrue(client.request("s$1.final", "7").contains("\"seq\":" + (kept.size() + 1)));
        broker.close();
        assertEquals(List.of(), happened);
    }
}
