package org.memphisee.dashboard.live;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.notices.Notice;
import org.memphisee.core.tasks.TaskView;

/**
 * Tasks and notices as rows of the topics {@code tasks} and {@code notices}. A key is the number, a space and the station, so
 * that viewers with limits see what is about no station or about one of theirs. Immutable.
 */
final class TaskRows {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private TaskRows() { }

    /** Those that run and the last that ended. */
    static Map<String, String> tasks(List<TaskView> tasks) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (TaskView task : tasks) {
            String key = key(task.id(), task.station());
            rows.put(key, row(key, task.id(), task.station()).put("kind", task.kind()).put("title", task.title())
                .put("user", task.user()).put("state", task.state().word()).put("stopping", task.stopping())
                .put("done", task.done()).put("total", task.total()).put("reason", task.reason())
                .put("startedAt", task.startedNanos() / NANOS_PER_MILLI).put("endedAt", task.endedNanos() / NANOS_PER_MILLI)
                .toString());
        }
        return rows;
    }

    /** Those that are kept. */
    static Map<String, String> notices(List<Notice> notices) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (Notice notice : notices) {
            String key = key(notice.id(), notice.station());
            rows.put(key, row(key, notice.id(), notice.station()).put("kind", notice.kind().word()).put("text", notice.text())
                .put("page", notice.page()).put("startedAt", notice.startNanos() / NANOS_PER_MILLI)
                .put("endedAt", notice.endNanos() / NANOS_PER_MILLI).toString());
        }
        return rows;
    }

    private static String key(long id, String station) {
        return id + " " + station;
    }

    private static ObjectNode row(String key, long id, String station) {
        return Json.object().put("key", key).put("id", id).put("station", station);
    }

    /** Which keys somebody may see who may see these stations only. */
    static Predicate<String> visible(Predicate<String> stations) {
        return key -> {
            String station = key.substring(key.indexOf(' ') + 1);
            return station.isEmpty() || stations.test(station);
        };
    }
}
