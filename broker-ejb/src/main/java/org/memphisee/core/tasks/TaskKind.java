package org.memphisee.core.tasks;

import java.util.Objects;
import java.util.function.Function;

/**
 * A kind of task.
 *
 * @param name stored with each task, and never changed; a name like {@code resend_all_dls_msgs}
 * @param title for people, as a heading
 * @param operation for people, in a sentence that goes on with "at station … has been completed"
 * @param resumable whether one that was interrupted by a restart goes on from where it was last stored. Its steps must
 *     then do no harm when they are done again: up to a second of them is
 * @param work makes what does it, from what the task was told and remembers; on the loop of tasks. If it throws, the task failed
 */
public record TaskKind(String name, String title, String operation, boolean resumable, Function<TaskState, TaskWork> work) {
    public TaskKind {
        Objects.requireNonNull(name, "name is required");
        Objects.requireNonNull(title, "title is required");
        Objects.requireNonNull(operation, "operation is required");
        Objects.requireNonNull(work, "work is required");
    }
}
