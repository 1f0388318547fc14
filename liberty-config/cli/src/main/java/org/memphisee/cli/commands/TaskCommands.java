package org.memphisee.cli.commands;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Pause;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Things that take the broker long, and what people should hear of. */
@Command(name = "task", description = "tasks: what takes the broker long, and what people should hear of")
public final class TaskCommands {

    private static final List<String> COLUMNS = List.of("id", "name", "station", "user", "state", "done", "total", "reason");

    private static final long LOOK_MILLIS = 300;

    private final Tools tools;

    public TaskCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "lists what goes on, and the latest that ended")
    int ls() {
        tools.print("TaskList", COLUMNS, Tools.items(tools.api().get("asyncTasks/getAsyncTasks").path("async_tasks"),
            TaskCommands::item));
        return ExitCode.DONE;
    }

    /** One task, as {@code task ls} shows it. */
    static void print(Tools tools, JsonNode task) {
        tools.print("TaskList", COLUMNS, List.of(item(task)));
    }

    /** Waits until a task has ended, and tells a person meanwhile how far it is. */
    static JsonNode await(Tools tools, JsonNode begun) {
        boolean person = tools.surroundings().terminal();
        JsonNode task = begun;
        while (task.path("state").asText().equals("running")) {
            Pause.millis(LOOK_MILLIS);
            JsonNode found = find(tools, begun.path("id").asLong());
            if (person && found.path("total").asLong() > 0) {
                tools.surroundings().err().print("\r" + found.path("done").asLong() * 100 / found.path("total").asLong() + " %  ");
                tools.surroundings().err().flush();
            }
            task = found;
        }
        if (person) {
            tools.surroundings().err().print("\r      \r");
        }
        return task;
    }

    private static JsonNode find(Tools tools, long id) {
        for (JsonNode task : tools.api().get("asyncTasks/getAsyncTasks").path("async_tasks")) {
            if (task.path("id").asLong() == id) {
                return task;
            }
        }
        throw CliFailure.notFound("Task " + id + " is not listed any more; others ended since");
    }

    private static ObjectNode item(JsonNode task) {
        return Tools.object().put("id", task.path("id").asLong()).put("name", task.path("name").asText())
            .put("station", task.path("station_name").asText()).put("user", task.path("created_by").asText())
            .put("state", task.path("state").asText()).put("stopping", task.path("stopping").asBoolean())
            .put("done", task.path("done").asLong()).put("total", task.path("total").asLong())
            .put("reason", task.path("failure_reason").asText()).put("started", task.path("created_at").asText())
            .put("ended", task.path("ended_at").asText());
    }

    @Command(description = "asks a task to stop; what it has done stays done")
    int cancel(@Parameters(paramLabel = "ID") long id) {
        tools.print("TaskList", COLUMNS, List.of(item(tools.api().post("v2/tasks/cancel", Tools.object().put("id", id)))));
        return ExitCode.DONE;
    }

    @Command(description = "lists what people should hear of: tasks that ended, alerts; the newest first")
    int notices(@Option(names = "--since", paramLabel = "ID", defaultValue = "0", description = "only those with a greater id") long since) {
        tools.print("NoticeList", List.of("id", "kind", "time", "text"), Tools.items(tools.api().get("v2/notices",
            "since", Long.toString(since)), notice -> Tools.object().put("id", notice.path("id").asLong())
            .put("kind", notice.path("message_type").asText()).put("time", notice.path("start_time").asText())
            .put("ended", notice.path("end_time").asText()).put("text", notice.path("message_payload").asText())
            .put("page", notice.path("ui_page").asText())));
        return ExitCode.DONE;
    }
}
