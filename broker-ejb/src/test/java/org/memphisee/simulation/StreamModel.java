package org.memphisee.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients know of one stream, and so what may be there. Judges by promises alone: what was acknowledged is there
 * unless something that clients asked for allows it to go; and nothing is there that nobody published.
 */
final class StreamModel {

    /** Which messages may go when they are settled. */
    enum Retention { LIMITS, INTEREST, WORKQUEUE }

    final String name;
    final List<String> subjects;
    final Retention retention;
    final int maxMsgs;
    final int perSubject;
    final long maxAgeNanos;
    final boolean discardNew;
    final boolean rollups;
    final long windowNanos;
    /** Partitions of one station share message ids. */
    final String ids;
    final Map<String, Publication> publications = new LinkedHashMap<>();
    final TreeMap<Long, Publication> bySequence = new TreeMap<>();
    final Map<String, ConsumerModel> consumers = new TreeMap<>();
    boolean known;
    boolean removing;
    boolean busy;
    /** Damaged on purpose: what it has is right, but it need not have all. */
    boolean damaged;
    /** The last sequence that somebody was told. */
    long told;

    StreamModel(String name, List<String> subjects, Retention retention, int maxMsgs, int perSubject, long maxAgeNanos,
                boolean discardNew, boolean rollups, long windowNanos, String ids) {
        this.name = name;
        this.subjects = subjects;
        this.retention = retention;
        this.maxMsgs = maxMsgs;
        this.perSubject = perSubject;
        this.maxAgeNanos = maxAgeNanos;
        this.discardNew = discardNew;
        this.rollups = rollups;
        this.windowNanos = windowNanos;
        this.ids = ids;
    }

    String config() {
        return "{\"name\":\"" + name + "\",\"subjects\":[\"" + name + ".>\"],\"retention\":\""
            + retention.name().toLowerCase(java.util.Locale.ROOT) + "\",\"max_msgs\":" + maxMsgs + ",\"max_msgs_per_subject\":"
            + perSubject + ",\"max_age\":" + maxAgeNanos + ",\"discard\":\"" + (discardNew ? "new" : "old")
            + "\",\"allow_rollup_hdrs\":" + rollups + ",\"duplicate_window\":" + windowNanos + "}";
    }

    /** Somebody saw the message of a publication under a sequence; what is wrong with that, empty for nothing. */
    String seen(String payload, String subject, long sequence) {
        Publication p = publications.get(payload);
        if (p == null) {
            return name + " has at " + sequence + " what nobody published there: " + payload;
        }
        if (!p.subject.equals(subject)) {
            return name + " has under " + subject + ": " + p;
        }
        if (p.fate == Publication.Fate.REFUSED || p.fate == Publication.Fate.DUPLICATE) {
            return name + " has at " + sequence + " what was not to be stored: " + p;
        }
        if (p.sequence != 0 && p.sequence != sequence) {
            return name + " has at " + sequence + " what is elsewhere too: " + p;
        }
        p.sequence = sequence;
        Publication other = bySequence.putIfAbsent(sequence, p);
        if (other != null && other != p) {
            return name + " has given sequence " + sequence + " twice: " + other + " and " + p;
        }
        told = Math.max(told, sequence);
        return "";
    }

    /** Whether something explains that a promised message is not there. */
    boolean mayBeGone(Publication p, long nowNanos) {
        return p.mayGo || damaged || removing || limited(p) || maxAgeNanos > 0 && aged(p, nowNanos) || unneeded(p);
    }

    private boolean aged(Publication p, long nowNanos) {
        return p.storedNanos == 0 || nowNanos - p.storedNanos >= maxAgeNanos;
    }

    private boolean limited(Publication p) {
        if (maxMsgs > 0 && !discardNew && told - p.sequence >= maxMsgs) {
            return true;
        }
        if (perSubject > 0) {
            return publications.values().stream().filter(x -> x.subject.equals(p.subject) && (x.sequence == 0
                ? x.fate == Publication.Fate.UNKNOWN || x.fate == Publication.Fate.STORED : x.sequence > p.sequence)).count()
                >= perSubject;
        }
        return false;
    }

    /** Whether retention by interest or work queue lets it go, as far as clients can know. */
    private boolean unneeded(Publication p) {
        if (retention == Retention.LIMITS) {
            return false;
        }
        if (retention == Retention.WORKQUEUE) {
            return consumersEver.stream().anyMatch(c -> c.isFor(p) && c.maybeSettled(p.sequence));
        }
        return consumersEver.stream().noneMatch(c -> !c.removing && c.isFor(p) && p.sent > c.knownSince && c.durable()
            && !c.maybeSettled(p.sequence) && !letter(c.name, p.sequence));
    }

    /** Groups that have a dead letter of a message, by its sequence, and which letter. */
    final TreeMap<Long, Map<String, Long>> letters = new TreeMap<>();

    /** Whether a group has a dead letter of a message. */
    boolean letter(String group, long sequence) {
        return letters.getOrDefault(sequence, Map.of()).containsKey(group);
    }

    /** Whether a group that got a message may have given it up since the letters were looked at. */
    boolean mayBeALetter(Publication p) {
        return consumersEver.stream().anyMatch(c -> c.group && c.came.contains(p.sequence));
    }

    /** Consumers that are or were there. */
    final List<ConsumerModel> consumersEver = new ArrayList<>();

    @Override
    public String toString() {
        return name + " " + config();
    }
}
