package org.memphisee.core.api;

import java.util.List;

/**
 * What the clients of another node listen to, as this one was told.
 *
 * @param node its name
 * @param patterns how many different ones, of different queue groups
 * @param list them, in the order of their subjects; empty when only their number was asked for
 */
public record PeerSubscriptions(String node, int patterns, List<Pattern> list) {

    /**
     * One of them.
     *
     * @param subject subject or pattern
     * @param queue queue group, empty for none
     * @param weight members of the queue group; 1 without one
     */
    public record Pattern(String subject, String queue, int weight) { }
}
