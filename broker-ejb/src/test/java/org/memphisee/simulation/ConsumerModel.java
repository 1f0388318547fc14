package org.memphisee.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What clients know of one consumer. */
final class ConsumerModel {

    /** How it gives out messages. */
    enum Kind { PULL, PUSH, GROUP, ORDERED }

    /** When a message is done. */
    enum Acks { EXPLICIT, ALL, NONE }

    /** A delivery that a client may answer. */
    record Delivery(String reply, long sequence) { }

    final StreamModel stream;
    final String name;
    final Kind kind;
    final Acks acks;
    /** Subject it is for, empty for all. */
    final String filter;
    final int maxDeliver;
    final long ackWaitNanos;
    final boolean fromTheFirst;
    /** Number in the order in which things were sent, of its creation. */
    final long sent;
    final List<Delivery> waiting = new ArrayList<>();
    /** Messages that came, ever. */
    final Set<Long> came = new HashSet<>();
    /** Messages that came since the last look. */
    final Set<Long> cameLately = new HashSet<>();
    /** Messages of which a client has said that it is done with them, or rather not. */
    final Set<Long> settled = new HashSet<>();
    /** Messages that a client has acknowledged. */
    final Set<Long> acknowledged = new HashSet<>();
    /** A group of the station: what it gives up becomes a dead letter. */
    boolean group;
    /** Highest message whose acknowledgement, with all before it, a client has sent. */
    long settledTo;
    /** Messages whose acknowledgement is durable. */
    final Set<Long> done = new HashSet<>();
    long doneTo;
    /** Whether the broker has answered its creation. */
    boolean known;
    boolean removing;
    boolean gone;
    /** A change is on its way. */
    boolean busy;
    long floor;
    long nextOrdered;
    final Map<Long, Integer> counts = new HashMap<>();

    ConsumerModel(StreamModel stream, String name, Kind kind, Acks acks, String filter, int maxDeliver, long ackWaitNanos,
                  boolean fromTheFirst, long sent) {
        this.stream = stream;
        this.name = name;
        this.kind = kind;
        this.acks = acks;
        this.filter = filter;
        this.maxDeliver = maxDeliver;
        this.ackWaitNanos = ackWaitNanos;
        this.fromTheFirst = fromTheFirst;
        this.sent = sent;
    }

    boolean durable() {
        return kind != Kind.ORDERED;
    }

    boolean isFor(Publication p) {
        return filter.isEmpty() || filter.equals(p.subject);
    }

    /** Whether a client may have said that the message is done. */
    boolean maybeSettled(long sequence) {
        return acks == Acks.NONE || settled.contains(sequence) || sequence <= settledTo;
    }

    /** Whether the message may not come again. */
    boolean isDone(long sequence) {
        return done.contains(sequence) || sequence <= doneTo;
    }

    /** Whether a message that it is for, and that is still there, must have come. */
    boolean owes(Publication p) {
        return isFor(p) && acks != Acks.NONE && kind != Kind.ORDERED && maxDeliver <= 0 && !maybeSettled(p.sequence)
            && (fromTheFirst || p.sent > knownSince);
    }

    /** When its creation was answered, in the order of things. */
    long knownSince = Long.MAX_VALUE;

    String config() {
        StringBuilder json = new StringBuilder("{\"name\":\"" + name + "\"");
        if (durable()) {
            json.append(",\"durable_name\":\"").append(name).append('"');
        }
        json.append(",\"ack_policy\":\"").append(acks.name().toLowerCase(java.util.Locale.ROOT)).append('"');
        if (acks != Acks.NONE) {
            json.append(",\"ack_wait\":").append(ackWaitNanos);
        }
        json.append(",\"deliver_policy\":\"").append(fromTheFirst ? "all" : "new").append('"');
        if (maxDeliver > 0) {
            json.append(",\"max_deliver\":").append(maxDeliver);
        }
        if (!filter.isEmpty()) {
            json.append(",\"filter_subject\":\"").append(filter).append('"');
        }
        switch (kind) {
            case PUSH -> json.append(",\"deliver_subject\":\"to.c1.push\"");
            case GROUP -> json.append(",\"deliver_subject\":\"shared.push\",\"deliver_group\":\"members\"");
            case ORDERED -> json.append(",\"deliver_subject\":\"to.c2.ordered\",\"mem_storage\":true,\"inactive_threshold\":")
                .append("5000000000,\"flow_control\":true,\"idle_heartbeat\":1000000000,\"max_deliver\":1");
            default -> { }
        }
        return json.append('}').toString();
    }

    @Override
    public String toString() {
        return stream.name + "/" + name + " " + config();
    }
}
