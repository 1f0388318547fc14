package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient.Message;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterSource;
import org.memphisee.core.log.StoreException;
import org.memphisee.meta.TestDatabase;
import org.memphisee.meta.jpa.MetadataFeed;
import org.memphisee.meta.jpa.MetadataService;
import org.memphisee.support.Await;

/** Rows about dead letters in a real PostgreSQL: as the logs of a whole broker have the letters, whatever happened meanwhile. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LetterPointersTest extends LetterFixture {

    private static final String LETTERS = "select l.id, partition_id, kind, sequence, extract(epoch from sent_at), "
        + "extract(epoch from updated_at), size, error, producer, checksum from dead_letters l order by partition_id, l.id";
    private static final String GROUPS = "select letter_id, name, cause, deliveries, reason, extract(epoch from given_up_at), again, "
        + "attempts, due_at, copied from dead_letter_groups order by partition_id, letter_id, name";

    @TempDir
    private static Path directory;

    private static TestDatabase database;

    private final String log = "log-" + System.nanoTime();
    private MetadataService service;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = new TestDatabase(directory);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
    }

    @BeforeEach
    void begin() {
        project(log);
    }

    @AfterEach
    void end() throws InterruptedException {
        service.close();
    }

    private void project(String id) {
        Broker of = broker;
        service = new MetadataService(database.settings(TestDatabase.NAME), directory, new MetadataFeed() {
            @Override
            public String logId() {
                return id;
            }

            @Override
            public CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener) {
                return of.control().follow(listener);
            }

            @Override
            public CompletableFuture<DefinitionsSnapshot> snapshot() {
                return of.control().engine().snapshot();
            }

            @Override
            public List<LetterSource> letters() {
                return of.letters();
            }
        }, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        service.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120); // a database is made, on a machine that may be busy
        while (!service.available() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(service.available(), "the database is there");
    }

    private List<String> rows(String sql) {
        try {
            return database.rows(TestDatabase.NAME, sql);
        } catch (SQLException e) {
            return List.of("no answer: " + e.getMessage()); // asked again
        }
    }

    private void awaitRows(String wanted, String sql) {
        Await.until(sql + " gives " + wanted, () -> String.join("|", rows(sql)).equals(wanted));
    }

    private static String count(String of) {
        return "select count(*) from " + of;
    }

    /** Members give up so many messages of a partition at once. */
    private void many(String stream, String group, int messages) {
        List<CompletableFuture<String>> stored = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            stored.add(client.ask(stream + ".final", "", "bad " + i));
        }
        stored.forEach(CoreClient::get);
        for (Message m : client.fetch(stream, group, messages)) {
            client.publish(m.reply(), "", "+TERM");
        }
    }

    @Test
    void shouldPointToWhatGroupsGaveUpAndSchemasRefused() throws StoreException {
        station("s.t", "");
        join("s.t", "g.1");
        join("s.t", "h");
        publish("s#t$2", "k: v", "bad");
        deadLetter("s#t$2", "g.1", "no good");
        deadLetter("s#t$2", "h", "nor here");
        awaitRows("UNACKED 1 g#1 TERMINATED no good NO|UNACKED 1 h TERMINATED nor here NO", "select kind, sequence, g.name, cause, reason, "
            + "again from dead_letters l join dead_letter_groups g on (g.partition_id, g.letter_id) = (l.partition_id, l.id) order by g.name");
        assertEquals(List.of("s.t 2"), rows("select s.name, p.number from dead_letters l join partitions p on p.id = l.partition_id "
            + "join stations s on s.id = p.station_id"));
        assertEquals(true, CoreClient.get(letters().schemaViolation("root", "s.t", 1, "p1", new byte[0],
            "x".getBytes(StandardCharsets.UTF_8), "does not\u0000fit")));
        awaitRows("SCHEMA does not\uFFFDfit p1", "select kind, error, producer from dead_letters where kind = 'SCHEMA'");

        DeadLetter letter = list("s.t", Letter.Kind.UNACKED).get(0);
        CoreClient.get(letters().resend(ROOT, view("s.t"), Set.of(letter.letter().id())));
        awaitRows("BY_HAND|BY_HAND", "select again from dead_letter_groups order by name");
        CoreClient.get(letters().acknowledged("root", "", letter.letter().id(), "h"));
        awaitRows("g#1", "select name from dead_letter_groups where letter_id = " + letter.letter().id());
        CoreClient.get(letters().drop(ROOT, view("s.t"), Letter.Kind.UNACKED, Set.of(letter.letter().id())));
        awaitRows("SCHEMA", "select kind from dead_letters");

        assertEquals("", client.request("$memphis_station_destructions", "{\"station_name\":\"s.t\",\"username\":\"root\","
            + "\"connection_id\":\"c1\",\"tenant_name\":\"\"}"));
        awaitRows("0", count("dead_letters"));
        awaitRows("0", count("dead_letter_groups"));
    }

    /** More than a page, and more than is remembered of what happened. */
    @Test
    void shouldBeTheSameAsWrittenAnew() throws Exception {
        station("s", "");
        join("s", "g");
        many("s$1", "g", 1_234);
        many("s$2", "g", 12);
        awaitRows("1246", count("dead_letters"));
        List<DeadLetter> some = list("s", Letter.Kind.UNACKED);
        CoreClient.get(letters().resend(ROOT, view("s"), Set.of(some.get(3).letter().id())));
        CoreClient.get(letters().drop(ROOT, view("s"), Letter.Kind.UNACKED, Set.of(some.get(5).letter().id(), some.get(50).letter().id())));
        awaitRows("1244", count("dead_letters"));
        awaitRows("1", count("dead_letter_groups where again = 'BY_HAND'"));
        List<String> before = rows(LETTERS);
        List<String> groups = rows(GROUPS);

        service.close();
        project("another log, so that everything is written anew");
        awaitRows("1244", count("dead_letters"));
        awaitRows("1244", count("dead_letter_groups"));
        assertEquals(before, rows(LETTERS));
        assertEquals(groups, rows(GROUPS));
    }

    @Test
    void shouldCatchUpWithWhatHappenedWhileTheDatabaseWasAway() throws Exception {
        station("s", "");
        join("s", "g");
        many("s$1", "g", 20);
        awaitRows("20", count("dead_letters"));
        List<String> before = rows(LETTERS);

        service.close();
        many("s$1", "g", 700);
        List<DeadLetter> newest = list("s", Letter.Kind.UNACKED);
        CoreClient.get(letters().drop(ROOT, view("s"), Letter.Kind.UNACKED, Set.of(newest.get(0).letter().id())));
        CoreClient.get(letters().drop(ROOT, view("s"), Letter.Kind.UNACKED, Set.of(Long.parseLong(before.get(4).split(" ")[0]))));
        restart(); // a crash: letters of the last moment may be given up again, rows of them would be wrong
        project(log);
        awaitRows(Long.toString(view("s").deadLetters().unacked()), count("dead_letters"));
        assertEquals(718, view("s").deadLetters().unacked());
        assertFalse(rows(LETTERS).contains(before.get(4)));
        assertEquals(before.get(3), rows(LETTERS).get(3), "what nothing happened to is not written again");
    }

    /** Purging and removing are quicker than the database. */
    @Test
    void shouldSettleWhateverTheOrder() throws Exception {
        station("s", "");
        join("s", "g");
        for (int round = 0; round < 5; round++) {
            many("s$1", "g", 300);
            Await.until("letters of round " + round, () -> view("s").deadLetters().unacked() == 300);
            if (round < 4) {
                CoreClient.get(letters().purge(ROOT, view("s"), Set.of()));
            }
        }
        awaitRows("300", count("dead_letters"));
        Set<Long> there = Set.copyOf(CoreClient.get(letters().newest(view("s"), -1, Letter.Kind.UNACKED, Long.MAX_VALUE, 1_000))
            .stream().map(l -> l.letter().id()).toList());
        Await.until("rows of these letters", () -> Set.copyOf(rows("select id from dead_letters").stream().map(Long::parseLong).toList())
            .equals(there));
        assertTrue(service.available());
        assertNotEquals(0, there.size());
    }
}
