package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.audit.AuditEntry;
import org.memphisee.core.audit.AuditQuery;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.RetryPolicy;

/** What people do with dead letters has an author, and is found in the audit of the station. */
class DeadLetterAuditTest extends LetterFixture {

    private static final Author ANN = new Author("root", Author.Door.MANAGEMENT, "10.0.0.7", "curl/8");

    private List<AuditEntry> entries() {
        return CoreClient.get(broker.audit().find("root", AuditQuery.of("station", "s"), 0, 100)).entries();
    }

    private AuditEntry newest(String action) {
        AuditEntry entry = entries().get(0);
        assertEquals(action, entry.action());
        assertEquals(ANN, entry.by());
        return entry;
    }

    @Test
    void shouldNoteWhoDoesWhat() throws Exception {
        station("s", "");
        join("s", "g");
        for (int i = 0; i < 4; i++) {
            publish("s$1", "", "bad");
            deadLetter("s$1", "g", "");
        }
        List<Long> ids = await("s", 4).stream().map(l -> l.letter().id()).toList();
        CoreClient.get(letters().resend(ANN, view("s"), Set.of(ids.get(0), ids.get(1))));
        details(newest("dead_letters_resent"), "\"count\":\"2\"", "\"letters\":\"" + ids.get(1) + "," + ids.get(0) + "\"");
        CoreClient.get(letters().resendAll(ANN, view("s")));
        details(newest("dead_letters_resent"), "\"letters\":\"all\"");
        CoreClient.get(letters().putBack(ANN, view("s"), ids.get(0), null, new byte[1]));
        details(newest("dead_letter_put_back"), "\"how\":\"with another payload\"", "\"letters\":\"" + ids.get(0) + "\"");
        CoreClient.get(letters().drop(ANN, view("s"), Letter.Kind.UNACKED, Set.of(ids.get(1))));
        details(newest("dead_letters_dropped"), "\"count\":\"1\"", "\"letters\":\"" + ids.get(1) + "\"");
        CoreClient.get(letters().purge(ANN, view("s"), Set.of(2)));
        details(newest("dead_letters_purged"), "\"partitions\":\"2\"");
        CoreClient.get(letters().retries().set(ANN, view("s"), new RetryPolicy(List.of(60_000L), 3)));
        AuditEntry retry = newest("dead_letter_retry_set");
        details(retry, "\"delaysMillis\":[60000]", "\"maximum\":3");
        assertTrue(retry.before().contains("\"delaysMillis\":[]"), retry.before());
        String station = CoreClient.get(broker.audit().definitionAt("root", "station", "s", retry.atNanos())).definition();
        assertTrue(station.contains("\"retentionType\":\"ACK_BASED\""), "the station's own definition is what it was: " + station);
        assertEquals(2, list("s", Letter.Kind.UNACKED).size());
    }

    private static void details(AuditEntry entry, String... parts) {
        for (String part : parts) {
            assertTrue(entry.after().contains(part), entry.after() + " lacks " + part);
        }
    }

    @Test
    void shouldNoteNothingOfWhatIsNotDone() {
        station("s", "");
        int before = entries().size();
        assertThrows(ExecutionException.class, () -> letters().putBack(ANN, view("s"), 77, null, null).get());
        CoreClient.get(letters().drop(ANN, view("s"), Letter.Kind.SCHEMA, Set.of()));
        assertThrows(RuntimeException.class, () -> letters().purge(Author.named("nobody"), view("s"), Set.of()));
        assertEquals(before, entries().size());
    }
}
