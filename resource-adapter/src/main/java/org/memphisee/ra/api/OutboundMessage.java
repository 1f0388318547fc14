package org.memphisee.ra.api;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A message to publish. Immutable; the payload array must not be changed after it was given. */
public final class OutboundMessage {

    private final String station;
    private final byte[] payload;
    private final Map<String, String> headers;
    private final String id;
    private final String key;
    private final int partition;

    private OutboundMessage(String station, byte[] payload, Map<String, String> headers, String id, String key,
                            int partition) {
        this.station = station;
        this.payload = payload;
        this.headers = headers;
        this.id = id;
        this.key = key;
        this.partition = partition;
    }

    /**
     * A message.
     *
     * @param station where to; made with default settings if it is not there, as for every producer
     * @param payload what
     */
    public static OutboundMessage to(String station, byte[] payload) {
        return new OutboundMessage(Objects.requireNonNull(station, "station is required"),
            Objects.requireNonNull(payload, "payload is required"), Map.of(), "", "", 0);
    }

    /** A message with a text in UTF-8. */
    public static OutboundMessage to(String station, String text) {
        return to(station, Objects.requireNonNull(text, "text is required").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The same with one more header.
     *
     * @param name printable ASCII without blanks and colons, not beginning with {@code $memphis}
     * @param value without line ends
     * @throws IllegalArgumentException if name or value cannot be sent
     */
    public OutboundMessage withHeader(String name, String value) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':')) {
            throw new IllegalArgumentException("A header's name is printable ASCII without blanks and colons");
        }
        if (name.startsWith("$memphis")) {
            throw new IllegalArgumentException("Headers beginning with $memphis belong to the broker");
        }
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("The value of header " + name + " holds a line end");
        }
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new OutboundMessage(station, payload, Collections.unmodifiableMap(more), id, key, partition);
    }

    /**
     * The same with an id: published again within the station's idempotency window it is stored once.
     *
     * @throws IllegalArgumentException if it is empty or holds a line end
     */
    public OutboundMessage withId(String newId) {
        if (newId.isEmpty() || newId.indexOf('\r') >= 0 || newId.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("A message's id is not empty and has no line ends");
        }
        return new OutboundMessage(station, payload, headers, newId, key, partition);
    }

    /** The same with a key: messages with the same key go to the same partition. */
    public OutboundMessage withKey(String newKey) {
        return new OutboundMessage(station, payload, headers, id, newKey, partition);
    }

    /** The same for one partition, from 1. */
    public OutboundMessage withPartition(int newPartition) {
        if (newPartition < 1) {
            throw new IllegalArgumentException("Partitions are numbered from 1, got " + newPartition);
        }
        return new OutboundMessage(station, payload, headers, id, key, newPartition);
    }

    public String station() {
        return station;
    }

    public byte[] payload() {
        return payload;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The id, empty for none. */
    public String id() {
        return id;
    }

    /** The key, empty for none. */
    public String key() {
        return key;
    }

    /** The partition, 0 for any. */
    public int partition() {
        return partition;
    }
}
