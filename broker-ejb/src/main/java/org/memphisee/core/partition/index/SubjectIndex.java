package org.memphisee.core.partition.index;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;

import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.subject.ByteKeyMap;
import org.memphisee.core.subject.SipHash;

/**
 * The subjects of a partition with their counts and last sequences (D19). Those in use have an entry with their text. When
 * entries take more than their part of the node's memory, those that were not used for longest leave for a table without
 * texts ({@link ColdSubjects}) and come back when they are used. Shard's thread only.
 */
public final class SubjectIndex {

    /** Changes of memory are told to the budget of all shards when they are worth it. */
    private static final long TELL_BYTES = 4 << 10;
    /** So many a partition keeps in any case. */
    private static final int KEPT = 4;
    /** Bytes that the text of a subject is taken for that is known without it. */
    private static final int COLD_TEXT = 64;
    /** So many entries at most are looked at for leaving when one comes. */
    private static final int LOOKS = 4;

    private final ByteKeyMap<SubjectEntry> entries = new ByteKeyMap<>();
    private final IndexBudget budget;
    private final boolean mayGetCold;
    private final ArrayDeque<SubjectEntry> over = new ArrayDeque<>();
    private final SipHash hash = new SipHash();
    private ColdSubjects cold;
    private SubjectEntry newest;
    private SubjectEntry oldest;
    private SubjectEntry lastUsed;
    private long live;
    private long perSubject;
    private long memory;
    private long told;

    /** {@code mayGetCold}: the texts of subjects can be read from the store again. */
    public SubjectIndex(IndexBudget budget, boolean mayGetCold) {
        this.budget = budget;
        this.mayGetCold = mayGetCold;
    }

    /** Number of subjects with committed messages. */
    public long live() {
        return live;
    }

    /** Whether some subjects are known without their texts: then {@link #forEach} does not know them all. */
    public boolean someCold() {
        return cold != null && cold.size() > 0;
    }

    /** Whether a subject may have more messages than the limit. */
    public boolean someOver() {
        boolean[] found = {perSubject > 0 && someCold()};
        if (perSubject > 0 && !found[0]) {
            entries.forEach(e -> found[0] |= e.count > perSubject);
        }
        return found[0];
    }

    /** So many messages a subject may have, 0 or less for any number. */
    public void limit(long messages) {
        perSubject = messages;
    }

    /** So many messages a subject may have, 0 or less for any number. */
    public long perSubject() {
        return perSubject;
    }

    /** Whether entries keep all their sequences: with a limit of one the last one says it all. */
    public boolean keepsSequences() {
        return perSubject > 1;
    }

    /** Entries that were made before the limit have no sequences yet. */
    public void startSequences() {
        entries.forEach(e -> {
            account(-e.memory());
            e.sequences = new SequenceQueue();
            account(e.memory());
        });
    }

    /** Subjects no longer need their sequences. */
    public void stopSequences() {
        entries.forEach(e -> {
            account(-e.memory());
            e.sequences = null;
            account(e.memory());
        });
    }

    /** Bytes of memory at most that it takes to keep all sequences of so many messages, more than now. */
    public long memoryOfSequences(long messages) {
        long cooled = cold == null ? 0 : cold.size();
        return cooled * (SubjectEntry.FIXED_BYTES + COLD_TEXT) + live * SequenceQueue.LEAST_BYTES + messages * 2 * Long.BYTES;
    }

    /** One more message of the subject; they come in order. */
    public void addSequence(SubjectEntry e, long sequence) {
        long before = e.sequences.memory();
        e.sequences.add(sequence);
        account(e.sequences.memory() - before);
    }

    /** A subject that had more messages than the limit when the last batch was committed, null when there is none left. */
    public SubjectEntry takeOver() {
        SubjectEntry e = over.poll();
        if (e != null) {
            e.awaited = false;
        }
        return e;
    }

