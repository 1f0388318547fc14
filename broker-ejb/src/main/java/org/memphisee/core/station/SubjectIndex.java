package org.memphisee.core.station;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.subject.ByteKeyMap;
import org.memphisee.core.subject.Subjects;

/** The subjects of a partition with their counts and last sequences (D19). Shard's thread only. */
final class SubjectIndex {

    private final ByteKeyMap<SubjectEntry> entries = new ByteKeyMap<>();
    private SubjectEntry lastUsed;
    private long live;
    private boolean keepSequences;

    /** Number of subjects with committed messages. */
    long live() {
        return live;
    }

    /** From now on each entry keeps all its sequences, those too that have no messages yet; the stored ones are to be added. */
    void keepSequences() {
        keepSequences = true;
        entries.forEach(e -> e.sequences = new SequenceQueue());
    }

    boolean keepsSequences() {
        return keepSequences;
    }

    /** The entry for a subject, made when missing. */
    SubjectEntry entry(byte[] b, int offset, int length) {
        SubjectEntry e = find(b, offset, length);
        if (e == null) {
            byte[] key = Arrays.copyOfRange(b, offset, offset + length);
            e = new SubjectEntry(key);
            if (keepSequences) {
                e.sequences = new SequenceQueue();
            }
            entries.put(key, e);
            lastUsed = e;
        }
        return e;
    }

    SubjectEntry entry(String subject) {
        byte[] b = subject.getBytes(StandardCharsets.UTF_8);
        return entry(b, 0, b.length);
    }

    /** The entry, or null. */
    SubjectEntry find(String subject) {
        byte[] b = subject.getBytes(StandardCharsets.UTF_8);
        return find(b, 0, b.length);
    }

    /** The entry, or null. */
    SubjectEntry find(byte[] b, int offset, int length) {
        SubjectEntry e = lastUsed;
        if (e != null && e.bytes.length == length && Arrays.equals(e.bytes, 0, length, b, offset, offset + length)) {
            return e;
        }
        e = entries.get(b, offset, length);
        if (e != null) {
            lastUsed = e;
        }
        return e;
    }

    /** Committed messages come or go. */
    void count(SubjectEntry e, long change) {
        boolean was = e.count > 0;
        e.count += change;
        if (was != e.count > 0) {
            live += was ? -1 : 1;
        }
        if (e.count == 0 && e.uncommitted == 0) {
            entries.remove(e.bytes);
            if (lastUsed == e) {
                lastUsed = null;
            }
        }
    }

    /** Calls for each subject with committed messages that matches. */
    void forEach(SubjectFilter filter, Consumer<SubjectEntry> action) {
        if (filter.patterns().size() == 1 && !Subjects.hasWildcard(filter.patterns().get(0))) {
            byte[] b = filter.patterns().get(0).getBytes(StandardCharsets.UTF_8);
            SubjectEntry e = find(b, 0, b.length);
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
