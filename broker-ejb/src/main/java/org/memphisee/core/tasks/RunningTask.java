package org.memphisee.core.tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.SystemEvent.TaskEnded;
import org.memphisee.core.control.SystemEvent.TaskProgressed;
import org.memphisee.core.control.SystemEvent.TaskStarted;
import org.memphisee.core.tasks.TaskView.State;

/** A task that runs or has just ended. Loop of tasks only. */
final class RunningTask {

    final TaskStarted started;
    final String title;
    final String operation;
    /** Does it; null for a task that is not to go on. */
    TaskWork work;
    long done;
    long total;
    Map<String, String> data;
    /** Monotonic time of the last step's end. */
    long movedAt;
    /** Monotonic time from which its progress may be stored again. */
    long storeFrom;
    boolean storing;
    /** Who told it to stop, empty for nobody. */
    String stoppedBy = "";
    /** Whether a step has begun and not ended. */
    boolean stepping;
    TaskEnded end;
    /** Who waits for its end because they stopped it. */
    final List<CompletableFuture<TaskView>> stops = new ArrayList<>();

    /** A task of a kind, or of one that is not known any more: null. */
    RunningTask(TaskStarted started, TaskKind kind, long done, long total, Map<String, String> data) {
        this.started = started;
        this.title = kind == null ? started.kind() : kind.title();
        this.operation = kind == null ? started.kind() : kind.operation();
        this.done = done;
        this.total = total;
        this.data = data;
    }

    long id() {
        return started.id();
    }

    void take(TaskStep step) {
        done = step.done();
        total = step.total();
        data = step.data();
    }

    TaskState state() {
        return new TaskState(id(), started.station(), started.user(), started.arguments(), done, total, data);
    }

    TaskProgressed progress() {
        return new TaskProgressed(id(), done, total, data);
    }

    TaskView view() {
        return new TaskView(id(), started.kind(), title, started.station(), started.user(), started.atNanos(), done, total,
            data, state(end), end == null && !stoppedBy.isEmpty(), end == null ? "" : end.reason(),
            end == null ? 0 : end.atNanos(), operation);
    }

    private static State state(TaskEnded end) {
        return end == null ? State.RUNNING : switch (end.outcome()) {
            case COMPLETED -> State.COMPLETED;
            case FAILED -> State.FAILED;
            case CANCELLED -> State.CANCELLED;
            case INTERRUPTED -> State.INTERRUPTED;
        };
    }
}
