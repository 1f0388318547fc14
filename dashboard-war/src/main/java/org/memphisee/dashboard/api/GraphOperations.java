package org.memphisee.dashboard.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.stations.Members.Member;
import org.memphisee.core.stations.StationSchema;
import org.memphisee.core.stations.StationView;

/** Who produces to and consumes from what, as a graph (management-api.md M-110). */
final class GraphOperations {

    /** Producers, and as many consumers. */
    private static final int MOST = 10_000;

    private record Producers(String name, long stationId, String appId) { }

    List<Operation> all() {
        return List.of(Operation.get("monitoring/getGraphOverview", this::overview));
    }

    private JsonNode overview(Call call) {
        List<StationView> stations = StationOperations.visible(call);
        Set<Long> visible = stations.stream().map(StationView::id).collect(Collectors.toSet());
        List<Member> members = Waiting.await(StationOperations.stations(call).queries().connected()).stream()
            .filter(member -> visible.contains(member.stationId())).toList();
        ObjectNode answer = json(stations, members);
        Map<Long, StationSchema> schemas = Waiting.await(call.engine().schemas().ofStations());
        answer.get("stations").forEach(node -> {
            StationSchema schema = schemas.get(node.get("id").longValue());
            ((ObjectNode) node).put("schema_name", schema == null ? "" : schema.name());
        });
        return answer;
    }

    static ObjectNode json(List<StationView> stations, List<Member> members) {
        ObjectNode answer = Texts.object();
        ArrayNode nodes = answer.putArray("stations");
        stations.forEach(station -> nodes.addObject().put("id", station.id()).put("name", station.name())
            .put("dls_messages", station.deadLetters().total()).put("schema_name", "").put("total_messages", station.messages())
            .set("tags", StationJson.tags(station)));
        Map<Producers, Integer> counts = new LinkedHashMap<>();
        members.stream().filter(Member::producer).forEach(m -> counts.merge(
            new Producers(m.name(), m.stationId(), m.appId()), 1, Integer::sum));
        ArrayNode producers = answer.putArray("producers");
        counts.entrySet().stream().limit(MOST).forEach(entry -> producers.addObject().put("name", entry.getKey().name())
            .put("station_id", entry.getKey().stationId()).put("app_id", entry.getKey().appId()).put("count", entry.getValue()));
        ArrayNode consumers = answer.putArray("consumers");
        members.stream().filter(m -> !m.producer()).limit(MOST).forEach(m -> consumers.addObject().put("name", m.name())
            .put("cg_name", m.group()).put("station_id", m.stationId()).put("app_id", m.appId()).put("type", m.type()));
        return answer;
    }
}
