package org.memphisee.dashboard.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.LongFunction;

import jakarta.servlet.http.HttpServletResponse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.observe.ServerLog;

/** What the server said (management-api.md M-063, M-064). */
final class LogOperations {

    /** Downloads at a time: each keeps a thread of the port as long as its client reads. */
    static final int MOST_DOWNLOADS = 4;
    private static final int PART = 200;

    private final Semaphore downloads = new Semaphore(MOST_DOWNLOADS);

    List<Operation> all() {
        return List.of(Operation.get("monitoring/getSystemLogs", this::lines),
            Operation.get("monitoring/downloadSystemLogs", this::download));
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

    /** All of it as text, the oldest first; part by part, so that it never is in memory as a whole. */
    private JsonNode download(Call call) {
        ApiQuery query = call.query();
        Set<ServerLog.Type> types = types(query.text("log_type"));
        String source = query.text("log_source");
        String from = source.equals("empty") ? "" : source;
        ServerLog log = call.engine().serverLog();
        String user = call.user().name();
        ServerLog.Part first = Waiting.await(log.part(user, types, from, 0, PART));
        if (!downloads.tryAcquire()) {
            throw ApiFailure.of(ApiFailure.UNAVAILABLE, "Others download the log just now, try again");
        }
        try {
            HttpServletResponse response = call.response();
            response.setContentType("text/plain; charset=utf-8");
            response.setHeader("Content-Disposition", "attachment; filename=\"memphis-ee-log.txt\"");
            write(response.getOutputStream(), first, next -> Waiting.await(log.part(user, types, from, next, PART)));
        } catch (IOException e) {
            return Operation.ANSWERED; // the client is gone, and nobody reads what else there is to say
        } finally {
            downloads.release();
        }
        return Operation.ANSWERED;
    }

    /** Who reads must be able to tell a whole log from one that ended early. */
    static void write(OutputStream out, ServerLog.Part first, LongFunction<ServerLog.Part> following) throws IOException {
        ServerLog.Part part = first;
        write(out, part);
        try {
            while (part.next() > 0) {
                part = following.apply(part.next());
                write(out, part);
            }
        } catch (RuntimeException e) {
            out.write("The log goes on, and could not be read further. Download it again.\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void write(OutputStream out, ServerLog.Part part) throws IOException {
        StringBuilder text = new StringBuilder();
        part.lines().forEach(line -> text.append(line.source()).append(": ")
            .append(line.data().replace("\r", "").replace("\n", "\\n")).append('\n'));
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
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
