package org.memphisee.core.backup;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.memphisee.core.control.SystemEvent.TaskOutcome;
import org.memphisee.core.tasks.TaskState;
import org.memphisee.core.tasks.TaskStep;
import org.memphisee.core.tasks.TaskWork;

/** The task of a backup: looks now and then how far it is. Loop of tasks. */
final class BackupWork implements TaskWork {

    private static final long LOOK_NANOS = 200_000_000L;

    private final BackupMaker.Run run;

    BackupWork(BackupMaker.Run run) {
        this.run = run;
    }

    @Override
    public CompletableFuture<TaskStep> step(TaskState state) {
        return CompletableFuture.completedFuture(look());
    }

    private TaskStep look() {
        if (!run.name().isDone()) {
            return TaskStep.goOnAfter(LOOK_NANOS, run.copied(), run.total(), Map.of());
        }
        try {
            return TaskStep.complete(run.copied(), run.total(), Map.of(NodeBackups.NAME, run.name().join()));
        } catch (CompletionException e) {
            return TaskStep.fail(String.valueOf(e.getCause().getMessage()), run.copied(), run.total(), Map.of());
        }
    }

    @Override
    public void ended(TaskOutcome outcome) {
        run.stop();
    }
}
