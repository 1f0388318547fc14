package org.memphisee.core.backup;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.api.Author;
import org.memphisee.core.tasks.TaskKind;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.Tasks;

/** Backups of this node that people ask for (deploy.md 6.4). Any thread. */
public final class NodeBackups {

    /** The kind of their task; what it found is under {@link #NAME}. */
    public static final String KIND = "backup_node";
    /** Of the backup, in the data of a task that is complete. */
    public static final String NAME = "backup";

    private final Tasks tasks;
    private final StationAccess access;
    private volatile BackupMaker maker = BackupMaker.NONE;

    /** Nobody makes them until {@link #madeBy}. Before the tasks are started. */
    public NodeBackups(Tasks tasks, StationAccess access) {
        this.tasks = tasks;
        this.access = access;
        tasks.register(new TaskKind(KIND, "Backup", "Backup of the node", false, state -> new BackupWork(maker.begin())));
    }

    /** Who makes them. */
    public void madeBy(BackupMaker actual) {
        maker = actual;
    }

    /**
     * Begins one.
     *
     * @return its task when its begin is in the log
     * @throws org.memphisee.core.access.AccessRefusal the user has limits
     * @throws BackupRefusal there is no place for it, or no room
     */
    public CompletableFuture<TaskView> begin(Author by) {
        access.requireEverything(by.user(), "make backups");
        maker.check();
        return tasks.begin(KIND, "", by, Map.of());
    }

    /**
     * Those that there are.
     *
     * @throws org.memphisee.core.access.AccessRefusal the user has limits
     * @throws BackupRefusal there is no place for them
     */
    public BackupMaker.Made made(String user) {
        access.requireEverything(user, "see backups");
        return maker.made();
    }
}
