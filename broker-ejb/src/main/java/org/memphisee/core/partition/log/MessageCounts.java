package org.memphisee.core.partition.log;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView.Tally;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.index.SubjectIndex;
import org.memphisee.core.partition.log.BatchWalk.Next;

/**
 * How many stored messages match: from the indexes, from what batches and their summaries know of their subjects, and from a
 * record only where neither tells. Shard's thread only.
 */
final class MessageCounts {

    private static final int FEW = 64;

    private final StoredMessages messages;
    private final SubjectIndex subjects;
    private final MessageView view = new MessageView();
    private final long[] counted = new long[1];

    MessageCounts(StoredMessages messages) {
        this.messages = messages;
        this.subjects = messages.subjectIndex();
    }

    /** Whether no subject has more than one message: then every message is the last of its subject. */
    boolean onePerSubject() {
        return messages.count() == subjects.live();
    }

    /** Counts what matches at or after a sequence; the tally hears of it at once or piece by piece. */
    void count(long fromSequence, SubjectFilter filter, Tally tally) {
        long last = messages.lastSequence();
        boolean indexed = filter.literal() != null || !subjects.someCold();
        if (fromSequence > last) {
            told(tally, last, 0);
        } else if (fromSequence <= messages.firstSequence() && filter.everything()) {
            told(tally, last, messages.count());
        } else if (fromSequence <= messages.firstSequence() && indexed) {
            long[] sum = {0};
            subjects.forEach(filter, e -> sum[0] += e.count);
            told(tally, last, sum[0]);
        } else if (!filter.everything() && onePerSubject() && indexed) {
            long[] sum = {0};
            subjects.forEach(filter, e -> sum[0] += e.last >= fromSequence ? 1 : 0);
            told(tally, last, sum[0]);
        } else {
            few(fromSequence, filter, tally);
        }
    }

    /** The batches at the end, of which something is in memory: what each commit asks. */
    private void few(long fromSequence, SubjectFilter filter, Tally tally) {
        BatchList batches = messages.batches();
        long from = fromSequence;
        int i = batches.indexOf(from);
        for (int end = Math.min(batches.size(), i + FEW); i < end; i++) {
            StoredBatch b = batches.get(i);
            if (b.live() > 0 && (b.record != null || !b.unreadable())) {
                if (!inMemory(b, from, filter)) {
                    break;
                }
                tally.add(b.last(), counted[0]);
            }
            from = b.last() + 1;
        }
        if (i == batches.size()) {
            told(tally, messages.lastSequence(), 0);
        } else {
            walk(from, filter, tally);
        }
    }

    private boolean inMemory(StoredBatch b, long from, SubjectFilter filter) {
        try {
            return count(b, from, null, filter, counted) == Next.GO_ON;
        } catch (StoreException e) {
            throw new IllegalStateException("nothing was read", e);
        }
    }

    private static void told(Tally tally, long upTo, long matching) {
        tally.add(upTo, matching);
        tally.done();
    }

    private void walk(long fromSequence, SubjectFilter filter, Tally tally) {
        long[] n = {0};
        BatchWalk.up(messages, fromSequence, (b, from, to, summary) -> {
            if (!tally.wanted()) {
                return Next.ENOUGH;
            }
            Next next = count(b, from, summary, filter, n);
            if (next == Next.GO_ON) {
                tally.add(b.last(), n[0]);
            }
            return next;
        }, all -> {
            if (all && tally.wanted()) {
                tally.add(messages.lastSequence(), 0); // behind the last that is stored nothing is
                tally.done();
            }
        });
    }

    private Next count(StoredBatch b, long from, StoredSummary summary, SubjectFilter filter, long[] n)
        throws StoreException {
        boolean whole = b.first() >= from;
        if (!b.mayMatch(filter)) {
            n[0] = 0;
        } else if (whole && filter.everything()) {
            n[0] = b.live();
        } else if (whole && b.removed == null && b.subjects != null) {
            n[0] = b.subjects.matching(filter);
        } else if (whole && b.subjects != null && b.subjects.size() == 1) {
            n[0] = b.live(); // it may match, so it does
        } else if (filter.everything() && b.contiguous()) {
            int below = (int) (from - b.first());
            n[0] = b.count() - below - (b.removed == null ? 0 : b.removed.count - b.removed.below(below));
        } else if (b.record != null) {
            n[0] = inside(b, from, filter);
        } else if (!whole || b.subjects != null) {
            return Next.RECORD;
        } else if (summary == null) {
            return Next.SUMMARY;
        } else {
            return fromSummary(b, summary, filter, n);
        }
        return Next.GO_ON;
    }

    private long inside(StoredBatch b, long from, SubjectFilter filter) {
        long sum = 0;
        for (int k = MessageBatch.indexOf(b.record, from); k < b.count(); k++) {
            MessageBatch.view(b.record, k, view);
            if (!b.removed(view.sequence) && filter.matches(b.record, view.subjectOffset, view.subjectLength)) {
                sum++;
            }
        }
        return sum;
    }

    /** With something removed, a summary tells only where what is left are the last messages of subjects. */
    private static Next fromSummary(StoredBatch b, StoredSummary summary, SubjectFilter filter, long[] n)
        throws StoreException {
        long[] sums = new long[3]; // matching in all, matching lasts that are left, lasts that are left
        summary.visitSubjects((text, offset, length, first, last, count, lastBytes) -> {
            boolean matches = filter.matches(text, offset, length);
            int left = b.removed(last) ? 0 : 1;
            sums[0] += matches ? count : 0;
            sums[1] += matches ? left : 0;
            sums[2] += left;
        });
        if (b.removed != null && sums[2] != b.live()) {
            return Next.RECORD;
        }
        n[0] = b.removed == null ? sums[0] : sums[1];
        return Next.GO_ON;
    }
}
