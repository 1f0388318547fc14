package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.cluster.data.DataGroups;
import org.memphisee.core.CoreClient;

/**
 * A cluster of three whole nodes, with a client of root's at each. To become a cluster takes longer than most of what is tested with
 * one: where tests can be {@link #together}, the next one has the same cluster, unless a node was lost or a test failed.
 */
abstract class ThreeNodes {

    @TempDir
    private static Path data;
    private static int formed;
    /** What the next test may use; null when it has to form one. */
    private static ClusterFixture left;

    @RegisterExtension
    final AfterTestExecutionCallback judged = test -> passed = test.getExecutionException().isEmpty();
    ClusterFixture cluster;
    private final Map<String, CoreClient> clients = new HashMap<>();
    private boolean passed;
    private boolean harmed;

    @BeforeEach
    final void form() throws Exception {
        cluster = left == null ? ClusterFixture.formed(data.resolve("cluster-" + ++formed), 3) : left;
        left = null;
        cluster.until("the groups are there", () -> cluster.names().stream().allMatch(name ->
            cluster.node(name).data().map().clustered()));
    }

    @AfterEach
    final void end() throws Exception {
        if (together() && passed && !harmed && cluster.living().equals(cluster.names())) {
            clients.values().forEach(CoreClient::disconnect);
            left = cluster;
        } else {
            kill(cluster);
        }
        assertEquals(List.of(), cluster.failures());
    }

    @AfterAll
    static void endLast() throws Exception {
        if (left != null) {
            kill(left);
            left = null;
        }
    }

    /** Nobody waits until a node without the others has given its cursors up. */
    private static void kill(ClusterFixture cluster) throws Exception {
        for (String node : cluster.living()) {
            cluster.kill(node);
        }
    }

    /** Whether the tests of a class do not mind what others have defined: each has names of its own. */
    boolean together() {
        return false;
    }

    /** The client at a node; another one after that was lost. */
    final CoreClient at(String node) {
        return clients.computeIfAbsent(node, name -> cluster.client(name, name));
    }

    /** All nodes were stopped. */
    final void forgetClients() {
        harmed = true;
        clients.clear();
    }

    /** A node dies, and its client with it. */
    final void lose(String node) throws Exception {
        harmed = true;
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
        cluster.names().forEach(this::reached);
    }

    /** Waits until a stream is in effect at all nodes. */
    final void everywhere(String stream) {
        cluster.until("all nodes know it", () -> cluster.names().stream().allMatch(node ->
            CoreClient.get(cluster.broker(node).control().engine().ask(() -> cluster.broker(node).control().engine().definitions()
                .stream(stream).isPresent()))));
        cluster.names().forEach(this::reached);
    }

    /** What a node has folded is in effect there: before that, who publishes hears that nobody stores it. */
    private void reached(String node) {
        DataGroups data = cluster.node(node).data();
        CompletableFuture<Void> reached = new CompletableFuture<>();
        data.whenReached(CoreClient.get(cluster.broker(node).control().engine().ask(data::begun)), () -> reached.complete(null));
        CoreClient.get(reached);
    }

    /** The node that decides about the partitions of a station, as another one knows. */
    final String leader(String node, String station) {
        var engine = cluster.broker(node).control().engine();
        return engine.registry().known(station + "$1").map(known -> engine.view().leader(known.id())).orElse("");
    }
}
