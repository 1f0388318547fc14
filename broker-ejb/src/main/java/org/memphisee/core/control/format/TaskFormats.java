package org.memphisee.core.control.format;

import java.util.List;
import java.util.Map;

import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEvent.TaskOutcome;

/** Events of tasks. */
final class TaskFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("task_started", 1, SystemEvent.TaskStarted.class, TaskFormats::started, TaskFormats::started),
        new EventFormat<>("task_progressed", 1, SystemEvent.TaskProgressed.class, TaskFormats::progressed,
            TaskFormats::progressed),
        new EventFormat<>("task_ended", 1, SystemEvent.TaskEnded.class, TaskFormats::ended, TaskFormats::ended));

    private static final Choice<TaskOutcome> OUTCOME = Choice.of(TaskOutcome.class, Map.of(TaskOutcome.COMPLETED, "COMPLETED",
        TaskOutcome.FAILED, "FAILED", TaskOutcome.CANCELLED, "CANCELLED", TaskOutcome.INTERRUPTED, "INTERRUPTED"));

    private TaskFormats() { }

    private static void started(SystemEvent.TaskStarted event, MemberWriter out) {
        out.number("id", event.id())
            .text("kind", event.kind())
            .text("station", event.station())
            .text("user", event.user())
            .textsByName("arguments", event.arguments())
            .number("atNanos", event.atNanos());
    }

    private static SystemEvent.TaskStarted started(MemberReader in, int version) throws FormatException {
        return new SystemEvent.TaskStarted(in.number("id"), in.text("kind"), in.text("station"), in.text("user"),
            in.textsByName("arguments"), in.number("atNanos"));
    }

    private static void progressed(SystemEvent.TaskProgressed event, MemberWriter out) {
        out.number("id", event.id())
            .number("done", event.done())
            .number("total", event.total())
            .textsByName("data", event.data());
    }

    private static SystemEvent.TaskProgressed progressed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.TaskProgressed(in.number("id"), in.number("done"), in.number("total"),
            in.textsByName("data"));
    }

    private static void ended(SystemEvent.TaskEnded event, MemberWriter out) {
        out.number("id", event.id())
            .choice("outcome", OUTCOME, event.outcome())
            .text("reason", event.reason())
            .number("done", event.done())
            .number("total", event.total())
            .textsByName("data", event.data())
            .number("atNanos", event.atNanos());
    }

    private static SystemEvent.TaskEnded ended(MemberReader in, int version) throws FormatException {
        return new SystemEvent.TaskEnded(in.number("id"), in.choice("outcome", OUTCOME), in.text("reason"),
            in.number("done"), in.number("total"), in.textsByName("data"), in.number("atNanos"));
    }
}