    /** Whether there is memory for what a message with this subject would add. */
    public boolean admits(byte[] b, int offset, int length) {
        SubjectEntry e = find(b, offset, length);
        return e != null && (e.sequences == null || e.count + e.uncommitted >= perSubject) || budget.roomFor(TELL_BYTES);
    }

    /** The entry for a subject that is stored, made when missing, whatever memory it takes. */
    public SubjectEntry entry(byte[] b, int offset, int length) {
        SubjectEntry e = find(b, offset, length);
        return e == null ? add(b, offset, length) : e;
    }

    public SubjectEntry entry(byte[] subject) {
        return entry(subject, 0, subject.length);
    }

    /** The entry, or null when nothing of the subject is stored or on its way. */
    public SubjectEntry find(byte[] b, int offset, int length) {
        SubjectEntry e = exact(b, offset, length);
        if (e == null && cold != null) {
            hash.identify(b, offset, length);
            if (cold.find(hash)) {
                e = new SubjectEntry(Arrays.copyOfRange(b, offset, offset + length));
                fromCold(e);
                e.cold = true;
                if (keepsSequences()) {
                    e.sequences = new SequenceQueue();
                }
                insert(e);
            }
        }
        if (e != null) {
            lastUsed = e;
            e.used = true;
        }
        return e;
    }

    /** As {@link #find}, but what is cold stays so: the entry is only to be read. */
    public SubjectEntry look(byte[] b, int offset, int length) {
        SubjectEntry e = exact(b, offset, length);
        if (e == null && cold != null) {
            hash.identify(b, offset, length);
            if (cold.find(hash)) {
                e = new SubjectEntry(Arrays.copyOfRange(b, offset, offset + length));
                fromCold(e);
            }
        }
        return e;
    }

    public SubjectEntry find(String subject) {
        byte[] b = subject.getBytes(StandardCharsets.UTF_8);
        return find(b, 0, b.length);
    }

    /**
     * Takes what a stored summary tells of a subject without making an entry that would leave at once.
     *
     * @return false, and nothing taken, while there is memory for entries, or when the subject needs one
     */
    public boolean storedCold(byte[] b, int offset, int length, long last, int left, int lastBytes) {
        if (!mayGetCold || keepsSequences() || !budget.exactOver() || exact(b, offset, length) != null) {
            return false;
        }
        if (cold == null) {
            cold = new ColdSubjects(budget);
        }
        hash.identify(b, offset, length);
        boolean known = cold.find(hash);
        long count = left + (known ? Math.max(1L, cold.info()) : 0L);
        if (known && perSubject == 1 || count > Integer.MAX_VALUE
            || !cold.put(hash, last, count == 1 && lastBytes > 0 ? -lastBytes : (int) count)) {
            return false; // with a limit of one, the message before has to go
        }
        live += known ? 0 : 1;
        return true;
    }

    private SubjectEntry exact(byte[] b, int offset, int length) {
        SubjectEntry e = lastUsed;
        if (e != null && e.bytes.length == length && Arrays.equals(e.bytes, 0, length, b, offset, offset + length)) {
            return e;
        }
        return entries.get(b, offset, length);
    }

    private void fromCold(SubjectEntry e) {
        e.last = cold.last();
        e.assignedLast = e.last;
        e.count = Math.max(1, cold.info());
        e.lastBytes = Math.max(0, -cold.info());
    }

    private SubjectEntry add(byte[] b, int offset, int length) {
        SubjectEntry e = new SubjectEntry(Arrays.copyOfRange(b, offset, offset + length));
        if (keepsSequences()) {
            e.sequences = new SequenceQueue();
        }
        insert(e);
        lastUsed = e;
        return e;
    }

    private void insert(SubjectEntry e) {
        entries.put(e.bytes, e);
        link(e);
        account(e.memory());
        for (int i = 0; i < LOOKS && mayGetCold && budget.exactOver() && entries.size() > KEPT; i++) {
            cool(oldest);
        }
    }

