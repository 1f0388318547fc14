package org.memphisee.dashboard.api;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How values look in answers (management-api.md 1.1 and 2). */
final class Texts {

    /** A time that never was. */
    static final String NEVER = "0001-01-01T00:00:00Z";

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Texts() { }

    /** A time; 0 is never. */
    static String time(long nanos) {
        return nanos == 0 ? NEVER : Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND),
            Math.floorMod(nanos, NANOS_PER_SECOND)).toString();
    }

    /** Bytes in hexadecimal, at most so many characters. */
    static String hex(byte[] bytes, int maxCharacters) {
        return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, maxCharacters / 2));
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ArrayNode texts(List<String> texts) {
        ArrayNode array = array();
        texts.forEach(array::add);
        return array;
    }
}
