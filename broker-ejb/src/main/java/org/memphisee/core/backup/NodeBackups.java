package org.memphisee.core.backup;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.tasks.TaskKind;
import org.memphisee.core.tasks.TaskState;
import org.memphisee.core.tasks.TaskStep;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.TaskWork;
import org.memphisee.core.tasks.Tasks;
import org.memphisee.core.time.TimedLoop;

/** Backups that people ask for: of this node (deploy.md 6.4), or of all nodes of the cluster (ADR 0240). Any thread. */
public final class NodeBackups {

    /** The kind of their task; what it found is under {@link #NAME}. */
    public static final String KIND = "backup_node";
    /** Of the backup, in the data of a task that is complete. */
    public static final String NAME = "backup";
    /** The kind of the task that has each node make one; what came of it is under the name of each node. */
    public static final String ALL = "backup_cluster";

    private final Tasks tasks;
    private final StationAccess access;
    private final ControlEngine engine;
    private final TimedLoop loop;
    private volatile BackupMaker maker = BackupMaker.NONE;
    private volatile boolean clustered;

    /** Nobody makes them until {@link #madeBy}. Before the tasks are started. */
    public NodeBackups(Tasks tasks, StationAccess access, ControlEngine engine, TimedLoop loop) {
        this.tasks = tasks;
        this.access = access;
        this.engine = engine;
        this.loop = loop;
        tasks.register(new TaskKind(KIND, "Backup", "Backup of the node", false, this::work));
        tasks.register(new TaskKind(ALL, "Backup of all nodes", "Backup of all nodes", false, state -> new AllNodesWork(engine)));
    }

    private TaskWork work(TaskState state) {
        try {
            if (state.arguments().containsKey(AskedNodes.FOR)) {
                maker.check(); // nobody looked at this node before
            }
            return new BackupWork(maker.begin());
        } catch (BackupRefusal refusal) {
            return asked -> CompletableFuture.completedFuture(TaskStep.fail(refusal.getMessage(), 0, 0, Map.of()));
        }
    }

    /** Who makes them. */
    public void madeBy(BackupMaker actual) {
        maker = actual;
    }

    /** This node is one of a cluster, under this name: it makes one when all nodes are asked to. Once. */
    public void among(String self) {
        clustered = true;
        new AskedNodes(self, tasks, engine, loop).start();
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

    /** Has each node of the cluster make one; a broker alone is all nodes. */
    public CompletableFuture<TaskView> beginAll(Author by) {
        if (!clustered) {
            return begin(by);
        }
        access.requireEverything(by.user(), "make backups");
        maker.check();
        return tasks.begin(ALL, "", by, Map.of());
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
