package org.memphisee.cluster.meta;

/**
 * Times and limits of the meta group, nanoseconds.
 *
 * @param holdNanos what is asked while nobody leads waits so long for a leader
 * @param decideNanos who asked is told after so long that the outcome is not known
 * @param askedAtOnce requests of this node that are not answered; about so many, threads
 *     that ask at the same moment may exceed it
 * @param askedBytes the same in bytes, and one request
 */
public record MetaSettings(long holdNanos, long decideNanos, int askedAtOnce, long askedBytes) {

    private static final long SECONDS = 1_000_000_000;

    /** 4 s, 10 s, 4 096, 64 MiB. */
    public static final MetaSettings DEFAULT = new MetaSettings(4 * SECONDS, 10 * SECONDS, 4_096, 64L << 20);

    public MetaSettings {
        if (holdNanos < 1 || decideNanos < holdNanos || askedAtOnce < 1 || askedBytes < 1) {
            throw new IllegalArgumentException("held for " + holdNanos + " ns, unknown after " + decideNanos + ", " + askedAtOnce
                + " at once: all are positive, and nobody is given up before it was held");
        }
    }
}
