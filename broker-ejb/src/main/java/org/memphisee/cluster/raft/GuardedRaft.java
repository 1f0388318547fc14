package org.memphisee.cluster.raft;

import java.io.DataInput;
import java.io.DataOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.protocols.raft.AppendEntriesRequest;
import org.jgroups.protocols.raft.AppendEntriesResponse;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.Leader;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.protocols.raft.RaftImpl;
import org.jgroups.protocols.raft.Role;
import org.jgroups.raft.Options;
import org.jgroups.raft.StateMachine;
import org.jgroups.util.Runner;

/**
 * The library's RAFT without its thread, and with guards; docs/design/raft.md has the numbers. Of the library are the queue and what
 * becomes of it in one round, the counting of answers, terms and leader, and the loop that applies.
 *
 * <p>One thread: whoever calls {@link #pump} after each message and after a turn's proposals.
 */
final class GuardedRaft extends RAFT {

    /** Of the headers of RAFT. */
    static final short ID = RAFT_ID;

    private static final int QUEUE = 4_096;

    private final GroupMembers group;
    private final JournalLog journal;
    private final GroupMachine machine;
    /** As leader: up to here a majority has the log, this member counted whether it is durable here or not. */
    private long counted;
    /** Up to here the log is committed and is the leader's, as a leader said. */
    private long decided;
    /** Index of the entry that is being applied. */
    private long applying;
    private Exception broken;
    private Throwable fault;

    /** A member; {@link #begin} before anything else. */
    GuardedRaft(GroupMembers group, JournalLog journal, GroupMachine machine) {
        this.group = group;
        this.journal = journal;
        this.machine = machine;
        setId(RAFT_ID); // T21: by itself a subclass has none
        raftId(group.self());
        members(group.names());
        setAddress(group.address(group.self()));
        log(journal);
        maxLogCacheSize(0);
        maxLogSize(Long.MAX_VALUE); // T13: no snapshots
        dynamic_view_changes = false; // T15
        processing_queue_max_size = QUEUE;
        impl = new SafeFollower(this);
        stateMachineLoaded(true);
        stateMachine(new Machine());
    }

    /** Starts without a thread. */
    void begin(GroupPort port) {
        setDownProtocol(port);
        try {
            init();
            runner = new Runner("none", () -> { }, null) {
                @Override
                public synchronized Runner start() {
                    return this;
                }
            };
            start();
        } catch (Exception e) {
            throw new IllegalStateException("member " + group.self() + " does not start", e);
        }
    }

    /** What makes this member's copy of the machine worthless; null while all is well. */
    Exception broken() {
        return broken;
    }

    /** Handles what waits. What fails is thrown, after which this member is not believed. */
    void pump() {
        while (!processing_queue.isEmpty()) {
            processQueue();
        }
        if (fault instanceof Error e) {
            throw e;
        }
        if (fault instanceof RuntimeException e) {
            throw e;
        }
    }

    /** Something of this member's term arrived. */
    void received(String from, GroupMessage.Append append) {
        LogEntries entries = new LogEntries();
        for (GroupMessage.Item item : append.entries()) {
            entries.add(new LogEntry(item.term(), item.bytes(), item.offset(), item.length()));
        }
        Address leader = group.address(from);
        long entryTerm = append.entries().isEmpty() ? append.term() : append.entries().get(0).term();
        up(new ObjectMessage(null, entries).setSrc(leader).putHeader(id, new AppendEntriesRequest(leader, append.term(),
            append.prevIndex(), append.prevTerm(), entryTerm, append.commit())));
    }

    /** A peer of this leader has everything up to an index. */
    void received(String from, GroupMessage.Answer answer) {
        AppendResult result = new AppendResult(AppendResult.Result.OK, answer.index()).commitIndex(answer.commit());
        up(new EmptyMessage(group.address(group.self())).setSrc(group.address(from))
            .putHeader(id, new AppendEntriesResponse(answer.term(), result)));
    }

    /** What was appended is there only up to here: the journal took the rest back. */
    void tookBack() {
        last_appended = journal.lastAppended();
    }

    /** T9: what members say is handled before what is proposed, which then meets the term that holds. */
    @Override
    protected void process(List<Request> round) {
        List<Request> messages = new ArrayList<>();
        List<Request> proposals = new ArrayList<>();
        round.forEach(request -> (request instanceof UpRequest ? messages : proposals).add(request));
        if (!messages.isEmpty()) {
            super.process(messages);
        }
        if (!proposals.isEmpty()) {
            super.process(proposals);
        }
    }

