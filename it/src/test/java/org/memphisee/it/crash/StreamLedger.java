package org.memphisee.it.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What clients know about one stream, and the comparison with what the broker really holds. Thread-safe: answers come
 * on many reader threads.
 */
final class StreamLedger {
    private final String name;
    private final Map<Long, Payload> acknowledged = new HashMap<>();
    private final Set<Long> doubleAcknowledged = new HashSet<>();
    private final Set<Long> confirmedThisLife = new HashSet<>();
    private final Set<Long> open = new HashSet<>();
    private final Set<Long> openAtCrash = new HashSet<>();
    private final Set<Long> everDelivered = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<Integer, Long> lastNumber = new HashMap<>();
    private final Set<Payload> stored = new HashSet<>();
    private long verifiedUpTo;
    private long lost;
    private long duplicated;
    private long redelivered;
    private long redeliveredDoubleAcks;
    private long duplicateAnswers;
    private long highestFloor;
    private final Map<Long, Payload> content = new HashMap<>();

    StreamLedger(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    private void violation(String text) {
        if (violations.size() < 50) {
            violations.add(name + ": " + text);
        }
    }

    /** A client saw something that must not be. */
    synchronized void observed(String what) {
        violation(what);
    }

    // ------------------------------------------------------------------------------------ what the clients are told

    /** A PubAck came. */
    synchronized void acknowledged(long sequence, Payload payload, boolean duplicate) {
        if (duplicate) {
            duplicateAnswers++;
        }
        Payload before = acknowledged.putIfAbsent(sequence, payload);
        if (before != null && !before.equals(payload)) {
            violation("sequence " + sequence + " acknowledged for " + before + " and for " + payload);
        }
        Payload held = content.get(sequence);
        if (held != null && !held.equals(payload)) {
            violation("sequence " + sequence + " acknowledged for " + payload + " but holds " + held);
        }
    }

    /** A consumer got the message. */
    synchronized void delivered(long sequence, long deliveries) {
        if (!everDelivered.add(sequence) || deliveries > 1) {
            redelivered++;
        }
        if (doubleAcknowledged.contains(sequence)) {
            redeliveredDoubleAcks++;
        }
        openAtCrash.remove(sequence);
        open.add(sequence);
    }

    /** Acknowledged messages the group has not seen yet. */
    synchronized long backlog() {
        return acknowledged.size() - everDelivered.size();
    }

    /** A double ack was answered. */
    synchronized void doubleAcknowledged(long sequence) {
        confirmedThisLife.add(sequence);
    }

    /** An ack is about to be sent: unless it is confirmed, it may or may not arrive before a crash. */
    synchronized void acknowledging(long sequence) {
        open.remove(sequence);
    }

    /** The broker has ended: what was confirmed counts from here on, what is open has to come again. */
    synchronized void crashed() {
        doubleAcknowledged.addAll(confirmedThisLife);
        confirmedThisLife.clear();
        openAtCrash.addAll(open);
        open.clear();
    }

    /** The acknowledged floor clients saw. */
    synchronized void floorSeen(long floor, boolean afterRestart, boolean strict) {
        if (afterRestart && floor < highestFloor && strict) {
            violation("acknowledged floor fell from " + highestFloor + " to " + floor);
        }
        highestFloor = Math.max(highestFloor, floor);
    }

    // --------------------------------------------------------------------------------------- what the broker holds

    synchronized long verifiedUpTo() {
        return verifiedUpTo;
    }

    /** The next stored message, in stream order. */
    synchronized void holds(long sequence, Payload payload) {
        if (sequence != verifiedUpTo + 1) {
            violation("sequence " + sequence + " follows " + verifiedUpTo);
        }
        verifiedUpTo = sequence;
        content.put(sequence, payload);
        Payload promised = acknowledged.get(sequence);
        if (promised != null && !promised.equals(payload)) {
            lost++;
            violation("sequence " + sequence + " holds " + payload + " instead of " + promised);
        }
        if (!stored.add(payload)) {
            duplicated++;
            violation(payload + " is stored twice, again at " + sequence);
        }
        Long before = lastNumber.put(payload.publisher(), payload.number());
        if (before != null && before >= payload.number()) {
            violation("publisher " + payload.publisher() + ": " + payload.number() + " follows " + before);
        }
    }

    /** The stream was read to its end, which the broker says is {@code last} with {@code messages} stored. */
    synchronized void readToTheEnd(long first, long last, long messages) {
        if (last != verifiedUpTo || first > 1 || messages != last) {
            violation("state says first " + first + ", last " + last + ", messages " + messages + ", read up to "
                    + verifiedUpTo);
        }
        for (Map.Entry<Long, Payload> promise : acknowledged.entrySet()) {
            if (promise.getKey() > last) {
                lost++;
                violation("acknowledged " + promise + " is gone, last is " + last);
            }
        }
    }

    /** Everything was consumed and acknowledged at the end. */
    synchronized void consumedToTheEnd(boolean strict) {
        for (long sequence = 1; sequence <= verifiedUpTo; sequence++) {
            if (!everDelivered.contains(sequence)) {
                violation("sequence " + sequence + " was never delivered to the group");
            }
        }
        openAtCrash.removeAll(doubleAcknowledged);
        if (!openAtCrash.isEmpty()) {
            violation("not acknowledged before a crash and never delivered again: " + openAtCrash);
        }
        if (strict && redeliveredDoubleAcks > 0) {
            violation(redeliveredDoubleAcks + " deliveries of messages whose double ack was answered before the crash");
        }
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized long acknowledgedCount() {
        return acknowledged.size();
    }

    synchronized long lost() {
        return lost;
    }

    synchronized long duplicated() {
        return duplicated;
    }

    synchronized long redelivered() {
        return redelivered;
    }

    synchronized long redeliveredDoubleAcks() {
        return redeliveredDoubleAcks;
    }

    synchronized long duplicateAnswers() {
        return duplicateAnswers;
    }
}
