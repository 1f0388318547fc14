package org.memphisee.core.errand;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/**
 * Something that is done on a partition by the node that decides about it: a look or a change. It is a value with a written
 * form, and so is its answer; both are bounded by the errand itself, so that what needs more is asked in pieces.
 *
 * @param <A> its answer
 */
public interface Errand<A> {

    /** What kind of errand it is. */
    ErrandKind kind();

    /** Writes what {@link ErrandKind#read} reads. */
    void write(ErrandWriter out);

    /**
     * Does it. On the partition's shard.
     *
     * @param p the partition, which is decided about here
     * @param clock of this node
     * @param answer told once, on the shard too; its refusals are for people
     */
    void on(PartitionOperations p, BrokerClock clock, Answer<A> answer);

    /** Writes an answer. */
    void writeAnswer(A answer, ErrandWriter out);

    /**
     * Reads an answer.
     *
     * @throws ErrandFormatException when it is none
     */
    A readAnswer(ErrandReader in);
}
