package org.memphisee.core.errand;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/**
 * A member tells why its group gives a message up; answered with whether the partition knows it.
 *
 * @param consumer internal name of the group
 * @param sequence the message's
 * @param reason what the member said
 */
public record GiveUpMessage(String consumer, long sequence, String reason) implements Telling {

    static GiveUpMessage read(ErrandReader in) {
        return new GiveUpMessage(in.text(), in.i64(), in.text());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.GIVE_UP;
    }

    @Override
    public void write(ErrandWriter out) {
        out.text(consumer).i64(sequence).text(reason);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Boolean> answer) {
        answer.known(p.gaveUp(consumer, sequence, reason));
    }
}
