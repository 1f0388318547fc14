package org.memphisee.core.errand;

import java.util.Optional;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.time.BrokerClock;

/** One message; refused with the reason when it cannot be read. {@code sequence} is its sequence. */
public record ReadMessage(long sequence) implements Errand<ReadMessage.Found> {

    /**
     * What is known of it.
     *
     * @param message the message, empty when it is not there, or no more
     * @param lastSequence of the partition
     */
    public record Found(Optional<StoredMessage> message, long lastSequence) { }

    static ReadMessage read(ErrandReader in) {
        return new ReadMessage(in.i64());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.MESSAGE;
    }

    @Override
    public void write(ErrandWriter out) {
        out.i64(sequence);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Found> answer) {
        p.message(sequence, read -> {
            if (read.problem().isEmpty()) {
                answer.known(new Found(read.found(), p.state().lastSeq()));
            } else {
                answer.unknown(read.problem());
            }
        });
    }

    @Override
    public void writeAnswer(Found found, ErrandWriter out) {
        out.maybe(found.message(), ErrandWriter::message).i64(found.lastSequence());
    }

    @Override
    public Found readAnswer(ErrandReader in) {
        return new Found(in.maybe(ErrandReader::message), in.i64());
    }
}
