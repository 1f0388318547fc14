package org.memphisee.meta.jpa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.BrokerSettings.DatabaseMode;
import org.memphisee.config.BrokerSettings.DatabaseTls;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SampleEvents;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.meta.TestDatabase;
import org.memphisee.support.FreePort;

/** The service with a PostgreSQL of its own: when that is killed, cannot start, or is to stop. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class EmbeddedMetadataTest extends MetadataFixture {

    @TempDir
    private static Path directory;
    private static int port;

    @BeforeAll
    static void findPort() throws IOException {
        port = FreePort.any();
    }

    @BeforeEach
    void start() throws Exception {
        begin(log);
    }

    @Override
    BrokerSettings.Database settings() {
        return new BrokerSettings.Database(DatabaseMode.EMBEDDED, "localhost", port, true, "memphis", "memphis", "", 4,
            DatabaseTls.OFF, "", "", "", Optional.empty());
    }

    @Override
    Path directory() {
        return directory;
    }

    @Override
    String rows(String sql) throws Exception {
        return String.join("|", TestDatabase.rows(port, "memphis", password(), sql));
    }

    private static String password() throws IOException {
        return Files.readString(directory.resolve("password"));
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
        service.close();
        begin(again);
        awaitIndex(again);

        assertEquals(followed, tables());
    }

    private void killDatabase() throws Exception {
        ProcessHandle.of(Long.parseLong(Files.readAllLines(directory.resolve("data").resolve("postmaster.pid")).get(0).trim())).orElseThrow()
            .destroyForcibly();
        await("outage noticed", () -> !service.available());
    }

    /** All rows of each table, but where it stands in which log. */
    private Map<String, String> tables() throws Exception {
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
        TestDatabase.execute(port, "postgres", password(), "create database others");
        MetadataService other = started(new BrokerSettings.Database(DatabaseMode.EXTERNAL, "127.0.0.1", port, true, "others",
            "memphis", password(), 4, DatabaseTls.OFF, "", "", "", Optional.empty()), new LogInMemory("idle"));
        try {
            await("database of others is used", other::available);
            service.close();
            await("outage noticed", () -> !other.available());
            log.forgetListeners();
            begin(log);
            await("database of others is used again", other::available);
        } finally {
            other.close();
        }
    }

    @Test
    void shouldTakeItsPortWhenTheProgramThatHadItIsGone() throws Exception {
        service.close();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertEquals(port, other.getLocalPort());
            begin(log);
            await("first attempt", service::settled);
            assertFalse(service.available());
        }
        awaitAll();
    }

    @Test
    void shouldCloseWhileTheLogDoesNotAnswer() throws Exception {
        service.close();
        SilentLog silent = new SilentLog();
        begin(silent);
        assertTrue(silent.asked.await(60, TimeUnit.SECONDS), "definitions asked for");

        long begin = System.nanoTime();
        service.close();

        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        assertTrue(seconds < 15, "closed after " + seconds + " s, most of it PostgreSQL's own stop");
        await("PostgreSQL stopped", () -> Files.notExists(directory.resolve("data").resolve("postmaster.pid")));
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
