package org.memphisee.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.core.stream.StreamConfig;

class DefinitionsTest {

    private final Definitions definitions = new Definitions();

    @Test
    void shouldFoldEveryEvent() {
        SampleEvents.all().forEach(definitions::apply);

        assertEquals(List.of("BACK", "KV_cfg", "my#station-1$1", "my#station-1$3"), definitions.streams().map(StreamDefinition::name).toList());
        assertEquals(List.of(4L, 24L), definitions.station("my.station-1").orElseThrow().livePartitions());
        assertEquals(6, definitions.streamById(24).orElseThrow().placement());
        assertEquals(1, definitions.consumer(24, "grp#a").orElseThrow().startSequence());
        assertEquals("", definitions.station("my.station-1").orElseThrow().created().dlsStation());
        assertEquals(List.of("grp.a"), List.copyOf(definitions.groups(3).keySet()));
        ConsumerDefinition grp = definitions.consumer(4, "grp#a").orElseThrow();
        assertEquals(10_000_000_000L, grp.config().ackWaitNanos());
        assertEquals(5, grp.config().maxDeliver());
        assertEquals(List.of("my#station-1$1.final"), grp.config().filterSubjects());
        assertEquals(2, definitions.consumer(10, "c1").orElseThrow().config().filterSubjects().size());
        assertEquals(4, definitions.consumerCount());
        assertEquals("pbkdf2-sha256$1$z$w", definitions.user("root").orElseThrow().passwordHash());
        assertFalse(definitions.user("app").isPresent());
        assertEquals("3", definitions.settings().get("dls_retention"));
        assertEquals(List.of(21L), definitions.members().all().map(SystemEvent.MemberRegistered::id).toList());
        assertEquals(1, definitions.members().count());
        assertEquals(32, definitions.numbers().allocate(1));
        assertEquals(List.of("red"), definitions.station("my.station-1").orElseThrow().created().tags());
        assertEquals("255, 0, 0", definitions.tags().find("red").orElseThrow().color());
        SchemaDefinition schema = definitions.schemas().byName("order.v").orElseThrow();
        assertEquals(2, schema.active());
        assertEquals(Compatibility.BACKWARD, schema.compatibility());
        assertEquals(schema.version(2), definitions.schemas().byId(15).flatMap(s -> s.version(2)));
        assertEquals(List.of(3L), definitions.schemas().stationsWith(15));
        assertEquals(Enforcement.OFF, definitions.schemas().of(3).orElseThrow().enforcement());
        assertEquals(1, definitions.schemas().of(3).orElseThrow().version());
        assertEquals(1, definitions.schemas().attached().count());
        assertEquals(new RetryPolicy(List.of(1_000L, 60_000L), 5), definitions.retries().of(3));
        assertEquals("{}".length() + "{\"type\":\"object\"}".length(), definitions.schemas().size());
    }

    @Test
    void shouldAttachASchemaBeforeTheStationIsThere() {
        definitions.apply(created(15));
        definitions.apply(new SchemaEvent.SchemaAttached(3, 15, 1, Enforcement.REFUSE));
        definitions.apply(SampleEvents.station());
        assertEquals(1, definitions.schemas().of(3).orElseThrow().version());
        definitions.apply(new SystemEvent.StationDeleted(3));
        assertTrue(definitions.schemas().of(3).isEmpty());
    }

    @Test
    void shouldForgetWhenDeadLettersAreGivenAgainWithTheStation() {
        SystemEvent.DeadLetterRetrySet set = new SystemEvent.DeadLetterRetrySet(3, List.of(1_000L), 5);
        definitions.apply(set);
        assertTrue(definitions.retries().of(3).none(), "there is no such station");
        definitions.apply(SampleEvents.station());
        definitions.apply(set);
        assertEquals(5, definitions.retries().of(3).maximum());
        definitions.apply(new SystemEvent.DeadLetterRetrySet(3, List.of(), 0));
        assertTrue(definitions.retries().of(3).none());
        definitions.apply(set);
        definitions.apply(new SystemEvent.StationDeleted(3));
        assertTrue(definitions.retries().of(3).none());
    }

