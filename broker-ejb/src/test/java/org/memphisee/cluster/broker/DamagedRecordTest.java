package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.cluster.data.ScrubSettings;
import org.memphisee.core.CoreClient;

/** What is damaged on one node of three is taken from another one; what is damaged on all is named, and nothing else suffers. */
class DamagedRecordTest {

    private static final int MESSAGES = 200;

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @BeforeEach
    void begin() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        for (String stream : List.of("S", "T")) {
            ok(cluster.client("n0").request("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\""
                + stream.toLowerCase() + ".>\"],\"allow_direct\":true,\"num_replicas\":3}"));
        }
        cluster.until("somebody leads", () -> has("n0", 0));
        for (int i = 0; i < MESSAGES; i += 10) { // a batch each
            fill(i + 1, i + 10);
        }
        for (String name : cluster.names()) { // what was published is in memory until then
            cluster.stop(name);
            cluster.start(name);
        }
        cluster.until("all serve", () -> cluster.names().stream().allMatch(name -> has(name, MESSAGES)));
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private static String ok(String answer) {
        assertFalse(answer.contains("\"error\""), answer);
        return answer;
    }

    private void fill(int from, int to) {
        CoreClient at = cluster.client("n1");
        List<CompletableFuture<String>> answers = IntStream.rangeClosed(from, to).mapToObj(i -> at.ask("s.x", "m" + i)).toList();
        answers.forEach(each -> ok(CoreClient.get(each)));
    }

    private boolean has(String node, int messages) {
        return cluster.client(node).request("$JS.API.STREAM.INFO.S", "").contains("\"messages\":" + messages);
    }


    private String leads() {
        String[] found = {""};
        cluster.until("somebody leads", () -> {
            found[0] = cluster.living().stream().filter(name -> cluster.client(name).request("$JS.API.STREAM.INFO.S", "")
                .contains("\"leader\":\"" + name + "\"")).findFirst().orElse("");
            return !found[0].isEmpty();
        });
        return found[0];
    }

    private long partition(String node) {
        return CoreClient.partition(cluster.broker(node), "S");
    }

    private boolean told(String node, String beginning) {
        return cluster.reports(node).stream().anyMatch(each -> each.startsWith(beginning));
    }

    @Test
    void shouldGiveOutAndMendWhatIsDamagedWhereThePartitionIsLed() throws Exception {
        String at = leads();
        long partition = partition(at);
        List<Long> batches = cluster.store(at).batches(partition);
        batches.subList(0, batches.size() - 1).forEach(first -> // the last one is in memory from the start
            cluster.store(at).damage(partition, first));
        for (int i : List.of(1, 77, MESSAGES)) { // each is asked for while it is looked for
            assertEquals("m" + i, cluster.client(at).request("$JS.API.DIRECT.GET.S", "{\"seq\":" + i + "}"));
        }
        CoreClient reader = cluster.client(at);
        for (int i = 1; i <= MESSAGES; i++) {
            assertEquals("m" + i, reader.request("$JS.API.DIRECT.GET.S", "{\"seq\":" + i + "}"));
        }
        cluster.until("all that was read there is whole again", () -> !cluster.store(at).damaged() || !leads().equals(at));
        assertTrue(told(at, "mended: "), () -> cluster.reports(at).toString());
        assertTrue(told(at, "damaged: Damaged data: batch "), () -> cluster.reports(at).toString());
        assertFalse(told(at, "frozen"));
        fill(MESSAGES + 1, MESSAGES + 5);
    }

    @Test
    void shouldNameWhatIsDamagedEverywhereAndGoOnWithAllElse() throws Exception {
        String at = leads();
        long partition = partition(at);
        long first = cluster.store(at).batches(partition).get(0);
        cluster.names().forEach(name -> cluster.store(name).damage(partition, first));
        String refused = cluster.client(at).request("$JS.API.STREAM.MSG.GET.S", "{\"seq\":1}");
        assertTrue(refused.contains("\"error\""), refused);
        assertTrue(told(at, "not mended: Damaged data: batch " + first), () -> cluster.reports(at).toString());
        ok(cluster.client(at).request("t.x", "goes on"));
        assertTrue(cluster.names().stream().allMatch(name -> cluster.store(name).damaged()), "nothing was removed");
    }

    /** All nodes look through what they store, at once and again and again. */
    private void scrub() throws Exception {
        cluster.scrub(new ScrubSettings(64 << 20, 0, 1_000_000_000L));
        for (String name : cluster.names()) {
            cluster.stop(name);
            cluster.start(name);
        }
        cluster.until("all serve", () -> cluster.names().stream().allMatch(name -> has(name, MESSAGES)));
    }

    @Test
    void shouldFindAndMendWhatNobodyAsksFor() throws Exception {
        scrub();
        for (String name : cluster.names()) { // on each node something else
            long partition = partition(leads());
            List<Long> batches = cluster.store(name).batches(partition);
            cluster.store(name).damage(partition, batches.get(cluster.names().indexOf(name)));
        }
        cluster.until("all is whole again", () -> cluster.names().stream().noneMatch(name -> cluster.store(name).damaged()));
        for (String name : cluster.names()) {
            cluster.until("it is counted", () -> cluster.node(name).data().scrubbed().mended() >= 1);
            assertTrue(cluster.node(name).data().scrubbed().records() > 0);
        }
        cluster.until("passes end", () -> cluster.names().stream().allMatch(name ->
            cluster.node(name).data().scrubbed().passes() > 1));
    }

    @Test
    void shouldReplaceWhatIsNotWhatTheMajorityHas() throws Exception {
        scrub();
        String at = leads();
        String other = cluster.names().stream().filter(name -> !name.equals(at)).findFirst().orElseThrow();
        long partition = partition(at);
        List<Long> batches = cluster.store(at).batches(partition);
        cluster.store(at).change(partition, batches.get(1));
        cluster.store(other).change(partition, batches.get(3));
        cluster.until("all is as it was", () -> cluster.names().stream().noneMatch(name -> cluster.store(name).damaged()));
        assertTrue(cluster.names().stream().anyMatch(name -> told(name, "differs: ")), "people are told");
    }
}
