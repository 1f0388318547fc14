package org.memphisee.core.control.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import org.memphisee.core.control.SampleEvents;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserEvent;

/** What becomes of each field of an event, and of each member of its stored form. */
class StoredMembersTest {

    /** Fields that are deliberately not stored, as {@code Record.field}, with the reason beside them. */
    private static final Set<String> NOT_STORED = Set.of();

    /** Members that may be missing, because an older release of the same version did not write them. */
    private static final Set<String> OPTIONAL = Set.of("stream_created config.placement", "stream_updated config.placement",
        "station_created config.placement", "station_updated config.placement", "station_grown config.placement",
        "stream_restored stream.config.placement");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** An event or a part of one with one field that is different. */
    private record Variant(String field, Object value) { }

    @Test
    void shouldStoreEachFieldOrHaveItNamedAsNotStored() throws Exception {
        Set<String> seen = new HashSet<>();
        for (SystemEvent event : kinds().values()) {
            for (Variant variant : variants(event)) {
                seen.add(variant.field());
                SystemEvent changed = (SystemEvent) variant.value();
                SystemEvent kept = SystemEventCodec.decode(SystemEventCodec.encode(changed));
                if (NOT_STORED.contains(variant.field())) {
                    assertFalse(changed.equals(kept), variant.field() + " is stored: take it out of NOT_STORED");
                } else {
                    assertEquals(changed, kept, variant.field() + " is lost in the system log: write and read it in "
                        + "core.control.format, with what logs mean that lack it, or name it in NOT_STORED with the reason");
                }
            }
        }
        assertTrue(seen.containsAll(NOT_STORED), "NOT_STORED names fields that are gone: " + NOT_STORED);
        assertTrue(seen.containsAll(Set.of("StreamConfig.metadata", "Republish.headersOnly", "ConsumerConfig.backoffNanos",
            "StationPatterns.denyWrite", "StationCreated.placement")), "parts of events are looked at too: " + seen);
    }

    /** One event of each kind. */
    private static Map<Class<?>, SystemEvent> kinds() {
        Map<Class<?>, SystemEvent> kinds = new LinkedHashMap<>();
        SampleEvents.all().forEach(event -> kinds.putIfAbsent(event.getClass(), event));
        assertEquals(SampleEvents.kinds(), kinds.keySet(), "kinds without a sample");
        return kinds;
    }

    private static List<Variant> variants(Object whole) throws ReflectiveOperationException {
        List<Variant> variants = new ArrayList<>();
        RecordComponent[] fields = whole.getClass().getRecordComponents();
        Class<?>[] types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
        for (int i = 0; i < fields.length; i++) {
            String name = whole.getClass().getSimpleName() + "." + fields[i].getName();
            Object value = fields[i].getAccessor().invoke(whole);
            boolean numbers = fields[i].getGenericType().getTypeName().endsWith("<java.lang.Long>");
            Object sample = List.of().equals(value) ? List.of(numbers ? (Object) 1L : "some") : value;
            for (Variant other : others(name, sample)) {
                Object[] values = new Object[fields.length];
                for (int k = 0; k < fields.length; k++) {
                    values[k] = k == i ? other.value() : fields[k].getAccessor().invoke(whole);
                }
                variants.add(new Variant(other.field(), whole.getClass().getDeclaredConstructor(types).newInstance(values)));
            }
        }
        return variants;
    }

    private static List<Variant> others(String field, Object value) throws ReflectiveOperationException {
        if (value instanceof Record part) {
            return variants(part);
        }
        if (value instanceof List<?> list && list.get(0) instanceof Record part) {
            return variants(part).stream().map(v -> new Variant(v.field(), List.of(v.value()))).toList();
        }
        if (value instanceof Enum<?> constant) {
            return Arrays.stream(constant.getDeclaringClass().getEnumConstants()).map(c -> new Variant(field, c)).toList();
        }
        return List.of(new Variant(field, other(field, value)));
    }

    private static Object other(String field, Object value) {
        if (value instanceof Long number) {
            return number + (1L << 40);
        }
        if (value instanceof Integer number) {
            return number + (1 << 20);
        }
        if (value instanceof Boolean flag) {
            return !flag;
        }
        if (value instanceof String text) {
            return text + "\"é";
        }
        if (value instanceof Optional<?> present && present.isPresent()) {
            return Optional.of(other(field, present.get()));
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> more = new HashMap<>(map);
            more.put("other", "more");
            return more;
        }
        if (value instanceof List<?> list) {
            List<Object> changed = new ArrayList<>(list);
            changed.set(0, other(field, changed.get(0)));
            return changed;
        }
        throw new AssertionError(field + " is of a type that this test does not know: " + value.getClass());
    }

    @Test
    void shouldRefuseAnEventThatLacksAMemberAndNameIt() throws Exception {
        for (SystemEvent event : kinds().values()) {
            String type = SystemEventCodec.typeName(event);
            for (String member : members(tree(event), "")) {
                ObjectNode lacking = tree(event);
                remove(lacking, member);
                byte[] bytes = MAPPER.writeValueAsBytes(lacking);
                if (OPTIONAL.contains(type + " " + member)) {
                    SystemEventCodec.decode(bytes);
                } else {
                    String refusal = assertThrows(FormatException.class, () -> SystemEventCodec.decode(bytes),
                        type + " " + member).getMessage();
                    assertTrue(refusal.startsWith(type + " does not read: member \"" + member + "\" is missing"), refusal);
                }
            }
        }
    }

