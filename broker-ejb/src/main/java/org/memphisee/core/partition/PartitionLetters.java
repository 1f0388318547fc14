package org.memphisee.core.partition;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterChanges;
import org.memphisee.core.letters.LetterSource;

/** The letters of a partition that is decided here. */
public record PartitionLetters(Partition of) implements LetterSource {

    /** Empty for a partition that is only copied. Any thread. */
    public static Optional<LetterSource> of(Partition partition) {
        return partition.deadLetters().changes() < 0 ? Optional.empty() : Optional.of(new PartitionLetters(partition));
    }

    @Override
    public long partition() {
        return of.id();
    }

    @Override
    public Object identity() {
        return of;
    }

    @Override
    public long changes() {
        return of.deadLetters().changes();
    }

    @Override
    public int count() {
        return of.deadLetters().letters();
    }

    @Override
    public void take(int most, Consumer<LetterChanges> taken) {
        of.run(operations -> taken.accept(operations.letters().changes(most)));
    }

    @Override
    public void above(long id, int most, Consumer<List<Letter>> found) {
        of.run(operations -> found.accept(operations.letters().above(id, most)));
    }
}
