package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Stations as the management API tells them, in the words of this program. */
final class Stations {

    private final Tools tools;

    Stations(Tools tools) {
        this.tools = tools;
    }

    /** All that the user may see, the newest first. */
    List<ObjectNode> all() {
        List<ObjectNode> items = new ArrayList<>();
        tools.api().get("stations/getStations").path("stations").forEach(row -> {
            JsonNode station = row.path("station");
            ObjectNode n = head(station).put("partitions", Math.max(1, station.path("partitions_list").size()))
                .put("messages", row.path("total_messages").asLong()).put("active", row.path("activity").asBoolean());
            tags(n, row.path("tags"));
            items.add(n);
        });
        return items;
    }

    private static ObjectNode head(JsonNode station) {
        return Tools.object().put("name", station.path("name").asText())
            .put("retentionType", station.path("retention_type").asText())
            .put("retentionValue", station.path("retention_value").asLong())
            .put("storage", station.path("storage_type").asText()).put("replicas", station.path("replicas").asInt())
            .put("native", station.path("is_native").asBoolean(true))
            .put("createdBy", station.path("created_by_username").asText()).put("created", station.path("created_at").asText());
    }

    private static void tags(ObjectNode n, JsonNode tags) {
        var names = n.putArray("tags");
        tags.forEach(tag -> names.add(tag.path("name").asText()));
    }

    /** A station that was just made. */
    static ObjectNode created(JsonNode answer, int partitions) {
        return head(answer).put("partitions", partitions)
            .put("idempotencyWindowMillis", answer.path("idempotency_window_in_ms").asLong());
    }

    /** One station; ends with "not found" if there is none. */
    ObjectNode one(String name) {
        JsonNode station = tools.api().get("stations/getStation", "station_name", name);
        ObjectNode n = head(station).put("partitions", Math.max(1, station.path("partitions_list").size()))
            .put("idempotencyWindowMillis", station.path("idempotency_window_in_ms").asLong())
            .put("deadLetterStation", station.path("dls_station").asText());
        tags(n, station.path("tags"));
        return n;
    }

    /** What the API knows of clients and messages of a station. */
    JsonNode overview(String name) {
        return tools.api().get("monitoring/getStationOverviewData", "station_name", name, "partition_number", "-1");
    }
}
