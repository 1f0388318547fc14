package org.memphisee.core.errand;

import java.util.Optional;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.partition.log.StoredMessage;

/**
 * One dead letter.
 *
 * @param id its number
 * @param whole whether its message is wanted too
 */
public record ReadLetter(long id, boolean whole) implements Errand<Optional<ReadLetter.Found>> {

    /**
     * A letter that is there.
     *
     * @param message what was sent; empty when it was not read
     * @param problem why it cannot be, empty when nothing is wrong
     */
    public record Found(Letter letter, Optional<StoredMessage> message, String problem) { }

    static ReadLetter read(ErrandReader in) {
        return new ReadLetter(in.i64(), in.flag());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.LETTER;
    }

    @Override
    public void write(ErrandWriter out) {
        out.i64(id).flag(whole);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Optional<Found>> answer) {
        Optional<Letter> letter = p.letters().get(id);
        if (letter.isEmpty() || !whole) {
            answer.known(letter.map(there -> new Found(there, Optional.empty(), "")));
        } else {
            p.letters().read(id, read -> answer.known(Optional.of(new Found(letter.get(), read.found(), read.problem()))));
        }
    }

    @Override
    public void writeAnswer(Optional<Found> answer, ErrandWriter out) {
        out.maybe(answer, (to, found) -> to.letter(found.letter()).maybe(found.message(), ErrandWriter::message)
            .text(found.problem()));
    }

    @Override
    public Optional<Found> readAnswer(ErrandReader in) {
        return in.maybe(from -> new Found(from.letter(), from.maybe(ErrandReader::message), from.text()));
    }
}
