package org.memphisee.core.backup;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent.TaskEnded;
import org.memphisee.core.control.SystemEvent.TaskOutcome;
import org.memphisee.core.control.TaskDefinition;
import org.memphisee.core.tasks.TaskState;
import org.memphisee.core.tasks.TaskStep;
import org.memphisee.core.tasks.TaskWork;

/** The task that has all nodes make backups: its begin asks them to, its steps look what became of theirs. Loop of tasks. */
final class AllNodesWork implements TaskWork {

    private static final long LOOK_NANOS = 500_000_000L;
    /** So long a node that is there may take to begin: it sees the task in a second, unless it makes another one. */
    private static final long BEGIN_NANOS = 10_000_000_000L;
    /** So long a node that makes one may be away. */
    private static final long AWAY_NANOS = 10_000_000_000L;

    private final ControlEngine engine;
    private final long limit;
    /** Backup of each node that made one. */
    private final Map<String, String> made = new HashMap<>();
    /** Why there is none of others. */
    private final Map<String, String> failed = new TreeMap<>();
    /** When each node that is away while it makes one was missed first. */
    private final Map<String, Long> missed = new HashMap<>();

    AllNodesWork(ControlEngine engine) {
        this.engine = engine;
        this.limit = engine.clock().nowNanos() + BEGIN_NANOS;
    }

    @Override
    public CompletableFuture<TaskStep> step(TaskState state) {
        CompletableFuture<TaskStep> step = new CompletableFuture<>();
        engine.resume(() -> {
            try {
                step.complete(look(state.id()));
            } catch (RuntimeException e) {
                step.completeExceptionally(e);
            }
        });
        return step;
    }

    /** Control loop; steps follow one another. */
    private TaskStep look(long id) {
        List<String> nodes = engine.definitions().replicationGroups().nodes();
        Map<String, TaskDefinition> theirs = engine.definitions().tasks().all().stream().filter(task -> AskedNodes.belongs(task, id))
            .collect(Collectors.toMap(task -> task.started().arguments().get(AskedNodes.NODE), task -> task, (first, again) -> again));
        Set<String> live = engine.view().live();
        long now = engine.clock().nowNanos();
        for (String node : nodes) {
            if (!made.containsKey(node) && !failed.containsKey(node)) {
                look(node, theirs.get(node), live.contains(node), now);
            }
        }
        int done = made.size() + failed.size();
        if (done < nodes.size()) {
            return TaskStep.goOnAfter(LOOK_NANOS, done, nodes.size(), made);
        }
        return failed.isEmpty() ? TaskStep.complete(done, done, made)
            : TaskStep.fail(failed.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()).collect(Collectors.joining("; ")),
                done, done, made);
    }

    private void look(String node, TaskDefinition task, boolean here, long now) {
        if (task != null && task.end().isPresent()) {
            ended(node, task.end().get());
        } else if (task == null && !here) {
            failed.put(node, "it is not there");
        } else if (task == null && now - limit >= 0) {
            failed.put(node, "it did not begin one, since it makes another one or has too much to do");
        } else if (here) {
            missed.remove(node);
        } else if (now - missed.computeIfAbsent(node, first -> now) >= AWAY_NANOS) {
            failed.put(node, "it went away while it made one");
        }
    }

    private void ended(String node, TaskEnded end) {
        if (end.outcome() == TaskOutcome.COMPLETED) {
            made.put(node, end.data().getOrDefault(NodeBackups.NAME, ""));
        } else {
            failed.put(node, end.reason().isEmpty() ? end.outcome().name().toLowerCase(java.util.Locale.ROOT) : end.reason());
        }
    }
}
