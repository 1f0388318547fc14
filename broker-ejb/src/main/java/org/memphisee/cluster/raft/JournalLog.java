package org.memphisee.cluster.raft;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;

import org.jgroups.Address;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;

import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;

/**
 * The library's log, in the journal of the node. What is appended is visible at once and durable later: {@link #ticket} is what to
 * wait for before anybody may hear of it. There are no snapshots. One thread, the replica's.
 */
final class JournalLog implements Log {

    private static final byte[] NOTHING = {};

    private final JournalGroup group;
    private final GroupMembers members;
    private long commit;
    private long ticket;
    private JournalException refusal;

    /**
     * A log.
     *
     * @param group complete, and changed by nobody else
     * @param applied index up to which the store has everything
     */
    JournalLog(JournalGroup group, GroupMembers members, long applied) {
        this.group = group;
        this.members = members;
        this.commit = applied;
        this.ticket = group.pendingTicket();
    }

    /** Of the newest record. */
    long ticket() {
        return ticket;
    }

    /** What was refused was taken back: nothing that is said from now on waits for it. */
    void tookBack() {
        ticket = group.pendingTicket();
    }

    /** Why the last record was not taken, once; null when it was. */
    JournalException takeRefusal() {
        JournalException taken = refusal;
        refusal = null;
        return taken;
    }

    /** Whether the last record was not taken. */
    boolean refused() {
        return refusal != null;
    }

    /** Index of the entry before the first. */
    long base() {
        return group.baseIndex();
    }

    /** How far everything is on this disk. */
    long durable() {
        return group.durableIndex();
    }

    /** Term of an entry that is kept, or of the one before. */
    long termAt(long index) {
        return group.termAt(index);
    }

    /** Entries from one on that is kept. */
    List<JournalEntry> entries(long from, int maxBytes) throws JournalException {
        return group.entries(from, maxBytes);
    }

    /**
     * Puts term and vote.
     *
     * @return ticket
     * @throws JournalException when it was not taken; nothing was changed
     */
    long vote(long term, String vote) throws JournalException {
        ticket = group.vote(term, vote);
        return ticket;
    }

    private interface Record {
        long put() throws JournalException;
    }

    private void put(Record record) {
        try {
            ticket = record.put();
        } catch (JournalException e) {
            refusal = e;
            throw new IllegalStateException("the journal did not take it", e);
        }
    }

    @Override
    public void init(String name, Map<String, String> args) {
        // it is there already
    }

    @Override
    public Log useFsync(boolean sync) {
        return this; // it always does, and says when
    }

    @Override
    public boolean useFsync() {
        return true;
    }

    @Override
    public void delete() {
        throw new IllegalStateException("a group is not removed through its log");
    }

    @Override
    public long currentTerm() {
        return group.term();
    }

    /** The election has put the term before; what is not newer changes nothing, least of all the vote. */
    @Override
    public Log currentTerm(long term) {
        if (term > group.term()) {
            put(() -> group.vote(term, ""));
        }
        return this;
    }

    @Override
    public Address votedFor() {
        return members.address(group.vote());
    }

    @Override
    public Log votedFor(Address member) {
        if (member != null) {
            put(() -> group.vote(group.term(), GroupMembers.name(member)));
        }
        return this;
    }

    @Override
    public long commitIndex() {
        return commit;
    }

    @Override
    public Log commitIndex(long index) {
        commit = index;
        return this;
    }

    @Override
    public long firstAppended() {
        return group.baseIndex() + 1;
    }

    @Override
    public long lastAppended() {
        return group.lastIndex();
    }

    @Override
    public long append(long index, LogEntries entries) {
        List<JournalEntry> records = new ArrayList<>(entries.size());
        for (LogEntry entry : entries) {
            if (entry.internal()) {
                throw new IllegalArgumentException("members of a group do not change");
            }
            records.add(new JournalEntry(index + records.size(), entry.term(), entry.command(), entry.offset(), entry.length()));
        }
        put(() -> group.append(records));
        return group.lastIndex();
    }

    /** An entry; of the one before the first, its term without its bytes. Null when there is none. */
    @Override
    public LogEntry get(long index) {
        if (index <= 0 || index < group.baseIndex() || index > group.lastIndex()) {
            return null;
        }
        if (index == group.baseIndex()) {
            return new LogEntry(group.termAt(index), NOTHING);
        }
        try {
            JournalEntry entry = group.entries(index, 0).get(0);
            return new LogEntry(entry.term(), entry.bytes(), entry.offset(), entry.length());
        } catch (JournalException e) {
            throw new IllegalStateException("entry " + index + " cannot be read", e);
        }
    }

    @Override
    public void deleteAllEntriesStartingFrom(long index) {
        put(() -> group.cut(index));
    }

    @Override
    public void forEach(ObjLongConsumer<LogEntry> function, long from, long to) {
        for (long index = Math.max(from, firstAppended()); index <= Math.min(to, lastAppended()); index++) {
            function.accept(get(index), index);
        }
    }

    @Override
    public void forEach(ObjLongConsumer<LogEntry> function) {
        forEach(function, firstAppended(), lastAppended());
    }

    /** Of no use to anybody without snapshots. */
    @Override
    public long sizeInBytes() {
        return 0;
    }

    private static IllegalStateException noSnapshots() {
        return new IllegalStateException("groups have no snapshots");
    }

    @Override
    public void setSnapshot(ByteBuffer snapshot) {
        throw noSnapshots();
    }

    @Override
    public ByteBuffer getSnapshot() {
        return null;
    }

    @Override
    public void truncate(long index) {
        throw noSnapshots();
    }

    @Override
    public void reinitializeTo(long index, LogEntry entry) {
        throw noSnapshots();
    }

    @Override
    public void close() {
        // the journal is the node's
    }

    @Override
    public String toString() {
        return group.toString();
    }
}