    @Test
    void shouldRefuseAMemberOfAnotherKindAndNameIt() throws Exception {
        for (SystemEvent event : kinds().values()) {
            String type = SystemEventCodec.typeName(event);
            for (String member : members(tree(event), "")) {
                for (String wrong : List.of("null", "1.5", "[[]]", "{\"a\":{}}", "1e30")) {
                    ObjectNode other = tree(event);
                    put(other, member, MAPPER.readTree(wrong));
                    String refusal = assertThrows(FormatException.class,
                        () -> SystemEventCodec.decode(MAPPER.writeValueAsBytes(other)), type + " " + member + " " + wrong)
                        .getMessage();
                    assertTrue(refusal.startsWith(type + " does not read: member \"" + member), refusal);
                }
            }
        }
    }

    @Test
    void shouldRefuseAChoiceThatDoesNotExist() throws Exception {
        ObjectNode event = tree(kinds().get(SystemEvent.StreamCreated.class));
        put(event, "config.retention", MAPPER.readTree("\"limits\""));
        assertTrue(assertThrows(FormatException.class, () -> SystemEventCodec.decode(MAPPER.writeValueAsBytes(event)))
            .getMessage().contains("\"config.retention\" has the unknown value \"limits\""));
    }

    /** Names in logs that exist: a constant may be called otherwise in the code, not here. */
    @Test
    void shouldReadAndWriteEachChoiceUnderItsFirstName() throws Exception {
        assertChoices(SystemEvent.StreamCreated.class, "config.retention", "LIMITS", "INTEREST", "WORKQUEUE");
        assertChoices(SystemEvent.StreamCreated.class, "config.discard", "OLD", "NEW");
        assertChoices(SystemEvent.StreamCreated.class, "config.storage", "FILE", "MEMORY");
        assertChoices(SystemEvent.StreamCreated.class, "config.durability", "ALWAYS", "INTERVAL");
        assertChoices(SystemEvent.ConsumerDefined.class, "config.deliverPolicy", "ALL", "LAST", "NEW", "BY_START_SEQUENCE",
            "BY_START_TIME", "LAST_PER_SUBJECT");
        assertChoices(SystemEvent.ConsumerDefined.class, "config.ackPolicy", "NONE", "ALL", "EXPLICIT");
        assertChoices(SystemEvent.StationCreated.class, "retentionType", "MESSAGE_AGE_SEC", "MESSAGES", "BYTES", "ACK_BASED");
        assertChoices(SystemEvent.StationCreated.class, "storage", "FILE", "MEMORY");
        assertChoices(UserEvent.UserCreated.class, "type", "ROOT", "MANAGEMENT", "APPLICATION");
        assertChoices(SystemEvent.TaskEnded.class, "outcome", "COMPLETED", "FAILED", "CANCELLED", "INTERRUPTED");
    }

    private static void assertChoices(Class<?> kind, String member, String... names) throws Exception {
        Set<SystemEvent> different = new HashSet<>();
        for (String name : names) {
            ObjectNode event = tree(kinds().get(kind));
            put(event, member, MAPPER.getNodeFactory().textNode(name));
            SystemEvent read = SystemEventCodec.decode(MAPPER.writeValueAsBytes(event));
            assertEquals(event, tree(read));
            different.add(read);
        }
        assertEquals(names.length, different.size(), member);
    }

    @Test
    void shouldNotHaveAChoiceWithoutAName() {
        assertThrows(IllegalStateException.class,
            () -> Choice.of(UserEvent.UserType.class, Map.of(UserEvent.UserType.ROOT, "ROOT")));
    }

    private static ObjectNode tree(SystemEvent event) throws Exception {
        return (ObjectNode) MAPPER.readTree(SystemEventCodec.encode(event));
    }

    /** All members, but for version and type, those inside others with their path; what is named by people is none. */
    private static List<String> members(ObjectNode object, String path) {
        List<String> members = new ArrayList<>();
        object.properties().forEach(member -> {
            String name = path + member.getKey();
            if (!name.equals("v") && !name.equals("event")) {
                members.add(name);
            }
            boolean named = Set.of("metadata", "profile", "tagColors", "arguments", "data", "keys", "sealed", "details").contains(member.getKey());
            if (!named && member.getValue() instanceof ObjectNode inside) {
                members.addAll(members(inside, name + "."));
            }
        });
        return members;
    }

    private static void remove(ObjectNode object, String path) {
        holder(object, path).remove(path.substring(path.lastIndexOf('.') + 1));
    }

    private static void put(ObjectNode object, String path, JsonNode value) {
        holder(object, path).set(path.substring(path.lastIndexOf('.') + 1), value);
    }

    private static ObjectNode holder(ObjectNode object, String path) {
        ObjectNode at = object;
        for (int dot = path.indexOf('.'), from = 0; dot >= 0; from = dot + 1, dot = path.indexOf('.', from)) {
            at = (ObjectNode) at.get(path.substring(from, dot));
        }
        return at;
    }
}
