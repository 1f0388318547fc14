package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the journal in one of its uses. Its name has its number, which says where it stands, and its generation, a number
 * by chance that all its records carry: neither what an earlier use left in the file nor bytes that a client sent can be
 * taken for records of this one.
 */
final class Segment {

    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8})-([0-9a-f]{16})\\.raft");
    private static final int HEX = 16;

    private final long number;
    private final long generation;
    private final JournalFile file;
    private volatile boolean damaged;

    Segment(long number, long generation, JournalFile file) {
        this.number = number;
        this.generation = generation;
        this.file = file;
    }

    /** Opens the file if its name is one of a segment, otherwise null. */
    static Segment open(JournalFiles files, String name) throws IOException {
        Matcher m = NAME.matcher(name);
        return m.matches() ? new Segment(Long.parseLong(m.group(1), HEX), Long.parseUnsignedLong(m.group(2), HEX), files.open(name))
            : null;
    }

    static String name(long number, long generation) {
        return String.format("%08x-%016x.raft", number, generation);
    }

    String name() {
        return name(number, generation);
    }

    long number() {
        return number;
    }

    long generation() {
        return generation;
    }

    JournalFile file() {
        return file;
    }

    int bytes() {
        return (int) file.bytes();
    }

    /** Whether something in it was found damaged: then it is kept when it is no longer needed. */
    boolean damaged() {
        return damaged;
    }

    void markDamaged() {
        damaged = true;
    }

    /** Overwrites a stretch with zeros. */
    void zero(int from, int to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(Math.min(to - from, 1 << 16));
        for (int at = from; at < to; at += zeros.capacity()) {
            zeros.clear().limit(Math.min(zeros.capacity(), to - at));
            file.write(at, zeros);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
