package org.memphisee.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import org.memphisee.contract.GoldenFiles;
import org.memphisee.core.api.Author;
import org.memphisee.core.api.ChangeSubject;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.stream.StreamConfig;

/**
 * The golden files are what releases have written, and are never changed. A type's newest is {@code <type>-v<version>}, or
 * {@code <type>} where no later one was added; all others stay readable.
 */
class SystemEventCodecTest {

    @Test
    void shouldReadBackEveryEvent() throws Exception {
        for (SystemEvent event : SampleEvents.all()) {
            assertEquals(event, SystemEventCodec.decode(SystemEventCodec.encode(event)));
        }
    }

    @Test
    void shouldReadAndWriteTheGoldenFileOfEachType() throws Exception {
        Map<String, SystemEvent> last = new HashMap<>();
        SampleEvents.all().forEach(event -> last.putIfAbsent(SystemEventCodec.typeName(event), event));
        for (String type : SystemEventCodec.typeNames()) {
            SystemEvent event = last.get(type);
            byte[] golden = newest(type);
            assertEquals(event, SystemEventCodec.decode(golden), type);
            assertEquals(new String(golden, StandardCharsets.UTF_8).strip(),
                new String(SystemEventCodec.encode(event), StandardCharsets.UTF_8), type);
        }
    }

    @Test
    void shouldKeepWhoMadeAChangeBesideIt() throws Exception {
        SystemEvent event = new SystemEvent.GroupUpdated(3, "grp.a", 10_000, 5);
        ChangeNote note = new ChangeNote(new Author("ann", Author.Door.MANAGEMENT, "10.0.0.7", "curl/8"),
            1_700_000_000_000_000_000L, new ChangeSubject("group", "my.station-1/grp.a", ChangeSubject.Effect.CHANGED),
            new SystemEvent.GroupUpdated(3, "grp.a", 30_000, 2));
        byte[] golden = golden("note-1");

        assertEquals(new String(golden, StandardCharsets.UTF_8).strip(),
            new String(SystemEventCodec.encode(event, note), StandardCharsets.UTF_8));
        assertEquals(note, SystemEventCodec.note(golden));
        assertEquals(event, SystemEventCodec.decode(golden));
    }

    @Test
    void shouldSayUnknownOfChangesFromBeforeNotes() throws Exception {
        assertEquals(ChangeNote.NONE, SystemEventCodec.note(golden("user_created-1")));
        assertEquals(Author.Door.UNKNOWN, ChangeNote.NONE.by().door());
    }

    @Test
    void shouldReadNotesOfANewerReleaseAsFarAsItUnderstandsThem() throws Exception {
        String newer = new String(golden("note-1"), StandardCharsets.UTF_8).replace("\"note\":{\"v\":1", "\"note\":{\"v\":2")
            .replace("\"management\"", "\"telepathy\"");

        ChangeNote note = SystemEventCodec.note(newer.getBytes(StandardCharsets.UTF_8));

        assertEquals(new Author("ann", Author.Door.UNKNOWN, "10.0.0.7", "curl/8"), note.by());
    }

    @Test
    void shouldReadUsersFromBeforePermissions() throws Exception {
        assertEquals(new UserEvent.UserCreated(1, "root", UserEvent.UserType.ROOT, "pbkdf2-sha256$1$x$y",
            Map.of("description", "first"), SampleEvents.T0, UserEvent.StationPatterns.NONE),
            SystemEventCodec.decode(golden("user_created-1")));
    }

    @Test
    void shouldTakeUsersFromBeforeRolesForThoseWhoMayDoEverythingThatTheirPermissionsAllow() throws Exception {
        for (String type : List.of("user_created-1", "user_created")) {
            assertEquals(UserEvent.UserRole.FULL, ((UserEvent.UserCreated) SystemEventCodec.decode(golden(type))).role());
        }
        String viewer = new String(golden("user_created-v3"), StandardCharsets.UTF_8).replace("FULL", "VIEWER");
        assertEquals(UserEvent.UserRole.VIEWER, ((UserEvent.UserCreated) decode(viewer)).role());
        assertTrue(refusal(viewer.replace("VIEWER", "KING")).contains("role"));
    }

    @Test
    void shouldReadStreamsFromBeforePlacement() throws Exception {
        SystemEvent.StreamCreated created =
            (SystemEvent.StreamCreated) SystemEventCodec.decode(golden("stream_created-1"));
        assertEquals(StreamConfig.Placement.NONE, created.config().placement());
        assertEquals("KV_cfg", created.config().name());
        SystemEvent.StreamUpdated updated =
            (SystemEvent.StreamUpdated) SystemEventCodec.decode(golden("stream_updated-1"));
        assertEquals(StreamConfig.Placement.NONE, updated.config().placement());
    }

