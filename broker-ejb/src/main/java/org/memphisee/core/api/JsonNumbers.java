package org.memphisee.core.api;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * Reads the numbers and booleans of a small JSON object without building a tree, for requests that come with every
 * few messages (pulls, delayed negative acknowledgements). Any thread.
 */
public final class JsonNumbers {

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    private JsonNumbers() { }

    /** Takes the members it knows; the others it lets pass. */
    public interface Members {

        /** A number; a fraction is cut off. Answers whether a number is right here. */
        boolean number(String name, long value);

        /** A truth value. Answers whether a truth value is right here. */
        boolean bool(String name, boolean value);

        /** Text, an object or an array. Answers whether such a thing may stand here. */
        boolean other(String name);
    }

    /**
     * Reads the slice. Members that are null are passed over, as if they were not there.
     *
     * @return false when it is not one JSON object, or a member has the wrong kind or is out of the range of a long
     */
    public static boolean read(byte[] json, int offset, int length, Members members) {
        try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (!take(parser, name, members)) {
                    return false;
                }
            }
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (IOException malformed) {
            return false;
        }
    }

    private static boolean take(JsonParser parser, String name, Members members) throws IOException {
        switch (parser.nextToken()) {
            case VALUE_NUMBER_INT:
            case VALUE_NUMBER_FLOAT:
                return members.number(name, parser.getLongValue());
            case VALUE_TRUE:
                return members.bool(name, true);
            case VALUE_FALSE:
                return members.bool(name, false);
            case START_OBJECT:
            case START_ARRAY:
                parser.skipChildren();
                return members.other(name);
            case VALUE_STRING:
                return members.other(name);
            default:
                return true;
        }
    }
}
