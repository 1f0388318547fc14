package org.memphisee.core.errand;

import java.util.Optional;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/**
 * The dead letter of a message that its stream has still, without the message.
 *
 * @param sequence the message's
 */
public record FindLetter(long sequence) implements Errand<Optional<Letter>> {

    static FindLetter read(ErrandReader in) {
        return new FindLetter(in.i64());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.FIND_LETTER;
    }

    @Override
    public void write(ErrandWriter out) {
        out.i64(sequence);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Optional<Letter>> answer) {
        answer.known(p.letters().ofMessage(sequence));
    }

    @Override
    public void writeAnswer(Optional<Letter> answer, ErrandWriter out) {
        out.maybe(answer, ErrandWriter::letter);
    }

    @Override
    public Optional<Letter> readAnswer(ErrandReader in) {
        return in.maybe(ErrandReader::letter);
    }
}
