package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.ControlPlane;
import org.memphisee.core.CoreClient;
import org.memphisee.core.api.Author;
import org.memphisee.core.cluster.ClusterView;

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

    /** Other nodes than the one that was asked hear of it a moment later. */
    private void untilThere(String node, String stream) {
        cluster.until(node + " has " + stream, () -> {
            try {
                return there(node, stream);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void shouldHaveWhatIsMadeAtOneNodeOnAllWhoeverIsLost() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        make("n2", "ORDERS");
        assertTrue(there("n2", "ORDERS"));
        for (String node : cluster.names()) {
            untilThere(node, "ORDERS");
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

    private void make(String node, String stream, int replicas) throws Exception {
        String answer = ask(node, "$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream
            + ".>\"],\"num_replicas\":" + replicas + "}");
        assertFalse(answer.contains("\"error\""), answer);
    }

    @Test
    void shouldStoreAndShowMessagesOfOneAndOfThreeCopiesAtAnyNode() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        for (int copies : List.of(1, 3)) {
            String stream = "R" + copies;
            make("n1", stream, copies);
            for (String node : cluster.names()) {
                untilThere(node, stream);
                String answer = ask(node, stream + ".a", "of " + node);
                assertTrue(answer.contains("\"seq\""), node + ", " + stream + ": " + answer);
            }
            for (String node : cluster.names()) {
                String info = ask(node, "$JS.API.STREAM.INFO." + stream, "");
                assertTrue(info.contains("\"messages\":3"), node + ": " + info);
            }
        }
    }

    @Test
    void shouldKeepWhatThreeCopiesHaveWhenANodeIsLost() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        make("n0", "KEPT", 3);
        untilThere("n2", "KEPT");
        assertTrue(ask("n2", "KEPT.a", "one").contains("\"seq\":1"));
        ClusterView seen = cluster.broker("n2").control().engine().view();
        assertEquals(3, seen.live().size());
        cluster.kill("n0");
        String answer = ask("n2", "KEPT.a", "two");
        assertTrue(answer.contains("\"seq\":2"), answer);
        cluster.until("the dead node is missed", () -> seen.live().equals(Set.of("n1", "n2")));
        assertEquals(List.of("n0", "n1", "n2"), seen.nodes());
        cluster.start("n0");
        answer = ask("n0", "KEPT.a", "three");
        assertTrue(answer.contains("\"seq\":3"), answer);
    }

    @Test
    void shouldLetInAtAnyNodeWhoWasMadeAtOne() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        cluster.broker("n1").control().users().createUser("anna", "application", "Secret-12345", Map.of()).get(20, TimeUnit.SECONDS);
        for (String node : cluster.names()) {
            cluster.until("anna is known at " + node, () -> cluster.broker(node).control().users().find("anna").isPresent());
        }
        cluster.broker("n2").control().users().removeUser(Author.named("root"), "anna").get(20, TimeUnit.SECONDS);
        for (String node : cluster.names()) {
            cluster.until("anna is gone at " + node, () -> cluster.broker(node).control().users().find("anna").isEmpty());
        }
    }

    @Test
    void shouldMakeOneOfWhatAllNodesAreAskedForAtTheSameTime() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (String node : cluster.names()) {
            answers.add(cluster.client(node).ask("$JS.API.STREAM.CREATE.SAME", "{\"name\":\"SAME\",\"subjects\":[\"same." + node + "\"]}"));
        }
        int made = 0;
        for (CompletableFuture<String> answer : answers) {
            String text = answer.get(20, TimeUnit.SECONDS);
            made += text.contains("\"error\"") ? 0 : 1;
            assertTrue(!text.contains("\"error\"") || text.contains("10058"), text); // name already in use with another configuration
        }
        assertEquals(1, made);
    }

    /** Whether a producer is there, and connected, as a node sees it; empty when it does not know it. */
    private Optional<Boolean> connected(String node, String producer) throws Exception {
        ControlPlane control = cluster.broker(node).control();
        CompletableFuture<Optional<Boolean>> seen = new CompletableFuture<>();
        control.engine().resume(() -> seen.complete(control.memphis().members().all().entrySet().stream()
            .filter(each -> each.getKey().name().equals(producer)).map(Map.Entry::getValue).findFirst()));
        return seen.get(20, TimeUnit.SECONDS);
    }

    private void untilConnected(String node, boolean there) {
        cluster.until(node + " sees whether it is connected", () -> {
            try {
                return connected(node, "prod").equals(Optional.of(there));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void shouldKnowAtAnyNodeWhoIsConnectedToWhich() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        cluster.broker("n0").control().connectionOpened("connection-1");
        String answer = ask("n0", "$memphis_producer_creations", "{\"name\":\"prod\",\"station_name\":\"letters\","
            + "\"connection_id\":\"connection-1\",\"producer_type\":\"application\",\"req_version\":4,\"username\":\"root\","
            + "\"app_id\":\"app\"}");
        assertTrue(answer.contains("\"error\":\"\""), answer);
        cluster.names().forEach(node -> untilConnected(node, true));
        cluster.kill("n1");
        cluster.start("n1");
        untilConnected("n1", true);
        cluster.broker("n0").control().connectionClosed("connection-1");
        cluster.names().forEach(node -> untilConnected(node, false));
        cluster.broker("n0").control().connectionOpened("connection-1");
        cluster.names().forEach(node -> untilConnected(node, true));
        cluster.kill("n0");
        for (String node : List.of("n1", "n2")) {
            untilConnected(node, false);
        }
        cluster.start("n0");
        cluster.broker("n0").control().connectionOpened("connection-2"); // another one than before
        cluster.broker("n1").control().connectionOpened("connection-1"); // went on at another node
        cluster.names().forEach(node -> untilConnected(node, true));
    }

    private void consumer(String node, String name, String connection) throws Exception {
        assertTrue(ask(node, "$memphis_consumer_creations", "{\"name\":\"" + name + "\",\"station_name\":\"letters\",\"connection_id\":\""
            + connection + "\",\"consumer_type\":\"application\",\"consumers_group\":\"g\",\"max_msg_deliveries\":3,"
            + "\"start_consume_from_sequence\":1,\"last_messages\":-1,\"req_version\":4,\"username\":\"root\"}").contains("\"error\":\"\""));
    }

    private void destroy(String node, String name) throws Exception {
        assertEquals("", ask(node, "$memphis_consumer_destructions", "{\"name\":\"" + name
            + "\",\"station_name\":\"letters\",\"req_version\":1,\"username\":\"root\"}"));
    }

    private boolean group(String node) throws Exception {
        CompletableFuture<Boolean> there = new CompletableFuture<>();
        ControlPlane control = cluster.broker(node).control();
        control.engine().resume(() -> there.complete(control.engine().definitions().station("letters")
            .flatMap(station -> control.engine().definitions().group(station.id(), "g")).isPresent()));
        return there.get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldKeepAGroupThatAMemberAtAnotherNodeMayUse() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        assertTrue(ask("n0", "$memphis_producer_creations", "{\"name\":\"prod\",\"station_name\":\"letters\","
            + "\"connection_id\":\"plain\",\"producer_type\":\"application\",\"req_version\":4,\"username\":\"root\"}")
            .contains("\"error\":\"\""));
        cluster.names().forEach(node -> untilConnected(node, true)); // nobody announced it; each node knows it all the same
        consumer("n0", "a", "connection-a");
        consumer("n1", "b", "connection-b");
        destroy("n1", "b");
        assertTrue(group("n1"), "a is connected to n0");
        consumer("n1", "b", "connection-b");
        cluster.kill("n0");
        untilConnected("n1", false);
        destroy("n1", "b");
        assertTrue(group("n1"), "a may come back to n0");
        cluster.start("n0");
        consumer("n0", "b", "connection-c");
        destroy("n0", "b");
        assertTrue(group("n0"), "a may come back yet");
        destroy("n0", "a");
        assertFalse(group("n0"), "nobody is registered any more");
    }

    @Test
    void shouldGiveANodeThatLostItsDiskEverythingAnew() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        make("n0", "KEPT", 3);
        untilThere("n2", "KEPT");
        assertTrue(ask("n2", "KEPT.a", "one").contains("\"seq\":1"));
        cluster.kill("n2");
        cluster.loseDisk("n2");
        cluster.start("n2");
        untilThere("n2", "KEPT");
        String answer = ask("n2", "KEPT.a", "two");
        assertTrue(answer.contains("\"seq\":2"), answer);
    }
}
