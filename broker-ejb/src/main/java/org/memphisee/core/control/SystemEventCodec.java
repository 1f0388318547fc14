package org.memphisee.core.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;


/**
 * The stored form of events and snapshots: JSON with {@code v} (format version) and {@code event} (its type), members named
 * like the record components. Unknown members are ignored; a missing member, a newer version or an unknown type is
 * refused with a {@link FormatException}, because skipping or guessing would change what it folds to. A type that gets a
 * member that must not be overlooked gets a new version, and older ones are completed on reading. Thread-safe.
 */
public final class SystemEventCodec {

    /** Version of snapshots, and of events unless {@link #VERSIONS} says otherwise. */
    private static final int VERSION = 1;
    private static final String USER_CREATED = "user_created";
    private static final String STATION_CREATED = "station_created";
    private static final String GROUP_DEFINED = "group_defined";
    /**
     * Version 2 of {@code user_created} has permissions, of {@code station_created} colours of tags, of
     * {@code group_defined} how its consumers were made; version 3 of {@code station_created} how its partitions were made.
     */
    private static final Map<String, Integer> VERSIONS = Map.of(USER_CREATED, 2, STATION_CREATED, 3, GROUP_DEFINED, 2);

    private static final Map<String, Class<? extends SystemEvent>> TYPES = new TreeMap<>(Map.ofEntries(
        Map.entry("stream_created", SystemEvent.StreamCreated.class),
        Map.entry("stream_updated", SystemEvent.StreamUpdated.class),
        Map.entry("stream_deleted", SystemEvent.StreamDeleted.class),
        Map.entry("consumer_defined", SystemEvent.ConsumerDefined.class),
        Map.entry("consumer_updated", SystemEvent.ConsumerUpdated.class),
        Map.entry("consumer_removed", SystemEvent.ConsumerRemoved.class),
        Map.entry(STATION_CREATED, SystemEvent.StationCreated.class),
        Map.entry("station_deleted", SystemEvent.StationDeleted.class),
        Map.entry(GROUP_DEFINED, SystemEvent.GroupDefined.class),
        Map.entry("group_updated", SystemEvent.GroupUpdated.class),
        Map.entry("group_removed", SystemEvent.GroupRemoved.class),
        Map.entry("member_registered", SystemEvent.MemberRegistered.class),
        Map.entry("members_removed", SystemEvent.MembersRemoved.class),
        Map.entry(USER_CREATED, SystemEvent.UserCreated.class),
        Map.entry("user_password_changed", SystemEvent.UserPasswordChanged.class),
        Map.entry("user_profile_changed", SystemEvent.UserProfileChanged.class),
        Map.entry("user_logged_in", SystemEvent.UserLoggedIn.class),
        Map.entry("user_removed", SystemEvent.UserRemoved.class),
        Map.entry("setting_changed", SystemEvent.SettingChanged.class)));

    private static final JsonMapper MAPPER = JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .build();

    private SystemEventCodec() { }

    /** Names of the event types, as stored. */
    public static List<String> typeNames() {
        return List.copyOf(TYPES.keySet());
    }

    /** Name of the event's type, as stored. */
    public static String typeName(SystemEvent event) {
        for (Map.Entry<String, Class<? extends SystemEvent>> type : TYPES.entrySet()) {
            if (type.getValue() == event.getClass()) {
                return type.getKey();
            }
        }
        throw new IllegalStateException("no stored type for " + event.getClass());
    }

    /** The stored form of one event. */
    public static byte[] encode(SystemEvent event) {
        return bytes(tree(event));
    }

    /** Reads one event back. */
    public static SystemEvent decode(byte[] bytes) throws FormatException {
        return event(parse(bytes, "system event"));
    }

    /** The stored form of a snapshot; its index is stored beside it. */
    public static byte[] encodeSnapshot(DefinitionsSnapshot snapshot) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("v", VERSION);
        node.put("nextId", snapshot.nextId());
        ArrayNode events = node.putArray("events");
        snapshot.events().forEach(event -> events.add(tree(event)));
        return bytes(node);
    }

    /** Reads a snapshot back. */
    public static DefinitionsSnapshot decodeSnapshot(long index, byte[] bytes) throws FormatException {
        JsonNode node = parse(bytes, "system snapshot");
        checkVersion(node, "system snapshot", VERSION);
        List<SystemEvent> events = new ArrayList<>();
        for (JsonNode event : node.path("events")) {
            events.add(event(event));
        }
        return new DefinitionsSnapshot(index, node.path("nextId").asLong(1), events);
    }

    private static ObjectNode tree(SystemEvent event) {
        ObjectNode node = MAPPER.createObjectNode();
        String type = typeName(event);
        node.put("v", version(type));
        node.put("event", type);
        node.setAll((ObjectNode) MAPPER.valueToTree(event));
        return node;
    }

    private static SystemEvent event(JsonNode node) throws FormatException {
        String type = node.path("event").asText("");
        int version = checkVersion(node, "system event", version(type));
        Class<? extends SystemEvent> target = TYPES.get(type);
        if (target == null) {
            throw new FormatException("unknown system event type \"" + type + "\"; a newer release wrote it", null);
        }
        try {
            return MAPPER.treeToValue(completed(type, version, (ObjectNode) node), target);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new FormatException("system event of type " + type + " does not read: " + e.getMessage(), e);
        }
    }

    private static int version(String type) {
        return VERSIONS.getOrDefault(type, VERSION);
    }

    /**
     * An event of an older version, with the members that its type has got since. Placement came without a version of
     * its own: it is only shown, so an older release may overlook it.
     */
    private static ObjectNode completed(String type, int version, ObjectNode event) {
        if (type.equals(USER_CREATED) && version == 1) {
            event.set("permissions", MAPPER.valueToTree(SystemEvent.StationPatterns.NONE));
        }
        if (type.equals(STATION_CREATED) && version == 1) {
            event.set("tagColors", MAPPER.createObjectNode());
        }
        if (type.equals(STATION_CREATED) && version < 3) {
            event.set(StoredConfigs.CONFIG, OldLayouts.partitions(event));
        }
        if (type.equals(GROUP_DEFINED) && version == 1) {
            event.set(StoredConfigs.CONFIG, OldLayouts.consumers(event));
        }
        StoredConfigs.complete(type, event);
        return event;
    }

    private static int checkVersion(JsonNode node, String what, int newest) throws FormatException {
        int version = node.path("v").asInt(0);
        if (version < 1 || version > newest) {
            throw new FormatException(what + " has format version " + version + ", readable are 1 to " + newest, null);
        }
        return version;
    }

    private static JsonNode parse(byte[] bytes, String what) throws FormatException {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw new FormatException(what + " is not a JSON object", null);
            }
            return node;
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException(what + " is not JSON: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always writable", e);
        }
    }

    /** Stored bytes do not read; the message says which part. */
    public static final class FormatException extends IOException {
        private static final long serialVersionUID = 1L;

        FormatException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
