package org.memphisee.core.errand;

import java.util.List;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.letters.Letter;

/**
 * Has dead letters go; answered, when that is durable, with how many were there.
 *
 * @param which those that are meant
 * @param ids their numbers, of no meaning for all
 */
public record DropLetters(Which which, List<Long> ids) implements Counting {

    /** Which letters go. */
    public enum Which {
        /** All of the partition. */
        ALL,
        /** Those with the numbers. */
        ANY_KIND,
        /** Of these, what groups gave up. */
        UNACKED,
        /** Of these, what violates a schema. */
        SCHEMA;

        /** Those of a kind. */
        public static Which of(Letter.Kind kind) {
            return kind == Letter.Kind.UNACKED ? UNACKED : SCHEMA;
        }
    }

    public DropLetters {
        ids = List.copyOf(ids);
    }

    static DropLetters read(ErrandReader in) {
        return new DropLetters(in.choice(Which.values()), in.numbers());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.DROP_LETTERS;
    }

    @Override
    public void write(ErrandWriter out) {
        out.u8(which.ordinal()).numbers(ids);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Long> answer) {
        int removed = which == Which.ALL ? p.letters().removeAll()
            : p.letters().remove(ids.stream().filter(id -> p.letters().get(id).filter(this::meant).isPresent()).toList());
        Counting.whenDurable(p, removed, answer);
    }

    private boolean meant(Letter letter) {
        return which == Which.ANY_KIND || which == Which.of(letter.kind());
    }
}
