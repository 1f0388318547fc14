package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;
import org.memphisee.core.client.Destination;
import org.memphisee.core.client.FetchSize;
import org.memphisee.core.client.Fetched;
import org.memphisee.core.client.GroupKey;
import org.memphisee.core.client.LocalConnection;
import org.memphisee.core.client.LocalDelivery;
import org.memphisee.core.client.LocalMessage;
import org.memphisee.core.client.LocalSettlement;
import org.memphisee.core.client.PartitionChoice;
import org.memphisee.core.control.Authors;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationView;

/** Clients inside a server, as the REST gateway is one, use stations of the whole cluster at any node. */
class LocalClientAtAnyNodeTest {

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @BeforeEach
    void begin() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private void station(String name, int replicas) {
        String answer = cluster.client("n0", "any").request("$memphis_station_creations", "{\"name\":\"" + name
            + "\",\"replicas\":" + replicas + ",\"partitions_number\":2,\"retention_type\":\"message_age_sec\",\"retention_value\":3600,"
            + "\"storage_type\":\"file\",\"idempotency_windows_in_ms\":120000,\"username\":\"root\"}");
        assertEquals("", answer);
        cluster.until("all nodes know it", () -> cluster.names().stream().allMatch(node ->
            cluster.broker(node).control().engine().definitions().station(name).isPresent()));
    }

    private LocalConnection at(String node) {
        return cluster.broker(node).local().connection("rest-gateway", "root");
    }

    private void produceAndConsumeAtEachNode(String station) {
        for (String node : cluster.names()) {
            for (int i = 0; i < 6; i++) {
                CoreClient.get(at(node).publish(new Destination(station, "p", PartitionChoice.ROUND_ROBIN),
                    new LocalMessage(new byte[0], (node + "-" + i).getBytes(StandardCharsets.UTF_8))));
            }
        }
        for (String node : cluster.names()) {
            GroupKey group = new GroupKey(station, "c-" + node, "g-" + node, 60_000, 5);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 10 && texts.size() < 18; i++) {
                try (Fetched fetched = CoreClient.get(at(node).fetch(group, new FetchSize(18 - texts.size(), 1_000, 1 << 20)))) {
                    List<String> acks = new ArrayList<>();
                    for (LocalDelivery delivery : fetched.messages()) {
                        texts.add(new String(delivery.payload(), StandardCharsets.UTF_8));
                        acks.add(delivery.ackSubject());
                    }
                    CoreClient.get(at(node).settle(station, acks, LocalSettlement.ACKNOWLEDGED));
                }
            }
            assertEquals(18, texts.stream().distinct().count(), node + ": " + texts);
        }
    }

    @Test
    void shouldProduceAndConsumeWithCopiesEverywhere() {
        station("copied", 3);
        produceAndConsumeAtEachNode("copied");
    }

    @Test
    void shouldProduceAndConsumeWhatIsAtOneNodeOnly() {
        station("single", 1);
        produceAndConsumeAtEachNode("single");
    }

    @Test
    void shouldSayWhereMessagesAreRemovedInsteadOfRemovingNone() {
        station("single", 1);
        List<String> outcomes = new ArrayList<>();
        for (String node : cluster.names()) {
            StationAdministration stations = cluster.broker(node).control().memphis().administration();
            StationView view = CoreClient.get(stations.queries().overview("single", -1)).orElseThrow().station();
            outcomes.add(stations.removals().purge(Authors.of("root"), view, List.of(1)).handle((removed, failure) ->
                failure == null ? "removed" : failure.getMessage()).orTimeout(10, TimeUnit.SECONDS).join());
        }
        assertEquals(1, outcomes.stream().filter("removed"::equals).count(), outcomes::toString);
        assertEquals(2, outcomes.stream().filter(text -> text.contains("at the node that leads its partitions")).count(),
            outcomes::toString);
    }
}
