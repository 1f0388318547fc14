package org.memphisee.core.station;

import java.util.Arrays;

import org.memphisee.core.consumer.MessageView;

/**
 * Keeps counts and last sequences of the subject index right when messages go: the one before has to be found, which may
 * read a record at once. Shard's thread only.
 */
final class SubjectLasts {

    private final BatchList batches;
    private final SubjectIndex subjects;
    private final RecordLoading loading;
    private final MessageView scratch = new MessageView();

    SubjectLasts(BatchList batches, SubjectIndex subjects, RecordLoading loading) {
        this.batches = batches;
        this.subjects = subjects;
        this.loading = loading;
    }

    /** A message of the subject was removed; its batch knows that already. */
    void removed(SubjectEntry e, long sequence) {
        if (e.sequences != null) {
            e.sequences.remove(sequence);
        }
        if (e.last == sequence) {
            boolean assignedToo = e.assignedLast == sequence;
            e.last = e.count > 1 ? previous(e, sequence) : 0;
            e.lastBytes = 0;
            if (assignedToo) {
                e.assignedLast = e.last;
            }
        }
        subjects.count(e, -1);
    }

    /** A batch was dropped with so many messages of the subject left in it; it is still in the list. */
    void dropped(SubjectEntry e, StoredBatch b, long left) {
        while (e.sequences != null && e.sequences.size() > 0 && e.sequences.first() <= b.last()) {
            e.sequences.remove(e.sequences.first());
        }
        if (e.last <= b.last() && e.last >= b.first()) {
            boolean assignedToo = e.assignedLast == e.last;
            e.last = e.count > left ? previous(e, b.first()) : 0;
            e.lastBytes = 0;
            if (assignedToo) {
                e.assignedLast = e.last;
            }
        }
        subjects.count(e, -left);
    }

    /** The last stored message of the subject before a sequence, 0 for none. */
    private long previous(SubjectEntry e, long sequence) {
        for (int i = Math.min(batches.indexOf(sequence), batches.size() - 1); i >= 0; i--) {
            StoredBatch b = batches.get(i);
            if (b.first() >= sequence || b.live() == 0 || !b.mayHold(e.bytes)) {
                continue;
            }
            if (b.subjects != null && b.removed == null) {
                long last = b.first() + b.subjects.last(b.subjects.indexOf(e.bytes));
                if (last < sequence) {
                    return last;
                }
            }
            byte[] record = loading.require(b);
            for (int k = b.count() - 1; record != null && k >= 0; k--) {
                MessageBatch.view(record, k, scratch);
                if (scratch.sequence < sequence && !b.removed(scratch.sequence)
                    && Arrays.equals(e.bytes, 0, e.bytes.length, record, scratch.subjectOffset,
                        scratch.subjectOffset + scratch.subjectLength)) {
                    return scratch.sequence;
                }
            }
        }
        return 0;
    }
}