    @Test
    void shouldTakeUpdatesOfOlderReleasesForOnesThatLeaveTheSecondTierAlone() throws Exception {
        SystemEvent.StationUpdated old = (SystemEvent.StationUpdated) SystemEventCodec.decode(golden("station_updated"));
        assertEquals(Optional.empty(), old.tieredStorage());
        SystemEvent.StationCreated created = (SystemEvent.StationCreated) SystemEventCodec.decode(golden("station_created-v4"));
        Definitions definitions = new Definitions();
        definitions.apply(created);
        definitions.apply(new SystemEvent.StationUpdated(created.id(), old.retentionType(), 1, 1, true, true, "", old.config()));
        assertEquals(created.tieredStorage(), definitions.stationById(created.id()).orElseThrow().created().tieredStorage());
    }

    @Test
    void shouldReadStationsFromBeforeColoursOfTags() throws Exception {
        SystemEvent.StationCreated old = (SystemEvent.StationCreated) SystemEventCodec.decode(golden("station_created-1"));
        assertEquals(java.util.List.of("default"), old.tags());
        assertEquals(Map.of(), old.tagColors());
    }

    @Test
    void shouldReadStationsFromBeforeTheirLayoutWasStored() throws Exception {
        SystemEvent.StationCreated old = (SystemEvent.StationCreated) SystemEventCodec.decode(golden("station_created-2"));
        assertEquals(partition("my#station-1$2", StreamConfig.Retention.LIMITS, 3_600_000_000_000L, 0), old.stream(2));
        SystemEvent.StationCreated ackBased = (SystemEvent.StationCreated) decode(
            new String(golden("station_created-2"), StandardCharsets.UTF_8).replace("MESSAGE_AGE_SEC", "ACK_BASED"));
        assertEquals(partition("my#station-1$1", StreamConfig.Retention.INTEREST, 0, 1_209_600_000_000_000L),
            ackBased.stream(1));
        assertEquals(7, ((SystemEvent.StationCreated) decode(new String(golden("station_created-1"), StandardCharsets.UTF_8)
            .replace("MESSAGE_AGE_SEC", "BYTES").replace(":3600", ":7"))).stream(1).maxBytes());
    }

    private static StreamConfig partition(String name, StreamConfig.Retention retention, long maxAgeNanos, long unclaimed) {
        return new StreamConfig(name, "", List.of(name + ".>"), retention, -1, -1, -1, -1, maxAgeNanos, -1,
            StreamConfig.Discard.OLD, false, StreamConfig.Storage.FILE, 1, false, 120_000_000_000L, 0, "none", false, false,
            false, false, false, false, StreamConfig.Republish.NONE, 0, 0, Map.of(), StreamConfig.Durability.ALWAYS,
            unclaimed, StreamConfig.Placement.NONE);
    }

    @Test
    void shouldPlaceOnThisNodeAloneWhatIsFromBeforePlacement() throws Exception {
        for (String type : List.of("station_created", "station_created-1", "station_created-2")) {
            assertEquals(List.of(0L, 0L), ((SystemEvent.StationCreated) SystemEventCodec.decode(golden(type))).placement());
        }
        for (String type : List.of("stream_created", "stream_created-1")) {
            assertEquals(0, ((SystemEvent.StreamCreated) SystemEventCodec.decode(golden(type))).placement());
        }
    }

    @Test
    void shouldRefuseAPlacementThatIsNotOnePerPartition() throws Exception {
        String station = new String(newest("station_created"), StandardCharsets.UTF_8);
        assertTrue(refusal(station.replace("[8,7]", "[8]")).contains("2 partitions are placed in 1 groups"));
        String stream = new String(newest("stream_created"), StandardCharsets.UTF_8);
        assertTrue(refusal(stream.replace("[9]", "[9,9]")).contains("placement"));
    }

