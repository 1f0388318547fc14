package org.memphisee.dashboard.api;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationOverview;
import org.memphisee.core.stations.StationView;

/** Dead letters (management-api.md M-023, M-024, M-027, M-028, and more than the reference has). */
final class DeadLetterOperations {

    private static final int MAX_LISTED = 1_000;
    private static final long MILLIS_PER_SECOND = 1_000;

    List<Operation> all() {
        return List.of(Operation.get("stations/getPoisonMessageJourney", this::journey),
            Operation.post("stations/resendPoisonMessages", this::resend),
            Operation.post("stations/dropDlsMessages", this::drop),
            Operation.get("v2/dead-letters", this::list),
            Operation.post("v2/dead-letters/put-back", this::putBack),
            Operation.get("v2/dead-letters/retry", this::retry),
            Operation.put("v2/dead-letters/retry", this::setRetry));
    }

    private static DeadLetters letters(Call call) {
        return call.engine().deadLetters();
    }

    /** Newest first; {@code below} goes on behind the last number of the page before. */
    private JsonNode list(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        Letter.Kind kind = kind(query.text("dls_type"));
        query.check();
        StationView station = StationOperations.find(call, name);
        StationOperations.stations(call).access().requireRead(call.user().name(), station.name());
        long partition = query.number("partition_number");
        long below = query.number("below");
        long limit = query.number("limit");
        ObjectNode n = Texts.object();
        ArrayNode rows = n.putArray("messages");
        if (kind != null) {
            Waiting.await(letters(call).newest(station, partition < 1 ? -1 : (int) Math.min(partition, Integer.MAX_VALUE), kind,
                below < 1 ? Long.MAX_VALUE : below, limit < 1 ? 100 : (int) Math.min(limit, MAX_LISTED)))
                .forEach(letter -> rows.add(DeadLetterJson.row(letter, MessageJson.ROW_BYTES)));
        }
        n.put("total", kind == null ? 0 : kind == Letter.Kind.SCHEMA ? station.deadLetters().schema()
            : station.deadLetters().unacked());
        return n.put("not_kept", station.deadLetters().notKept()).put("gone_for_room", station.deadLetters().forRoom());
    }

    /** The kind that a text means; null for those of functions, of which there are none. */
    static Letter.Kind kind(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "", "poison", "unacked" -> Letter.Kind.UNACKED;
            case "schema", "failed_schema" -> Letter.Kind.SCHEMA;
            default -> null;
        };
    }

    private JsonNode journey(Call call) {
        ApiQuery query = call.query();
        long id = query.number("message_id");
        if (id == 0) {
            throw ApiFailure.invalid(List.of(new ApiFailure.Invalid("message_id", "required")));
        }
        return details(call, "", id);
    }

    /** A letter with its way (M-024). */
    static ObjectNode details(Call call, String station, long id) {
        DeadLetter letter = Waiting.await(letters(call).find(call.user().name(), station, id))
            .orElseThrow(() -> ApiFailure.showable(DeadLetters.GONE));
        StationOverview overview = Waiting.await(StationOperations.stations(call).queries().overview(letter.station(), -1))
            .orElseThrow(() -> StationAdministration.unknown(letter.station()));
        String schemaType = Waiting.await(call.engine().schemas().ofStation(overview.station().id()))
            .map(schema -> schema.type().word()).orElse("");
        return DeadLetterJson.details(letter, overview, letters(call).listening(letter), schemaType);
    }

    private JsonNode resend(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        Set<Long> ids = Set.copyOf(body.requiredNumbers("poison_message_ids"));
        body.check();
        StationView station = StationOperations.find(call, name);
        if (ids.isEmpty()) {
            Waiting.await(letters(call).resendAll(call.author(), station));
        } else {
            Waiting.await(letters(call).resend(call.author(), station, ids));
        }
        return Texts.object();
    }

    private JsonNode drop(Call call) {
        JsonBody body = call.body();
        Letter.Kind kind = kind(body.requiredText("dls_type"));
        Set<Long> ids = Set.copyOf(body.requiredNumbers("dls_message_ids"));
        String name = body.requiredText("station_name");
        body.check();
        StationView station = StationOperations.find(call, name);
        if (kind != null) {
            Waiting.await(letters(call).drop(call.author(), station, kind, ids));
        }
        return Texts.object();
    }

    /** When dead letters of a station are given to their groups again by themselves. */
    private JsonNode retry(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        query.check();
        StationView station = StationOperations.find(call, name);
        RetryPolicy policy = Waiting.await(letters(call).retries().of(call.user().name(), station));
        ObjectNode n = Texts.object().put("station_name", station.name()).put("maximum", policy.maximum());
        ArrayNode delays = n.putArray("delays_sec");
        policy.delaysMillis().forEach(delay -> delays.add(delay / MILLIS_PER_SECOND));
        return n;
    }

    /** The same from now on; no delays mean never. */
    private JsonNode setRetry(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        List<Long> delays = body.requiredNumbers("delays_sec");
        long maximum = body.number("maximum");
        body.require(delays.isEmpty() || body.has("maximum"), "maximum", "required");
        body.check();
        StationView station = StationOperations.find(call, name);
        RetryPolicy policy = delays.isEmpty() ? RetryPolicy.NONE
            : new RetryPolicy(delays.stream().map(DeadLetterOperations::millis).toList(),
                (int) Math.max(-1, Math.min(maximum, Integer.MAX_VALUE)));
        Waiting.await(letters(call).retries().set(call.author(), station, policy));
        return Texts.object();
    }

    private static long millis(long seconds) {
        return seconds < 0 || seconds > Integer.MAX_VALUE ? Long.MAX_VALUE : seconds * MILLIS_PER_SECOND;
    }

    /** Puts a message into its station again, for all groups, perhaps with other headers and another payload (hex). */
    private JsonNode putBack(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("station_name");
        long id = body.requiredNumber("message_id");
        Map<String, String> headers = body.has("headers") ? body.textsByName("headers") : null;
        byte[] payload = null;
        if (body.has("data")) {
            try {
                payload = HexFormat.of().parseHex(body.text("data"));
            } catch (IllegalArgumentException e) {
                body.require(false, "data", "hexadecimal digits");
            }
        }
        body.check();
        StationView station = StationOperations.find(call, name);
        Waiting.await(letters(call).putBack(call.author(), station, id, headers, payload));
        return Texts.object();
    }
}
