package org.memphisee.core.errand;

import java.util.List;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.letters.Letter;

/**
 * Has the oldest dead letters behind one sent again, at most some; answered when that is durable.
 *
 * @param after number of the letter, 0 for the beginning
 * @param limit at most so many
 */
public record MarkNextLetters(long after, int limit) implements Errand<MarkNextLetters.Marked> {

    /**
     * What was marked.
     *
     * @param count how many; fewer than wanted when there are no more
     * @param last number of the last one, 0 for none
     */
    public record Marked(int count, long last) { }

    static MarkNextLetters read(ErrandReader in) {
        return new MarkNextLetters(in.i64(), in.i32());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.MARK_NEXT_LETTERS;
    }

    @Override
    public void write(ErrandWriter out) {
        out.i64(after).i32(limit);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Marked> answer) {
        List<Letter> some = p.letters().above(after, l -> l.kind() == Letter.Kind.UNACKED && !l.groups().isEmpty(), limit);
        long now = clock.wallNanos();
        some.forEach(letter -> MarkLetters.mark(p, letter.id(), now));
        Marked marked = new Marked(some.size(), some.isEmpty() ? 0 : some.get(some.size() - 1).id());
        p.whenCursorsDurable(() -> answer.known(marked));
    }

    @Override
    public void writeAnswer(Marked marked, ErrandWriter out) {
        out.i32(marked.count()).i64(marked.last());
    }

    @Override
    public Marked readAnswer(ErrandReader in) {
        return new Marked(in.i32(), in.i64());
    }
}
