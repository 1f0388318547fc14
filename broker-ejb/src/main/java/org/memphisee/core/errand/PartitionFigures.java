package org.memphisee.core.errand;

import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.partition.letters.LetterFigures;

/**
 * How much a partition has.
 *
 * @param state its messages
 * @param letters its dead letters
 * @param fault what keeps it from serving as it should and what helps, empty when nothing does
 */
public record PartitionFigures(StreamState state, LetterFigures letters, String fault) {

    /** Changes of letters are followed where they are decided. */
    private static final long NOT_HERE = LetterFigures.NONE.changes();

    /** Of one about which nothing is known yet. */
    static final PartitionFigures UNKNOWN = new PartitionFigures(new StreamState(0, 0, 0, 0, 0, 0, 0, 0, 0,
        PartitionLife.FOLLOWING),
        LetterFigures.NONE, "");

    static PartitionFigures of(PartitionHandle here) {
        return new PartitionFigures(here.state(), here.deadLetters(), here.fault());
    }

    void write(ErrandWriter out) {
        out.i64(state.messages()).i64(state.bytes()).i64(state.firstSeq()).i64(state.firstTimeNanos()).i64(state.lastSeq())
            .i64(state.lastTimeNanos()).i64(state.numSubjects()).i64(state.numDeleted()).i32(state.consumerCount())
            .u8(state.life().ordinal());
        out.i32(letters.unacked()).i32(letters.schema()).i64(letters.bytes()).i32(letters.toCopy()).i32(letters.toResend())
            .i64(letters.forRoom()).i64(letters.notKept()).i64(letters.givenUp()).i64(letters.first()).i64(letters.last());
        out.text(fault);
    }

    static PartitionFigures read(ErrandReader in) {
        return new PartitionFigures(new StreamState(in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(),
            in.i64(), in.i32(),
            in.choice(PartitionLife.values())), new LetterFigures(in.i32(), in.i32(), in.i64(), in.i32(), in.i32(), in.i64(),
            in.i64(),
            in.i64(), in.i64(), in.i64(), NOT_HERE), in.text());
    }
}
