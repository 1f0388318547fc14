package org.memphisee.core.partition.log;

import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.index.SubjectEntry;

/**
 * Finds the subjects that match, also those of which the index has no text: batch after batch, from what the batch knows of
 * its subjects, from its record, or from its summary in the store. A subject is met in the batch that holds its last message,
 * so each is met once and nothing has to be remembered; one that gets a message meanwhile may be met again there. Shard's
 * thread only.
 */
final class SubjectScan {

    private final StoredMessages messages;
    private final MessageView view = new MessageView();

    SubjectScan(StoredMessages messages) {
        this.messages = messages;
    }

    /** Calls for each; {@code done} is told once, false when the partition gives out nothing any more. */
    void forEach(SubjectFilter filter, Consumer<SubjectEntry> action, Consumer<Boolean> done) {
        if (inMemory(filter)) {
            messages.subjectIndex().forEach(filter, action);
            done.accept(true);
        } else {
            BatchWalk.up(messages, 1, visitor(filter, action), done);
        }
    }

    /** Whether the index knows all subjects that may match. */
    boolean inMemory(SubjectFilter filter) {
        return filter.literal() != null || !messages.subjectIndex().someCold();
    }

    /** Calls for the subjects whose last message is in the batch. */
    BatchWalk.Visitor visitor(SubjectFilter filter, Consumer<SubjectEntry> action) {
        return (b, from, to, summary) -> look(b, from, to, summary, filter, action);
    }

    private BatchWalk.Next look(StoredBatch b, long from, long to, StoredSummary summary, SubjectFilter filter,
                                Consumer<SubjectEntry> action) throws StoreException {
        if (!b.mayMatch(filter)) {
            return BatchWalk.Next.GO_ON;
        }
        if (b.subjects != null) {
            for (int s = 0; s < b.subjects.size(); s++) {
                byte[] text = b.subjects.text(s);
                meet(text, 0, text.length, Math.max(from, b.first() + b.subjects.first(s)),
                    Math.min(to, b.first() + b.subjects.last(s)), filter, action);
            }
        } else if (b.record != null) {
            for (int k = MessageBatch.indexOf(b.record, from); k < b.count(); k++) {
                MessageBatch.view(b.record, k, view);
                if (view.sequence <= to && !b.removed(view.sequence)) {
                    meet(b.record, view.subjectOffset, view.subjectLength, view.sequence, view.sequence, filter, action);
                }
            }
        } else if (summary != null) {
            summary.visitSubjects((text, offset, length, first, last, count, lastBytes) ->
                meet(text, offset, length, Math.max(from, first), Math.min(to, last), filter, action));
        } else {
            return BatchWalk.Next.SUMMARY;
        }
        return BatchWalk.Next.GO_ON;
    }

    private void meet(byte[] text, int offset, int length, long first, long last, SubjectFilter filter,
                      Consumer<SubjectEntry> action) {
        if (filter.matches(text, offset, length)) {
            SubjectEntry e = messages.subjectIndex().look(text, offset, length);
            if (e != null && e.count > 0 && first <= e.last && e.last <= last) {
                action.accept(e);
            }
        }
    }
}
