package org.memphisee.core.backup;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent.TaskOutcome;
import org.memphisee.core.control.TaskDefinition;
import org.memphisee.core.tasks.Tasks;
import org.memphisee.core.time.TimedLoop;

/**
 * Makes a backup of this node when a task at any node asks all of them to. Tasks are definitions, so each node sees it, and the task that
 * this one begins for it is seen by whoever asked. Loop of tasks.
 */
final class AskedNodes {

    /** Of a backup that was made because all nodes were asked: the number of the task that did. */
    static final String FOR = "for";
    /** And the node that made it. */
    static final String NODE = "node";
    private static final long LOOK_NANOS = 500_000_000L;

    private final String self;
    private final Tasks tasks;
    private final ControlEngine engine;
    private final TimedLoop loop;
    /** Tasks that asked, and whose own is begun or being begun. */
    private final Set<Long> answered = new HashSet<>();

    AskedNodes(String self, Tasks tasks, ControlEngine engine, TimedLoop loop) {
        this.self = self;
        this.tasks = tasks;
        this.engine = engine;
        this.loop = loop;
    }

    void start() {
        loop.execute(this::look);
    }

    private void look() {
        engine.resume(() -> {
            List<TaskDefinition> all = List.copyOf(engine.definitions().tasks().all());
            loop.execute(() -> seen(all));
        });
        loop.after(LOOK_NANOS, this::look);
    }

    private void seen(Collection<TaskDefinition> all) {
        for (TaskDefinition task : all) {
            long id = task.started().id();
            if (!task.started().kind().equals(NodeBackups.ALL)) {
                continue;
            }
            TaskDefinition own = all.stream().filter(other -> belongs(other, id) && self.equals(other.started().arguments().get(NODE)))
                .findFirst().orElse(null);
            if (own == null && task.end().isEmpty() && answered.add(id)) {
                begin(id, task.started().user());
            } else if (own != null && own.end().isEmpty() && cancelled(task)) {
                tasks.cancel(own.started().id(), task.started().user());
            }
        }
    }

    static boolean belongs(TaskDefinition task, long asked) {
        return task.started().kind().equals(NodeBackups.KIND) && String.valueOf(asked).equals(task.started().arguments().get(FOR));
    }

    private static boolean cancelled(TaskDefinition task) {
        return task.end().isPresent() && task.end().get().outcome() == TaskOutcome.CANCELLED;
    }

    /** Refused while another one is being made here: then it is tried again with the next look. */
    private void begin(long id, String user) {
        tasks.begin(NodeBackups.KIND, "", Author.named(user), Map.of(FOR, String.valueOf(id), NODE, self))
            .whenComplete((task, failure) -> {
                if (failure != null) {
                    loop.execute(() -> answered.remove(id));
                }
            });
    }
}
