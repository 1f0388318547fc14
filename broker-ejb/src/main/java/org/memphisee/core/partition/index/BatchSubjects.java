package org.memphisee.core.partition.index;

import java.util.Arrays;
import java.util.List;

import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.SubjectCount;

/**
 * The subjects of one batch with their place in it. Texts are shared with the subject index where it has them. Immutable.
 */
public final class BatchSubjects {

    /** A batch with more than this keeps none: it would cost more than its record. */
    static final int MOST = 1024;
    private static final int FIXED_BYTES = 96;
    private static final int SUBJECT_BYTES = 16 + 24;

    private final byte[][] texts;
    /** Distances to the first sequence of the batch. */
    private final int[] firsts;
    private final int[] lasts;
    private final int[] counts;

    private BatchSubjects(int size) {
        texts = new byte[size][];
        firsts = new int[size];
        lasts = new int[size];
        counts = new int[size];
    }

    /** Of the entries of a batch in the order of its summary; null when they are too many. */
    public static BatchSubjects of(List<SubjectEntry> entries, List<SubjectCount> in, long batchFirst) {
        if (entries.size() > MOST) {
            return null;
        }
        BatchSubjects s = new BatchSubjects(entries.size());
        for (int i = 0; i < s.size(); i++) {
            SubjectCount c = in.get(i);
            s.set(i, entries.get(i).bytes, (int) (c.first() - batchFirst), (int) (c.last() - batchFirst), c.count());
        }
        return s;
    }

    private void set(int i, byte[] text, int first, int last, int count) {
        texts[i] = text;
        firsts[i] = first;
        lasts[i] = last;
        counts[i] = count;
    }

    public int size() {
        return texts.length;
    }

    public byte[] text(int i) {
        return texts[i];
    }

    /** Distance of the subject's first message to the first of the batch. */
    public int first(int i) {
        return firsts[i];
    }

    /** The same of its last message. */
    public int last(int i) {
        return lasts[i];
    }

    public int count(int i) {
        return counts[i];
    }

    /** Number of the subject, -1 when it is not here. */
    public int indexOf(byte[] subject) {
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] == subject || texts[i].length == subject.length && Arrays.equals(texts[i], subject)) {
                return i;
            }
        }
        return -1;
    }

    public boolean anyMatches(SubjectFilter filter) {
        for (byte[] t : texts) {
            if (filter.matches(t, 0, t.length)) {
                return true;
            }
        }
        return false;
    }

    /** Messages whose subject matches, removed ones included. */
    public long matching(SubjectFilter filter) {
        long sum = 0;
        for (int i = 0; i < texts.length; i++) {
            if (filter.matches(texts[i], 0, texts[i].length)) {
                sum += counts[i];
            }
        }
        return sum;
    }

    /** Bytes of memory, with the texts. */
    public long bytes() {
        long sum = FIXED_BYTES;
        for (byte[] t : texts) {
            sum += SUBJECT_BYTES + t.length;
        }
        return sum;
    }

    /** Collects the subjects of a batch one by one. */
    public static final class Builder {
        private byte[][] texts = new byte[4][];
        private int[] numbers = new int[12];
        private int size;

        public void add(byte[] text, int first, int last, int count) {
            if (size < MOST && size == texts.length) {
                texts = Arrays.copyOf(texts, size * 2);
                numbers = Arrays.copyOf(numbers, size * 6);
            }
            if (size < MOST) {
                texts[size] = text;
                numbers[size * 3] = first;
                numbers[size * 3 + 1] = last;
                numbers[size * 3 + 2] = count;
            }
            size++;
        }

        /** Whether more texts are not kept. */
        public boolean full() {
            return size >= MOST;
        }

        /** Null when there were too many. */
        public BatchSubjects build() {
            if (size > MOST) {
                return null;
            }
            BatchSubjects s = new BatchSubjects(size);
            for (int i = 0; i < size; i++) {
                s.set(i, texts[i], numbers[i * 3], numbers[i * 3 + 1], numbers[i * 3 + 2]);
            }
            return s;
        }
    }
}
