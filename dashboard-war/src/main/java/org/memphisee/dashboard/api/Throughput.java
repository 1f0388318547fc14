package org.memphisee.dashboard.api;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Bytes that clients sent and were sent in each of the last twenty seconds (management-api.md M-061). Fed once a second
 * by one thread; thread-safe.
 */
final class Throughput {

    /** As many as the page draws. */
    static final int SAMPLES = 20;

    private record Sample(Instant at, long read, long written) { }

    private final Deque<Sample> samples = new ArrayDeque<>();
    private boolean begun;
    private long lastRead;
    private long lastWritten;

    /**
     * A second has passed.
     *
     * @param at when
     * @param sent bytes sent to clients since the start; "read" for whoever looks from outside
     * @param received bytes received from clients since the start
     */
    synchronized void sample(Instant at, long sent, long received) {
        if (begun) {
            samples.add(new Sample(at, Math.max(0, sent - lastRead), Math.max(0, received - lastWritten)));
            if (samples.size() > SAMPLES) {
                samples.remove();
            }
        }
        begun = true;
        lastRead = sent;
        lastWritten = received;
    }

    /** The samples of one broker, which are those of all as well, the oldest first. */
    ArrayNode json(String broker) {
        List<Sample> now;
        synchronized (this) {
            now = new ArrayList<>(samples);
        }
        ArrayNode brokers = Texts.array();
        for (String name : List.of("total", broker)) {
            ObjectNode one = brokers.addObject().put("name", name);
            ArrayNode read = one.putArray("read");
            ArrayNode write = one.putArray("write");
            now.forEach(sample -> {
                read.addObject().put("timestamp", sample.at().toString()).put("read", sample.read());
                write.addObject().put("timestamp", sample.at().toString()).put("write", sample.written());
            });
        }
        return brokers;
    }
}
