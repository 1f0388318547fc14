package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.api.ChangeSubject;
import org.memphisee.core.api.ChangeSubject.Effect;
import org.memphisee.core.audit.AuditEntry;

/** The texts of management-api.md 12. */
class AuditLogJsonTest {

    private static final Author ANN = new Author("ann", Author.Door.SDK, "127.0.0.1", "go");

    private static String text(Author by, String action, String kind, String object) {
        return AuditLogJson.text(new AuditEntry(1, 1, by, action, new ChangeSubject(kind, object, Effect.DONE), "", "", ""));
    }

    private static List<String> tagged(String before, String after) {
        return AuditLogJson.texts(new AuditEntry(1, 1, ANN, "station_tagged", new ChangeSubject("station", "a.b", Effect.CHANGED), before,
            after, ""));
    }

    private static String schema(String action, String before, String after) {
        return AuditLogJson.text(new AuditEntry(1, 1, ANN, action, new ChangeSubject("schema", "a.b/s", Effect.CHANGED), before, after, ""));
    }

    @Test
    void shouldSayWhichSchemaAStationGotOrLost() {
        String one = "{\"schemaId\":3,\"version\":1,\"enforcement\":\"OFF\"}";
        assertEquals("Schema s has been attached to station a.b by user ann", schema("schema_attached", "", one));
        assertEquals("Schema s has been attached to station a.b by user ann", schema("schema_attached", one, one.replace(":1", ":2")));
        assertEquals("Schema enforcement of station a.b has been changed by user ann", schema("schema_attached", one, one.replace("OFF", "WARN")));
        assertEquals("Schema s has been deleted from station a.b by user ann", schema("schema_detached", one, ""));
    }

    @Test
    void shouldSayWhichTagsAStationGotAndLost() {
        assertEquals(List.of("Tag c has been added to station a.b by user ann", "Tag a has been deleted from station a.b by user ann"),
            tagged("{\"tags\":[\"a\",\"b\"]}", "{\"tags\":[\"b\",\"c\"]}"));
        assertEquals(List.of("Tag c has been added to station a.b by user ann"), tagged("", "{\"tags\":[\"c\"]}"));
        assertEquals(List.of(), tagged("{", "["));
    }

    @Test
    void shouldSayWhatHappenedAsTheReferenceDoes() {
        assertEquals("Station a.b has been created by user ann", text(ANN, "station_created", "station", "a.b"));
        assertEquals("Station a.b has been deleted by user ann", text(ANN, "stream_deleted", "station", "a.b"));
        assertEquals("Producer p connected", text(ANN, "member_registered", "producer", "a.b/p"));
        assertEquals("Consumer c has been destroyed", text(ANN, "members_removed", "consumer", "a.b/c"));
        assertEquals("Consumer group g has been removed by the broker", text(Author.BROKER, "consumer_removed", "group", "a.b/g"));
        assertEquals("thing turned by user ann", text(ANN, "thing_turned", "thing", "x"));
    }
}