    @Test
    void shouldIgnoreVersionsThatDoNotExist() {
        definitions.apply(created(15));
        definitions.apply(new SchemaEvent.SchemaAttached(3, 15, 2, Enforcement.REFUSE));
        definitions.apply(new SchemaEvent.SchemaAttached(3, 16, 1, Enforcement.REFUSE));
        definitions.apply(new SchemaEvent.SchemaVersionActivated(15, 2));
        definitions.apply(new SchemaEvent.SchemaVersionAdded(15, 3, new SchemaText("1", "", ""), "root", 1));
        assertTrue(definitions.schemas().of(3).isEmpty());
        assertEquals(1, definitions.schemas().byId(15).orElseThrow().active());
        assertEquals(1, definitions.schemas().byId(15).orElseThrow().versions().size());
        assertEquals(2, definitions.schemas().size());
    }

    private static SchemaEvent.SchemaCreated created(long id) {
        return new SchemaEvent.SchemaCreated(id, "a", SchemaType.JSON, new SchemaText("{}", "", ""), Compatibility.NONE,
            List.of(), Map.of(), "root", 1);
    }

    @Test
    void shouldBeTheSameAfterEachEventWhenRestoredFromASnapshot() throws Exception {
        for (SystemEvent event : SampleEvents.all()) {
            definitions.apply(event);
            DefinitionsSnapshot snapshot = definitions.snapshot(1);
            Definitions restored = new Definitions();
            restored.restore(SystemEventCodec.decodeSnapshot(1, SystemEventCodec.encodeSnapshot(snapshot)));
            assertEquals(snapshot, restored.snapshot(1), event.toString());
            assertEquals(definitions.consumerCount(), restored.consumerCount());
        }
    }

    @Test
    void shouldTakeTheLimitsOfAnUpdatedStationInAllItsPartitions() {
        definitions.apply(SampleEvents.station());
        definitions.apply(new SystemEvent.StreamUpdated(5, SampleEvents.stream("my#station-1$2", "other.>")));
        SystemEvent.StationUpdated update = SampleEvents.all().stream().filter(SystemEvent.StationUpdated.class::isInstance)
            .map(SystemEvent.StationUpdated.class::cast).findFirst().orElseThrow();
        definitions.apply(update);
        Definitions restored = new Definitions();
        restored.restore(definitions.snapshot(1));

        for (Definitions folded : List.of(definitions, restored)) {
            SystemEvent.StationCreated station = folded.stationById(3).orElseThrow().created();
            assertEquals(SystemEvent.RetentionType.BYTES, station.retentionType());
            assertEquals(4096, station.retentionValue());
            assertEquals(60_000, station.idempotencyWindowMillis());
            assertFalse(station.dlsPoison());
            assertEquals(folded.streamById(4).orElseThrow().config(), station.stream(1));
            StreamConfig changedAlone = folded.streamById(5).orElseThrow().config();
            assertEquals(4096, changedAlone.maxBytes());
            assertEquals(0, changedAlone.maxAgeNanos());
            assertEquals(StreamConfig.Durability.INTERVAL, changedAlone.durability());
            assertEquals(List.of("other.>"), changedAlone.subjects());
        }
        definitions.apply(new SystemEvent.StationUpdated(99, update.retentionType(), 1, 1, true, true, "", update.config()));
    }

    @Test
    void shouldNotBringBackConsumersThatWereRemovedWhenAStationGrows() {
        definitions.apply(SampleEvents.station());
        definitions.apply(SampleEvents.group(3, "g", 1, 1, 1, -1, List.of(6L, 7L), List.of(1L, 1L), 0));
        definitions.apply(new SystemEvent.ConsumerRemoved(5, 7));
        definitions.apply(new SystemEvent.StationGrown(3, 3, List.of(9L), List.of(0L), SampleEvents.station().config(),
            List.of("g", "gone"), List.of(10L, 11L)));
        Definitions restored = new Definitions();
        restored.restore(definitions.snapshot(1));

        for (Definitions folded : List.of(definitions, restored)) {
            assertFalse(folded.consumer(5, "g").isPresent());
            assertEquals(List.of("my#station-1$3.final"), folded.consumer(9, "g").orElseThrow().config().filterSubjects());
            assertEquals(List.of(6L, 7L, 10L), folded.group(3, "g").orElseThrow().consumerIds());
            assertEquals(3, folded.streamById(9).orElseThrow().number());
        }
    }

    @Test
    void shouldKeepThePlacementOfEachPartition() {
        SampleEvents.all().forEach(definitions::apply);
        definitions.apply(new SystemEvent.StreamUpdated(10, SampleEvents.stream("KV_cfg", "other")));
        Definitions restored = new Definitions();
        restored.restore(definitions.snapshot(1));

        for (Definitions folded : List.of(definitions, restored)) {
            assertEquals(8, folded.streamById(4).orElseThrow().placement());
            assertEquals(9, folded.streamById(10).orElseThrow().placement());
        }
        Definitions whole = new Definitions();
        whole.apply(SampleEvents.station());
        assertEquals(7, whole.streamById(5).orElseThrow().placement());
    }

