package org.memphisee.dashboard.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.stations.GroupReset;
import org.memphisee.core.stations.GroupReset.To;
import org.memphisee.core.stations.GroupStatus;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationView;

/** Consumer groups that people look at, move and remove, and clients that they forget (M-111, and more than the reference has). */
final class GroupOperations {

    private static final Map<String, To> TO = Map.of("start", To.START, "end", To.END, "sequence", To.SEQUENCE, "time", To.TIME);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    List<Operation> all() {
        return List.of(Operation.get("stations/getConsumerGroups", this::list),
            Operation.post("stations/resetConsumerGroup", this::reset),
            Operation.delete("stations/removeConsumerGroup", this::remove),
            Operation.post("stations/cleanDisconnectedClients", this::clean));
    }

    private JsonNode list(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        query.check();
        StationView station = StationOperations.find(call, name);
        ObjectNode answer = Texts.object();
        ArrayNode groups = answer.putArray("groups");
        Waiting.await(StationOperations.stations(call).groups().list(station)).forEach(group -> groups.add(json(group)));
        return answer;
    }

    private static ObjectNode json(GroupStatus group) {
        ObjectNode n = Texts.object().put("name", group.name()).put("is_active", group.active())
            .put("has_members", group.own()).put("max_ack_time_ms", group.maxAckTimeMillis())
            .put("max_msg_deliveries", group.maxDeliveries()).put("lag_messages", group.lag()).put("lag_ms", group.lagMillis());
        ArrayNode partitions = n.putArray("partitions");
        group.positions().forEach(p -> partitions.addObject().put("partition", p.partition())
            .put("last_seq", p.lastSequence()).put("delivered_seq", p.delivered()).put("ack_floor_seq", p.floor())
            .put("lag_messages", p.lag()).put("in_process_messages", p.inProcess()).put("given_up_messages", p.givenUp())
            .put("lag_ms", p.lagMillis()));
        ArrayNode members = n.putArray("members");
        group.members().forEach(view -> members.addObject().put("name", view.member().name())
            .put("connection_id", view.member().connectionId()).put("user", view.member().user())
            .put("sdk_language", view.member().sdk()).put("is_active", view.active()));
        return n;
    }

    private JsonNode reset(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        String group = body.requiredText("group_name").toLowerCase(Locale.ROOT);
        String where = body.requiredText("to");
        long sequence = body.number("sequence");
        String time = body.text("time");
        boolean dryRun = body.flag("dry_run");
        boolean force = body.flag("force");
        To to = TO.get(where);
        body.require(where.isEmpty() || to != null, "to", "start, end, sequence or time");
        body.require(to != To.SEQUENCE || sequence > 0, "sequence", "min=1");
        Long nanos = to == To.TIME ? nanos(time) : Long.valueOf(0);
        body.require(nanos != null, "time", "RFC 3339");
        body.check();
        StationView station = StationOperations.find(call, name);
        StationAdministration stations = StationOperations.stations(call);
        stations.access().requireRead(call.user().name(), station.name());
        GroupReset.Outcome outcome = Waiting.await(stations.groups().reset(call.author(), station, new GroupReset(station.name(), group, to,
            to == To.SEQUENCE ? sequence : nanos, dryRun, force)));
        ObjectNode answer = Texts.object().put("dry_run", dryRun).put("messages_before", outcome.before())
            .put("messages", outcome.messages());
        ArrayNode parts = answer.putArray("partitions");
        outcome.parts().forEach(part -> parts.addObject().put("partition", part.partition())
            .put("messages_before", part.before()).put("sequence", part.sequence()).put("messages", part.messages())
            .put("exact", part.exact()));
        return answer;
    }

    /** Null when it is not a time that nanoseconds can express. */
    static Long nanos(String time) {
        try {
            Instant at = OffsetDateTime.parse(time).toInstant();
            return Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS_PER_SECOND), at.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private JsonNode remove(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        String group = body.requiredText("group_name");
        boolean force = body.flag("force");
        body.check();
        StationView station = StationOperations.find(call, name);
        StationAdministration stations = StationOperations.stations(call);
        stations.access().requireRead(call.user().name(), station.name());
        Waiting.await(stations.groups().remove(call.author(), station, group, force));
        return Texts.object();
    }

    /** M-111. */
    private JsonNode clean(Call call) {
        JsonBody body = call.body();
        long id = body.requiredNumber("station_id");
        String type = body.requiredText("client_type");
        body.require(type.isEmpty() || type.startsWith("producer") || type.startsWith("consumer"), "client_type",
            "producer or consumer");
        body.check();
        StationView station = StationOperations.visible(call).stream().filter(view -> view.id() == id).findFirst()
            .orElseThrow(() -> StationAdministration.unknown(Long.toString(id)));
        StationAdministration stations = StationOperations.stations(call);
        stations.access().requireWrite(call.user().name(), station.name());
        Waiting.await(stations.groups().forgetAway(call.author(), station, type.startsWith("producer")));
        return Texts.object();
    }
}
