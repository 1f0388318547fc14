package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;

/** Whole nodes of which one loses its disk. */
class NodeRebuildTest {

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private static String ok(String answer) {
        assertTrue(!answer.contains("\"error\""), answer);
        return answer;
    }

    private static void fill(CoreClient at, int from, int to) {
        List<CompletableFuture<String>> answers = IntStream.rangeClosed(from, to).mapToObj(i -> at.ask("s.x", "m" + i)).toList();
        answers.forEach(each -> ok(CoreClient.get(each)));
    }

    private void lose(String directory) throws Exception {
        try (Stream<Path> all = Files.walk(data.resolve(directory))) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private boolean has(String node, int messages) {
        return cluster.client(node).request("$JS.API.STREAM.INFO.S", "").contains("\"messages\":" + messages);
    }

    @Test
    void shouldTakeEverythingFromTheOthersWhenANodeLosesItsDisk() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        ok(cluster.client("n0").request("$JS.API.STREAM.CREATE.S",
            "{\"name\":\"S\",\"subjects\":[\"s.>\"],\"allow_direct\":true,\"num_replicas\":3}"));
        cluster.until("somebody leads", () -> has("n0", 0));
        fill(cluster.client("n1"), 1, 200);
        String victim = "n0";
        cluster.kill(victim);
        lose(victim + "-log");
        lose(victim + "-raft");
        cluster.until("the others go on", () -> has("n1", 200));
        fill(cluster.client("n1"), 201, 250);

        cluster.start(victim);
        cluster.until("it has the group", () -> cluster.reports(victim).stream().anyMatch(said -> said.startsWith("rebuilt: ")));
        assertTrue(cluster.reports(victim).contains("waits: this node takes the definitions from the others"),
            cluster.reports(victim)::toString);
        cluster.until("it serves", () -> has(victim, 250));

        cluster.kill("n1"); // what two of three have is served by the one that was rebuilt and the other
        cluster.until("both go on", () -> has(victim, 250) && has("n2", 250));
        fill(cluster.client(victim), 251, 260);
        assertEquals("m7", cluster.client(victim).request("$JS.API.DIRECT.GET.S", "{\"seq\":7}"));
        ok(cluster.client(victim).request("$JS.API.STREAM.CREATE.T", "{\"name\":\"T\",\"subjects\":[\"t.>\"]}"));
    }
}
