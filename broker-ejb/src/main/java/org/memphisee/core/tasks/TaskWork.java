package org.memphisee.core.tasks;

import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.SystemEvent.TaskOutcome;

/** What one task does, in steps. Called on the loop of tasks, never before the step before has ended. */
@FunctionalInterface
public interface TaskWork {

    /**
     * Begins the next step. It should take well below a second, because a task that somebody stops ends between two steps, and it
     * must not block: what waits does so elsewhere, and the future completes on whatever thread.
     *
     * @param state what the task was told, and how far it is
     * @return what comes next; when it fails, or this throws, the task failed for an internal error
     */
    CompletableFuture<TaskStep> step(TaskState state);

    /** There is no further step: the place to give back what the task took. Not called when the broker stops. */
    default void ended(TaskOutcome outcome) { }
}
