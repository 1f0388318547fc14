package org.memphisee.core.routing;

/**
 * Clients of another node listen. Bound like a subscription; another weight is another object, so that routes are made anew.
 *
 * @param peer where they are
 * @param pattern what they listen to
 * @param queue their queue group, empty for none
 * @param weight how many of a queue group there are; 1 without one
 */
record RemoteInterest(Peer peer, byte[] pattern, String queue, int weight) implements Interest {

    /** What one costs in memory beside its names, in bytes. */
    static final int COST = 200;

    long bytes() {
        return COST + 2L * pattern.length + 2L * queue.length();
    }
}
