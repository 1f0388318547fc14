package org.memphisee.core.errand;

import java.util.HashMap;
import java.util.Map;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.partition.PartitionOperations;

/** Counts how often messages of one partition are given to members of their groups again, at one time. Shard's thread. */
public final class LetterTries {

    /** An acknowledgement is waited for at least so long, and at most. */
    private static final long LEAST_WAIT_NANOS = 5_000_000_000L;
    private static final long MOST_WAIT_NANOS = 600_000_000_000L;
    private static final int DOUBLINGS = 6;

    private final PartitionOperations p;
    private final long now;
    /** How long a member may take, by group: it is the same for all letters of one look. */
    private final Map<String, Long> ackWaits = new HashMap<>();

    /** Those of a time, nanoseconds since the epoch. */
    public LetterTries(PartitionOperations p, long now) {
        this.p = p;
        this.now = now;
    }

    /** A member of the group gets the message now; what comes of that is waited for. */
    public void tried(long id, LetterGroup group) {
        p.letters().get(id).ifPresent(letter -> {
            if (group.again() == LetterGroup.Again.BY_ITSELF) {
                p.letters().replace(letter.with(p.letters().retry().tried(group, now, ackWait(group))).at(now));
            } else {
                p.letters().replace(letter.with(group.tried(now + wait(group))));
            }
        });
    }

    /** How long a member may take; nanoseconds. */
    private long ackWait(LetterGroup group) {
        return ackWaits.computeIfAbsent(group.name(), name -> Math.min(MOST_WAIT_NANOS,
            p.consumerInfo(name).map(ConsumerInfo::config).map(c -> c.ackWaitNanos()).orElse(LEAST_WAIT_NANOS)));
    }

    private long wait(LetterGroup group) {
        return Math.min(MOST_WAIT_NANOS, Math.max(LEAST_WAIT_NANOS, ackWait(group)) << Math.min(group.attempts(), DOUBLINGS));
    }
}
