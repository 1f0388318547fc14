package org.memphisee.core.control;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tasks, as part of the fold over all durable events: all that run, and the last {@value #KEPT} that ended. Control loop only. */
public final class TaskDefinitions {

    /** Tasks that are remembered after they ended. */
    public static final int KEPT = 10;

    private final Map<Long, TaskDefinition> running = new LinkedHashMap<>();
    private final Deque<TaskDefinition> ended = new ArrayDeque<>();

    /** All of them: first those that ended, in the order in which they did, then those that run, in the order of their begin. */
    public Collection<TaskDefinition> all() {
        List<TaskDefinition> all = new ArrayList<>(ended);
        all.addAll(running.values());
        return all;
    }

    void started(SystemEvent.TaskStarted e) {
        running.put(e.id(), TaskDefinition.of(e));
    }

    void progressed(SystemEvent.TaskProgressed e) {
        running.computeIfPresent(e.id(), (id, task) -> task.with(e));
    }

    void ended(SystemEvent.TaskEnded e) {
        TaskDefinition task = running.remove(e.id());
        if (task != null) {
            ended.addLast(task.with(e));
            if (ended.size() > KEPT) {
                ended.removeFirst();
            }
        }
    }
}
