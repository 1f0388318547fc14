package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task as the log knows it. Immutable.
 *
 * @param started how it began
 * @param done parts that are done
 * @param total parts altogether, 0 while nobody knows
 * @param data what it remembers
 * @param end how it ended, empty while it runs
 */
public record TaskDefinition(SystemEvent.TaskStarted started, long done, long total, Map<String, String> data,
                             Optional<SystemEvent.TaskEnded> end) {

    static TaskDefinition of(SystemEvent.TaskStarted e) {
        return new TaskDefinition(e, 0, 0, Map.of(), Optional.empty());
    }

    TaskDefinition with(SystemEvent.TaskProgressed e) {
        return new TaskDefinition(started, e.done(), e.total(), e.data(), end);
    }

    TaskDefinition with(SystemEvent.TaskEnded e) {
        return new TaskDefinition(started, e.done(), e.total(), e.data(), Optional.of(e));
    }

    /** What makes it from nothing. */
    List<SystemEvent> events() {
        List<SystemEvent> events = new ArrayList<>(List.of(started));
        if (end.isPresent()) {
            events.add(end.get());
        } else if (done != 0 || total != 0 || !data.isEmpty()) {
            events.add(new SystemEvent.TaskProgressed(started.id(), done, total, data));
        }
        return events;
    }
}
