package org.memphisee.core.letters;

import java.util.List;
import java.util.function.Consumer;

/** The letters of a partition as a projection follows them. Any thread; results come on the partition's shard. */
public interface LetterSource {

    /** Number of the partition. */
    long partition();

    /** The object that decides about the letters: what was taken from another one says nothing about this one. */
    Object identity();

    /** A number that changes when there is something to take. A moment old. */
    long changes();

    /** How many letters there are. A moment old. */
    int count();

    /** Takes what happened since the last time, at most so much. */
    void take(int most, Consumer<LetterChanges> taken);

    /** The letters with the lowest numbers above {@code id}, at most so many. */
    void above(long id, int most, Consumer<List<Letter>> found);
}
