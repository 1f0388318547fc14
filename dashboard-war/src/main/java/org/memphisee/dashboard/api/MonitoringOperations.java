package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.audit.AuditQuery;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.observe.FlowHistory;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationMessages;
import org.memphisee.core.stations.StationOverview;
import org.memphisee.core.stations.StationView;
import org.memphisee.ejb.ProductVersion;

/** State of the server and overviews of stations (management-api.md M-000, M-060 to M-062, M-065, M-066), and its throughput. */
final class MonitoringOperations {

    private static final int MAX_MESSAGES = 1_000;
    private static final int MAX_PREVIEW_BYTES = 256;
    /** Overviews with messages read at a time: each may hold some megabytes. */
    private static final int READERS = 4;
    private static final long READER_WAIT_SECONDS = 5;

    private final Semaphore readers = new Semaphore(READERS, true);
    private final MainOverview main;

    MonitoringOperations(MainOverview main) {
        this.main = main;
    }

    List<Operation> all() {
        return List.of(Operation.get("status", call -> Texts.object().put("message", "Ok")).withoutToken(),
            Operation.get("monitoring/getClusterInfo", call -> Texts.object().put("version",
                ProductVersion.current())).withoutToken(),
            Operation.get("monitoring/getAvailableReplicas", call -> Texts.object().put("available_replicas", call.engine().liveBrokers())),
            Operation.get("monitoring/getSystemGeneralInfo", this::counts),
            Operation.get("monitoring/getMainOverviewData", main::answer),
            Operation.get("monitoring/getStationOverviewData", this::overview),
            Operation.get("v2/metrics/series", MonitoringOperations::series));
    }

    /** What went through, from what the broker keeps (dashboard.md D-02). */
    private static JsonNode series(Call call) {
        ApiQuery query = call.query();
        long now = System.currentTimeMillis();
        long to = query.number("to") > 0 ? query.number("to") : now;
        long from = query.number("from") > 0 ? query.number("from") : to - FlowHistory.Step.SECOND.reachMillis();
        FlowHistory.Step step = step(query.number("step"), now - from);
        ObjectNode n = Texts.object().put("step", step.seconds());
        ArrayNode points = n.putArray("points");
        call.engine().history().points(step, from, to).forEach(p -> points.addArray().add(p.atMillis())
            .add(rounded(p.stored())).add(rounded(p.delivered())).add(rounded(p.inBytes())).add(rounded(p.outBytes())));
        return n;
    }

