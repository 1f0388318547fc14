package org.memphisee.core.errand;

import java.util.List;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;

/**
 * Has dead letters sent again to the groups that gave them up; answered, when that is durable, with how many of which a group is
 * left. {@code ids} are their numbers.
 */
public record MarkLetters(List<Long> ids) implements Counting {

    public MarkLetters {
        ids = List.copyOf(ids);
    }

    static MarkLetters read(ErrandReader in) {
        return new MarkLetters(in.numbers());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.MARK_LETTERS;
    }

    @Override
    public void write(ErrandWriter out) {
        out.numbers(ids);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Long> answer) {
        long now = clock.wallNanos();
        Counting.whenDurable(p, ids.stream().filter(id -> mark(p, id, now)).count(), answer);
    }

    /** Marks a letter of which a group is left. */
    static boolean mark(PartitionOperations p, long id, long now) {
        Letter letter = p.letters().get(id).orElse(null);
        if (letter == null || letter.kind() != Letter.Kind.UNACKED || letter.groups().isEmpty()) {
            return false;
        }
        Letter marked = letter.at(now);
        for (LetterGroup group : letter.groups()) {
            marked = marked.with(group.byHand());
        }
        return p.letters().replace(marked);
    }
}
