package org.memphisee.core.errand;

import java.util.List;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/** Removes single messages; answered, when that is durable, with how many were there. {@code sequences} are theirs. */
public record DeleteMessages(List<Long> sequences) implements Counting {

    public DeleteMessages {
        sequences = List.copyOf(sequences);
    }

    static DeleteMessages read(ErrandReader in) {
        return new DeleteMessages(in.numbers());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.DELETE;
    }

    @Override
    public void write(ErrandWriter out) {
        out.numbers(sequences);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Long> answer) {
        if (p.state().offline()) {
            answer.unknown(p.fault());
        } else if (p.config().denyDelete() || p.config().sealed()) {
            answer.unknown("stream " + p.config().name() + " does not allow it");
        } else if (sequences.isEmpty()) {
            answer.known(0L);
        } else {
            Tally tally = new Tally(sequences.size(), answer);
            sequences.forEach(sequence -> p.deleteMessage(sequence, tally::removed, tally::failed));
        }
    }

    /** The shard's thread. */
    private static final class Tally {
        private final Answer<Long> answer;
        private int open;
        private long removed;
        private String failure = "";

        private Tally(int open, Answer<Long> answer) {
            this.open = open;
            this.answer = answer;
        }

        private void removed(boolean there) {
            removed += there ? 1 : 0;
            ended();
        }

        private void failed(String why) {
            failure = why;
            ended();
        }

        private void ended() {
            if (--open == 0) {
                if (failure.isEmpty()) {
                    answer.known(removed);
                } else {
                    answer.unknown(failure);
                }
            }
        }
    }
}
