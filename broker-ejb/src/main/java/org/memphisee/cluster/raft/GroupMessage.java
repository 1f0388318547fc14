package org.memphisee.cluster.raft;

import java.util.List;

import org.memphisee.core.cluster.election.ElectionMessage;

/** What members of a group say to each other. Arrays in it are not changed. */
public sealed interface GroupMessage {

    /** Term of the sender, or the one that it asks for. */
    long term();

    /**
     * From the leader: entries, or none. Everything before them, and how far the leader's log is committed.
     *
     * @param term of the leader
     * @param prevIndex index of the entry before the first
     * @param prevTerm its term
     * @param commit index up to which everything is committed
     * @param had index up to which each member has everything that may still get it from a journal; the rest is to be kept
     * @param entries in their order
     */
    record Append(long term, long prevIndex, long prevTerm, long commit, long had, List<Item> entries)
        implements GroupMessage {
        public Append {
            entries = List.copyOf(entries);
        }

        /** One that lets nothing go. */
        Append(long term, long prevIndex, long prevTerm, long commit, List<Item> entries) {
            this(term, prevIndex, prevTerm, commit, 0, entries);
        }

        Append had(long index) {
            return new Append(term, prevIndex, prevTerm, commit, index, entries);
        }
    }

    /**
     * An entry.
     *
     * @param term of the leader that made it
     * @param bytes holds it
     * @param offset where it begins
     * @param length its bytes
     */
    record Item(long term, byte[] bytes, int offset, int length) { }

    /**
     * To the leader: what was made of an append, and is durable.
     *
     * @param term of the member
     * @param matched whether the entry before was there
     * @param index when it matched: everything up to here is as the leader has it. Otherwise: the last that may be
     * @param commit how far the member has applied
     */
    record Answer(long term, boolean matched, long index, long commit) implements GroupMessage { }

    /** From the leader: what the member lacks is no longer kept, it must rebuild. */
    record Behind(long term) implements GroupMessage { }

    /** About who leads. */
    record Elect(ElectionMessage message) implements GroupMessage {
        @Override
        public long term() {
            return message.term();
        }
    }
}
