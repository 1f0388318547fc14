package org.memphisee.core.control.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.control.ChangeNote;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SystemEvent;

/**
 * The stored form of events and snapshots: JSON with {@code v} (format version) and {@code event} (its type), then the
 * members that the family's class names. Unknown members are ignored; a missing member, a newer version or an unknown type is
 * refused with a {@link FormatException}, because skipping or guessing would change what it folds to. A type that gets a
 * member that must not be overlooked gets a new version, and older ones are completed on reading. Between type and members
 * an event in the log has its {@code note}: who, when, from where, and what was there before. Thread-safe.
 */
public final class SystemEventCodec {

    private static final int SNAPSHOT_VERSION = 1;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final Map<String, EventFormat<?>> BY_TYPE = new TreeMap<>();
    private static final Map<Class<?>, EventFormat<?>> BY_KIND = new HashMap<>();

    static {
        Stream.of(StreamFormats.ALL, ConsumerFormats.ALL, StationFormats.ALL, GroupFormats.ALL,
            MemberFormats.ALL, SchemaFormats.ALL,
            UserFormats.ALL, SettingFormats.ALL, TaskFormats.ALL, IntegrationFormats.ALL,
            TagFormats.ALL, ClusterFormats.ALL).flatMap(List::stream).forEach(format -> {
                BY_TYPE.put(format.type(), format);
                BY_KIND.put(format.kind(), format);
            });
    }

    private SystemEventCodec() { }

    /** Names of the event types, as stored. */
    public static List<String> typeNames() {
        return List.copyOf(BY_TYPE.keySet());
    }

    /** Name of the event's type, as stored. */
    public static String typeName(SystemEvent event) {
        return format(event).type();
    }

    /** The stored form of one event. */
    public static byte[] encode(SystemEvent event) {
        ObjectNode object = MAPPER.createObjectNode();
        write(event, object);
        return bytes(object);
    }

    /** The stored form of one event with what is kept beside it for people. */
    public static byte[] encode(SystemEvent event, ChangeNote note) {
        ObjectNode object = MAPPER.createObjectNode();
        EventFormat<?> format = format(event);
        object.put("v", format.version()).put("event", format.type());
        NoteFormat.write(note, object.putObject(NoteFormat.MEMBER), before -> {
            ObjectNode earlier = MAPPER.createObjectNode();
            write(before, earlier);
            return earlier;
        });
        format.write(event, new MemberWriter(object));
        return bytes(object);
    }

    /** What was kept beside an event; {@link ChangeNote#NONE} when nothing was, as in older releases. */
    public static ChangeNote note(byte[] bytes) throws FormatException {
        JsonNode note = parse(bytes).path(NoteFormat.MEMBER);
        return note.isObject() ? NoteFormat.read(note, SystemEventCodec::event) : ChangeNote.NONE;
    }

    /** An event's members as people may see them: without version, type, note and secrets. */
    public static ObjectNode members(SystemEvent event) {
        ObjectNode object = MAPPER.createObjectNode();
        format(event).write(event, new MemberWriter(object));
        return NoteFormat.withoutSecrets(object);
    }

    /** The member that names what an event is about, for events of which no more is known; may be empty. */
    public static String nameIn(SystemEvent event) {
        ObjectNode members = members(event);
        return members.path("name").asText(members.path("key").asText(""));
    }

    /** Reads one event back. */
    public static SystemEvent decode(byte[] bytes) throws FormatException {
        return event(parse(bytes));
    }

    /** The stored form of a snapshot; its index is stored beside it. */
    public static byte[] encodeSnapshot(DefinitionsSnapshot snapshot) {
        ObjectNode object = MAPPER.createObjectNode().put("v", SNAPSHOT_VERSION).put("nextId", snapshot.nextId());
        ArrayNode events = object.putArray("events");
        snapshot.events().forEach(event -> write(event, events.addObject()));
        return bytes(object);
    }

    /** Reads a snapshot back. */
    public static DefinitionsSnapshot decodeSnapshot(long index, byte[] bytes) throws FormatException {
        JsonNode object = parse(bytes);
        checkVersion(object, "the snapshot", SNAPSHOT_VERSION);
        MemberReader in = MemberReader.of(object);
        List<SystemEvent> events = new ArrayList<>();
        for (JsonNode event : in.array("events")) {
            try {
                events.add(event(event));
            } catch (FormatException e) {
                throw e.at("its event " + (events.size() + 1) + ": ");
            }
        }
        return new DefinitionsSnapshot(index, in.number("nextId"), events);
    }

    private static EventFormat<?> format(SystemEvent event) {
        EventFormat<?> format = BY_KIND.get(event.getClass());
        if (format == null) {
            throw new IllegalStateException("no stored type for " + event.getClass());
        }
        return format;
    }

    private static void write(SystemEvent event, ObjectNode object) {
        EventFormat<?> format = format(event);
        object.put("v", format.version()).put("event", format.type());
        format.write(event, new MemberWriter(object));
    }

    private static SystemEvent event(JsonNode object) throws FormatException {
        String type = object.path("event").asText("");
        EventFormat<?> format = BY_TYPE.get(type);
        if (format == null) {
            throw type.isEmpty() ? FormatException.damaged("it names no type of event", null)
                : FormatException.newer("its type \"" + type + "\" is unknown");
        }
        int version = checkVersion(object, type, format.version());
        try {
            return format.read(MemberReader.of(object), version);
        } catch (FormatException e) {
            throw e.at(type + " does not read: ");
        } catch (RuntimeException e) {
            throw FormatException.damaged(type + " does not read: " + e.getMessage(), e);
        }
    }

    private static int checkVersion(JsonNode object, String what, int newest) throws FormatException {
        int version = object.path("v").asInt(0);
        if (version < 1) {
            throw FormatException.damaged(what + " has no format version", null);
        }
        if (version > newest) {
            throw FormatException.newer(what + " has format version " + version + ", readable are 1 to " + newest);
        }
        return version;
    }

    private static JsonNode parse(byte[] bytes) throws FormatException {
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw FormatException.damaged("it is not JSON: " + e.getMessage(), e);
        }
        if (node == null || !node.isObject()) {
            throw FormatException.damaged("it is not a JSON object", null);
        }
        return node;
    }

    private static byte[] bytes(ObjectNode object) {
        try {
            return MAPPER.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always writable", e);
        }
    }
}
