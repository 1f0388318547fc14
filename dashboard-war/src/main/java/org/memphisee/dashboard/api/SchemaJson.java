package org.memphisee.dashboard.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.User;
import org.memphisee.core.access.Users;
import org.memphisee.core.stations.SchemaView;
import org.memphisee.core.stations.StationSchema;

/** Schemas in answers (management-api.md M-029 to M-031, M-040 to M-046). */
final class SchemaJson {

    private static final String TENANT = "$memphis";

    private SchemaJson() { }

    private static long userId(Users users, String name) {
        return users.find(name).map(User::id).orElse(0L);
    }

    private static ArrayNode tags(SchemaView schema) {
        ArrayNode tags = Texts.array();
        schema.tags().forEach(tag -> tags.addObject().put("name", tag.name()).put("color", tag.color()));
        return tags;
    }

    /** M-040. */
    static ObjectNode created(SchemaView schema) {
        return Texts.object().put("id", schema.id()).put("name", schema.name()).put("type", schema.type().word())
            .put("created_by_username", schema.createdBy()).put("tenant_name", TENANT);
    }

    /** M-041. */
    static ObjectNode row(SchemaView schema, Users users) {
        ObjectNode n = Texts.object().put("id", schema.id()).put("name", schema.name()).put("type", schema.type().word())
            .put("created_by", userId(users, schema.createdBy())).put("created_by_username", schema.createdBy())
            .put("created_at", Texts.time(schema.createdNanos())).put("active_version_number", schema.active())
            .put("used", !schema.stations().isEmpty()).put("compatibility", schema.compatibility().word());
        n.set("tags", tags(schema));
        return n;
    }

    /** M-042. */
    static ObjectNode details(SchemaView schema, Users users) {
        ObjectNode n = Texts.object().put("id", schema.id()).put("schema_name", schema.name()).put("type", schema.type().word());
        ArrayNode versions = n.putArray("versions");
        schema.versions().forEach(version -> versions.addObject().put("id", schema.id()).put("version_number", version.number())
            .put("active", version.number() == schema.active()).put("created_by", userId(users, version.createdBy()))
            .put("created_by_username", version.createdBy()).put("created_at", Texts.time(version.createdNanos()))
            .put("schema_content", version.content()).put("schema_id", schema.id())
            .put("message_struct_name", version.messageName()).put("descriptor", version.descriptor())
            .put("tenant_name", TENANT));
        ArrayNode stations = n.putArray("used_stations");
        schema.stations().keySet().forEach(stations::add);
        n.set("tags", tags(schema));
        return n.put("created_by_username", schema.createdBy()).put("compatibility", schema.compatibility().word());
    }

    /** M-062: what a station has. */
    static ObjectNode ofStation(StationSchema schema) {
        return Texts.object().put("name", schema.name()).put("schema_type", schema.type().word())
            .put("version_number", schema.version()).put("updates_available", schema.updatesAvailable())
            .put("enforcement", schema.enforcement().word());
    }
}
