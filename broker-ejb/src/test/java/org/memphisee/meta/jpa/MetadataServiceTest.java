package org.memphisee.meta.jpa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SampleEvents;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.support.FreePort;

/** Against a real PostgreSQL: what the tables say after events, failures and restarts. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class MetadataServiceTest {

    private static final long CREATED = 1_700_000_000_123_456_000L;

    @TempDir
    private static Path directory;
    private static int port;

    private final LogInMemory log = new LogInMemory("log-" + System.nanoTime());
    private MetadataService service;

    @BeforeAll
    static void findPort() throws IOException {
        port = FreePort.any();
    }

    @BeforeEach
    void start() {
        service = service(log);
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.close();
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
        service = service(log); // everything anew
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
        service = service(log);
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

    @Test
    void shouldCatchUpAfterTheDatabaseWasKilled() throws Exception {
        log.append(station(10, "orders", List.of(11L), ""));
        awaitAll();

        killDatabase();
        log.append(station(20, "meanwhile", List.of(21L), ""));
        awaitAll();

        assertEquals("10|20", rows("select id from stations order by id"));
        assertTrue(service.available());
    }

    /** 100 stations and 1,000 producers and consumers while the database is killed again and again: as if written anew, table by table. */
    @Test
    void shouldSayTheSameAsTablesThatAreWrittenAnewHoweverOftenTheDatabaseWasKilled() throws Exception {
        awaitAll();
        long id = 1_000;
        for (int i = 0; i < 100; i++) {
            long station = id++;
            log.append(station(station, "load." + i, List.of(id++, id++), ""));
            log.append(SampleEvents.group(station, "g", 30_000, 5, 1, -1, List.of(id++, id++), List.of(1L, 1L), CREATED));
            for (int member = 0; member < 10; member++) {
                boolean producer = member < 5;
                log.append(new SystemEvent.MemberRegistered(id++, producer, "m" + member, station, producer ? "" : "g", "uuid-" + member,
                    "application", "root", "app", "go", 4, CREATED));
            }
            if (i % 3 == 0) {
                log.append(new SystemEvent.StationTagged(station, List.of("green"), Map.of("green", "1, 2, 3")));
                log.append(new SystemEvent.MembersRemoved(List.of(id - 1, id - 2)));
            }
            if (i % 10 == 9) {
                log.append(new SystemEvent.StationDeleted(station));
            }
            if (i % 40 == 20) {
                killDatabase();
            }
        }
        awaitAll();
        assertEquals("90", rows("select count(*) from stations"));
        assertEquals(String.valueOf(90 * 10 - 2 * 30), rows("select count(*) from members"), "of 34 stations that lost two, four are gone");
        Map<String, String> followed = tables();

        LogInMemory again = new LogInMemory("again-" + System.nanoTime());
        log.snapshot().join().events().forEach(again::append);
        restart(again);
        awaitIndex(again);

        assertEquals(followed, tables());
    }

    private void killDatabase() throws Exception {
        ProcessHandle.of(Long.parseLong(Files.readAllLines(directory.resolve("data").resolve("postmaster.pid")).get(0).trim())).orElseThrow()
            .destroyForcibly();
        await("outage noticed", () -> !service.available());
    }

    /** All rows of each table, but where it stands in which log. */
    private static Map<String, String> tables() throws SQLException, IOException {
        Map<String, String> tables = new TreeMap<>();
        for (String table : rows("select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'"
            + " and table_name not in ('projection_cursor', 'flyway_schema_history') order by 1").split("\\|")) {
            tables.put(table, rows("select t::text from " + table + " t order by 1"));
        }
        return tables;
    }

    @Test
    void shouldMissADatabaseOfOthersAlsoWhenNothingChanges() throws Exception {
        awaitAll();
        execute("create database others");
        MetadataService other = started(new BrokerSettings.Database(BrokerSettings.DatabaseMode.EXTERNAL, "127.0.0.1", port, true,
            "others", "memphis", Files.readString(directory.resolve("password")), 4, BrokerSettings.DatabaseTls.OFF, "", "", "",
            java.util.Optional.empty()), new LogInMemory("idle"));
        try {
            await("database of others is used", other::available);
            service.close();
            await("outage noticed", () -> !other.available());
            log.forgetListeners();
            service = service(log);
            await("database of others is used again", other::available);
        } finally {
            other.close();
        }
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
        MetadataService one = started(external("shared"), first);
        MetadataService two = null;
        try {
            await("the first one uses it", one::available);
            two = started(external("shared"), second);
            await("the second one has tried", two::settled);
            first.append(station(30, "more", List.of(31L), ""));
            await("the first one goes on", () -> rowsOf("shared", "select name from stations order by id").equals("first|more"));
            assertFalse(two.available());
            assertEquals(1, told.stream().filter(text -> text.contains("MEE0854") && text.contains("127.0.0.1:" + port + "/shared")
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

    private static BrokerSettings.Database external(String name) throws IOException {
        return new BrokerSettings.Database(BrokerSettings.DatabaseMode.EXTERNAL, "127.0.0.1", port, true, name, "memphis",
            Files.readString(directory.resolve("password")), 4, BrokerSettings.DatabaseTls.OFF, "", "", "", java.util.Optional.empty());
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

    @Test
    void shouldTakeItsPortWhenTheProgramThatHadItIsGone() throws Exception {
        service.close();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertEquals(port, other.getLocalPort());
            service = service(log);
            await("first attempt", service::settled);
            assertFalse(service.available());
        }
        awaitAll();
    }

    @Test
    void shouldCloseWhileTheLogDoesNotAnswer() throws Exception {
        service.close();
        SilentLog silent = new SilentLog();
        service = service(silent);
        assertTrue(silent.asked.await(60, TimeUnit.SECONDS), "definitions asked for");

        long begin = System.nanoTime();
        service.close();

        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        assertTrue(seconds < 15, "closed after " + seconds + " s, most of it PostgreSQL's own stop");
        await("PostgreSQL stopped", () -> Files.notExists(directory.resolve("data").resolve("postmaster.pid")));
    }

    private MetadataService service(MetadataFeed feed) {
        BrokerSettings.Database settings = new BrokerSettings.Database(BrokerSettings.DatabaseMode.EMBEDDED, "localhost",
            port, true, "memphis", "memphis", "", 4, BrokerSettings.DatabaseTls.OFF, "", "", "", java.util.Optional.empty());
        return started(settings, feed);
    }

    private static MetadataService started(BrokerSettings.Database settings, MetadataFeed feed) {
        MetadataService made = new MetadataService(settings, directory, feed, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        made.start();
        return made;
    }

    private void restart(LogInMemory feed) throws InterruptedException {
        service.close();
        log.forgetListeners();
        service = service(feed);
    }

    /** Shows later whether rows were written anew. */
    private void mark() throws Exception {
        execute("update stations set created_by = 'marked'");
    }

    private void awaitAll() throws Exception {
        awaitIndex(log);
    }

    private void awaitIndex(LogInMemory feed) throws Exception {
        await("tables at the end of the log", () -> service.available() && rows("select position from projection_cursor "
            + "where log_id = '" + feed.logId() + "'").equals(String.valueOf(feed.index())));
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (SQLException e) {
                assertFalse(System.nanoTime() - deadline > 0, what + ": " + e.getMessage());
            }
            assertFalse(System.nanoTime() - deadline > 0, what);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static Connection connect() throws SQLException, IOException {
        return connect("memphis");
    }

    private static Connection connect(String database) throws SQLException, IOException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?loginTimeout=10", "memphis",
            Files.readString(directory.resolve("password")));
    }

    private static void execute(String sql) throws SQLException, IOException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All rows: values separated by blanks, rows by bars. */
    private static String rows(String sql) throws SQLException, IOException {
        return rowsOf("memphis", sql);
    }

    private static String rowsOf(String database, String sql) throws SQLException, IOException {
        try (Connection connection = connect(database); Statement statement = connection.createStatement();
             ResultSet result = statement.executeQuery(sql)) {
            StringBuilder text = new StringBuilder();
            while (result.next()) {
                text.append(text.isEmpty() ? "" : "|");
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    String value = result.getString(i);
                    text.append(i == 1 ? "" : " ").append(value == null ? "null" : value.equals("t") ? "true"
                        : value.equals("f") ? "false" : value);
                }
            }
            return text.toString();
        }
    }

    private static SystemEvent.StationCreated station(long id, String name, List<Long> partitions, String dlsStation) {
        return SampleEvents.station(id, name, SystemEvent.RetentionType.MESSAGES, 1000,
            StreamConfig.Storage.FILE, 1, 120_000, partitions, true, true, dlsStation, false, true, "root", CREATED, 2,
            List.of("red", "blue"), Map.of("red", "255, 0, 0"));
    }

    private static StreamConfig stream(String name) {
        StreamConfig like = station(1, "like", List.of(2L), "").stream(1);
        return new StreamConfig(name, like.description(), List.of(name + ".>"), StreamConfig.Retention.LIMITS, -1, -1, -1, -1,
            0, -1, like.discard(), false, like.storage(), 1, false, like.duplicateWindowNanos(), 0, "none", false, false,
            false, false, false, false, StreamConfig.Republish.NONE, 0, 0, Map.of(), like.durability(), 0,
            StreamConfig.Placement.NONE);
    }

    /** A log that says where it stands, and never what it holds: its engine closed meanwhile. */
    private static final class SilentLog implements MetadataFeed {
        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public String logId() {
            return "silent";
        }

        @Override
        public CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener) {
            return CompletableFuture.completedFuture(new DefinitionsSnapshot(7, 1000, List.of()));
        }

        @Override
        public CompletableFuture<DefinitionsSnapshot> snapshot() {
            asked.countDown();
            return new CompletableFuture<>();
        }
    }
}