    @Test
    void shouldReadGroupsFromBeforeTheirLayoutWasStored() throws Exception {
        SystemEvent.GroupDefined old = (SystemEvent.GroupDefined) SystemEventCodec.decode(golden("group_defined-1"));
        assertEquals(new ConsumerConfig("grp#a", true, "", ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE, 91, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 30_000_000_000L, 3, List.of(), List.of("my#station-1$2.final"), true, false,
            0, 0, 512, -1, 0, false, false, 0, 0, 0, "", "", 0, 0, false, Map.of()),
            old.consumer("my#station-1$2", 91));
        String text = new String(golden("group_defined-1"), StandardCharsets.UTF_8);
        assertEquals(ConsumerConfig.DeliverPolicy.NEW, group(text.replace(":10,", ":0,")).config().deliverPolicy());
        ConsumerConfig all = group(text.replace(":10,", ":-1,")).consumer("S", 1);
        assertEquals(ConsumerConfig.DeliverPolicy.ALL, all.deliverPolicy());
        assertEquals(0, all.optStartSeq());
    }

    private static SystemEvent.GroupDefined group(String json) throws IOException {
        return (SystemEvent.GroupDefined) decode(json);
    }

    @Test
    void shouldFoldToWhatTheEventSaysAndNotToWhatIsMadeToday() throws Exception {
        Definitions definitions = new Definitions();
        definitions.apply(decode(new String(newest("station_created"), StandardCharsets.UTF_8)
            .replace("\"maxMsgSize\":-1", "\"maxMsgSize\":77").replace("{partition}.>", "{partition}.x.>")));
        definitions.apply(decode(new String(golden("group_defined"), StandardCharsets.UTF_8)
            .replace("\"maxWaiting\":512", "\"maxWaiting\":7").replace("{stream}.final", "{stream}.last")));
        StreamConfig stream = definitions.stream("my#station-1$2").orElseThrow().config();
        assertEquals(77, stream.maxMsgSize());
        assertEquals(List.of("my#station-1$2.x.>"), stream.subjects());
        definitions.apply(new SystemEvent.GroupUpdated(3, "grp.a", 10_000, 5));
        Definitions restored = new Definitions();
        restored.restore(SystemEventCodec.decodeSnapshot(1, SystemEventCodec.encodeSnapshot(definitions.snapshot(1))));
        for (Definitions folded : List.of(definitions, restored)) {
            ConsumerConfig consumer = folded.consumer(5, "grp#a").orElseThrow().config();
            assertEquals(7, consumer.maxWaiting());
            assertEquals(List.of("my#station-1$2.last"), consumer.filterSubjects());
            assertEquals(91, consumer.optStartSeq());
            assertEquals(10_000_000_000L, consumer.ackWaitNanos());
            assertEquals(5, consumer.maxDeliver());
        }
        assertEquals(definitions.snapshot(1), restored.snapshot(1));
    }

    @Test
    void shouldRefuseAStationWhoseLayoutIsMissing() throws Exception {
        ObjectNode event = (ObjectNode) new ObjectMapper().readTree(golden("station_created"));
        event.remove("config");
        assertTrue(refusal(event.toString()).contains("does not read"));
        assertTrue(refusal(event.put("v", 5).toString()).contains("format version 5"));
    }

    @Test
    void shouldRefuseAUserWhosePermissionsAreMissing() {
        assertTrue(refusal("{\"v\":2,\"event\":\"user_created\",\"id\":1,\"name\":\"a\",\"type\":\"APPLICATION\","
            + "\"passwordHash\":\"x\",\"profile\":{},\"createdNanos\":1}").contains("does not read"));
    }

    @Test
    void shouldIgnoreUnknownMembers() throws Exception {
        assertEquals(new SystemEvent.StreamDeleted(7),
            decode("{\"v\":1,\"event\":\"stream_deleted\",\"partitionId\":7,\"later\":{\"x\":1}}"));
    }

    @Test
    void shouldRefuseNewerVersions() {
        assertTrue(refusal("{\"v\":2,\"event\":\"stream_deleted\",\"partitionId\":7}").contains("format version 2"));
    }

    @Test
    void shouldRefuseUnknownTypesInsteadOfSkippingThem() {
        assertTrue(refusal("{\"v\":1,\"event\":\"moon_landed\"}").contains("moon_landed"));
    }

    @Test
    void shouldRefuseWhatIsNotAnObject() {
        assertTrue(refusal("").contains("not a JSON object"));
        assertTrue(refusal("[1]").contains("not a JSON object"));
        assertTrue(refusal("{").contains("not JSON"));
        assertTrue(refusal("{\"v\":1,\"event\":\"stream_created\"}").contains("does not read"));
    }

    @Test
    void shouldRefuseAConfigurationThatLacksWhatEachFormatHas() throws Exception {
        ObjectNode event = (ObjectNode) new ObjectMapper().readTree(golden("stream_created"));
        ((ObjectNode) event.get("config")).remove("maxMsgs");
        assertTrue(refusal(event.toString()).contains("maxMsgs"));
    }

