package org.memphisee.core.cluster;

/**
 * Messages of one origin that became consecutive messages of a partition. An origin numbers what it sends to a partition from
 * 1, so that it may send it again after a change of leaders and be told the sequence that it got the first time.
 *
 * @param partition the partition
 * @param origin number of the life of the node that sent them
 * @param firstNumber the origin's number of the first
 * @param count how many, at least 1
 * @param firstSequence sequence of the first in the partition
 */
public record HopRun(long partition, long origin, long firstNumber, int count, long firstSequence) {

    public HopRun {
        if (count < 1 || firstNumber < 1 || firstSequence < 1) {
            throw new IllegalArgumentException("a run of " + count + " messages from number " + firstNumber + " at sequence "
                + firstSequence);
        }
    }
}
