package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;
import org.memphisee.core.cluster.journal.JournalSettings;

/** A node that was away for longer than the journals of the others keep serves what was defined meanwhile, without a restart. */
class BehindNodeTest {

    private static final int KIB = 1 << 10;
    /** Four segments: some sixty definitions as they are here. */
    private static final JournalSettings SMALL = new JournalSettings(128 * KIB, 4096, 64 * KIB, 1024 * KIB, 16 * KIB, 512 * KIB, 0, 16);

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @BeforeEach
    void begin() throws Exception {
        cluster = new ClusterFixture(data, 3).journal(SMALL).cuttable();
        cluster.startAll();
        define("n0", "before", "");
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private void define(String node, String stream, String about) {
        define(cluster.client(node), stream, about);
    }

    private void define(CoreClient at, String stream, String about) {
        String does = about.isEmpty() ? "CREATE" : "UPDATE";
        String[] answer = {""};
        cluster.until("it is defined", () -> {
            answer[0] = at.request("$JS.API.STREAM." + does + "." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream
                + ".>\"],\"num_replicas\":" + (stream.equals("meanwhile") || stream.startsWith("alone") ? 1 : 3) + ",\"description\":\"" + about + "\"}");
            return !answer[0].contains("\"err_code\":10008") // a leader was lost a moment ago
                && !answer[0].contains("\"err_code\":10005"); // a node that came back is not linked to all yet
        });
        assertFalse(answer[0].contains("\"error\""), answer[0]);
    }

    /** More than the journals keep. */
    private void defineMuch(String node) {
        CoreClient at = cluster.client(node);
        for (int i = 0; i < 120; i++) {
            define(at, "before", i + "x".repeat(4 * KIB - 10));
        }
        define(at, "meanwhile", "");
    }

    private String leader(String away) {
        String[] leader = {""};
        cluster.until("others see one leader", () -> {
            List<String> seen = cluster.living().stream().filter(name -> !name.equals(away)).map(name -> cluster.node(name).leader())
                .distinct().toList();
            leader[0] = seen.get(0);
            return seen.size() == 1 && !leader[0].isEmpty() && !leader[0].equals(away);
        });
        return leader[0];
    }

    private void missed(String away) {
        cluster.until("the others miss it", () -> cluster.living().stream().filter(name -> !name.equals(away))
            .noneMatch(name -> cluster.node(name).data().live().contains(away)));
    }

    private boolean serves(String node, String stream) {
        return cluster.living().contains(node) && cluster.node(node).current()
            && cluster.client(node).request("$JS.API.STREAM.INFO." + stream, "").contains("\"messages\":");
    }

    private String another() {
        String leader = cluster.leader();
        return cluster.names().stream().filter(name -> !name.equals(leader)).findFirst().orElseThrow();
    }

    @Test
    void shouldStopWithoutWaitingForWhatAnotherNodeDecides() {
        String leads = cluster.names().stream().filter(name -> cluster.client(name).request("$JS.API.STREAM.INFO.before", "")
            .contains("\"leader\":\"" + name + "\"")).findFirst().orElseThrow();
        String other = cluster.names().stream().filter(name -> !name.equals(leads)).findFirst().orElseThrow();
        assertTimeout(Duration.ofSeconds(5), () -> cluster.stop(other));
    }

    @Test
    @Timeout(120)
    void shouldServeWhatWasDefinedMeanwhileWhenItIsStarted() throws Exception {
        String away = another();
        cluster.kill(away);
        missed(away);
        defineMuch(leader(away));
        cluster.start(away);
        assertTrue(cluster.node(away).current(), () -> cluster.node(away).problem() + ", " + cluster.reports(away));
        cluster.until("it serves", () -> serves(away, "meanwhile"));
        define(away, "after", "");
        cluster.until("all have it", () -> cluster.names().stream().allMatch(name -> serves(name, "after")));
        assertFalse(cluster.reports(away).contains("outdated"), "nobody had to do anything");
    }

    @Test
    @Timeout(120)
    void shouldServeWhatWasDefinedWhileItWasCutOff() throws Exception {
        String away = another();
        ClusterNode life = cluster.node(away);
        cluster.cut(away);
        String definitions = leader(away);
        var view = cluster.broker(definitions).control().engine().view();
        cluster.until("it answers no more", () -> !cluster.node(definitions).data().fit().contains(away));
        boolean linked = view.live().contains(away);
        for (int i = 0; i < 3; i++) { // one for each node, as long as all are there
            define(cluster.client(definitions), "alone" + i, "");
            assertTrue(serves(definitions, "alone" + i), () -> "given to a node that is cut off and linked still: " + linked);
        }
        missed(away);
        defineMuch(leader(away));
        cluster.join(away);
        cluster.until("it was opened again", () -> cluster.living().contains(away) && cluster.node(away) != life);
        assertTrue(cluster.reports(away).contains("outdated"));
        cluster.until("it serves", () -> serves(away, "meanwhile"));
        define(away, "after", "");
        cluster.until("all have it", () -> cluster.names().stream().allMatch(name -> serves(name, "after")));
    }
}
