package org.memphisee.core.errand;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/** Removes all messages below a sequence; answered with their number when that is durable. {@code below} is not removed. */
public record PurgeMessages(long below) implements Counting {

    static PurgeMessages read(ErrandReader in) {
        return new PurgeMessages(in.i64());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.PURGE;
    }

    @Override
    public void write(ErrandWriter out) {
        out.i64(below);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Long> answer) {
        if (p.state().offline()) {
            answer.unknown(p.fault());
        } else if (p.config().denyPurge() || p.config().sealed()) {
            answer.unknown("stream " + p.config().name() + " does not allow it");
        } else {
            p.purge("", below, 0, answer::known, answer::unknown);
        }
    }
}
