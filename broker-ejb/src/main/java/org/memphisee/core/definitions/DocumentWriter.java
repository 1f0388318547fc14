package org.memphisee.core.definitions;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.stations.GroupRequest;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stations.Tag;

/**
 * Writes documents: members in the order of the format, things by name, so that two documents of the same definitions differ in their
 * time alone. Its objects are also what comparisons look at. Any thread.
 */
final class DocumentWriter {

    private DocumentWriter() { }

    /**
     * The document.
     *
     * @param product the release that writes it
     * @param nanos when, nanoseconds since the epoch
     */
    static ObjectNode write(DefinitionsDocument document, String product, long nanos) {
        ObjectNode root = object().put("format", DefinitionsDocument.FORMAT).put("version", DefinitionsDocument.VERSION)
            .put("product", product).put("time", Instant.ofEpochSecond(nanos / 1_000_000_000L).toString());
        document.settings().forEach(root.putObject("settings")::put);
        ArrayNode users = root.putArray("users");
        document.users().forEach(user -> users.add(user(user)));
        tags(root, document.tags());
        ArrayNode schemas = root.putArray("schemas");
        document.schemas().forEach(schema -> schemas.add(schema(schema)));
        ArrayNode stations = root.putArray("stations");
        document.stations().forEach(station -> stations.add(whole(station)));
        ArrayNode integrations = root.putArray("integrations");
        document.integrations().forEach(integration -> integrations.add(integration(integration)));
        return root;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A user; the hash of its password only when there is one. */
    static ObjectNode user(UserItem user) {
        UserProfile profile = user.profile();
        ObjectNode n = object().put("name", user.name()).put("type", user.type()).put("role", user.role())
            .put("full_name", profile.fullName()).put("team", profile.team()).put("position", profile.position())
            .put("description", profile.description()).put("owner", profile.owner()).put("avatar_id", profile.avatarId()).put("skip_get_started", profile.skipGetStarted());
        PermissionPatterns patterns = user.permissions();
        ObjectNode permissions = n.putObject("permissions");
        texts(permissions, "allow_read", patterns.allowRead());
        texts(permissions, "allow_write", patterns.allowWrite());
        texts(permissions, "deny_read", patterns.denyRead());
        texts(permissions, "deny_write", patterns.denyWrite());
        return user.passwordHash().isEmpty() ? n : n.put("password_hash", user.passwordHash());
    }

    static ObjectNode tag(Tag tag) {
        return object().put("name", tag.name()).put("color", tag.color());
    }

    static ObjectNode schema(SchemaItem schema) {
        ObjectNode n = object().put("name", schema.name()).put("type", schema.type().word())
            .put("compatibility", schema.compatibility().word());
        tags(n, schema.tags());
        n.put("active", schema.active());
        ArrayNode versions = n.putArray("versions");
        schema.versions().forEach(v -> versions.addObject().put("number", versions.size()).put("content", v.content())
            .put("message_name", v.messageName()));
        return n;
    }

    /** A station without its schema and groups. */
    static ObjectNode station(StationRequest r) {
        ObjectNode n = object().put("name", r.name()).put("retention_type", StationItem.retention(r))
            .put("retention_value", r.retentionValue()).put("storage_type", StationItem.storage(r)).put("replicas", r.replicas())
            .put("partitions", r.partitions()).put("idempotency_window_ms", r.windowMillis())
            .put("durability", StationItem.durability(r)).put("dls_poison", r.dlsPoison())
            .put("dls_schemaverse", r.dlsSchemaverse()).put("dls_station", r.dlsStation()).put("tiered_storage", r.tieredStorage());
        tags(n, r.tags());
        return n;
    }

    private static ObjectNode whole(StationItem station) {
        ObjectNode n = station(station.request());
        station.schema().ifPresent(pin -> n.set("schema", pin(pin)));
        station.retry().ifPresent(retry -> n.set("dls_retry", retry(retry)));
        ArrayNode groups = n.putArray("groups");
        station.groups().forEach(g -> groups.add(group(g).put("start_from_sequence", g.startFromSequence())
            .put("last_messages", g.lastMessages())));
        return n;
    }

    static ObjectNode pin(StationItem.Pin pin) {
        return object().put("name", pin.schema()).put("version", pin.version()).put("enforcement", pin.enforcement().word());
    }

    static ObjectNode retry(RetryPolicy retry) {
        ObjectNode n = object();
        ArrayNode delays = n.putArray("delays_ms");
        retry.delaysMillis().forEach(delays::add);
        return n.put("maximum", retry.maximum());
    }

    /** A group without where it began, which cannot be changed any more. */
    static ObjectNode group(GroupRequest group) {
        return object().put("name", group.name()).put("max_ack_time_ms", group.maxAckTimeMillis())
            .put("max_deliveries", group.maxDeliveries());
    }

    static ObjectNode integration(IntegrationItem integration) {
        ObjectNode n = object().put("name", integration.name());
        integration.keys().forEach(n.putObject("keys")::put);
        texts(n, "on", integration.on());
        return n;
    }

    private static void tags(ObjectNode n, List<Tag> tags) {
        ArrayNode array = n.putArray("tags");
        tags.forEach(tag -> array.add(tag(tag)));
    }

    private static void texts(ObjectNode n, String name, Collection<String> texts) {
        ArrayNode array = n.putArray(name);
        texts.forEach(array::add);
    }
}
