package org.memphisee.core.errand;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;

/** An errand whose answer is a number. */
interface Counting extends Errand<Long> {

    @Override
    default void writeAnswer(Long count, ErrandWriter out) {
        out.i64(count);
    }

    @Override
    default Long readAnswer(ErrandReader in) {
        return in.i64();
    }

    /** The answer, when what was done of something is durable. */
    static void whenDurable(PartitionOperations p, long done, Answer<Long> answer) {
        if (done == 0) {
            answer.known(0L);
        } else {
            p.whenCursorsDurable(() -> answer.known(done));
        }
    }
}
