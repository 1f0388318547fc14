package org.memphisee.core.cluster;

/** What an entry is for. Numbers are part of the format: they are never changed and never used again. */
public enum EntryKind {

    /** Opens an epoch: its leader decides nothing before it has applied this. */
    LEAD(1),
    /** What the leader's shard changed in a turn. */
    CHANGES(2),
    /** The last that a group says of a partition which moves to another: its final state. */
    HANDOFF(3),
    /** The first that the other group says of it: state, cursors and hop runs as they were handed over. */
    ADOPT(4);

    private final int number;

    EntryKind(int number) {
        this.number = number;
    }

    /** Its number in entries. */
    int number() {
        return number;
    }

    /** The kind with the number, null when there is none. */
    static EntryKind of(int number) {
        for (EntryKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        return null;
    }
}
