package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.notices.Notice;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.TaskView.State;

/** Things that take long, and what people should hear of (management-api.md M-090, W-07). */
final class TaskOperations {

    List<Operation> all() {
        return List.of(Operation.get("asyncTasks/getAsyncTasks", this::list),
            Operation.post("v2/tasks/cancel", this::cancel),
            Operation.get("v2/notices", this::notices));
    }

    private static Permissions permissions(Call call) {
        return call.engine().users().permissions(call.user().name());
    }

    private static boolean visible(Permissions permissions, String station) {
        return station.isEmpty() || permissions.mayUse(station);
    }

    private JsonNode list(Call call) {
        Permissions permissions = permissions(call);
        ObjectNode answer = Texts.object();
        ArrayNode tasks = answer.putArray("async_tasks");
        call.engine().tasks().list().stream().filter(task -> visible(permissions, task.station()))
            .forEach(task -> tasks.add(json(task)));
        return answer;
    }

    static ObjectNode json(TaskView task) {
        ObjectNode n = Texts.object().put("id", task.id()).put("name", task.title())
            .put("created_at", Texts.time(task.startedNanos())).put("created_by", task.user())
            .put("station_name", task.station());
        ObjectNode data = n.putObject("data").put("offset", task.done());
        task.data().forEach(data::put);
        boolean failed = task.state() != State.RUNNING && task.state() != State.COMPLETED;
        return n.put("status", failed ? State.FAILED.word() : task.state().word()).put("failure_reason", task.reason())
            .put("kind", task.kind()).put("state", task.state().word()).put("stopping", task.stopping())
            .put("done", task.done()).put("total", task.total()).put("ended_at", Texts.time(task.endedNanos()));
    }

    /** Who may change the station may stop what goes on with it; what concerns no station is for people without limits. */
    private JsonNode cancel(Call call) {
        JsonBody body = call.body();
        long id = body.requiredNumber("id");
        body.check();
        Permissions permissions = permissions(call);
        String user = call.user().name();
        call.engine().tasks().list().stream().filter(task -> task.id() == id).forEach(task -> {
            if (!task.station().isEmpty()) {
                StationOperations.stations(call).access().requireWrite(user, task.station());
            } else if (permissions.restricted()) {
                throw ApiFailure.showable("user " + user + " is not allowed to stop this task");
            }
        });
        return json(Waiting.await(call.engine().tasks().cancel(id, user)));
    }

    private JsonNode notices(Call call) {
        long since = call.query().number("since");
        Permissions permissions = permissions(call);
        ArrayNode answer = Texts.array();
        call.engine().notices().newerThan(since).stream().filter(notice -> visible(permissions, notice.station()))
            .forEach(notice -> answer.add(json(notice)));
        return answer;
    }

    static ObjectNode json(Notice notice) {
        return Texts.object().put("id", notice.id()).put("message_type", notice.kind().word())
            .put("message_payload", notice.text()).put("start_time", Texts.time(notice.startNanos()))
            .put("end_time", Texts.time(notice.endNanos())).put("ui_page", notice.page());
    }
}