    /** The wanted one, or a coarser one that is kept; without a wish the finest that reaches back so far. */
    static FlowHistory.Step step(long wantedSeconds, long backMillis) {
        for (FlowHistory.Step step : FlowHistory.Step.values()) {
            if (wantedSeconds > 0 ? step.seconds() >= wantedSeconds : step.reachMillis() >= backMillis) {
                return step;
            }
        }
        return FlowHistory.Step.MINUTE;
    }

    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }

    private JsonNode counts(Call call) {
        return Texts.object().put("total_amount_brokers", call.engine().brokers())
            .put("total_stations", StationOperations.visible(call).size())
            .put("total_users", call.engine().users().list().size()).put("total_schemas", Waiting.await(call.engine().schemas().list()).size());
    }

    private JsonNode overview(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        query.check();
        long number = query.number("partition_number");
        long wanted = query.number("preview_bytes");
        boolean missingOk = query.flag("missing_ok");
        int preview = wanted <= 0 ? MessageJson.ROW_BYTES : (int) Math.min(wanted, MAX_PREVIEW_BYTES);
        int partition = number <= 0 ? -1 : (int) Math.min(number, Integer.MAX_VALUE);
        Optional<StationView> station = StationOperations.lookUp(call, name);
        if (station.isEmpty() && missingOk) {
            return Texts.object();
        }
        StationView found = station.orElseThrow(() -> StationAdministration.unknown(name));
        if (partition > 0 && !found.partitions().contains(partition)) {
            throw ApiFailure.showable("Partition number " + partition + " does not exist");
        }
        StationAdministration stations = StationOperations.stations(call);
        StationOverview overview = Waiting.await(stations.queries().overview(found.name(), partition))
            .orElseThrow(() -> StationAdministration.unknown(name));
        Permissions permissions = call.engine().users().permissions(call.user().name());
        StationMessages.Newest messages = permissions.mayRead(found.name())
            ? messages(stations, overview.station(), partition) : new StationMessages.Newest(List.of(), List.of());
        ObjectNode answer = json(overview, messages, permissions, preview, StationMoment.of(call));
        AuditLogJson.write(answer.putArray("audit_logs"), found.name(), Waiting.await(call.engine().audit().find(
            call.user().name(), AuditQuery.ofStation(found.name()), 0, AuditLogJson.MAX_LINES)).entries(), call.engine().users());
        Waiting.await(call.engine().schemas().ofStation(found.id())).ifPresent(schema ->
            answer.set("schema", SchemaJson.ofStation(schema)));
        if (permissions.mayRead(found.name())) {
            deadLetters(call, found, partition, answer, preview);
        }
        return answer;
    }

    private static void deadLetters(Call call, StationView station, int partition, ObjectNode n, int preview) {
        for (Letter.Kind kind : Letter.Kind.values()) {
            ArrayNode rows = n.putArray(kind == Letter.Kind.SCHEMA ? "schema_failed_messages" : "poison_messages");
            try {
                Waiting.await(call.engine().deadLetters().newest(station, partition, kind, Long.MAX_VALUE, MAX_MESSAGES))
                    .forEach(letter -> rows.add(DeadLetterJson.row(letter, preview)));
            } catch (ApiFailure failure) {
                if (failure.status() != ApiFailure.UNAVAILABLE) {
                    throw failure;
                }
                problem(n, failure.body().path("message").asText()); // the rest of the page is of use
            }
        }
    }

    /** Each is said once. */
    private static void problem(ObjectNode n, String text) {
        ArrayNode problems = n.withArray("message_problems");
        for (JsonNode known : problems) {
            if (known.asText().equals(text)) {
                return;
            }
        }
        problems.add(text);
    }

    private StationMessages.Newest messages(StationAdministration stations, StationView station, int partition) {
        try {
            if (!readers.tryAcquire(READER_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw ApiFailure.of(ApiFailure.UNAVAILABLE, "Too many people look at messages, try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.of(ApiFailure.UNAVAILABLE, "The server is stopping");
        }
        try {
            return Waiting.await(stations.messages().newest(station, partition, MAX_MESSAGES));
        } finally {
            readers.release();
        }
    }

    private static ObjectNode json(StationOverview overview, StationMessages.Newest messages,
                                   Permissions permissions, int preview, StationMoment now) {
        StationView station = overview.station();
        ObjectNode n = Texts.object();
        ClientJson.write(n, overview);
        n.put("total_messages", overview.messages())
            .put("average_message_size", overview.messages() == 0 ? 0 : overview.bytes() / overview.messages());
        ArrayNode rows = n.putArray("messages");
        messages.rows().forEach(row -> rows.add(MessageJson.row(row, station.nativeStation(), preview)));
        ArrayNode problems = n.putArray("message_problems"); // ours: what of the list cannot be read, and what helps
        messages.problems().forEach(problems::add);
        n.putArray("poison_messages");
        n.putArray("schema_failed_messages");
        n.putArray("functions_failed_messages");
        n.set("tags", StationJson.tags(station));
        overview.followers().forEach(n.put("leader", overview.leader()).putArray("followers")::add);
        n.putObject("schema");
        n.put("idempotency_window_in_ms", station.windowMillis()).put("dls_configuration_poison", station.dlsPoison())
            .put("dls_configuration_schemaverse", station.dlsSchemaverse()).put("total_dls_messages", overview.deadLetters().total())
            .put("tiered_storage_enabled", now.tiered(station)).put("created_by_username", station.createdBy())
            .put("resend_disabled", now.resending(station)).put("functions_enabled", false).put("max_amount_of_allowed_producers", -1);
        n.putArray("source_connectors");
        n.putArray("sink_connectors");
        ArrayNode deadLettersOf = n.putArray("act_as_dls_station_in_stations");
        overview.deadLettersOf().stream().filter(permissions::mayUse).forEach(deadLettersOf::add);
        return n;
    }
}
