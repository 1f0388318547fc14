package org.memphisee.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;

/** Schemas and messages of one language, as texts. */
final class SchemaFixture {

    private static final Languages LANGUAGES = new Languages();

    private final SchemaType type;

    SchemaFixture(SchemaType type) {
        this.type = type;
    }

    SchemaText read(String content, String messageName) {
        try {
            return LANGUAGES.read(type, "name_1", content, messageName);
        } catch (SchemaException e) {
            throw new AssertionError(content + " is refused", e);
        }
    }

    /** Why a schema is refused. */
    String refusal(String content) {
        return assertThrows(SchemaException.class, () -> LANGUAGES.read(type, "name_1", content, ""), content).getMessage();
    }

    MessageCheck check(String schema) {
        try {
            return LANGUAGES.check(type, read(schema, ""));
        } catch (SchemaException e) {
            throw new AssertionError(schema, e);
        }
    }

    void accepts(String schema, String... messages) {
        MessageCheck check = check(schema);
        for (String message : messages) {
            assertEquals("", problem(check, message), message);
        }
    }

    void refuses(String schema, String... messages) {
        MessageCheck check = check(schema);
        for (String message : messages) {
            assertNotEquals("", problem(check, message), message);
        }
    }

    static String problem(MessageCheck check, String message) {
        return problem(check, message.getBytes(StandardCharsets.UTF_8));
    }

    /** From the middle of an array, as messages come. */
    static String problem(MessageCheck check, byte[] message) {
        byte[] all = new byte[message.length + 10];
        System.arraycopy(message, 0, all, 3, message.length);
        return check.problem(all, 3, message.length);
    }

    List<String> breaks(String reader, String writer) {
        try {
            return LANGUAGES.breaks(type, read(reader, ""), read(writer, ""));
        } catch (SchemaException e) {
            throw new AssertionError(e);
        }
    }

    void breaks(String reader, String writer, String... parts) {
        List<String> found = breaks(reader, writer);
        assertEquals(parts.length, found.size(), found.toString());
        for (String part : parts) {
            assertTrue(found.stream().anyMatch(line -> line.contains(part)), part + " in " + found);
        }
    }
}
