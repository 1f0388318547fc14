package org.memphisee.dashboard.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.stations.StationMessage;
import org.memphisee.core.stations.StationOverview;

/** Stored messages in answers (management-api.md 2, MessageRow and MessagePayload). */
final class MessageJson {

    /** Bytes of the payload in a row, as the reference has it. */
    static final int ROW_BYTES = 40;
    static final String INTERNAL = "$memphis";
    static final String PRODUCED_BY = "$memphis_producedBy";
    private static final String CONNECTION = "$memphis_connectionId";

    private MessageJson() { }

    /** A row of the list, with the beginning of the payload. */
    static ObjectNode row(StationMessage message, boolean nativeStation, int payloadBytes) {
        Map<String, String> headers = headers(message.header());
        ObjectNode n = Texts.object().put("message_seq", message.sequence())
            .put("produced_by", nativeStation ? headers.getOrDefault(PRODUCED_BY, "").toLowerCase(Locale.ROOT) : "")
            .put("data", Texts.hex(message.payload(), 2 * payloadBytes))
            .put("created_at", Texts.time(message.timestampNanos()))
            .put("connection_id", nativeStation ? headers.getOrDefault(CONNECTION, "") : "")
            .put("size", size(message)).put("payload_size", message.payload().length);
        users(n.putObject("headers"), headers);
        return n.put("partition", message.partition());
    }

    /** M-023 for a stored message; {@code overview} is of its station, and {@code gaveUp} are the groups that gave it up. */
    static ObjectNode details(StationMessage message, StationOverview overview, ArrayNode gaveUp) {
        Map<String, String> headers = headers(message.header());
        String producer = overview.station().nativeStation() ? headers.getOrDefault(PRODUCED_BY, "").toLowerCase(Locale.ROOT) : "";
        ObjectNode n = Texts.object().put("message_seq", message.sequence());
        n.putObject("producer").put("name", producer.isEmpty() ? "unknown" : producer).put("is_active",
            ClientJson.producing(overview, producer));
        n.set("poisoned_cgs", gaveUp);
        ObjectNode payload = n.putObject("message").put("time_sent", Texts.time(message.timestampNanos()))
            .put("size", size(message)).put("data", Texts.hex(message.payload(), Integer.MAX_VALUE));
        users(payload.putObject("headers"), headers);
        return n;
    }

    private static int size(StationMessage message) {
        return message.header().length + message.payload().length;
    }

    private static void users(ObjectNode n, Map<String, String> headers) {
        headers.forEach((name, value) -> {
            if (!name.startsWith(INTERNAL)) {
                n.put(name, value);
            }
        });
    }

    /** The lines of a header block; of a name that comes twice the first. */
    static Map<String, String> headers(byte[] block) {
        Map<String, String> headers = new LinkedHashMap<>();
        String[] lines = new String(block, StandardCharsets.UTF_8).split("\r\n");
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
            }
        }
        return headers;
    }
}
