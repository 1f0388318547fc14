package org.memphisee.core.cluster.journal;

/** What a record says. Numbers are part of the format: they are never changed and never used again. */
enum RecordKind {

    /** An entry of the group's log. */
    ENTRY(1),
    /** The group's term, and the member that got this node's vote in it. */
    TERM_VOTE(2),
    /** Entries from an index on are no longer part of the log. */
    CUT(3),
    /** What the log begins after; see {@link BaseBody}. */
    BASE(4),
    /** Begins a sync group: its length, and the end of the one before, which is durable. */
    MARK(5);

    private final int number;

    RecordKind(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The kind with the number, null when there is none. */
    static RecordKind of(int number) {
        return number >= 1 && number <= values().length ? values()[number - 1] : null;
    }
}
