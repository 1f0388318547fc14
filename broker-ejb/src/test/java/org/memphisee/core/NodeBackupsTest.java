package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.api.Author;
import org.memphisee.core.audit.AuditEntry;
import org.memphisee.core.audit.AuditQuery;
import org.memphisee.core.backup.BackupRefusal;
import org.memphisee.core.backup.HeldMaker;
import org.memphisee.core.backup.NodeBackups;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.store.memory.MemoryLogStore;
import org.memphisee.support.Await;

/** A backup that somebody asks for is a task with progress and an author; who has limits may not. */
class NodeBackupsTest {

    private static final Author ROOT = new Author("root", Author.Door.MANAGEMENT, "10.0.0.7", "memphisee");

    private final HeldMaker maker = new HeldMaker();
    private Broker broker;
    private NodeBackups backups;

    @BeforeEach
    void open() throws Exception {
        broker = WholeBroker.open(WholeBroker.options(1, 1_000_000), new MemoryLogStore(MemoryLogStore.Disk.KEEPS), new WholeBroker.Events(List.of()));
        backups = broker.control().backups();
        backups.madeBy(maker);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private TaskView newest() {
        return broker.control().tasks().list().get(0);
    }

    @Test
    void shouldShowHowFarItIsAndWhatItIsCalledAndWhoAskedForIt() {
        TaskView begun = CoreClient.get(backups.begin(ROOT));
        assertEquals("backup_node", begun.kind());
        Await.until("progress is shown", () -> newest().done() == 3 && newest().total() == 10);
        maker.name().complete("20261130T120000Z");
        Await.until("it is complete", () -> newest().state() == TaskView.State.COMPLETED);
        assertEquals(Map.of("backup", "20261130T120000Z"), newest().data());
        AuditEntry entry = CoreClient.get(broker.audit().find("root", AuditQuery.of("task", "backup_node/" + begun.id()), 0, 1))
            .entries().get(0);
        assertEquals(ROOT, entry.by());
    }

    @Test
    void shouldSayWhyThereIsNone() {
        CoreClient.get(backups.begin(ROOT));
        maker.name().completeExceptionally(new java.io.IOException("the disk is full"));
        Await.until("it failed", () -> newest().state() == TaskView.State.FAILED);
        assertEquals("the disk is full", newest().reason());
        maker.refuse("no directory");
        assertEquals("no directory", assertThrows(BackupRefusal.class, () -> backups.begin(ROOT)).getMessage());
    }

    @Test
    void shouldStopWhenSomebodyStopsItsTask() {
        long id = CoreClient.get(backups.begin(ROOT)).id();
        assertEquals(TaskView.State.CANCELLED, CoreClient.get(broker.control().tasks().cancel(id, "root")).state());
        assertTrue(maker.stopped());
    }

    @Test
    void shouldNotBeForWhoHasLimits() {
        Author nobody = Author.named("nobody");
        assertThrows(AccessRefusal.class, () -> backups.begin(nobody));
        assertThrows(AccessRefusal.class, () -> backups.made("nobody"));
        assertEquals(List.of(), broker.control().tasks().list());
        assertEquals("20261130T120000Z", backups.made("root").backups().get(0).name());
    }
}
