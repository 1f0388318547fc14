package org.memphisee.core.partition.log;

import java.util.function.Consumer;
import java.util.stream.LongStream;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.consumer.PartitionView.Lasts;
import org.memphisee.core.consumer.SubjectFilter;

/** Which message is the last or first of its kind: from the indexes, else by going over batches. Shard's thread only. */
public final class Positions {

    /** What is said when the partition gives out nothing any more. */
    public static final String ENDED = "the stream was deleted or went offline meanwhile";

    private final StoredMessages messages;
    private final SubjectScan scan;
    private final MessageView view = new MessageView();

    Positions(StoredMessages messages) {
        this.messages = messages;
        this.scan = new SubjectScan(messages);
    }

    /** The last message that matches, 0 for none. */
    void last(SubjectFilter filter, Answer<Long> answer) {
        if (!filter.everything() && scan.inMemory(filter)) {
            long[] max = {0};
            messages.subjectIndex().forEach(filter, e -> max[0] = Math.max(max[0], e.last));
            answer.known(max[0]);
        } else {
            last(filter, 0, 0, answer);
        }
    }

    /** Above a sequence, {@code best} having been found below; what came meanwhile is looked at in another round. */
    private void last(SubjectFilter filter, long above, long best, Answer<Long> answer) {
        long end = messages.lastSequence();
        long[] max = {best};
        BatchWalk.Visitor subjects = scan.visitor(filter, e -> max[0] = Math.max(max[0], e.last));
        BatchWalk.down(messages, end, above + 1, (b, from, to, summary) -> {
            BatchWalk.Next next = filter.everything() ? lastKept(b, from, to, max) : subjects.look(b, from, to, summary);
            return next == BatchWalk.Next.GO_ON && max[0] > best ? BatchWalk.Next.ENOUGH : next;
        }, all -> {
            if (!all) {
                answer.unknown(ENDED);
            } else if (messages.lastSequence() > end) {
                last(filter, end, max[0], answer);
            } else {
                answer.known(max[0]);
            }
        });
    }

    private BatchWalk.Next lastKept(StoredBatch b, long from, long to, long[] max) {
        if (b.removed == null && b.last() <= to) {
            max[0] = b.last();
        } else if (b.contiguous()) {
            int end = (int) (Math.min(to, b.last()) - b.first());
            long kept = b.first() + (b.removed == null ? end : b.removed.lastKept(end));
            max[0] = kept >= Math.max(b.first(), from) ? kept : max[0];
        } else if (b.record == null) {
            return BatchWalk.Next.RECORD;
        } else {
            for (int k = b.count() - 1; k >= 0; k--) {
                long sequence = MessageBatch.sequence(b.record, k);
                if (sequence <= to && sequence >= from && !b.removed(sequence)) {
                    max[0] = sequence;
                    break;
                }
            }
        }
        return BatchWalk.Next.GO_ON;
    }

    /** The first message stored at or after a time; last + 1 for none. */
    void firstAt(long timeNanos, Answer<Long> answer) {
        long[] found = {0};
        BatchWalk.up(messages, 1, (b, from, to, summary) -> {
            if (b.lastTimeNanos() < timeNanos) {
                return BatchWalk.Next.GO_ON;
            }
            if (b.removed == null && b.firstTimeNanos() >= timeNanos && from <= b.first()) {
                found[0] = b.first();
                return BatchWalk.Next.ENOUGH;
            }
            if (b.record == null) {
                return BatchWalk.Next.RECORD;
            }
            for (int k = MessageBatch.indexOf(b.record, from); k < b.count(); k++) {
                MessageBatch.view(b.record, k, view);
                if (view.timestampNanos >= timeNanos && !b.removed(view.sequence)) {
                    found[0] = view.sequence;
                    return BatchWalk.Next.ENOUGH;
                }
            }
            return BatchWalk.Next.GO_ON;
        }, answered(answer, () -> found[0] > 0 ? found[0] : messages.lastSequence() + 1));
    }

    /** The last message of each subject that matches, of those stored now. */
    void lastPerSubject(SubjectFilter filter, Answer<Lasts> answer) {
        long upTo = messages.lastSequence();
        LongStream.Builder found = LongStream.builder();
        messages.view().forEachSubject(filter, e -> {
            if (e.last <= upTo) { // else it is among what comes after
                found.add(e.last);
            }
        }, answered(answer, () -> new Lasts(upTo, found.build().sorted().toArray())));
    }

    /** Tells the value at the end of a walk. */
    static <T> Consumer<Boolean> answered(Answer<T> answer, java.util.function.Supplier<T> value) {
        return all -> {
            if (all) {
                answer.known(value.get());
            } else {
                answer.unknown(ENDED);
            }
        };
    }
}
