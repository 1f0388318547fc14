package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.stations.StationMessage;
import org.memphisee.core.stations.StationOverview;
import org.memphisee.core.stations.StationOrder;
import org.memphisee.core.stations.StationSchema;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stations.Tag;

/** Stations (management-api.md M-020 to M-026). */
final class StationOperations {

    private static final int MAX_LISTED = 5_000;
    private static final int MAX_NAME = 128;
    private static final String GONE = "The message was not found since it had probably already been deleted";

    List<Operation> all() {
        return List.of(Operation.get("stations/getStation", this::station),
            Operation.get("stations/getAllStations", this::lightList),
            Operation.get("stations/getStations", this::list),
            Operation.get("stations/getMessageDetails", this::message),
            Operation.post("stations/createStation", this::create),
            Operation.delete("stations/removeStation", this::remove),
            Operation.post("stations/tierdStorageClicked", call -> Texts.object()).looking());
    }

    static StationAdministration stations(Call call) {
        return call.engine().stations();
    }

    /** A station that the caller may look at. */
    static StationView find(Call call, String name) {
        return lookUp(call, name).orElseThrow(() -> StationAdministration.unknown(name));
    }

    /** As {@link #find}; empty when there is none. */
    static Optional<StationView> lookUp(Call call, String name) {
        Optional<StationView> station = Waiting.await(stations(call).queries().find(name));
        station.ifPresent(found -> stations(call).access().requireUse(call.user().name(), found.name()));
        return station;
    }

    /** What the caller may look at, the newest first. */
    static List<StationView> visible(Call call) {
        Permissions permissions = call.engine().users().permissions(call.user().name());
        return Waiting.await(stations(call).queries().list()).stream()
            .filter(station -> permissions.mayUse(station.name())).limit(MAX_LISTED).toList();
    }

    private JsonNode station(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        query.check();
        return StationJson.details(find(call, name), call.engine().users(), StationMoment.of(call));
    }

    private JsonNode lightList(Call call) {
        ArrayNode answer = Texts.array();
        Map<Long, StationSchema> schemas = Waiting.await(call.engine().schemas().ofStations());
        StationMoment now = StationMoment.of(call);
        visible(call).forEach(station -> {
            ObjectNode light = StationJson.light(station, call.engine().users(), now);
            StationSchema schema = schemas.get(station.id());
            if (schema != null) { // the second name is misspelt in the reference
                light.put("schema_name", schema.name()).put("schema_vesrion_number", schema.version());
            }
            answer.add(light);
        });
        return answer;
    }

    /** Ours: the list may be narrowed to stations with one of some tags, of a user, in one kind of storage (F-031). */
    private JsonNode list(Call call) {
        ApiQuery query = call.query();
        Set<String> tags = words(query.text("tags"));
        String user = query.text("user");
        String storage = query.text("storage");
        var answer = Texts.object();
        ArrayNode stations = answer.putArray("stations");
        Map<Long, StationSchema> schemas = Waiting.await(call.engine().schemas().ofStations());
        StationMoment now = StationMoment.of(call);
        visible(call).stream()
            .filter(station -> tags.isEmpty() || station.tags().stream().anyMatch(tag -> tags.contains(tag.name())))
            .filter(station -> user.isEmpty() || station.createdBy().equals(user))
            .filter(station -> storage.isEmpty() || StationJson.disk(station).equals(storage))
            .forEach(station -> stations.add(row(station, schemas.get(station.id()), now)));
        return answer;
    }

    private static ObjectNode row(StationView station, StationSchema schema, StationMoment now) {
        ObjectNode row = StationJson.row(station, now);
        if (schema != null) {
            ((ObjectNode) row.get("station")).put("schema_name", schema.name());
        }
        return row;
    }

    private static Set<String> words(String list) {
        return Stream.of(list.toLowerCase(Locale.ROOT).split(",")).map(String::strip).filter(word -> !word.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    }

    private JsonNode create(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name", MAX_NAME);
        JsonBody dls = body.object("dls_configuration");
        List<Tag> tags = TagOperations.read(body.objects("tags"));
        String storage = body.text("storage_type");
        String schema = body.text("schema_name");
        StationOrder order = new StationOrder(name, body.text("retention_type"), body.number("retention_value"),
            storage.equals("disk") ? "file" : storage, body.number("replicas"),
            body.has("partitions_number") ? body.number("partitions_number") : 1,
            body.number("idempotency_window_in_ms"), dls.flag("poison"), dls.flag("schemaverse"),
            body.text("dls_station"), body.flag("tiered_storage_enabled"), body.text("durability"), tags.isEmpty() ? List.of(Tag.DEFAULT) : tags);
        body.check();
        StationView made = Waiting.await(stations(call).create(call.author(), order, schema));
        ObjectNode answer = StationJson.created(made, StationMoment.of(call));
        Waiting.await(call.engine().schemas().ofStation(made.id())).ifPresent(pinned ->
            answer.put("schema_name", pinned.name()).put("schema_version_number", pinned.version()));
        return answer;
    }

    private JsonNode remove(Call call) {
        JsonBody body = call.body();
        List<String> names = body.requiredTexts("station_names");
        body.check();
        Waiting.await(stations(call).remove(call.author(), names));
        return Texts.object();
    }

    private JsonNode message(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        long partition = query.number("partition_number");
        boolean missingOk = query.flag("missing_ok");
        query.check();
        if (partition == 0) {
            throw ApiFailure.invalid(List.of(new ApiFailure.Invalid("partition_number", "required")));
        }
        Optional<StationView> found = lookUp(call, name);
        if (found.isEmpty() && missingOk) {
            return Texts.object();
        }
        StationView station = found.orElseThrow(() -> StationAdministration.unknown(name));
        stations(call).access().requireRead(call.user().name(), station.name());
        if (query.flag("is_dls")) {
            return DeadLetterOperations.details(call, station.name(), query.number("message_id")).put("function_name", "");
        }
        Optional<StationMessage> message = partition != (int) partition ? Optional.empty()
            : Waiting.await(stations(call).messages().message(station, (int) partition, query.number("message_seq")));
        if (message.isEmpty() && missingOk) {
            return Texts.object();
        }
        return details(call, station, message.orElseThrow(() -> ApiFailure.showable(GONE)));
    }

    private static JsonNode details(Call call, StationView station, StationMessage message) {
        StationOverview overview = Waiting.await(stations(call).queries().overview(station.name(), -1))
            .orElseThrow(() -> StationAdministration.unknown(station.name()));
        DeadLetters letters = call.engine().deadLetters();
        return MessageJson.details(message, overview, Waiting.await(letters.ofMessage(station, message.partition(), message.sequence()))
            .map(letter -> DeadLetterJson.groups(letter, overview, letters.listening(letter))).orElseGet(Texts::array));
    }
}
