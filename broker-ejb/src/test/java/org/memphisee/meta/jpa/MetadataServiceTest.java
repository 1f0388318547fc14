package org.memphisee.meta.jpa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.control.SampleEvents;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.meta.TestDatabase;

/** Against a real PostgreSQL: what the tables say after events, failures and restarts. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class MetadataServiceTest extends MetadataFixture {

    @TempDir
    private static Path directory;
    private static TestDatabase database;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = new TestDatabase(directory);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
    }

    @BeforeEach
    void start() throws Exception {
        begin(log);
    }

    @Override
    BrokerSettings.Database settings() {
        return database.settings(TestDatabase.NAME);
    }

    @Override
    Path directory() {
        return directory;
    }

    @Override
    String rows(String sql) throws SQLException {
        return rowsOf(TestDatabase.NAME, sql);
    }

    private static String rowsOf(String name, String sql) throws SQLException {
        return String.join("|", database.rows(name, sql));
    }

    private static void execute(String sql) throws SQLException {
        database.execute(TestDatabase.NAME, sql);
    }

    @Test
    void shouldWriteWhatHappensIntoTables() throws Exception {
        awaitAll(); // an empty log: what follows comes event by event
        log.append(station(10, "orders", List.of(11L, 12L), ""));
        log.append(station(20, "orders.dead", List.of(21L), "orders"));
        log.append(SampleEvents.group(10, "billing", 30_000, 5, 1, -1, List.of(31L, 32L), List.of(1L, 7L),
            CREATED));
        log.append(new SystemEvent.GroupUpdated(10, "billing", 40_000, 6));
        log.append(new SystemEvent.StreamCreated(50, stream("Plain"), CREATED, "root", 0));
        log.append(new UserEvent.UserCreated(60, "ann", UserEvent.UserType.APPLICATION, "hash",
            Map.of("description", "before"), CREATED,
            new UserEvent.StationPatterns(List.of(), List.of("orders.*"), List.of(), List.of())));
        log.append(new UserEvent.UserPasswordChanged("ann", "other hash"));
        log.append(new UserEvent.UserProfileChanged("ann", Map.of("description", "a\u0000b")));
        log.append(new UserEvent.UserLoggedIn("ann", CREATED));
        log.append(new UserEvent.UserLoggedIn("nobody", CREATED));
        log.append(new UserEvent.UserCreated(61, "vera", UserEvent.UserType.MANAGEMENT, "hash", Map.of(), CREATED,
            UserEvent.StationPatterns.NONE));
        log.append(new UserEvent.UserRightsChanged("vera", UserEvent.UserRole.VIEWER,
            new UserEvent.StationPatterns(List.of("a"), List.of(), List.of(), List.of())));
        log.append(new SystemEvent.SettingChanged("dls_retention", "3"));
        awaitAll();

        assertEquals("10 orders true MESSAGES 1000 null|20 orders.dead true MESSAGES 1000 10|"
            + "50 Plain false MESSAGE_AGE_SEC 0 null", rows("select id, name, native_station, retention_type, "
            + "retention_value, dls_station_id from stations order by id"));
        assertEquals("11 10 1 orders$1|12 10 2 orders$2|21 20 1 orders#dead$1|50 50 0 Plain",
            rows("select id, station_id, number, stream_name from partitions order by id"));
        assertEquals("billing 40000 6", rows("select name, max_ack_time_ms, max_deliveries from consumer_groups"));
        assertEquals("31 11 1|32 12 7", rows("select id, partition_id, start_sequence from consumers order by id"));
        assertEquals("ann APPLICATION description a\uFFFDb",
            rows("select u.name, type, key, value from users u join user_profile p on p.user_id = u.id"));
        assertEquals("orders.* true", rows("select permissions::jsonb -> 'allowWrite' ->> 0, last_login = created_at "
            + "from users where name = 'ann'"));
        assertEquals("ann FULL null|vera VIEWER a", rows("select name, role, permissions::jsonb -> 'allowRead' ->> 0 from users "
            + "order by id"));
        assertEquals("blue|red 255, 0, 0", rows("select trim(tag || ' ' || color) from station_tags where station_id = 10 order by tag"));
        assertEquals("dls_retention 3", rows("select key, value from settings"));
        assertEquals("1700000000123456", rows("select (extract(epoch from created_at) * 1000000)::bigint from stations "
            + "where id = 10"));
    }

    @Test
    void shouldWriteARestoredStreamWithItsConsumers() throws Exception {
        awaitAll(); // an empty log: what follows comes event by event
        int before = service.rebuilds();
        SystemEvent.StreamRestored restored = SampleEvents.all().stream().filter(SystemEvent.StreamRestored.class::isInstance)
            .map(SystemEvent.StreamRestored.class::cast).findFirst().orElseThrow();
        log.append(restored);
        awaitAll();

        assertEquals("30 30 BACK", rows("select id, station_id, stream_name from partitions"));
        assertEquals("31 30 17", rows("select id, partition_id, start_sequence from consumers"));
        assertEquals(before, service.rebuilds(), "one event, and not everything anew because it failed");
    }

    @Test
    void shouldFollowChangesOfStations() throws Exception {
        awaitAll(); // an empty log: what follows comes event by event
        log.append(station(20, "orders.dead", List.of(21L), ""));
        log.append(station(10, "orders", List.of(11L, 12L), ""));
        SystemEvent.StationUpdated sample = SampleEvents.all().stream().filter(SystemEvent.StationUpdated.class::isInstance)
            .map(SystemEvent.StationUpdated.class::cast).findFirst().orElseThrow();
        log.append(new SystemEvent.StationUpdated(10, sample.retentionType(), sample.retentionValue(),
            sample.idempotencyWindowMillis(), false, true, "orders.dead", sample.config()));
        awaitAll();

        assertEquals("BYTES 4096 60000 false true 20", rows("select retention_type, retention_value, idempotency_window_ms, "
            + "dls_poison, dls_schemaverse, dls_station_id from stations where id = 10"));
        assertEquals("orders$1 4096 INTERVAL|orders$2 4096 INTERVAL", rows("select config::jsonb ->> 'name', config::jsonb ->> "
            + "'maxBytes', config::jsonb ->> 'durability' from partitions where station_id = 10 order by number"));
    }

    @Test
    void shouldFollowGrowthTagsAndMovedGroups() throws Exception {
        awaitAll(); // an empty log: what follows comes event by event
        log.append(station(10, "orders", List.of(11L, 12L), ""));
        log.append(SampleEvents.group(10, "g", 30_000, 5, 1, -1, List.of(31L, 32L), List.of(1L, 7L), CREATED));
        log.append(new SystemEvent.StreamDeleted(12));
        log.append(new SystemEvent.StationGrown(10, 3, List.of(13L), List.of(0L), SampleEvents.station(10, "orders",
            SystemEvent.RetentionType.MESSAGES, 5, StreamConfig.Storage.FILE, 1, 1_000, List.of(11L), true, true, "", false,
            true, "root", CREATED, 2, List.of(), Map.of()).config(), List.of("g", "gone"), List.of(33L, 34L)));
        log.append(SampleEvents.group(10, "g", 30_000, 5, 1, -1, List.of(41L, 0L, 43L), List.of(4L, 1L, 6L), CREATED));
        log.append(new SystemEvent.TagDefined(50, "red", "1, 2, 3", "root", CREATED));
        log.append(new SystemEvent.StationTagged(10, List.of("red"), Map.of("red", "1, 2, 3")));
        awaitAll();

        assertEquals("11 1 orders$1|13 3 orders$3", rows("select id, number, stream_name from partitions order by id"));
        assertEquals("red 1, 2, 3", rows("select tag, color from station_tags where station_id = 10"));
        assertEquals("50 red 1, 2, 3 root", rows("select id, name, color, created_by from tags"));
        assertEquals("41 11 4", rows("select id, partition_id, start_sequence from consumers where id = 41"));
        assertEquals("", rows("select id from consumers where id in (31, 33)"));
    }

    @Test
    void shouldRemoveWhatGoesWithEverythingThatBelongsToIt() throws Exception {
        awaitAll(); // an empty log: what follows comes event by event
        log.append(station(10, "orders", List.of(11L, 12L), ""));
        log.append(station(20, "other", List.of(21L), "orders"));
        log.append(SampleEvents.group(10, "billing", 30_000, 5, 1, -1, List.of(31L, 32L), List.of(1L, 1L),
            CREATED));
        log.append(SampleEvents.group(20, "g", 30_000, 5, 1, -1, List.of(41L), List.of(1L), CREATED));
        log.append(new SystemEvent.StationDeleted(10));
        log.append(station(70, "orders", List.of(71L, 72L), ""));
        log.append(new SystemEvent.StreamDeleted(71));
        log.append(new SystemEvent.ConsumerRemoved(21, 41));
        log.append(new SystemEvent.SettingChanged("k", "v"));
        log.append(new SystemEvent.SettingChanged("k", ""));
        awaitAll();

        assertEquals("20 other null|70 orders null", rows("select id, name, dls_station_id from stations order by id"));
        assertEquals("21|72", rows("select id from partitions order by id"));
        assertEquals("", rows("select name from consumer_groups"));
        assertEquals("", rows("select id from consumers"));
        assertEquals("", rows("select key from settings"));

        log.append(new SystemEvent.StreamDeleted(72));
        awaitAll();

        assertEquals("20", rows("select id from stations"));
    }

    @Test
    void shouldWriteSchemasAndWhichStationHasThem() throws Exception {
        awaitAll(); // an empty log: what follows comes event by event
        schemas();
        awaitAll();
        assertSchemas();

        service.close();
        log.forgetListeners();
        log.append(new SystemEvent.SettingChanged("while.down", "1"));
        begin(log); // everything anew
        awaitAll();
        assertSchemas();

        log.append(new SystemEvent.StationDeleted(10));
        log.append(new SchemaEvent.SchemaRemoved(91));
        awaitAll();
        assertEquals("", rows("select name from schemas"));
        assertEquals("", rows("select version_number from schema_versions"));
        assertEquals("", rows("select station_id from station_schemas"));
    }

    private void schemas() {
        log.append(new SchemaEvent.SchemaCreated(91, "order", SchemaType.JSON, new SchemaText("{\"a\u0000\":1}", "", ""),
            Compatibility.NONE, List.of("a", "b"), Map.of("a", "1, 2, 3"), "root", CREATED));
        log.append(new SchemaEvent.SchemaCreated(92, "gone", SchemaType.PROTOBUF, new SchemaText("message M {}", "M", "Cg=="),
            Compatibility.NONE, List.of(), Map.of(), "root", CREATED));
        log.append(new SchemaEvent.SchemaAttached(10, 91, 1, Enforcement.REFUSE));
        log.append(station(10, "orders", List.of(11L, 12L), ""));
        log.append(station(20, "other", List.of(21L), ""));
        log.append(new SchemaEvent.SchemaVersionAdded(91, 2, new SchemaText("{}", "", ""), "ann", CREATED));
        log.append(new SchemaEvent.SchemaVersionActivated(91, 2));
        log.append(new SchemaEvent.SchemaChanged(91, Compatibility.FULL, List.of("b"), Map.of()));
        log.append(new SchemaEvent.SchemaAttached(10, 91, 2, Enforcement.WARN));
        log.append(new SchemaEvent.SchemaAttached(20, 92, 1, Enforcement.WARN));
        log.append(new SchemaEvent.SchemaAttached(10, 91, 2, Enforcement.REFUSE));
        log.append(new SchemaEvent.SchemaRemoved(92));
        log.append(new SchemaEvent.SchemaAttached(20, 91, 1, Enforcement.OFF));
        log.append(new SchemaEvent.SchemaDetached(20));
    }

    private void assertSchemas() throws Exception {
        assertEquals("91 order JSON FULL root", rows("select id, name, type, compatibility, created_by from schemas"));
        assertEquals("1 false {\"a\uFFFD\":1} root|2 true {} ann",
            rows("select version_number, active, schema_content, created_by from schema_versions order by version_number"));
        assertEquals("b ", rows("select tag, color from schema_tags"));
        assertEquals("10 91 2 REFUSE", rows("select station_id, schema_id, version_number, enforcement from station_schemas"));
    }

    @Test
    void shouldFollowCreationAndRemovalInOneTransaction() throws Exception {
        log.append(new SystemEvent.SettingChanged("before", "1"));
        awaitAll();
        execute("create or replace function slow() returns trigger as $$ begin perform pg_sleep(0.3); return new; end $$ "
            + "language plpgsql");
        execute("create trigger slow before update on projection_cursor for each row execute function slow()");
        try {
            log.append(new SystemEvent.SettingChanged("first", "1")); // while it is written, the rest gathers
            for (int i = 0; i < 3; i++) {
                long id = 100 + 10 * i;
                log.append(station(id, "smoke", List.of(id + 1), ""));
                log.append(SampleEvents.group(id, "c", 30_000, 5, 1, -1, List.of(id + 2), List.of(1L), CREATED));
                log.append(new SystemEvent.GroupRemoved(id, "c"));
                log.append(new SystemEvent.StationDeleted(id));
                log.append(new SystemEvent.StreamCreated(id + 3, stream("smoke"), CREATED, "root", 0));
                log.append(new SystemEvent.StreamUpdated(id + 3, stream("smoke")));
                log.append(new SystemEvent.StreamDeleted(id + 3));
            }
            awaitAll();
        } finally {
            execute("drop trigger slow on projection_cursor");
        }

        assertEquals("", rows("select id from stations"));
        assertEquals("", rows("select id from partitions"));
        assertEquals("before 1|first 1", rows("select key, value from settings order by key"));
        assertEquals(1, service.rebuilds(), "only the first one, into the new log's empty tables");
    }

    @Test
    void shouldGoOnAfterARestartWithoutWritingAnew() throws Exception {
        log.append(station(10, "orders", List.of(11L), ""));
        awaitAll();
        mark();

        restart(log);
        log.append(station(20, "more", List.of(21L), ""));
        awaitAll();

        assertEquals("10 marked|20 root", rows("select id, created_by from stations order by id"));
    }

    @Test
    void shouldWriteAnewWhenItMissedEvents() throws Exception {
        log.append(station(10, "orders", List.of(11L), ""));
        awaitAll();
        mark();

        service.close();
        log.forgetListeners();
        log.append(station(20, "while.down", List.of(21L), ""));
        begin(log);
        awaitAll();

        assertEquals("10 root|20 root", rows("select id, created_by from stations order by id"));
    }

    @Test
    void shouldWriteAnewForAnotherLog() throws Exception {
        log.append(station(10, "orders", List.of(11L), ""));
        awaitAll();

        LogInMemory other = new LogInMemory("another-" + System.nanoTime());
        other.append(station(15, "theirs", List.of(16L), ""));
        restart(other);
        awaitIndex(other);

        assertEquals("15 theirs", rows("select id, name from stations"));
    }

    /** Two nodes of a cluster are given one database: the second one leaves it alone, and takes it when the first one has gone. */
    @Test
    void shouldNotWriteIntoADatabaseThatAnotherBrokerUses() throws Exception {
        awaitAll();
        execute("create database shared");
        LogInMemory first = new LogInMemory("first");
        first.append(station(10, "first", List.of(11L), ""));
        LogInMemory second = new LogInMemory("second");
        second.append(station(20, "second", List.of(21L), ""));
        List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        java.util.logging.Handler hears = new java.util.logging.Handler() {
            @Override
            public void publish(java.util.logging.LogRecord message) {
                told.add(String.valueOf(message.getMessage()));
            }

            @Override
            public void flush() { }

            @Override
            public void close() { }
        };
        java.util.logging.Logger logger = java.util.logging.Logger.getLogger(MetadataService.class.getName());
        logger.addHandler(hears);
        MetadataService one = started(database.settings("shared"), first);
        MetadataService two = null;
        try {
            await("the first one uses it", one::available);
            two = started(database.settings("shared"), second);
            await("the second one has tried", two::settled);
            first.append(station(30, "more", List.of(31L), ""));
            await("the first one goes on", () -> rowsOf("shared", "select name from stations order by id").equals("first|more"));
            assertFalse(two.available());
            assertEquals(1, told.stream().filter(text -> text.contains("MEE0854") && text.contains("127.0.0.1:" + database.port() + "/shared")
                && text.contains("connected from 127.0.0.1")).count(), told::toString);
            one.close();
            await("the second one uses it", two::available);
            assertEquals("second", rowsOf("shared", "select name from stations order by id"));
        } finally {
            logger.removeHandler(hears);
            one.close();
            if (two != null) {
                two.close();
            }
        }
    }

    @Test
    void shouldWriteAnewWhenAnEventDoesNotFitToTheTables() throws Exception {
        log.append(station(10, "orders", List.of(11L), ""));
        awaitAll();
        execute("insert into settings (key, value) values ('x', 'stray')");
        execute("insert into stations select 20, 'stray', native_station, retention_type, retention_value, storage, "
            + "replicas, idempotency_window_ms, dls_poison, dls_schemaverse, null, tiered_storage, created_by, created_at, "
            + "version from stations where id = 10");

        log.append(station(20, "right", List.of(21L), ""));
        awaitAll();

        assertEquals("10 orders|20 right", rows("select id, name from stations order by id"));
        assertEquals("", rows("select key from settings"));
    }

    private void restart(LogInMemory feed) throws Exception {
        service.close();
        log.forgetListeners();
        begin(feed);
    }

    /** Shows later whether rows were written anew. */
    private void mark() throws Exception {
        execute("update stations set created_by = 'marked'");
    }

    private static StreamConfig stream(String name) {
        StreamConfig like = station(1, "like", List.of(2L), "").stream(1);
        return new StreamConfig(name, like.description(), List.of(name + ".>"), StreamConfig.Retention.LIMITS, -1, -1, -1, -1,
            0, -1, like.discard(), false, like.storage(), 1, false, like.duplicateWindowNanos(), 0, "none", false, false,
            false, false, false, false, StreamConfig.Republish.NONE, 0, 0, Map.of(), like.durability(), 0,
            StreamConfig.Placement.NONE);
    }
}
