package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;

/** Three whole nodes in one JVM: what is defined at one is there on all, whoever is lost. */
class ClusterNodeTest {

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private String ask(String node, String subject, String payload) throws Exception {
        CoreClient client = cluster.client(node);
        return client.ask(subject, payload).get(20, TimeUnit.SECONDS);
    }

    private void make(String node, String stream) throws Exception {
        String answer = ask(node, "$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream + ".>\"]}");
        assertFalse(answer.contains("\"error\""), answer);
    }

    private boolean there(String node, String stream) throws Exception {
        return ask(node, "$JS.API.STREAM.NAMES", "").contains("\"" + stream + "\"");
    }

    @Test
    void shouldHaveWhatIsMadeAtOneNodeOnAllWhoeverIsLost() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        make("n2", "ORDERS");
        assertTrue(there("n2", "ORDERS"));
        for (String node : cluster.names()) {
            cluster.until(node + " has it", () -> {
                try {
                    return there(node, "ORDERS");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
        String leader = cluster.leader();
        cluster.kill(leader);
        String left = cluster.living().get(0);
        make(left, "LATER");
        assertTrue(there(left, "ORDERS"));
        cluster.start(leader);
        assertTrue(there(leader, "LATER"));
        for (String node : cluster.names()) {
            cluster.stop(node);
        }
        cluster.startAll();
        for (String node : cluster.names()) {
            assertTrue(there(node, "ORDERS") && there(node, "LATER"), node);
        }
    }
}
