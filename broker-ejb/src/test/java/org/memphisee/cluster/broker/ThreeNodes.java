package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;

/** A cluster of three whole nodes for one test, with a client of root's at each. */
abstract class ThreeNodes {

    @TempDir
    Path data;
    ClusterFixture cluster;
    private final Map<String, CoreClient> clients = new HashMap<>();

    @BeforeEach
    final void form() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        cluster.until("the groups are there", () -> cluster.names().stream().allMatch(name ->
            cluster.node(name).data().map().clustered()));
    }

    /** Nobody waits until a node without the others has given its cursors up. */
    @AfterEach
    final void end() throws Exception {
        for (String node : cluster.living()) {
            cluster.kill(node);
        }
        assertEquals(List.of(), cluster.failures());
    }

    /** The client at a node; another one after that was lost. */
    final CoreClient at(String node) {
        return clients.computeIfAbsent(node, name -> cluster.client(name, name));
    }

    /** All nodes were stopped. */
    final void forgetClients() {
        clients.clear();
    }

    /** A node dies, and its client with it. */
    final void lose(String node) throws Exception {
        clients.remove(node);
        cluster.kill(node);
    }

    static String ok(String answer) {
        assertTrue(!answer.contains("\"error\""), answer);
        return answer;
    }

    /** A station of two partitions that all nodes know, with a node that decides about it. */
    final void station(String name, int replicas) {
        assertEquals("", at("n0").request("$memphis_station_creations", "{\"name\":\"" + name + "\",\"replicas\":" + replicas
            + ",\"partitions_number\":2,\"retention_type\":\"message_age_sec\",\"retention_value\":3600,\"storage_type\":\"file\","
            + "\"idempotency_windows_in_ms\":120000,\"username\":\"root\",\"dls_configuration\":{\"poison\":true,\"Schemaverse\":true}}"));
        cluster.until("all nodes know it, and who decides", () -> cluster.names().stream().allMatch(node ->
            cluster.broker(node).control().engine().definitions().station(name).isPresent() && !leader(node, name).isEmpty()));
    }

    /** The node that decides about the partitions of a station, as another one knows. */
    final String leader(String node, String station) {
        var engine = cluster.broker(node).control().engine();
        return engine.registry().known(station + "$1").map(known -> engine.view().leader(known.id())).orElse("");
    }
}
