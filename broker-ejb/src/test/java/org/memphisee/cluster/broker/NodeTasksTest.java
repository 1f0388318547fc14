package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.tasks.TaskKind;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.Tasks;

/** What becomes of a task when its node is restarted, and when another one is. */
class NodeTasksTest {

    @TempDir
    Path data;
    private ClusterFixture cluster;

    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    private Tasks tasks(String node) {
        return cluster.broker(node).control().tasks();
    }

    @Test
    void shouldEndWhatCannotGoOnWhenItsNodeIsBackAndNotBefore() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        tasks("n1").register(new TaskKind("test", "Test", "Testing", false, state -> now -> new CompletableFuture<>()));
        TaskView begun = tasks("n1").begin("test", "", "root", Map.of()).get(20, TimeUnit.SECONDS);
        cluster.kill("n1");
        cluster.kill("n2");
        cluster.start("n2");
        cluster.until("it is one of them again", () -> cluster.node("n2").current());
        assertTrue(tasks("n2").list().isEmpty(), "it is another node's");
        cluster.start("n1");
        cluster.until("it is said", () -> tasks("n1").list().stream().anyMatch(task -> task.id() == begun.id()
            && task.state() == TaskView.State.INTERRUPTED));
    }
}
