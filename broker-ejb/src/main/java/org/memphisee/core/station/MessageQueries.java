package org.memphisee.core.station;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.consumer.SubjectFilter;

/** Questions about stored messages that people and the JetStream API ask. Shard's thread only. */
final class MessageQueries {

    private final StoredMessages messages;
    private final MessageView view = new MessageView();

    MessageQueries(StoredMessages messages) {
        this.messages = messages;
    }

    /** Messages per subject for subjects that match. */
    Map<String, Long> subjectCounts(String filter) {
        Map<String, Long> counts = new TreeMap<>();
        messages.forEachSubject(Partition.filter(filter), e -> counts.put(e.subject(), e.count));
        return counts;
    }

    /** Reads by sequence. */
    void message(long sequence, Consumer<Optional<StoredMessage>> whenRead) {
        int i = messages.batches().indexOf(sequence);
        if (i == messages.batches().size() || messages.batches().get(i).unreadable) {
            whenRead.accept(Optional.empty());
            return;
        }
        messages.with(messages.batches().get(i), () -> whenRead.accept(
            messages.read(sequence, view) == Lookup.FOUND ? Optional.of(copy(view)) : Optional.empty()));
    }

    /** Reads the first message at or after a sequence that matches. */
    void next(long fromSequence, SubjectFilter filter, Consumer<Optional<StoredMessage>> whenRead) {
        Lookup found = messages.next(fromSequence, filter, view);
        if (found == Lookup.LOADING) {
            long resumeAt = messages.resumeAt(fromSequence);
            messages.with(messages.awaited(), () -> next(resumeAt, filter, whenRead));
            return;
        }
        whenRead.accept(found == Lookup.FOUND ? Optional.of(copy(view)) : Optional.empty());
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
