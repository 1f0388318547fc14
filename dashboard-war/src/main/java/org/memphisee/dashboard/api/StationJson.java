package org.memphisee.dashboard.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stream.StreamConfig.Durability;
import org.memphisee.core.stream.StreamConfig.Storage;

/** Stations in answers (management-api.md M-020 to M-025). */
final class StationJson {

    private StationJson() { }

    static ArrayNode tags(StationView station) {
        ArrayNode tags = Texts.array();
        station.tags().forEach(tag -> tags.addObject().put("name", tag.name()).put("color", tag.color()));
        return tags;
    }

    static String disk(StationView station) {
        return station.storage() == Storage.FILE ? "disk" : "memory";
    }

    private static String file(StationView station) {
        return station.storage() == Storage.FILE ? "file" : "memory";
    }

    private static ArrayNode partitions(StationView station) {
        ArrayNode numbers = Texts.array();
        station.partitions().forEach(numbers::add);
        return numbers;
    }

    private static long userId(Users users, String name) {
        return users.find(name).map(User::id).orElse(0L);
    }

    private static ObjectNode functions(ObjectNode n) {
        return n.put("functions_lock_held", false).put("functions_locked_at", Texts.NEVER);
    }

    private static ObjectNode head(StationView station, String storage) {
        return Texts.object().put("id", station.id()).put("name", station.name())
            .put("retention_type", station.retention().apiKind()).put("retention_value", station.retention().value())
            .put("storage_type", storage).put("replicas", station.replicas());
    }

    /** Ours: when a publish is acknowledged. */
    private static String durability(StationView station) {
        return station.durability() == Durability.ALWAYS ? "fsync" : "interval";
    }

    /** M-020. {@code now} is the moment's state, here and below. */
    static ObjectNode details(StationView station, Users users, StationMoment now) {
        ObjectNode n = head(station, disk(station)).put("created_by", userId(users, station.createdBy()))
            .put("created_by_username", station.createdBy()).put("created_at", Texts.time(station.createdNanos()))
            .put("last_update", Texts.NEVER).put("is_deleted", false);
        n.set("tags", tags(station));
        n.put("idempotency_window_in_ms", station.windowMillis()).put("is_native", station.nativeStation());
        n.putObject("dls_configuration").put("poison", station.dlsPoison())
            .put("schemaverse", station.dlsSchemaverse());
        n.put("tiered_storage_enabled", now.tiered(station)).put("resend_disabled", now.resending(station));
        n.set("partitions_list", partitions(station));
        return functions(n.put("partitions_number", station.partitions().size()).put("durability", durability(station))
            .put("dls_station", station.dlsStation()));
    }

    /** M-021. */
    static ObjectNode light(StationView station, Users users, StationMoment now) {
        ObjectNode n = head(station, file(station)).put("created_by", userId(users, station.createdBy()))
            .put("created_by_username", station.createdBy()).put("created_at", Texts.time(station.createdNanos()))
            .put("updated_at", Texts.NEVER).put("total_messages", station.messages());
        n.set("tags", tags(station));
        n.put("idempotency_window_in_ms", station.windowMillis()).put("is_native", station.nativeStation())
            .put("dls_configuration_poison", station.dlsPoison())
            .put("dls_configuration_schemaverse", station.dlsSchemaverse()).put("has_dls_messages", station.deadLetters()
                .total() > 0)
            .put("activity", station.active()).put("tenant_name", "$memphis").put("tiered_storage_enabled", now.tiered(station))
                .put("resend_disabled", now.resending(station));
        n.set("partitions_list", partitions(station));
        return functions(n.put("version", station.version()).put("dls_station", station.dlsStation()));
    }

    /** M-022. */
    static ObjectNode row(StationView station, StationMoment now) {
        ObjectNode row = Texts.object();
        ObjectNode n = head(station, disk(station)).put("created_by_username", station.createdBy())
            .put("created_at", Texts.time(station.createdNanos())).put("updated_at", Texts.NEVER)
            .put("is_native", station.nativeStation()).put("tiered_storage_enabled", now.tiered(station)).put("tenant_name", "")
            .put("resend_disabled", now.resending(station));
        n.set("partitions_list", partitions(station));
        row.set("station", functions(n.put("version", station.version()).put("dls_station", station.dlsStation())));
        row.put("total_messages", station.messages()).put("posion_messages", station.deadLetters().unacked());
        row.set("tags", tags(station));
        return row.put("has_dls_messages", station.deadLetters().total() > 0).put("activity", station.active());
    }

    /** M-025. */
    static ObjectNode created(StationView station, StationMoment now) {
        return head(station, disk(station)).put("created_by_username", station.createdBy())
            .put("created_at", Texts.time(station.createdNanos())).put("last_update", Texts.NEVER)
            .put("is_deleted", false).put("schema_name", "").put("schema_version_number", 0)
            .put("idempotency_window_in_ms", station.windowMillis())
            .put("dls_configuration_poison", station.dlsPoison())
            .put("dls_configuration_schemaverse", station.dlsSchemaverse()).put("tiered_storage_enabled", now.tiered(station))
            .put("resend_disabled", now.resending(station)).put("dls_station", station.dlsStation());
    }
}
