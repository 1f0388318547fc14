package org.memphisee.core.errand;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.time.BrokerClock;

/**
 * Where a consumer would go on that is moved.
 *
 * @param consumer its name, empty when only the place is wanted
 * @param where what it is moved to
 * @param value the sequence, or the time in nanoseconds since the epoch
 */
public record FindStart(String consumer, Where where, long value) implements Errand<FindStart.Found> {

    /** Missing sequences that are looked for to count exactly; some eight megabytes. */
    private static final int MOST_MISSING = 1_000_000;

    /** What a consumer is moved to. */
    public enum Where {
        /** The oldest message that is there. */
        FIRST,
        /** The next message that comes. */
        NEXT,
        /** A sequence. */
        SEQUENCE,
        /** The first message stored at a time or later. */
        TIME
    }

    /**
     * What that means.
     *
     * @param lag messages that it has not acknowledged now
     * @param sequence first sequence to look at from then on
     * @param messages stored messages from there on
     * @param exact false when so many are missing from there on that there may be fewer
     */
    public record Found(long lag, long sequence, long messages, boolean exact) { }

    static FindStart read(ErrandReader in) {
        return new FindStart(in.text(), in.choice(Where.values()), in.i64());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.START;
    }

    @Override
    public void write(ErrandWriter out) {
        out.text(consumer).u8(where.ordinal()).i64(value);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Found> answer) {
        if (p.state().offline()) {
            answer.unknown(p.fault());
            return;
        }
        if (consumer.isEmpty()) {
            found(p, answer);
        } else {
            p.whenCounted(() -> found(p, answer));
        }
    }

    private void found(PartitionOperations p, Answer<Found> answer) {
        start(p, new Answer<>() {
            @Override
            public void known(Long start) {
                count(p, p.consumerInfo(consumer).map(ConsumerInfo::lag).orElse(0L), start, answer);
            }

            @Override
            public void unknown(String why) {
                answer.unknown(why);
            }
        });
    }

    private void start(PartitionOperations p, Answer<Long> answer) {
        StreamState state = p.state();
        switch (where) {
            case FIRST -> answer.known(Math.max(1, state.firstSeq()));
            case NEXT -> answer.known(state.lastSeq() + 1);
            case SEQUENCE -> answer.known(Math.max(1, Math.min(value, state.lastSeq() + 1)));
            case TIME -> p.resolveStart(atTime(), answer);
            default -> throw new IllegalStateException(where.toString());
        }
    }

    private ConsumerConfig atTime() {
        return new ConsumerConfig("reset", true, "", ConsumerConfig.DeliverPolicy.BY_START_TIME, 0, value,
            ConsumerConfig.AckPolicy.EXPLICIT,
            1_000_000_000L, 1, List.of(), List.of(), false, false, 0, 0, 1, 1, 0, false, false, 0, 0, 0, "", "", 0, 0, false,
            Map.of());
    }

    private static void count(PartitionOperations p, long lag, long start, Answer<Found> answer) {
        StreamState state = p.state();
        long from = Math.max(start, state.firstSeq());
        long span = Math.max(0, state.lastSeq() - from + 1);
        if (state.messages() == 0 || span == 0) {
            answer.known(new Found(lag, start, 0, true));
        } else if (from == state.firstSeq()) {
            answer.known(new Found(lag, start, state.messages(), true));
        } else if (state.numDeleted() == 0) {
            answer.known(new Found(lag, start, span, true));
        } else {
            p.deletedSequences(MOST_MISSING, new Answer<>() {
                @Override
                public void known(long[] missing) {
                    long gone = Arrays.stream(missing).filter(s -> s >= from && s <= state.lastSeq()).count();
                    answer.known(new Found(lag, start, span - gone, missing.length < MOST_MISSING));
                }

                @Override
                public void unknown(String why) {
                    answer.unknown(why);
                }
            });
        }
    }

    @Override
    public void writeAnswer(Found found, ErrandWriter out) {
        out.i64(found.lag()).i64(found.sequence()).i64(found.messages()).flag(found.exact());
    }

    @Override
    public Found readAnswer(ErrandReader in) {
        return new Found(in.i64(), in.i64(), in.i64(), in.flag());
    }
}
