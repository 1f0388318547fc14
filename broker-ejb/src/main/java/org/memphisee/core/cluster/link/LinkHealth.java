package org.memphisee.core.cluster.link;

/**
 * How a link is, for monitors. Without a link all figures are 0.
 *
 * @param linked whether there is one
 * @param rttNanos youngest measured way to the peer and back, 0 before the first beat was answered
 * @param clockOffsetMillis by how much the peer's wall clock is ahead, give or take half the way; negative when it is behind
 * @param pendingBytes taken and not done with at the peer; at most the sum of the budgets and one frame for each kind of traffic
 * @param sentFrames since the link began, without beats and reports
 * @param receivedFrames since the link began, without beats and reports
 * @param sentBytes of these
 * @param receivedBytes of these
 * @param ageNanos since the link began
 * @param idleNanos since anything of the peer arrived
 */
public record LinkHealth(boolean linked, long rttNanos, long clockOffsetMillis, long pendingBytes, long sentFrames,
                         long receivedFrames, long sentBytes, long receivedBytes, long ageNanos, long idleNanos) {

    /** There is no link. */
    static final LinkHealth DOWN = new LinkHealth(false, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
