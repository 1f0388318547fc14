package org.memphisee.dashboard.api;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.observe.ServerLog;

/** What the server said (management-api.md M-063). */
final class LogOperations {

    List<Operation> all() {
        return List.of(Operation.get("monitoring/getSystemLogs", this::lines));
    }

    private JsonNode lines(Call call) {
        ApiQuery query = call.query();
        Set<ServerLog.Type> types = types(query.requiredText("log_type"));
        String source = query.text("log_source");
        String start = query.requiredText("start_index");
        query.check();
        long from = query.number("start_index");
        if (from == 0) {
            throw ApiFailure.invalid(List.of(new ApiFailure.Invalid("start_index", start.isEmpty() ? "required" : "not 0")));
        }
        ObjectNode answer = Texts.object();
        ArrayNode logs = answer.putArray("logs");
        Waiting.await(call.engine().serverLog().find(call.user().name(), types, source.equals("empty") ? "" : source, from))
            .forEach(line -> logs.addObject().put("message_seq", line.number()).put("type", line.type().label())
                .put("source", line.source()).put("data", line.data()).put("created_at", Texts.time(line.atNanos())));
        return answer;
    }

    /** Any word that is not known is no filter. */
    static Set<ServerLog.Type> types(String wanted) {
        for (ServerLog.Type type : ServerLog.Type.values()) {
            if (type.label().equals(wanted)) {
                return EnumSet.of(type);
            }
        }
        return wanted.equals("external") ? EnumSet.complementOf(EnumSet.of(ServerLog.Type.SYS))
            : EnumSet.allOf(ServerLog.Type.class);
    }
}
