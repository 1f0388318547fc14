package org.memphisee.schema;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads JSON of strangers: nothing behind it, and not nested deeper than what looks at it can follow. */
final class Json {

    private static final int MAX_DEPTH = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Json() { }

    /** Reads a text; throws {@link IOException} with what is wrong. */
    static JsonNode read(String text) throws IOException {
        return present(MAPPER.readTree(text));
    }

    /** Reads a slice. */
    static JsonNode read(byte[] bytes, int offset, int length) throws IOException {
        return present(MAPPER.readTree(bytes, offset, length));
    }

    private static JsonNode present(JsonNode node) throws IOException {
        if (node == null || node.isMissingNode()) {
            throw new IOException("it is empty");
        }
        return node;
    }

    /** What is wrong, in one line. */
    static String reason(IOException e) {
        return e instanceof JsonProcessingException json
            ? json.getOriginalMessage() + (json.getLocation() == null ? ""
                : " (line " + json.getLocation().getLineNr() + ", column " + json.getLocation().getColumnNr() + ")")
            : String.valueOf(e.getMessage());
    }
}
