package org.memphisee.core.cluster.journal;

/** A record that waits to be written. */
final class Pending {

    /** Bytes of an entry that a new leader begins with, and more than it needs. */
    private static final int MOST_TO_OPEN = 256;

    private final JournalGroup group;
    private final long ticket;
    private final RecordKind kind;
    private final long index;
    private final long term;
    private final BaseBody base;
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final boolean opens;
    private volatile boolean withdrawn;

    /**
     * A record.
     *
     * @param ticket its number in the group, 0 for one that the writer made
     * @param index see {@link RecordKind}
     * @param term see {@link RecordKind}
     * @param base what a base says besides, otherwise null
     * @param bytes holds the body
     * @param offset where that begins
     * @param length its bytes
     * @param opens whether it is the first entry of a term, by which what was not decided before gets decided
     */
    Pending(JournalGroup group, long ticket, RecordKind kind, long index, long term, BaseBody base, byte[] bytes, int offset,
            int length, boolean opens) {
        this.group = group;
        this.ticket = ticket;
        this.kind = kind;
        this.index = index;
        this.term = term;
        this.base = base;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.opens = opens && length <= MOST_TO_OPEN;
    }

    JournalGroup group() {
        return group;
    }

    long ticket() {
        return ticket;
    }

    RecordKind kind() {
        return kind;
    }

    long index() {
        return index;
    }

    long term() {
        return term;
    }

    BaseBody base() {
        return base;
    }

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** Whether it has to wait for room: votes, what lets segments go and what begins a term must not, or there never is any. */
    boolean needsRoom() {
        return kind == RecordKind.ENTRY && !opens;
    }

    /** Bytes it takes in the journal. */
    long size() {
        return RecordHeader.size(length);
    }

    /** It was refused and is not to be written. */
    void withdraw() {
        withdrawn = true;
    }

    boolean withdrawn() {
        return withdrawn;
    }
}
