package org.memphisee.client;

import java.time.Instant;
import java.util.Map;

import org.memphisee.ra.api.ReceivedMessage;

/** A message that was delivered to this member and is not settled yet. */
public final class Delivery implements ReceivedMessage {

    private static final long NANOS = 1_000_000_000L;

    private final GroupSpec group;
    private final int partition;
    private final long sequence;
    private final int attempt;
    private final long storedNanos;
    private final byte[] header;
    private final byte[] payload;
    private final byte[] ackSubject;
    private volatile long touchedAt;
    private volatile boolean withdrawn;

    Delivery(GroupSpec group, int partition, AckToken token, byte[] header, byte[] payload, byte[] ackSubject,
             long now) {
        this.group = group;
        this.partition = partition;
        this.sequence = token.streamSequence();
        this.attempt = (int) Math.min(Integer.MAX_VALUE, token.delivered());
        this.storedNanos = token.timestamp();
        this.header = header;
        this.payload = payload;
        this.ackSubject = ackSubject;
        this.touchedAt = now;
    }

    /** When the broker last began to wait for this member's acknowledgement, by {@link System#nanoTime()}. */
    public long touchedAt() {
        return touchedAt;
    }

    /** The broker is told now that it is in progress. */
    public void touch(long now) {
        touchedAt = now;
    }

    /** The group that delivered it was deleted: nobody waits for what becomes of it. */
    public void withdraw() {
        withdrawn = true;
    }

    /** Whether it was {@link #withdraw withdrawn}. */
    public boolean withdrawn() {
        return withdrawn;
    }

    byte[] ackSubject() {
        return ackSubject;
    }

    /** What it takes in memory, roughly, in bytes. */
    public int size() {
        return header.length + payload.length + ackSubject.length;
    }

    @Override
    public String station() {
        return group.station();
    }

    @Override
    public String consumerGroup() {
        return group.group();
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public Instant storedAt() {
        return Instant.ofEpochSecond(storedNanos / NANOS, storedNanos % NANOS);
    }

    @Override
    public Map<String, String> headers() {
        return HeaderBlock.parse(header, 0, header.length);
    }

    @Override
    public byte[] payload() {
        return payload;
    }

    @Override
    public String toString() {
        return "message " + sequence + (partition == 0 ? "" : " of partition " + partition) + ", delivery " + attempt;
    }
}
