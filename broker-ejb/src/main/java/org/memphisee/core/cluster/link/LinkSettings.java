package org.memphisee.core.cluster.link;

import java.util.EnumMap;
import java.util.Map;

/**
 * Times and sizes of links.
 *
 * @param beatNanos between two beats
 * @param silenceNanos after so long without anything from the peer the link has ended; at least four beats
 * @param retryNanos between two attempts to link
 * @param maxFrame bytes of a frame at most
 * @param pipe bytes that are between the nodes at most, of traffic that is not express, and one frame: what an express frame
 *     may have to wait for
 * @param budgets bytes of each kind of traffic that were taken and are not done with at the peer; a single frame may be larger
 */
public record LinkSettings(long beatNanos, long silenceNanos, long retryNanos, int maxFrame, int pipe,
                           Map<Traffic, Integer> budgets) {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final long MILLIS = 1_000_000;
    private static final int LEAST_BEATS = 4;

    /** 100 ms, 1 200 ms, 250 ms, 64 MiB, 1 MiB; 16 MiB for each peer, of which a quarter is for control and groups. */
    public static final LinkSettings DEFAULT = new LinkSettings(100 * MILLIS, 1_200 * MILLIS, 250 * MILLIS, 64 * MIB, MIB,
        Map.of(Traffic.CONTROL, 512 * KIB, Traffic.RAFT, 3_584 * KIB, Traffic.REQUESTS, 4 * MIB, Traffic.ANSWERS, 4 * MIB,
            Traffic.PLAIN, 2 * MIB, Traffic.BULK, 2 * MIB));

    public LinkSettings {
        budgets = Map.copyOf(new EnumMap<>(budgets));
        if (beatNanos < 1 || silenceNanos / LEAST_BEATS < beatNanos || retryNanos < 1 || maxFrame < 1 || pipe < 1
            || budgets.size() != Traffic.values().length || budgets.values().stream().anyMatch(bytes -> bytes < 1)) {
            throw new IllegalArgumentException("silence " + silenceNanos + " ns, beats each " + beatNanos + " ns, " + budgets);
        }
    }
}