    /** T10: the library writes a line about what fails and goes on. */
    @Override
    public void handleUpRequest(Message message, RaftHeader header) {
        try {
            super.handleUpRequest(message, header);
        } catch (RuntimeException | Error e) {
            if (!journal.refused()) { // otherwise nothing was answered and nothing changed: it comes again
                fault = e;
            }
        }
    }

    /** T14, and a read commits what nobody else has. */
    @Override
    public CompletableFuture<byte[]> getAsync(byte[] buf, int offset, int length, Options options) {
        throw new UnsupportedOperationException("reads do not pass the log");
    }

    @Override
    protected RAFT changeRole(Role role) {
        boolean leads = role == Role.Leader;
        if (leads == impl instanceof Leader) {
            return this;
        }
        impl.destroy();
        RaftImpl next = leads ? new Leader(this) : new SafeFollower(this);
        next.init();
        impl = next;
        counted = 0;
        return this;
    }

    /** Everything up to here has a majority, says the library. */
    @Override
    protected RAFT commitLogTo(long index, boolean serialize) {
        counted = Math.max(counted, index);
        commit();
        return this;
    }

    /** Commits what may be: durable here (K4), and as leader of its own term, with all that is before (T5). */
    void commit() {
        long here = Math.min(last_appended, journal.durable());
        long to = Math.min(decided, here);
        long own = Math.min(counted, here);
        if (own > to && journal.termAt(own) == currentTerm()) {
            to = own;
        }
        if (to > commit_index) {
            super.commitLogTo(to, false);
        }
    }

    /** A machine that failed once is not told what comes after. */
    @Override
    protected void applyCommit(long index, boolean serialize) throws Exception {
        if (broken == null) {
            applying = index;
            super.applyCommit(index, serialize);
        }
        if (broken != null) {
            throw broken; // or the library takes it for applied
        }
    }

    /** T6, T7: everything that is answered or committed was compared, down to the entry before. */
    AppendResult follow(LogEntries entries, Address leader, long prevIndex, long prevTerm, long leaderCommit) {
        leader(leader);
        if (prevIndex > last_appended) {
            return lacks(last_appended);
        }
        if (prevIndex > commit_index && journal.termAt(prevIndex) != prevTerm) {
            return lacks(beforeItsTerm(prevIndex));
        }
        LogEntries rest = new LogEntries();
        long index = prevIndex;
        for (LogEntry entry : entries) {
            index++;
            boolean there = rest.size() == 0 && index <= last_appended
                && (index <= commit_index || journal.termAt(index) == entry.term());
            if (!there) {
                if (index <= last_appended && rest.size() == 0) {
                    deleteAllLogEntriesStartingFrom(index);
                }
                rest.add(entry);
            }
        }
        if (rest.size() > 0) {
            appendWhatFits(index - rest.size() + 1, rest);
        }
        boolean all = last_appended >= index;
        index = Math.min(index, last_appended);
        decided = Math.max(decided, Math.min(leaderCommit, index));
        commit();
        return all ? new AppendResult(AppendResult.Result.OK, Math.max(index, commit_index)) : lacks(last_appended);
    }

    /** More may come at once than the journal lets wait: the rest comes again when this is durable. */
    private void appendWhatFits(long index, LogEntries entries) {
        List<LogEntry> list = List.of(entries.toArray());
        for (int count = list.size(); ; count /= 2) {
            try {
                append(index, LogEntries.create(list.subList(0, count).toArray(LogEntry[]::new)));
                return;
            } catch (IllegalStateException e) {
                if (count == 1 || journal.takeRefusal() == null) {
                    throw e;
                }
            }
        }
    }

    /** The last entry before those of the term at an index; what is committed is not before it. */
    private long beforeItsTerm(long index) {
        long term = journal.termAt(index);
        long before = index - 1;
        while (before > commit_index && journal.termAt(before) == term) {
            before--;
        }
        return before;
    }

    private static AppendResult lacks(long last) {
        return new AppendResult(AppendResult.Result.FAIL_ENTRY_NOT_FOUND, last);
    }

    /** The library says what, and the log which entry it is. */
    private final class Machine implements StateMachine {

        @Override
        public byte[] apply(byte[] data, int offset, int length, boolean serialize) throws Exception {
            try {
                machine.apply(applying, journal.termAt(applying), data, offset, length);
            } catch (Exception e) {
                broken = e;
                throw e;
            }
            return null;
        }

        @Override
        public void readContentFrom(DataInput in) {
            throw new IllegalStateException("groups have no snapshots");
        }

        @Override
        public void writeContentTo(DataOutput out) {
            throw new IllegalStateException("groups have no snapshots");
        }
    }
}
