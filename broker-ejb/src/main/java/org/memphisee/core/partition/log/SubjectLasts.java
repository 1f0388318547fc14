package org.memphisee.core.partition.log;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.index.SubjectIndex;
import org.memphisee.core.partition.log.RecordLoading.Outcome;

/**
 * Keeps counts and last sequences of the subject index right when messages go: the one before has to be found. A record that
 * this takes is read before the message is removed ({@link #prepare}). What goes from the front of the stream needs none:
 * nothing is before it. Shard's thread only.
 */
final class SubjectLasts {

    private static final long UNKNOWN = -1;
    /** Searches that go on at a time; what is forgotten begins anew. */
    private static final int SEARCHES = 256;

    private final BatchList batches;
    private final SubjectIndex subjects;
    private final RecordLoading loading;
    private final MessageView scratch = new MessageView();
    /** Of messages that are about to be removed: the one before of the same subject, 0 for none. */
    private final Map<Long, Long> found = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > SEARCHES;
        }
    };
    /** The batch that the last search needed and that is not in memory. */
    private StoredBatch unread;
    /** The message that may be removed now, and the one before it, as {@link #ready} has found. */
    private long prepared;
    private long before;

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
            e.last = e.count <= 1 ? 0 : prepared == sequence ? before : front(e, sequence);
            found.remove(sequence);
            e.lastBytes = 0;
            if (assignedToo) {
                e.assignedLast = e.last;
            }
        }
        subjects.count(e, -1);
    }

    /** What goes from the front has nothing before it but what cannot be read. */
    private long front(SubjectEntry e, long sequence) {
        return Math.max(0, previous(e.bytes, sequence, sequence));
    }

    /** A batch was dropped with so many messages of the subject left in it; it is still in the list. */
    void dropped(SubjectEntry e, StoredBatch b, long left) {
        while (e.sequences != null && e.sequences.size() > 0 && e.sequences.first() <= b.last()) {
            e.sequences.remove(e.sequences.first());
        }
        if (e.last <= b.last() && e.last >= b.first()) {
            boolean assignedToo = e.assignedLast == e.last;
            e.last = e.count > left ? front(e, b.first()) : 0;
            e.lastBytes = 0;
            if (assignedToo) {
                e.assignedLast = e.last;
            }
        }
        subjects.count(e, -left);
    }

    /** Whether the message of the subject may be removed now, at once; else {@link #prepare} first. */
    boolean ready(SubjectEntry e, long sequence) {
        prepared = 0;
        if (e.last != sequence || e.count <= 1) {
            return true;
        }
        Long known = found.get(sequence);
        long last = known != null && (known == 0 || stored(known)) ? known
            : previous(e.bytes, known == null ? sequence : known, sequence);
        if (last == UNKNOWN) {
            return false;
        }
        prepared = sequence;
        before = last;
        return true;
    }

    /** Finds the message before one that is about to be removed, reading where it must. */
    void prepare(byte[] subject, long sequence, Consumer<Outcome> then) {
        prepare(subject, sequence, sequence, then);
    }

    private void prepare(byte[] subject, long from, long sequence, Consumer<Outcome> then) {
        long last = previous(subject, from, sequence);
        if (last != UNKNOWN) {
            found.put(sequence, last);
            then.accept(Outcome.READ);
            return;
        }
        StoredBatch b = unread;
        loading.with(b, outcome -> {
            if (outcome == Outcome.ENDED) {
                then.accept(outcome);
            } else {
                prepare(subject, b.last() + 1, sequence, then); // while it is in memory
            }
        });
    }

    /** Whether a message that was there a moment ago is still there. */
    private boolean stored(long sequence) {
        int i = batches.indexOf(sequence);
        StoredBatch b = i < batches.size() ? batches.get(i) : null;
        return b != null && b.first() <= sequence && !b.removed(sequence);
    }

    /**
     * The last stored message of the subject before a sequence, 0 for none, {@link #UNKNOWN} when {@link #unread} must be read
     * to tell.
     *
     * @param from nothing of it is at or after this sequence and below the other one
     */
    private long previous(byte[] subject, long from, long sequence) {
        for (int i = Math.min(batches.indexOf(from), batches.size() - 1); i >= 0; i--) {
            StoredBatch b = batches.get(i);
            if (b.first() >= from || b.live() == 0 || !b.mayHold(subject)) {
                continue;
            }
            long last = b.subjects == null ? UNKNOWN : fromSubjects(subject, b, sequence);
            if (last == UNKNOWN && b.record != null) {
                last = fromRecord(subject, b, sequence);
            }
            if (last == UNKNOWN && !b.unreadable()) {
                unread = b;
                return UNKNOWN;
            }
            if (last > 0) {
                return last;
            }
        }
        return 0;
    }

    /** From what the batch knows of its subjects: 0 for none, {@link #UNKNOWN} when the record must tell. */
    private static long fromSubjects(byte[] subject, StoredBatch b, long sequence) {
        int s = b.subjects.indexOf(subject);
        long last = b.first() + b.subjects.last(s);
        if (last < sequence && !b.removed(last)) {
            return last;
        }
        if (b.subjects.count(s) == 1) {
            return 0;
        }
        if (b.subjects.size() == 1 && b.contiguous()) {
            int end = (int) (Math.min(last, sequence - 1) - b.first());
            int kept = b.removed == null || end < 0 ? end : b.removed.lastKept(end);
            return kept < 0 ? 0 : b.first() + kept;
        }
        return UNKNOWN;
    }

    private long fromRecord(byte[] subject, StoredBatch b, long sequence) {
        for (int k = b.count() - 1; k >= 0; k--) {
            MessageBatch.view(b.record, k, scratch);
            if (scratch.sequence < sequence && !b.removed(scratch.sequence)
                && Arrays.equals(subject, 0, subject.length, b.record, scratch.subjectOffset,
                    scratch.subjectOffset + scratch.subjectLength)) {
                return scratch.sequence;
            }
        }
        return 0;
    }
}
