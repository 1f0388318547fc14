package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;
import org.memphisee.core.api.Author;
import org.memphisee.core.backup.HeldMaker;
import org.memphisee.core.backup.NodeBackups;
import org.memphisee.core.tasks.TaskView;

/** One node is asked, and all make a backup; what one could not do is said. */
class AllNodesBackupTest {

    private static final Author ROOT = Author.named("root");

    @TempDir
    Path data;
    private ClusterFixture cluster;
    private final Map<String, HeldMaker> makers = new ConcurrentHashMap<>();

    @BeforeEach
    void begin() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        for (String name : cluster.names()) {
            makers.put(name, new HeldMaker());
            backups(name).madeBy(makers.get(name));
        }
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private NodeBackups backups(String node) {
        return cluster.broker(node).control().backups();
    }

    private TaskView task(String node, long id) {
        return cluster.broker(node).control().tasks().list().stream().filter(task -> task.id() == id).findFirst().orElseThrow();
    }

    private List<String> kinds(String node) {
        return cluster.broker(node).control().tasks().list().stream().map(TaskView::kind).sorted().toList();
    }

    @Test
    void shouldHaveEachNodeMakeOneAndNameThemAll() {
        TaskView begun = CoreClient.get(backups("n1").beginAll(ROOT));
        assertEquals("backup_cluster", begun.kind());
        cluster.until("all began", () -> makers.values().stream().allMatch(maker -> maker.begun()));
        assertEquals(List.of("backup_cluster", "backup_node"), kinds("n1"));
        makers.forEach((node, maker) -> maker.name().complete("backup-of-" + node));
        cluster.until("it is complete", () -> task("n1", begun.id()).state() == TaskView.State.COMPLETED);
        assertEquals(cluster.names().stream().collect(Collectors.toMap(node -> node, node -> "backup-of-" + node)),
            task("n1", begun.id()).data());
        assertEquals(3, task("n1", begun.id()).total());
        assertEquals(List.of("backup_node"), kinds("n0"));
        assertEquals("root", cluster.broker("n0").control().tasks().list().get(0).user());
    }

    @Test
    void shouldSayWhichNodeMadeNoneAndWhy() {
        makers.get("n2").refuse("there is no room");
        makers.get("n0").name().complete("zero");
        makers.get("n1").name().completeExceptionally(new java.io.IOException("the disk is broken"));
        TaskView begun = CoreClient.get(backups("n0").beginAll(ROOT));
        cluster.until("it has ended", () -> task("n0", begun.id()).state() == TaskView.State.FAILED);
        assertEquals("n1: the disk is broken; n2: there is no room", task("n0", begun.id()).reason());
        assertEquals(Map.of("n0", "zero"), task("n0", begun.id()).data());
    }

    @Test
    void shouldStopAllWhenSomebodyStopsIt() {
        TaskView begun = CoreClient.get(backups("n2").beginAll(ROOT));
        cluster.until("all began", () -> makers.values().stream().allMatch(maker -> maker.begun()));
        CoreClient.get(cluster.broker("n2").control().tasks().cancel(begun.id(), "root"));
        cluster.until("all were stopped", () -> makers.values().stream().allMatch(maker -> maker.stopped()));
        assertEquals(TaskView.State.CANCELLED, task("n2", begun.id()).state());
    }

    @Test
    void shouldSayWhoIsNotThere() throws Exception {
        cluster.stop("n1");
        makers.get("n0").name().complete("zero");
        makers.get("n2").name().complete("two");
        TaskView begun = CoreClient.get(backups("n0").beginAll(ROOT));
        cluster.until("it has ended", () -> task("n0", begun.id()).state() != TaskView.State.RUNNING);
        assertEquals("n1: it is not there", task("n0", begun.id()).reason());
        assertTrue(task("n0", begun.id()).data().keySet().containsAll(List.of("n0", "n2")));
    }

    /** Else whoever waits for it would wait until the node is back. */
    @Test
    void shouldNotWaitForOneThatWentAwayWhileItMadeOne() throws Exception {
        TaskView begun = CoreClient.get(backups("n0").beginAll(ROOT));
        cluster.until("all began", () -> makers.values().stream().allMatch(maker -> maker.begun()));
        makers.get("n0").name().complete("zero");
        makers.get("n2").name().complete("two");
        cluster.stop("n1");
        cluster.until("it has ended", () -> task("n0", begun.id()).state() != TaskView.State.RUNNING);
        assertEquals("n1: it went away while it made one", task("n0", begun.id()).reason());
        assertEquals(Map.of("n0", "zero", "n2", "two"), task("n0", begun.id()).data());
    }
}
