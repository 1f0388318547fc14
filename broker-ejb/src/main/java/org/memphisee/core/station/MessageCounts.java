package org.memphisee.core.station;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;

/**
 * How many stored messages match, and which is the last: from the indexes, from what batches know of their subjects, and
 * from a record only where neither tells. Shard's thread only.
 */
final class MessageCounts {

    private final StoredMessages messages;
    private final BatchList batches;
    private final SubjectIndex subjects;
    private final MessageView view = new MessageView();

    MessageCounts(StoredMessages messages) {
        this.messages = messages;
        this.batches = messages.batches();
        this.subjects = messages.subjectIndex();
    }

    /** Whether no subject has more than one message: then every message is the last of its subject. */
    boolean onePerSubject() {
        return messages.count() == subjects.live();
    }

    long matching(long fromSequence, SubjectFilter filter) {
        if (fromSequence > messages.lastSequence()) {
            return 0;
        }
        if (fromSequence <= messages.firstSequence()) {
            if (filter.everything()) {
                return messages.count();
            }
            long[] sum = {0};
            messages.forEachSubject(filter, e -> sum[0] += e.count);
            return sum[0];
        }
        if (!filter.everything() && onePerSubject()) {
            long[] sum = {0};
            messages.forEachSubject(filter, e -> sum[0] += e.last >= fromSequence ? 1 : 0);
            return sum[0];
        }
        return byBatch(fromSequence, filter);
    }

    private long byBatch(long fromSequence, SubjectFilter filter) {
        long sum = 0;
        for (int i = batches.indexOf(fromSequence); i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            boolean whole = b.first() >= fromSequence;
            if (whole && filter.everything()) {
                sum += b.live();
            } else if (whole && b.removed == null && b.subjects != null) {
                sum += b.subjects.matching(filter);
            } else if (filter.everything() && b.contiguous()) {
                int below = (int) (fromSequence - b.first());
                sum += b.count() - below - (b.removed == null ? 0 : b.removed.count - b.removed.below(below));
            } else if (b.mayMatch(filter)) {
                sum += inside(b, fromSequence, filter);
            }
        }
        return sum;
    }

    private long inside(StoredBatch b, long fromSequence, SubjectFilter filter) {
        byte[] record = messages.require(b);
        long sum = 0;
        if (record != null) {
            for (int k = MessageBatch.indexOf(record, fromSequence); k < b.count(); k++) {
                MessageBatch.view(record, k, view);
                if (!b.removed(view.sequence) && filter.matches(record, view.subjectOffset, view.subjectLength)) {
                    sum++;
                }
            }
        }
        return sum;
    }

    long last(SubjectFilter filter) {
        if (filter.everything()) {
            return messages.count() == 0 ? 0 : lastKept();
        }
        long[] max = {0};
        messages.forEachSubject(filter, e -> max[0] = Math.max(max[0], e.last));
        return max[0];
    }

    private long lastKept() {
        for (int i = batches.size() - 1; i >= 0; i--) {
            StoredBatch b = batches.get(i);
            if (b.live() > 0 && b.removed == null) {
                return b.last();
            }
            if (b.live() > 0 && b.contiguous()) {
                return b.first() + b.removed.lastKept((int) (b.last() - b.first()));
            }
            byte[] record = b.live() > 0 ? messages.require(b) : null;
            for (int k = b.count() - 1; record != null && k >= 0; k--) {
                if (!b.removed(MessageBatch.sequence(record, k))) {
                    return MessageBatch.sequence(record, k);
                }
            }
        }
        return 0;
    }
}
