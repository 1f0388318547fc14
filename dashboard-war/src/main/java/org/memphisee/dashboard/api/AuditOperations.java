package org.memphisee.dashboard.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import org.memphisee.core.audit.AuditEntry;
import org.memphisee.core.audit.AuditPage;
import org.memphisee.core.audit.AuditQuery;
import org.memphisee.core.audit.PastDefinition;

/** Who changed what (features.md F-179, F-037). */
final class AuditOperations {

    private static final int PAGE = 50;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    List<Operation> all() {
        return List.of(Operation.get("v2/audit", this::entries), Operation.get("v2/audit/definition", this::definition));
    }

    private JsonNode entries(Call call) {
        ApiQuery query = call.query();
        AuditQuery wanted = new AuditQuery(query.text("kind"), query.text("object"), query.text("station"), query.text("user"),
            query.text("action"), query.text("door"), time("from", query.text("from")), time("to", query.text("to")), query.flag("activity"));
        long limit = query.number("limit");
        AuditPage page = Waiting.await(call.engine().audit().find(call.user().name(), wanted,
            Math.max(0, query.number("start")), limit <= 0 ? PAGE : (int) Math.min(limit, Integer.MAX_VALUE)));
        ObjectNode answer = Texts.object();
        ArrayNode entries = answer.putArray("entries");
        page.entries().forEach(entry -> entries.add(json(entry)));
        return answer.put("next", page.next());
    }

    private JsonNode definition(Call call) {
        ApiQuery query = call.query();
        String kind = query.requiredText("kind");
        String object = query.requiredText("object");
        String at = query.requiredText("at");
        query.check();
        PastDefinition past = Waiting.await(call.engine().audit().definitionAt(call.user().name(), kind, object,
            time("at", at)));
        ObjectNode answer = Texts.object().put("known", past.known());
        raw(answer, "definition", past.definition());
        return answer.put("oldest", Texts.time(past.oldestNanos()));
    }

    private static ObjectNode json(AuditEntry entry) {
        ObjectNode n = Texts.object().put("id", entry.number()).put("at", Texts.time(entry.atNanos()))
            .put("user", entry.by().user()).put("door", entry.by().door().label()).put("address", entry.by().address())
            .put("program", entry.by().program()).put("action", entry.action()).put("kind", entry.subject().kind())
            .put("object", entry.subject().object());
        raw(n, "before", entry.before());
        raw(n, "after", entry.after());
        if (!entry.problem().isEmpty()) {
            n.put("problem", entry.problem());
        }
        return n;
    }

    private static void raw(ObjectNode object, String member, String json) {
        if (json.isEmpty()) {
            object.putNull(member);
        } else {
            object.putRawValue(member, new RawValue(json));
        }
    }

    /** A time as RFC 3339 has it; 0 when it is not given. */
    private static long time(String name, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            throw ApiFailure.invalid(List.of(new ApiFailure.Invalid(name, "RFC 3339")));
        }
    }
}
