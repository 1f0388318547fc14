package org.memphisee.core.station;

import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;

/**
 * Finds the texts of subjects that the index knows without: batch after batch, from what the batch knows of its subjects,
 * from its record, or from its summary in the store. A subject is met in the batch that holds its last message, so each
 * is met once and nothing has to be remembered. Reads the store and waits for it: some milliseconds for each batch of ten
 * thousand subjects. Shard's thread only.
 */
final class SubjectScan {

    private final long partition;
    private final StoredMessages messages;
    private final MessageView view = new MessageView();

    SubjectScan(long partition, StoredMessages messages) {
        this.partition = partition;
        this.messages = messages;
    }

    void forEach(SubjectFilter filter, Consumer<SubjectEntry> action) {
        BatchList batches = messages.batches();
        for (int i = 0; i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            if (b.live() > 0 && b.mayMatch(filter)) {
                visit(b, filter, action);
            }
        }
    }

    private void visit(StoredBatch b, SubjectFilter filter, Consumer<SubjectEntry> action) {
        if (b.subjects != null) {
            for (int s = 0; s < b.subjects.size(); s++) {
                byte[] text = b.subjects.text(s);
                meet(text, 0, text.length, b.first() + b.subjects.first(s), b.first() + b.subjects.last(s), filter, action);
            }
        } else if (b.record != null) {
            for (int k = 0; k < b.count(); k++) {
                MessageBatch.view(b.record, k, view);
                if (!b.removed(view.sequence)) {
                    meet(b.record, view.subjectOffset, view.subjectLength, view.sequence, view.sequence, filter, action);
                }
            }
        } else if (!b.unreadable()) {
            try {
                messages.resources().loader().summary(partition, b.first()).visitSubjects(
                    (text, offset, length, first, last, count, lastBytes) ->
                        meet(text, offset, length, first, last, filter, action));
            } catch (StoreException e) {
                messages.unreadable(b, e);
            }
        }
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
