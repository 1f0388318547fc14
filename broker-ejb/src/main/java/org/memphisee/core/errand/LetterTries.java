package org.memphisee.core.errand;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.partition.PartitionOperations;

/** Counts how often messages are given to members of their groups again. Shard's thread. */
public final class LetterTries {

    /** An acknowledgement is waited for at least so long, and at most. */
    private static final long LEAST_WAIT_NANOS = 5_000_000_000L;
    private static final long MOST_WAIT_NANOS = 600_000_000_000L;
    private static final int DOUBLINGS = 6;

    private LetterTries() { }

    /** A member of the group gets the message now; what comes of that is waited for. */
    public static void tried(PartitionOperations p, long id, LetterGroup group, long now) {
        p.letters().get(id).ifPresent(letter -> {
            if (group.again() == LetterGroup.Again.BY_ITSELF) {
                p.letters().replace(letter.with(p.letters().retry().tried(group, now, ackWait(p, group))).at(now));
            } else {
                p.letters().replace(letter.with(group.tried(now + wait(p, group))));
            }
        });
    }

    /** How long a member may take; nanoseconds. */
    private static long ackWait(PartitionOperations p, LetterGroup group) {
        return Math.min(MOST_WAIT_NANOS, p.consumerInfo(group.name()).map(ConsumerInfo::config).map(c -> c.ackWaitNanos())
            .orElse(LEAST_WAIT_NANOS));
    }

    private static long wait(PartitionOperations p, LetterGroup group) {
        return Math.min(MOST_WAIT_NANOS, Math.max(LEAST_WAIT_NANOS, ackWait(p, group)) << Math.min(group.attempts(), DOUBLINGS));
    }
}
