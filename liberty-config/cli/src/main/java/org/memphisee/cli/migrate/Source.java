package org.memphisee.cli.migrate;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/** A server whose streams are read. Nothing is changed there. */
public interface Source {

    /** What the server says of each stream: {@code config}, {@code state}, {@code created}. */
    List<JsonNode> streams();

    /** The same of one; empty if there is none. */
    Optional<JsonNode> stream(String name);

    /** What it says of a stream's consumers. */
    List<JsonNode> consumers(String stream);

    /**
     * Reads a stream.
     *
     * @param info what the server says of it
     * @param from first sequence
     * @param to last sequence
     */
    MessageReader read(JsonNode info, long from, long to);
}