    @Test
    void shouldFoldEveryKindOfEvent() {
        Set<Class<?>> kinds = SampleEvents.kinds();
        Definitions definitions = new Definitions();
        SampleEvents.all().forEach(event -> {
            definitions.apply(event);
            kinds.remove(event.getClass());
        });
        assertEquals(Set.of(), kinds, "kinds of which no sample was folded");
        assertThrows(IllegalStateException.class, () -> definitions.apply(null));
    }

    @Test
    void shouldReadBackSnapshots() throws Exception {
        DefinitionsSnapshot snapshot = new DefinitionsSnapshot(9, 100, SampleEvents.all());
        assertEquals(snapshot, SystemEventCodec.decodeSnapshot(9, SystemEventCodec.encodeSnapshot(snapshot)));
    }

    /** The snapshots hold the types that there were when they were written; each later one has a golden file of its own. */
    @Test
    void shouldReadAndWriteTheGoldenSnapshots() throws Exception {
        Map<String, SystemEvent> first = new HashMap<>();
        SampleEvents.all().forEach(event -> first.putIfAbsent(SystemEventCodec.typeName(event), event));
        byte[] golden = resource("system-snapshot-v1/snapshot");
        Set<String> written = new HashSet<>(); // types that came later are stored in snapshots as in the log
        new ObjectMapper().readTree(golden).path("events").forEach(event -> written.add(event.path("event").asText()));
        List<SystemEvent> events = SystemEventCodec.typeNames().stream().filter(written::contains).map(first::get).toList();
        DefinitionsSnapshot snapshot = new DefinitionsSnapshot(9, 100, events);
        assertEquals(snapshot, SystemEventCodec.decodeSnapshot(9, golden));
        assertEquals(new String(golden, StandardCharsets.UTF_8).strip(),
            new String(SystemEventCodec.encodeSnapshot(snapshot), StandardCharsets.UTF_8));

        assertEquals(snapshot, SystemEventCodec.decodeSnapshot(9, resource("system-snapshot-v1/snapshot-2")), "before roles");
        DefinitionsSnapshot old = SystemEventCodec.decodeSnapshot(9, resource("system-snapshot-v1/snapshot-1"));
        assertEquals(100, old.nextId());
        assertEquals(events.size(), old.events().size());
        for (int i = 0; i < events.size(); i++) {
            String type = SystemEventCodec.typeName(events.get(i));
            assertEquals(SystemEventCodec.decode(golden(type)), old.events().get(i), type);
        }
    }

    @Test
    void shouldRefuseSnapshotsThatLackSomethingOrAreNewer() {
        assertTrue(snapshotRefusal("{\"v\":1,\"nextId\":1}").contains("\"events\" is missing"));
        assertTrue(snapshotRefusal("{\"v\":1,\"events\":[]}").contains("\"nextId\" is missing"));
        assertTrue(snapshotRefusal("{\"nextId\":1,\"events\":[]}").contains("no format version"));
        assertTrue(snapshotRefusal("{\"v\":2,\"nextId\":1,\"events\":[]}").contains("format version 2"));
        assertTrue(snapshotRefusal("{\"v\":1,\"nextId\":1,\"events\":[{\"v\":1,\"event\":\"stream_deleted\","
            + "\"partitionId\":7},{\"v\":1,\"event\":\"stream_deleted\"}]}")
            .startsWith("its event 2: stream_deleted does not read: member \"partitionId\" is missing"));
    }

    private static String snapshotRefusal(String json) {
        return assertThrows(FormatException.class,
            () -> SystemEventCodec.decodeSnapshot(9, json.getBytes(StandardCharsets.UTF_8))).getMessage();
    }

    private static SystemEvent decode(String json) throws IOException {
        return SystemEventCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String refusal(String json) {
        return assertThrows(FormatException.class, () -> decode(json)).getMessage();
    }

    /** What this release writes. */
    private static byte[] newest(String type) throws IOException {
        SystemEvent sample = SampleEvents.all().stream().filter(event -> SystemEventCodec.typeName(event).equals(type))
            .findFirst().orElseThrow();
        String versioned = type + "-v" + new ObjectMapper().readTree(SystemEventCodec.encode(sample)).get("v");
        return SystemEventCodecTest.class.getResource("/golden/system-events-v1/" + versioned + ".json") == null ? golden(type)
            : golden(versioned);
    }

    private static byte[] golden(String type) {
        return resource("system-events-v1/" + type);
    }

    private static byte[] resource(String name) {
        return GoldenFiles.bytes("/golden/" + name + ".json");
    }
}