    @Test
    void shouldKeepWhatSingleRequestsChangedInsideStations() {
        definitions.apply(SampleEvents.station());
        definitions.apply(SampleEvents.group(3, "g", 1, 1, 1, -1, List.of(6L, 7L), List.of(1L, 1L), 0));
        definitions.apply(new SystemEvent.ConsumerRemoved(5, 7));
        definitions.apply(new SystemEvent.ConsumerUpdated(4, 6, SampleEvents.consumer("g")));
        definitions.apply(new SystemEvent.StreamUpdated(5, SampleEvents.stream("my#station-1$2", "my#station-1$2.>")));
        Definitions restored = new Definitions();
        restored.restore(definitions.snapshot(1));

        assertFalse(restored.consumer(5, "g").isPresent());
        assertEquals("deliver", restored.consumer(4, "g").orElseThrow().config().deliverSubject());
        assertEquals(100, restored.stream("my#station-1$2").orElseThrow().config().maxMsgs());
        assertTrue(restored.group(3, "g").isPresent());
    }

    @Test
    void shouldKeepAGroupThatLivesOnInAConsumerOfAPlainClient() {
        definitions.apply(SampleEvents.station());
        definitions.apply(new SystemEvent.ConsumerDefined(5, 7, SampleEvents.consumer("g"), 0, 1));
        definitions.apply(SampleEvents.group(3, "g", 1, 1, 1, -1, List.of(6L, 0L), List.of(1L, 1L), 0));
        definitions.apply(new SystemEvent.ConsumerRemoved(4, 6));
        Definitions restored = new Definitions();
        restored.restore(definitions.snapshot(1));
        assertTrue(restored.group(3, "g").isPresent());
        assertEquals(definitions.snapshot(1), restored.snapshot(1));
    }

    @Test
    void shouldForgetAGroupWithItsLastConsumer() {
        definitions.apply(SampleEvents.station());
        definitions.apply(SampleEvents.group(3, "g", 1, 1, 1, -1, List.of(6L, 7L), List.of(1L, 1L), 0));
        definitions.apply(new SystemEvent.ConsumerRemoved(5, 7));
        assertTrue(definitions.group(3, "g").isPresent());
        definitions.apply(new SystemEvent.ConsumerRemoved(4, 6));
        assertFalse(definitions.group(3, "g").isPresent());
    }

    @Test
    void shouldForgetAStationWithItsLastStream() {
        definitions.apply(SampleEvents.station());
        definitions.apply(new SystemEvent.StreamDeleted(4));
        assertTrue(definitions.station("my.station-1").isPresent());
        definitions.apply(new SystemEvent.StreamDeleted(5));
        assertFalse(definitions.station("my.station-1").isPresent());
        assertEquals(0, definitions.streamCount());
    }

    @Test
    void shouldKeepUnloggedConsumersOutOfSnapshots() {
        definitions.apply(new SystemEvent.StreamCreated(1, SampleEvents.stream("S", "s"), 0, "root", 0));
        definitions.addUnlogged(new ConsumerDefinition(1, 2, SampleEvents.consumer("c"), 0, 1, false));
        assertEquals(1, definitions.consumerCount());
        assertEquals(1, definitions.snapshot(1).events().size());
        definitions.removeUnlogged(1, "c");
        assertEquals(0, definitions.consumerCount());
    }

    @Test
    void shouldFindStreamsBySubjectInBothDirectionsOfWildcards() {
        definitions.apply(new SystemEvent.StreamCreated(1, SampleEvents.stream("A", "a.>"), 0, "root", 0));
        definitions.apply(new SystemEvent.StreamCreated(2, SampleEvents.stream("B", "*.b"), 0, "root", 0));
        definitions.apply(new SystemEvent.StreamCreated(3, SampleEvents.stream("C", "c"), 0, "root", 0));

        assertEquals(List.of("A", "B"), names("a.b"));
        assertEquals(List.of("B"), names("x.b"));
        assertEquals(List.of("A", "B", "C"), names(">"));
        assertEquals(List.of("C"), names("c"));
        assertTrue(definitions.subjectsTaken(List.of("a.x"), 0));
        assertFalse(definitions.subjectsTaken(List.of("a.x"), 1));
    }

    private List<String> names(String pattern) {
        return definitions.streamsFor(pattern).map(StreamDefinition::name).toList();
    }
}
