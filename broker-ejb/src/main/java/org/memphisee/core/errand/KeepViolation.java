package org.memphisee.core.errand;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/**
 * Keeps a message that violates the schema of its station, and was not stored, as a dead letter; answered when that is durable,
 * with no when it is too much.
 *
 * @param subject that it was for
 * @param header its header block, empty for none
 * @param payload its payload
 * @param producer who sent it, empty when its headers tell
 * @param error what the schema said
 */
public record KeepViolation(String subject, byte[] header, byte[] payload, String producer, String error) implements Telling {

    static KeepViolation read(ErrandReader in) {
        return new KeepViolation(in.text(), in.slice(), in.slice(), in.text(), in.text());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.KEEP_VIOLATION;
    }

    @Override
    public void write(ErrandWriter out) {
        out.text(subject).slice(header).slice(payload).text(producer).text(error);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Boolean> answer) {
        if (!p.letters().violation(subject, header, payload, producer, error, () -> answer.known(true))) {
            answer.known(false);
        }
    }
}
