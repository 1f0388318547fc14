package org.memphisee.core.partition.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.consumer.SubjectFilter;

/** Questions about stored messages that people and the JetStream API ask. Shard's thread only. */
public final class MessageQueries {

    private final StoredMessages messages;
    private final Supplier<MessageRead> ended;
    private final MessageView view = new MessageView();

    /** {@code ended} says why nothing is given out any more, for those who waited when that happened. */
    public MessageQueries(StoredMessages messages, Supplier<MessageRead> ended) {
        this.messages = messages;
        this.ended = ended;
    }

    /** Messages per subject for subjects that match. */
    public void subjectCounts(SubjectFilter filter, Answer<Map<String, Long>> answer) {
        Map<String, Long> counts = new TreeMap<>();
        messages.view().forEachSubject(filter, e -> counts.put(e.subject(), e.count), Positions.answered(answer, () -> counts));
    }

    /** Reads the last message that matches. */
    public void last(SubjectFilter filter, Consumer<MessageRead> whenRead) {
        last(filter, 0, whenRead);
    }

    private void last(SubjectFilter filter, long before, Consumer<MessageRead> whenRead) {
        messages.view().lastMatching(filter, new Answer<>() {
            @Override
            public void known(Long sequence) {
                if (sequence == 0 || sequence == before) {
                    whenRead.accept(MessageRead.GONE);
                    return;
                }
                message(sequence, read -> {
                    if (read == MessageRead.GONE) {
                        last(filter, sequence, whenRead); // it went meanwhile: another one is the last now
                    } else {
                        whenRead.accept(read);
                    }
                });
            }

            @Override
            public void unknown(String why) {
                whenRead.accept(ended.get());
            }
        });
    }

    /** Reads by sequence. */
    public void message(long sequence, Consumer<MessageRead> whenRead) {
        StoredBatch b = messages.batchOf(sequence);
        if (b == null || b.removed(sequence)) {
            whenRead.accept(MessageRead.GONE);
        } else if (b.record != null) {
            whenRead.accept(messages.view().read(sequence, view) == Lookup.FOUND ? found() : MessageRead.GONE);
        } else {
            messages.with(b, outcome -> read(outcome, b, whenRead, () -> message(sequence, whenRead)));
        }
    }

    /** Reads the first message at or after a sequence that matches. */
    public void next(long fromSequence, SubjectFilter filter, Consumer<MessageRead> whenRead) {
        Lookup found = messages.view().next(fromSequence, filter, view);
        if (found == Lookup.FOUND) {
            whenRead.accept(found());
        } else if (found == Lookup.NONE) {
            whenRead.accept(MessageRead.GONE);
        } else {
            long resumeAt = messages.view().resumeAt(fromSequence);
            StoredBatch b = messages.view().awaited();
            messages.with(b, outcome -> read(outcome, b, whenRead, () -> next(resumeAt, filter, whenRead)));
        }
    }

    /**
     * Finds the first batch at or after a sequence that has messages, and copies what is in it.
     *
     * @param upTo a batch that begins behind it is none
     */
    public void record(long fromSequence, long upTo, Answer<Optional<RecordCopy>> answer) {
        BatchList batches = messages.batches();
        int i = batches.indexOf(fromSequence);
        while (i < batches.size() && batches.get(i).live() == 0) {
            i++;
        }
        if (i == batches.size() || batches.get(i).first() > upTo) {
            answer.known(Optional.empty());
            return;
        }
        StoredBatch b = batches.get(i);
        if (b.record != null) {
            answer.known(Optional.of(new RecordCopy(b)));
            return;
        }
        messages.readAhead(b);
        messages.with(b, outcome -> {
            switch (outcome) {
                case READ, GONE -> record(fromSequence, upTo, answer);
                case UNREADABLE -> answer.unknown(unreadable(b));
                case ENDED -> answer.unknown(Positions.ENDED);
            }
        });
    }

    private void read(RecordLoading.Outcome outcome, StoredBatch b, Consumer<MessageRead> whenRead, Runnable again) {
        switch (outcome) {
            case READ, GONE -> again.run();
            case UNREADABLE -> whenRead.accept(new MessageRead.Unreadable(unreadable(b)));
            case ENDED -> whenRead.accept(ended.get());
        }
    }

    private String unreadable(StoredBatch b) {
        return "messages " + b.first() + " to " + b.last() + " of stream " + messages.view().streamName()
            + " cannot be read: " + b.damage.getMessage();
    }

    private MessageRead found() {
        return new MessageRead.Found(copy(view));
    }

    private static StoredMessage copy(MessageView v) {
        int payload = v.bodyOffset + v.headerLength;
        return new StoredMessage(new String(v.bytes, v.subjectOffset, v.subjectLength, StandardCharsets.UTF_8),
            v.sequence, v.timestampNanos, Arrays.copyOfRange(v.bytes, v.bodyOffset, payload),
            Arrays.copyOfRange(v.bytes, payload, payload + v.payloadLength));
    }

    /** Sequences missing between first and last, ascending, at most {@code limit}. */
    public void deletedSequences(int limit, Answer<long[]> answer) {
        Missing missing = new Missing(messages.firstSequence(), limit);
        BatchWalk.up(messages, 1, (b, from, to, summary) -> missing.look(b, from),
            Positions.answered(answer, () -> missing.upTo(messages.lastSequence())));
    }

    /** Collects the sequences that have no message. */
    private final class Missing {
        private final LongStream.Builder found = LongStream.builder();
        private long expected;
        private int left;

        private Missing(long first, int limit) {
            expected = first;
            left = limit;
        }

        BatchWalk.Next look(StoredBatch b, long from) {
            if (b.removed == null && b.contiguous() && from <= b.first()) {
                gap(b.first() - 1);
            } else if (b.contiguous()) {
                for (long s = Math.max(from, b.first()); s <= b.last() && left > 0; s++) {
                    present(s, b);
                }
            } else if (b.record == null) {
                return BatchWalk.Next.RECORD;
            } else {
                for (int k = MessageBatch.indexOf(b.record, from); k < b.count() && left > 0; k++) {
                    present(MessageBatch.sequence(b.record, k), b);
                }
            }
            if (left > 0 && b.removed == null && b.contiguous()) {
                expected = Math.max(expected, b.last() + 1);
            }
            return left == 0 ? BatchWalk.Next.ENOUGH : BatchWalk.Next.GO_ON;
        }

        private void present(long sequence, StoredBatch b) {
            if (!b.removed(sequence)) {
                gap(sequence - 1);
                expected = sequence + 1;
            }
        }

        /** Everything expected up to here is missing. */
        private void gap(long end) {
            for (; expected <= end && left > 0; expected++, left--) {
                found.add(expected);
            }
        }

        long[] upTo(long last) {
            if (messages.count() > 0) {
                gap(last);
            }
            return found.build().toArray();
        }
    }
}
