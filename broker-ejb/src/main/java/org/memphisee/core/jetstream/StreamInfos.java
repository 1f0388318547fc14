package org.memphisee.core.jetstream;

import java.io.IOException;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads what another node says of a stream. Any thread. */
public final class StreamInfos {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private StreamInfos() { }

    /** The last sequence in the answer to STREAM.INFO; empty for an error, or what is no answer. */
    public static OptionalLong lastSequence(byte[] info) {
        try {
            JsonNode last = MAPPER.readTree(info).path("state").path("last_seq");
            return last.canConvertToLong() ? OptionalLong.of(last.longValue()) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
