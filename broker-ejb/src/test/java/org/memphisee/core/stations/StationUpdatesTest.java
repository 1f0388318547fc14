package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.stream.StreamConfig.Durability;

/** Stations that are changed while they are used. */
class StationUpdatesTest {

    private static final Author ROOT = Author.named("root");
    private static final String UPDATES = "$memphis_sdk_clients_updates";

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private void create(String name, String type, long value, String storage) {
        FakeApi.await(administration().create(ROOT, new StationOrder(name, type, value, storage, 1, 2, 60_000, true, true,
            "", false, List.of())));
    }

    private StationAdministration administration() {
        return plane.plane.memphis().administration();
    }

    private static StationChange change(String station, String type, Long value, Long window, String durability) {
        return new StationChange(station, Optional.ofNullable(type), Optional.ofNullable(value), Optional.ofNullable(window),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.ofNullable(durability), Optional.empty());
    }

    private StationView change(StationChange change) {
        return FakeApi.await(administration().change(ROOT, change));
    }

    private String refusal(StationChange change) {
        CompletableFuture<StationView> asked = administration().change(ROOT, change);
        return assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS)).getCause().getMessage();
    }

    private StreamConfig stream(String name) {
        return plane.partitions.fake(name).config();
    }

    private long updates() {
        return plane.definitions().events().stream().filter(SystemEvent.StreamUpdated.class::isInstance).count();
    }

    @Test
    void shouldChangeRetentionWindowAndDurabilityInAllPartitionsAndOverARestart() {
        create("s", "message_age_sec", 3_600, "");
        StationView view = change(change("S", "messages", 7L, 5_000L, "interval"));
        assertEquals(new StationRetention("messages", 7), view.retention());
        for (int restarts = 0; restarts < 2; restarts++) {
            for (String name : List.of("s$1", "s$2")) {
                assertEquals(7, stream(name).maxMsgs());
                assertEquals(0, stream(name).maxAgeNanos());
                assertEquals(5_000_000_000L, stream(name).duplicateWindowNanos());
                assertEquals(Durability.INTERVAL, stream(name).durability());
                assertEquals(List.of(name + ".>"), stream(name).subjects());
            }
            FakeSystemLog log = plane.log;
            plane.close();
            plane = new PlaneFixture(log, ControlFixture.settings());
        }
        StationView found = FakeApi.await(administration().queries().find("s")).orElseThrow();
        assertEquals(5_000, found.windowMillis());
        assertEquals(Durability.INTERVAL, found.durability());
        assertEquals(0, updates());
    }

    @Test
    void shouldKeepWhatNobodySpeaksOf() {
        create("s", "message_age_sec", 3_600, "");
        assertEquals(100, change(change("s", null, 100L, null, null)).retention().value());
        assertEquals(60_000, FakeApi.await(administration().queries().find("s")).orElseThrow().windowMillis());
        StationView view = change(change("s", null, null, null, "interval"));
        assertEquals(new StationRetention("message_age_sec", 100), view.retention());
        assertTrue(view.dlsPoison() && view.dlsSchemaverse());
    }

    @Test
    void shouldShortenTheWindowWithTheRetention() {
        create("s", "message_age_sec", 3_600, "");
        assertEquals(10_000, change(change("s", null, 10L, null, null)).windowMillis());
    }

    @Test
    void shouldWriteNothingWhenNothingIsOtherwise() {
        create("s", "message_age_sec", 3_600, "");
        int before = plane.log.size();
        change(change("s", "message_age_sec", 3_600L, 60_000L, "fsync"));
        assertEquals(before, plane.log.size());
    }

    @Test
    void shouldTellSdksTheNewFlagWhenItChangesAndOnlyThen() {
        create("a.b", "", 0, "");
        plane.api.texts.clear();
        change(StationChange.deadLetters("a.b", false, true));
        assertEquals(List.of(), plane.api.textsOf(UPDATES));
        StationView view = change(StationChange.deadLetters("a.b", false, false));
        assertEquals(List.of("{\"station_name\":\"a#b\",\"type\":\"schemaverse_to_dls\",\"update\":false}"),
            plane.api.textsOf(UPDATES));
        assertTrue(!view.dlsPoison() && !view.dlsSchemaverse());
        assertEquals(0, updates());
    }

    @Test
    void shouldMakeTheDeadLetterStationThatIsMissingAndLetItGo() {
        create("s", "", 0, "");
        assertEquals("my.dead", change(StationChange.deadLetterStation("s", "My.Dead")).dlsStation());
        assertTrue(FakeApi.await(administration().queries().find("my.dead")).isPresent());
        assertEquals("", change(StationChange.deadLetterStation("s", "")).dlsStation());
        assertEquals("A station can not be its own dead-letter station", refusal(StationChange.deadLetterStation("s", "S")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "s|other|-|-|-|retention type can be one of the following message_age_sec/messages/bytes/ack_based",
        "s|messages|-|-|-|retention value has to be a positive number",
        "s|-|0|-|-|retention value has to be a positive number",
        "s|-|-|86400001|-|idempotency window can not exceed 24 hours",
        "s|-|-|3600001|-|idempotency window cannot be greater than the station retention",
        "s|-|-|-|always|durability can be one of the following fsync/interval",
        "t|-|-|-|-|Station t does not exist",
        "PLAIN|-|-|-|interval|Station PLAIN is a stream of a plain client, which changes it by an update of the stream"})
    void shouldRefuseWithTheTextForPeople(String station, String type, Long value, Long window, String durability,
                                          String text) {
        create("s", "message_age_sec", 3_600, "");
        plane.js("STREAM.CREATE.PLAIN", "{'name':'PLAIN','subjects':['p']}");
        int before = plane.log.size();
        assertEquals(text, refusal(change(station, type, value, window, durability)));
        assertEquals(before, plane.log.size());
    }

    @Test
    void shouldRefuseWhatDoesNotFitIntoTheMemoryForStations() {
        FakeSystemLog log = plane.log;
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings().withMaxMemory(10_000));
        create("m", "bytes", 1_000, "memory");
        assertEquals("insufficient memory resources available (10028)", refusal(change("m", null, 5_001L, null, null)));
        assertEquals(5_000, change(change("m", null, 5_000L, null, null)).retention().value());
    }
}
