package org.memphisee.dashboard.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.stations.StationChange;
import org.memphisee.core.stations.StationView;

/** Changes of stations that are in use (management-api.md M-032, M-036, M-037, and more than the reference has). */
final class StationChangeOperations {

    private static final int MAX_NAME = 128;

    List<Operation> all() {
        return List.of(Operation.put("stations/updateStation", this::update),
            Operation.post("stations/addPartitions", this::grow),
            Operation.put("stations/updateDlsConfig", this::deadLetters),
            Operation.post("stations/attachDlsStation", this::attach),
            Operation.delete("stations/detachDlsStation", this::detach));
    }

    private JsonNode update(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        Optional<String> type = body.has("retention_type") ? Optional.of(body.text("retention_type")) : Optional.empty();
        Optional<Long> value = body.has("retention_value") ? Optional.of(body.number("retention_value")) : Optional.empty();
        Optional<Long> window = body.has("idempotency_window_in_ms") ? Optional.of(body.number("idempotency_window_in_ms"))
            : Optional.empty();
        JsonBody dls = body.object("dls_configuration");
        Optional<Boolean> poison = dls.has("poison") ? Optional.of(dls.flag("poison")) : Optional.empty();
        Optional<Boolean> schemaverse = dls.has("schemaverse") ? Optional.of(dls.flag("schemaverse")) : Optional.empty();
        Optional<String> station = body.has("dls_station") ? Optional.of(body.text("dls_station")) : Optional.empty();
        Optional<String> durability = body.has("durability") ? Optional.of(body.text("durability")) : Optional.empty();
        Optional<Boolean> tiered = body.has("tiered_storage_enabled") ? Optional.of(body.flag("tiered_storage_enabled"))
            : Optional.empty();
        body.check();
        return StationJson.details(change(call, new StationChange(name, type, value, window, poison, schemaverse, station,
            durability, tiered)), call.engine().users(), StationMoment.of(call));
    }

    private JsonNode grow(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        long partitions = body.requiredNumber("partitions_number");
        boolean known = body.flag("accept_key_change");
        body.check();
        return StationJson.details(Waiting.await(StationOperations.stations(call).grow(call.author(), name, partitions,
            known)), call.engine().users(), StationMoment.of(call));
    }

    private JsonNode deadLetters(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        boolean poison = body.flag("poison");
        boolean schemaverse = body.flag("schemaverse");
        body.check();
        StationView station = change(call, StationChange.deadLetters(name, poison, schemaverse));
        return Texts.object().put("poison", station.dlsPoison()).put("schemaverse", station.dlsSchemaverse());
    }

    private JsonNode attach(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name", MAX_NAME);
        List<String> stations = body.requiredTexts("station_names");
        body.check();
        changeAll(call, stations, name);
        return StationJson.created(StationOperations.find(call, name), StationMoment.of(call));
    }

    private JsonNode detach(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name", MAX_NAME);
        List<String> stations = body.requiredTexts("station_names");
        body.check();
        StationView dead = StationOperations.find(call, name);
        List<String> attached = stations.stream().map(station -> StationOperations.find(call, station))
            .filter(station -> station.dlsStation().equals(dead.name())).map(StationView::name).toList();
        changeAll(call, attached, "");
        return Texts.object();
    }

    /** All of them are looked up before the first is changed. */
    private static void changeAll(Call call, List<String> stations, String deadLetterStation) {
        stations.forEach(station -> {
            StationView found = StationOperations.find(call, station);
            StationOperations.stations(call).access().requireWrite(call.user().name(), found.name());
        });
        List<CompletableFuture<StationView>> changes = new ArrayList<>();
        for (String station : stations) {
            changes.add(StationOperations.stations(call).change(call.author(),
                StationChange.deadLetterStation(station, deadLetterStation)));
        }
        changes.forEach(Waiting::await);
    }

    private static StationView change(Call call, StationChange change) {
        return Waiting.await(StationOperations.stations(call).change(call.author(), change));
    }
}
