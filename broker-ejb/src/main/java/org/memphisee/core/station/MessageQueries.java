package org.memphisee.core.station;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.consumer.SubjectFilter;

/** Questions about stored messages that people and the JetStream API ask. Shard's thread only. */
final class MessageQueries {

    private final StoredMessages messages;
    private final Supplier<MessageRead> ended;
    private final MessageView view = new MessageView();

    /** {@code ended} says why nothing is given out any more, for those who waited when that happened. */
    MessageQueries(StoredMessages messages, Supplier<MessageRead> ended) {
        this.messages = messages;
        this.ended = ended;
    }

    /** Messages per subject for subjects that match. */
    Map<String, Long> subjectCounts(String filter) {
        Map<String, Long> counts = new TreeMap<>();
        messages.forEachSubject(Partition.filter(filter), e -> counts.put(e.subject(), e.count));
        return counts;
    }

    /** Reads by sequence. */
    void message(long sequence, Consumer<MessageRead> whenRead) {
        StoredBatch b = messages.batchOf(sequence);
        if (b == null || b.removed(sequence)) {
            whenRead.accept(MessageRead.GONE);
        } else if (b.record != null) {
            whenRead.accept(messages.read(sequence, view) == Lookup.FOUND ? found() : MessageRead.GONE);
        } else {
            messages.with(b, outcome -> read(outcome, b, whenRead, () -> message(sequence, whenRead)));
        }
    }

    /** Reads the first message at or after a sequence that matches. */
    void next(long fromSequence, SubjectFilter filter, Consumer<MessageRead> whenRead) {
        Lookup found = messages.next(fromSequence, filter, view);
        if (found == Lookup.FOUND) {
            whenRead.accept(found());
        } else if (found == Lookup.NONE) {
            whenRead.accept(MessageRead.GONE);
        } else {
            long resumeAt = messages.resumeAt(fromSequence);
            StoredBatch b = messages.awaited();
            messages.with(b, outcome -> read(outcome, b, whenRead, () -> next(resumeAt, filter, whenRead)));
        }
    }

    private void read(RecordLoading.Outcome outcome, StoredBatch b, Consumer<MessageRead> whenRead, Runnable again) {
        switch (outcome) {
            case READ, GONE -> again.run();
            case UNREADABLE -> whenRead.accept(new MessageRead.Unreadable(unreadable(b)));
            case ENDED -> whenRead.accept(ended.get());
        }
    }

    private String unreadable(StoredBatch b) {
        return "messages " + b.first() + " to " + b.last() + " of stream " + messages.streamName()
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
    long[] deletedSequences(int limit) {
        LongStream.Builder missing = LongStream.builder();
        long expected = messages.firstSequence();
        int found = 0;
        for (int i = 0; i < messages.batches().size() && found < limit; i++) {
            StoredBatch b = messages.batches().get(i);
            boolean whole = b.removed == null && b.contiguous();
            long end = whole ? b.first() - 1 : b.last();
            for (; expected <= end && found < limit; expected++) {
                if (!messages.contains(expected)) {
                    missing.add(expected);
                    found++;
                }
            }
            expected = Math.max(expected, b.last() + 1);
        }
        if (messages.count() > 0) {
            LongStream.rangeClosed(expected, messages.lastSequence()).limit(limit - found).forEach(missing::add);
        }
        return missing.build().toArray();
    }
}
