package org.memphisee.core.partition.letters;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.memphisee.port.PublishRequest;

/**
 * Messages that do not fit their schema, on their way into the dead-letter log. What is taken is bounded by the minute, for all
 * and for each producer, so that a client of which nothing fits leaves room for the failures of others and costs the disk little
 * (ADR 0150). Shard's thread only.
 */
final class SchemaFailures {

    /** Letters of a minute, and of those at most so many of one producer. */
    static final int IN_A_MINUTE = 1_200;
    static final int OF_ONE_PRODUCER = IN_A_MINUTE / 4;
    /** Bytes of headers and payloads of a minute, and of those at most so many of one producer; one message is always taken. */
    static final long BYTES_IN_A_MINUTE = 16L << 20;
    static final long BYTES_OF_ONE_PRODUCER = BYTES_IN_A_MINUTE / 4;
    /** What may wait to be stored: while the disk is full it comes together. */
    static final int MOST_WAITING = 1_000;
    static final long MOST_WAITING_BYTES = BYTES_IN_A_MINUTE;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final byte[] PRODUCED_BY = "$memphis_producedBy:".getBytes(StandardCharsets.US_ASCII);
    /** The header that names the producer is looked for so far, and its value is read so far. */
    private static final int LOOKED_AT = 4_096;
    private static final int MOST_NAME = 128;

    /** One that is to be stored; {@code stored} is told when it is. */
    record Failure(String subject, byte[] header, byte[] payload, String producer, String error, Runnable stored) {
        long bytes() {
            return header.length + payload.length;
        }
    }

    private static final class Taken {
        private int letters;
        private long bytes;

        private boolean room(int most, long mostBytes, long more) {
            return letters < most && (letters == 0 || bytes + more <= mostBytes);
        }

        private void add(long more) {
            letters++;
            bytes += more;
        }
    }

    private final Deque<Failure> waiting = new ArrayDeque<>();
    private final List<Failure> inFlight = new ArrayList<>(0);
    /** As many at most as letters are taken in a minute. */
    private final Map<String, Taken> byProducer = new HashMap<>();
    private Taken all = new Taken();
    private long minute = Long.MIN_VALUE;
    /** Of those that wait or are on their way. */
    private long held;

    /** Takes one that somebody tells of; false when it is too much. */
    boolean add(Failure failure, long nowNanos) {
        String producer = failure.producer.isEmpty() ? producer(failure.header, 0, failure.header.length) : failure.producer;
        if (!admit(producer, failure.bytes(), nowNanos)) {
            return false;
        }
        take(failure);
        return true;
    }

    /** The same of a message that was published; what is not taken is not copied. */
    boolean add(PublishRequest r, String error, long nowNanos) {
        if (full(nowNanos) || !admit(producer(r.bytes(), r.bodyOffset(), r.headerLength()), r.bodyLength(), nowNanos)) {
            return false;
        }
        int payload = r.bodyOffset() + r.headerLength();
        take(new Failure(new String(r.bytes(), r.subjectOffset(), r.subjectLength(), StandardCharsets.UTF_8),
            Arrays.copyOfRange(r.bytes(), r.bodyOffset(), payload),
            Arrays.copyOfRange(r.bytes(), payload, payload + r.payloadLength()), "", error, () -> { }));
        return true;
    }

    private void take(Failure failure) {
        waiting.add(failure);
        held += failure.bytes();
    }

    private boolean full(long nowNanos) {
        turn(nowNanos);
        return waiting.size() >= MOST_WAITING || held >= MOST_WAITING_BYTES || all.letters >= IN_A_MINUTE;
    }

    private void turn(long nowNanos) {
        long now = Math.floorDiv(nowNanos, MINUTE_NANOS);
        if (now != minute) {
            minute = now;
            all = new Taken();
            byProducer.clear();
        }
    }

    private boolean admit(String producer, long bytes, long nowNanos) {
        if (full(nowNanos) || !all.room(IN_A_MINUTE, BYTES_IN_A_MINUTE, bytes)) {
            return false;
        }
        String name = producer.length() <= MOST_NAME ? producer : producer.substring(0, MOST_NAME);
        Taken own = byProducer.get(name);
        if (own == null) {
            own = new Taken();
            byProducer.put(name, own);
        }
        if (!own.room(OF_ONE_PRODUCER, BYTES_OF_ONE_PRODUCER, bytes)) {
            return false;
        }
        own.add(bytes);
        all.add(bytes);
        return true;
    }

    /** Name of the producer as a header block tells it, empty when it does not. */
    static String producer(byte[] bytes, int offset, int length) {
        int end = offset + Math.min(length, LOOKED_AT);
        for (int at = offset; at + PRODUCED_BY.length <= end; at++) {
            if ((at == offset || bytes[at - 1] == '\n') && begins(bytes, at)) {
                int from = at + PRODUCED_BY.length;
                int to = from;
                while (to < end && bytes[to] != '\r' && bytes[to] != '\n' && to - from < 2 * MOST_NAME) {
                    to++;
                }
                return new String(bytes, from, to - from, StandardCharsets.UTF_8).strip();
            }
        }
        return "";
    }

    private static boolean begins(byte[] bytes, int at) {
        for (int i = 0; i < PRODUCED_BY.length; i++) {
            if (bytes[at + i] != PRODUCED_BY[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- storing

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The next one that a write takes; {@link #stored} or {@link #notStored} follows. */
    Failure next() {
        Failure next = waiting.remove();
        inFlight.add(next);
        return next;
    }

    /** What the write took is stored. */
    void stored() {
        List<Failure> stored = List.copyOf(inFlight);
        inFlight.clear();
        stored.forEach(failure -> {
            held -= failure.bytes();
            failure.stored.run();
        });
    }

    /** It goes with the next write. */
    void notStored() {
        for (int i = inFlight.size() - 1; i >= 0; i--) {
            waiting.addFirst(inFlight.get(i));
        }
        inFlight.clear();
    }
}
