package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;
import org.memphisee.core.stations.Members.Member;
import org.memphisee.core.stations.RegisteredClient;
import org.memphisee.core.stations.StationView;

/** Producers and consumers as programs of old ask for them (management-api.md M-100 to M-103), and the functions that are none. */
final class ClientOperations {

    private static final int MOST = 5_000;

    List<Operation> all() {
        return List.of(Operation.get("producers/getAllProducers", call -> all(call, true)),
            Operation.get("producers/getAllProducersByStation", this::producersOfStation),
            Operation.get("consumers/getAllConsumers", call -> all(call, false)),
            Operation.get("consumers/getAllConsumersByStation", this::consumersOfStation),
            Operation.get("functions/getAllFunctions", call -> noFunctions()));
    }

    private static JsonNode all(Call call, boolean producers) {
        return clients(call, StationOperations.visible(call), producers);
    }

    private JsonNode producersOfStation(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        query.check();
        return clients(call, List.of(StationOperations.find(call, name)), true);
    }

    private JsonNode consumersOfStation(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        query.check();
        return clients(call, List.of(StationOperations.find(call, name)), false);
    }

    private static ArrayNode clients(Call call, List<StationView> stations, boolean producers) {
        Map<Long, StationView> byId = stations.stream().collect(Collectors.toMap(StationView::id, Function.identity()));
        return json(Waiting.await(StationOperations.stations(call).queries().registered()).stream()
            .filter(client -> client.member().producer() == producers && byId.containsKey(client.member().stationId()))
            .limit(MOST).toList(), byId, call.engine().users());
    }

    static ArrayNode json(List<RegisteredClient> clients, Map<Long, StationView> stations, Users users) {
        ArrayNode answer = Texts.array();
        clients.forEach(client -> answer.add(json(client, stations.get(client.member().stationId()).name(),
            users.find(client.member().user()).map(User::id).orElse(0L))));
        return answer;
    }

    /** Whoever is listed is not deleted. */
    static ObjectNode json(RegisteredClient client, String station, long userId) {
        Member member = client.member();
        ObjectNode n = Texts.object().put("id", member.id()).put("name", member.name()).put("type", member.type())
            .put("connection_id", member.connectionId()).put("created_by", userId).put("created_by_username", member.user())
            .put("created_at", Texts.time(client.createdNanos())).put("station_name", station).put("is_active", client.active())
            .put("is_deleted", false).put("client_address", client.address());
        return member.producer() ? n : n.put("consumers_group", member.group())
            .put("max_ack_time_ms", client.maxAckTimeMillis()).put("max_msg_deliveries", client.maxDeliveries());
    }

    private static ObjectNode noFunctions() {
        ObjectNode answer = Texts.object().put("scm_integrated", false);
        answer.putArray("other");
        answer.putArray("installed");
        answer.putArray("connected_repos");
        return answer;
    }
}
