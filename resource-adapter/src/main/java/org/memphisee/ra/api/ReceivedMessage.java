package org.memphisee.ra.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A message as a bean gets it. Immutable but for the payload array, which is the receiver's own. */
public interface ReceivedMessage {

    /** The station's name as the activation gave it. */
    String station();

    /** The group it was delivered to. */
    String consumerGroup();

    /** Partition, from 1; 0 for a stream of plain clients. */
    int partition();

    /** Sequence in the partition, from 1. */
    long sequence();

    /** Which delivery of this message to the group this is, from 1. */
    int attempt();

    /** When the broker stored it. */
    Instant storedAt();

    /** Headers in their order; of a name that comes twice the last value. Those beginning with {@code $memphis} are the broker's. */
    Map<String, String> headers();

    /** One header. */
    default Optional<String> header(String name) {
        return Optional.ofNullable(headers().get(name));
    }

    /** The payload; each call returns the same array. */
    byte[] payload();

    /** The payload as UTF-8 text. */
    default String text() {
        return new String(payload(), StandardCharsets.UTF_8);
    }
}
