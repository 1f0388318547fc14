package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.CoreClient;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/** What the log of one node of a cluster is good for when the cluster is lost (ADR 0240). */
class RestoredNodeTest {

    private static final String SECRET = ClusterFixture.SECRET;

    @TempDir
    Path data;

    /** Who has all of S: the others may not have heard of the last messages. */
    private String leader;

    private static String ok(String answer) {
        assertTrue(!answer.contains("\"error\""), answer);
        return answer;
    }

    private static void fill(CoreClient at, String subject, int from, int to) {
        List<CompletableFuture<String>> answers = IntStream.rangeClosed(from, to).mapToObj(i -> at.ask(subject, "m" + i)).toList();
        answers.forEach(each -> ok(CoreClient.get(each)));
    }

    private static boolean has(CoreClient at, String stream, int messages) {
        return at.request("$JS.API.STREAM.INFO." + stream, "").contains("\"messages\":" + messages + ",");
    }

    /** A cluster with a stream of three copies and streams of one, each of which is on another node: R0 on n0 and so on. */
    @BeforeEach
    void clusterThatIsLost() throws Exception {
        try (ClusterFixture cluster = ClusterFixture.formed(data.resolve("lost"), 3)) {
            CoreClient client = cluster.client("n0");
            ok(client.request("$JS.API.STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"s.>\"],\"num_replicas\":3}"));
            for (int i = 0; i < 3; i++) {
                String created = ok(client.request("$JS.API.STREAM.CREATE.R" + i,
                    "{\"name\":\"R" + i + "\",\"subjects\":[\"r" + i + ".>\"],\"num_replicas\":1}"));
                assertTrue(created.contains("\"leader\":\"n" + i + "\""), created);
            }
            cluster.until("somebody leads", () -> has(client, "S", 0));
            fill(client, "s.x", 1, 200);
            for (int i = 0; i < 3; i++) {
                fill(client, "r" + i + ".x", 1, 10);
            }
            String info = ok(client.request("$JS.API.STREAM.INFO.S", ""));
            leader = cluster.names().stream().filter(name -> info.contains("\"leader\":\"" + name + "\"")).findFirst().orElseThrow();
        }
    }

    private void restore(String node, String into) throws Exception {
        Path to = Files.createDirectories(data.resolve(into));
        try (Stream<Path> all = Files.list(data.resolve("lost").resolve(node + "-log"))) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
        }
    }

    @Test
    void shouldBeOpenedByABrokerAloneWithAllThatWasOnTheNode() throws Exception {
        restore(leader, "alone");
        List<String> happened = new CopyOnWriteArrayList<>();
        BrokerEvents events = new BrokerEvents() {
            @Override
            public void storageFull(boolean full) { }

            @Override
            public void partitionFrozen(String stream, StoreException cause) {
                happened.add(stream + ": " + cause);
            }

            @Override
            public void unexpected(String where, Throwable cause) {
                happened.add(where + ": " + cause);
            }
        };
        BrokerOptions options = new BrokerOptions("n1", 1 << 20, 2, 32 << 20, 8 << 20, 32 << 20, 100_000_000, 100_000_000, 1, 0, false,
            ControlSettings.of(SECRET, ControlSettings.AuthMode.USER_PASSWORD, "", "test").withPasswordIterations(1000));
        try (JeLogStore store = JeLogStore.open(new JeStoreSettings(data.resolve("alone"), 16L << 20, 0, task -> new Thread(task, "drop")));
             Broker broker = Broker.open(options, store, Thread::new, events)) {
            CoreClient client = new CoreClient(broker, SECRET, "c1.");
            assertTrue(has(client, "S", 200));
            for (int i = 0; i < 3; i++) {
                assertTrue(has(client, "R" + i, leader.equals("n" + i) ? 10 : 0), "R" + i + " at " + leader);
            }
        }
        assertEquals(List.of(), happened);
    }
}
