package org.memphisee.core.errand;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.time.BrokerClock;

/**
 * Some messages of a partition from a sequence towards its beginning: no more of them, and not many more bytes, than a shard may
 * spend on one look.
 *
 * @param from the newest sequence that is wanted; 0 for the last one
 * @param limit messages at most
 */
public record ReadBackwards(long from, int limit) implements Errand<ReadBackwards.Some> {

    /** Sequences looked at in one go. */
    private static final int SLICE = 50;
    private static final int MOST_BYTES = 256 << 10;

    /**
     * What was found.
     *
     * @param messages the newest first
     * @param problems what could not be read, with what helps; each said once
     * @param looked how many sequences were looked at
     * @param next where to go on; 0 at the beginning
     */
    public record Some(List<StoredMessage> messages, List<String> problems, int looked, long next) { }

    static ReadBackwards read(ErrandReader in) {
        return new ReadBackwards(in.i64(), in.i32());
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.MESSAGES;
    }

    @Override
    public void write(ErrandWriter out) {
        out.i64(from).i32(limit);
    }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<Some> answer) {
        if (p.state().offline()) {
            answer.known(new Some(List.of(), List.of(p.fault()), 0, 0));
        } else {
            new Look(p, Math.min(from == 0 ? Long.MAX_VALUE : from, p.state().lastSeq()), answer).goOn();
        }
    }

    private final class Look {
        private final PartitionOperations p;
        private final Answer<Some> answer;
        private final List<StoredMessage> found = new ArrayList<>();
        private final Set<String> problems = new LinkedHashSet<>();
        private long next;
        private int looked;
        private long bytes;
        private boolean looping;
        private boolean answered;

        private Look(PartitionOperations p, long next, Answer<Some> answer) {
            this.p = p;
            this.next = next;
            this.answer = answer;
        }

        private void goOn() {
            looping = true;
            boolean beginning = next < Math.max(1, p.state().firstSeq());
            while (!beginning && looked < SLICE && found.size() < limit && bytes < MOST_BYTES) {
                answered = false;
                looked++;
                p.message(next--, this::take);
                if (!answered) { // a record is being loaded; its answer goes on
                    looping = false;
                    return;
                }
                beginning = next < Math.max(1, p.state().firstSeq());
            }
            answer.known(new Some(found, List.copyOf(problems), looked, beginning ? 0 : next));
        }

        private void take(MessageRead read) {
            answered = true;
            if (!read.problem().isEmpty()) {
                problems.add(read.problem());
            }
            read.found().ifPresent(m -> {
                found.add(m);
                bytes += m.header().length + m.payload().length;
            });
            if (!looping) {
                goOn();
            }
        }
    }

    @Override
    public void writeAnswer(Some some, ErrandWriter out) {
        out.list(some.messages(), ErrandWriter::message).list(some.problems(), ErrandWriter::text).i32(some.looked())
            .i64(some.next());
    }

    @Override
    public Some readAnswer(ErrandReader in) {
        return new Some(in.list(ErrandReader::message), in.list(ErrandReader::text), in.i32(), in.i64());
    }
}
