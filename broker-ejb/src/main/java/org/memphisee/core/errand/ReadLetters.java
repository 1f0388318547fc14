package org.memphisee.core.errand;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.letters.Letter;

/**
 * The newest dead letters of a kind, without their messages.
 *
 * @param kindOfLetters which
 * @param below only letters with smaller numbers, {@code Long.MAX_VALUE} for all
 * @param limit at most so many
 */
public record ReadLetters(Letter.Kind kindOfLetters, long below, int limit) implements Errand<ReadLetters.Some> {

    private static final int MOST = 200;
    private static final long MOST_BYTES = 256 << 10;

    /**
     * What was found.
     *
     * @param letters the newest first
     * @param more whether there may be more than the answer has room for
     */
    public record Some(List<Letter> letters, boolean more) { }

    static ReadLetters read(ErrandReader in) {
        return new ReadLetters(in.choice(Letter.Kind.values()), in.i64(), in.i32());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.LETTERS;
    }

    @Override
    public void write(ErrandWriter out) {
        out.u8(kindOfLetters.ordinal()).i64(below).i32(limit);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Some> answer) {
        List<Letter> all = p.letters().newest(kindOfLetters, below, Math.min(limit, MOST));
        List<Letter> some = new ArrayList<>();
        long bytes = 0;
        for (Letter letter : all) {
            bytes += letter.accounted() - letter.size();
            if (bytes > MOST_BYTES && !some.isEmpty()) {
                break;
            }
            some.add(letter);
        }
        answer.known(new Some(some, some.size() < limit && (some.size() < all.size() || some.size() == MOST)));
    }

    @Override
    public void writeAnswer(Some some, ErrandWriter out) {
        out.list(some.letters(), ErrandWriter::letter).flag(some.more());
    }

    @Override
    public Some readAnswer(ErrandReader in) {
        return new Some(in.list(ErrandReader::letter), in.flag());
    }
}
