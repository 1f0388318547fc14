package org.memphisee.core.control.format;

import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeNote;
import org.memphisee.core.api.ChangeSubject;
import org.memphisee.core.control.SystemEvent;

/** What is kept beside an event for people (version 1). A newer one is read as far as this release understands it. */
final class NoteFormat {

    /** Where it stands in an event. */
    static final String MEMBER = "note";

    private static final int VERSION = 1;
    /** Characters of the value of a setting as people see it; only pictures are longer. */
    private static final int MOST_VALUE = 1_024;
    private static final Choice<Author.Door> DOOR = Choice.of(Author.Door.class, Map.of(Author.Door.SDK, "sdk",
        Author.Door.JETSTREAM, "jetstream", Author.Door.MANAGEMENT, "management", Author.Door.REST, "rest",
        Author.Door.BROKER, "broker", Author.Door.UNKNOWN, "unknown"));
    private static final Choice<ChangeSubject.Effect> EFFECT = Choice.of(ChangeSubject.Effect.class,
        Map.of(ChangeSubject.Effect.MADE, "made", ChangeSubject.Effect.CHANGED, "changed", ChangeSubject.Effect.GONE, "gone",
            ChangeSubject.Effect.DONE, "done"));

    private NoteFormat() { }

    /** Reads an event inside a note. */
    interface EventReading {
        SystemEvent read(JsonNode object) throws FormatException;
    }

    static void write(ChangeNote note, ObjectNode object, Function<SystemEvent, ObjectNode> event) {
        new MemberWriter(object).number("v", VERSION).number("atNanos", note.atNanos())
            .text("user", note.by().user()).choice("door", DOOR, note.by().door()).text("address", note.by().address())
            .text("program", note.by().program()).text("kind", note.subject().kind())
            .text("object", note.subject().object()).choice("effect", EFFECT, note.subject().effect());
        if (note.before() != null) {
            object.set("before", event.apply(note.before()));
        }
    }

    static ChangeNote read(JsonNode object, EventReading event) throws FormatException {
        MemberReader in = MemberReader.of(object);
        boolean newer = in.number("v") > VERSION;
        Author.Door door = newer && DOOR.constant(in.text("door")) == null ? Author.Door.UNKNOWN : in.choice("door", DOOR);
        return new ChangeNote(new Author(in.text("user"), door, in.text("address"), in.text("program")), in.number("atNanos"),
            new ChangeSubject(in.text("kind"), in.text("object"), in.choice("effect", EFFECT)),
            in.has("before") ? event.read(object.get("before")) : null);
    }

    /** Takes out what nobody may see, and shortens the value of a setting that is a picture: pages of entries would be huge. */
    static ObjectNode withoutSecrets(ObjectNode members) {
        String value = members.path("value").asText();
        if (value.length() > MOST_VALUE) {
            members.put("value", value.length() + " characters");
        }
        members.remove("passwordHash");
        members.remove("secretHash");
        members.remove("sealed");
        return members;
    }
}