    private void cool(SubjectEntry e) {
        unlink(e);
        if (e.used || !e.mayGetCold()) {
            e.used = false;
            link(e);
            return;
        }
        if (cold == null) {
            cold = new ColdSubjects(budget);
        }
        hash.identify(e.bytes, 0, e.bytes.length);
        if (cold.put(hash, e.last, e.coldInfo())) {
            entries.remove(e.bytes);
            account(-e.memory());
            if (lastUsed == e) {
                lastUsed = null;
            }
        } else {
            link(e);
        }
    }

    private void account(long bytes) {
        memory += bytes;
        if (Math.abs(memory - told) >= TELL_BYTES) {
            budget.exact(memory - told);
            told = memory;
        }
    }

    /** Bytes of entries and table. */
    long memory() {
        return memory + (cold == null ? 0 : cold.bytes());
    }

    /** Gives its memory back; not to be used any more. */
    public void close() {
        budget.exact(-told);
        if (cold != null) {
            cold.close();
        }
    }

    private void link(SubjectEntry e) {
        e.older = newest;
        e.newer = null;
        if (newest != null) {
            newest.newer = e;
        }
        newest = e;
        if (oldest == null) {
            oldest = e;
        }
    }

    private void unlink(SubjectEntry e) {
        if (e.newer == null) {
            newest = e.older;
        } else {
            e.newer.older = e.older;
        }
        if (e.older == null) {
            oldest = e.newer;
        } else {
            e.older.newer = e.newer;
        }
    }

    /** The messages of a batch were committed. */
    public void committed(SubjectEntry e, SubjectCount in) {
        e.uncommitted -= in.count();
        stored(e, in.last(), in.lastBytes(), in.count());
        if (perSubject > 0 && e.count > perSubject && !e.awaited) {
            e.awaited = true;
            over.add(e);
        }
    }

    /** Messages of the subject are stored, behind all others; their last one has so many accounted bytes, 0 when not known. */
    public void stored(SubjectEntry e, long last, int lastBytes, long messages) {
        e.lastBefore = e.count > 0 ? e.last : 0;
        e.lastBeforeBytes = e.lastBytes;
        e.last = last;
        e.lastBytes = lastBytes;
        e.assignedLast = Math.max(e.assignedLast, last);
        count(e, messages);
    }

    /** They were not. */
    public void failed(SubjectEntry e, SubjectCount in) {
        e.uncommitted -= in.count();
        e.assignedLast = e.last;
        count(e, 0);
    }

    /** Committed messages come or go. */
    public void count(SubjectEntry e, long change) {
        boolean was = e.count > 0;
        e.count += change;
        if (was != e.count > 0) {
            live += was ? -1 : 1;
        }
        if (e.count == 0 && e.uncommitted == 0) {
            if (entries.get(e.bytes) == e) {
                entries.remove(e.bytes);
                unlink(e);
                account(-e.memory());
            }
            if (e.cold) {
                hash.identify(e.bytes, 0, e.bytes.length);
                cold.remove(hash);
            }
            if (lastUsed == e) {
                lastUsed = null;
            }
        }
    }

    /** A sequence below which nothing matches that is not below the first; {@code Long.MAX_VALUE} when nothing does. */
    public long notBefore(long first, SubjectFilter filter) {
        byte[] subject = filter.literal();
        if (subject == null) {
            return first;
        }
        SubjectEntry e = find(subject, 0, subject.length);
        if (e == null || e.count == 0 || e.last < first) {
            return Long.MAX_VALUE;
        }
        return e.count == 1 ? e.last : first;
    }

    /** Calls for each subject with committed messages that matches and has an entry. */
    public void forEach(SubjectFilter filter, Consumer<SubjectEntry> action) {
        if (filter.literal() != null) {
            SubjectEntry e = find(filter.literal(), 0, filter.literal().length);
            if (e != null && e.count > 0) {
                action.accept(e);
            }
            return;
        }
        entries.forEach(e -> {
            if (e.count > 0 && filter.matches(e.bytes, 0, e.bytes.length)) {
                action.accept(e);
            }
        });
    }
}
