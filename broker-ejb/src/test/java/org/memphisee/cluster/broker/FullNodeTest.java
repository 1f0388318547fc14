package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;
import org.memphisee.core.cluster.election.Hindrance;

/** A node whose disk is full leads nothing while others have room, and takes part again when it has some. */
class FullNodeTest {

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @BeforeEach
    void begin() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        for (String stream : List.of("A", "B", "C")) { // one in each group
            String answer = cluster.client("n0").request("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream
                + "\",\"subjects\":[\"" + stream + "\"],\"allow_direct\":true,\"num_replicas\":3}");
            assertFalse(answer.contains("\"error\""), answer);
            cluster.until("somebody leads", () -> !leader(stream).isEmpty());
        }
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private String leader(String stream) {
        return cluster.names().stream().filter(name -> cluster.client(name).request("$JS.API.STREAM.INFO." + stream, "")
            .contains("\"leader\":\"" + name + "\"")).findFirst().orElse("");
    }

    /** What speaks against a node leading, as another one shows it. */
    private Hindrance hindrance(String at, String of) {
        return cluster.node(at).status().node(of).orElseThrow().hindrance();
    }

    private void publish(String at, String stream, String text) {
        CoreClient client = cluster.client(at);
        cluster.until("it is taken", () -> client.request(stream, text).contains("\"seq\""));
    }

    private long stored(String node, String stream) throws Exception {
        return cluster.store(node).batches(CoreClient.partition(cluster.broker(node), stream)).size();
    }

    @Test
    void shouldLeadNothingWhileItIsFullAndHaveEverythingAfterwards() throws Exception {
        String full = leader("A");
        cluster.store(full).full(true);
        cluster.until("others lead all of it", () -> List.of("A", "B", "C").stream().map(this::leader)
            .noneMatch(leader -> leader.equals(full) || leader.isEmpty()));
        assertTrue(cluster.names().stream().allMatch(name -> hindrance(name, full) == Hindrance.NO_ROOM), "and people see why");
        cluster.store(full).refuses(true);
        cluster.until("and the definitions", () -> !cluster.node(full).leader().equals(full));
        long before = stored(full, "A");
        for (int i = 0; i < 20; i++) {
            publish(cluster.names().get(i % 3), "A", "m" + i); // clients of the full node are served as well
        }
        assertEquals(before, stored(full, "A"), "it stores nothing");
        cluster.store(full).full(false);
        cluster.store(full).refuses(false);
        String another = cluster.names().stream().filter(name -> !name.equals(full) && !name.equals(leader("A"))).findFirst()
            .orElseThrow();
        cluster.until("it has what it lacked", () -> {
            try {
                return stored(full, "A") >= 1 && !cluster.broker(full).storageFull();
            } catch (Exception e) {
                return false;
            }
        });
        cluster.until("nothing speaks against it any more", () -> cluster.names().stream()
            .allMatch(name -> hindrance(name, full) == Hindrance.NONE));
        cluster.kill(another);
        publish(full, "A", "last"); // a majority that it is one of
        assertEquals("m19", cluster.client(full).request("$JS.API.DIRECT.GET.A", "{\"seq\":20}"));
    }

    @Test
    void shouldRefuseForLackOfRoomWhenAMajorityIsFull() throws Exception {
        String leads = leader("A");
        cluster.names().forEach(name -> cluster.store(name).full(true));
        cluster.until("it is said to whoever publishes", () -> cluster.client(leads).request("A", "x").contains("10023"));
        cluster.names().forEach(name -> cluster.store(name).full(false));
        publish(leads, "A", "y");
    }
}
