package org.memphisee.cluster.raft;

import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.protocols.raft.AppendEntriesRequest;
import org.jgroups.protocols.raft.AppendEntriesResponse;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Bits;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Util;

/**
 * What lies below RAFT: makes messages of ours of the library's, gives what is for all to those of the peers that are in step
 * (T18), and keeps answers until what they speak of is durable (K4). The library's headers tell nothing but as bytes.
 */
final class GroupPort extends Protocol {

    /** So many answers wait at most; the oldest is forgotten, and asked for again. */
    static final int HELD = 1_024;

    private static final int HEADER = 128;

    private final GroupLinks links;
    private final JournalLog journal;
    private final Peers peers;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long durable;

    private record Held(long ticket, String to, GroupMessage message) { }

    GroupPort(GroupLinks links, JournalLog journal, Peers peers) {
        this.links = links;
        this.journal = journal;
        this.peers = peers;
    }

    /** Everything up to a ticket is durable. */
    void durable(long ticket) {
        durable = ticket;
        while (!held.isEmpty() && held.peek().ticket() <= durable) {
            Held next = held.poll();
            links.send(next.to(), next.message());
        }
    }

    /** What was to become durable from a ticket on never will. */
    void refused(long ticket) {
        held.removeIf(waiting -> waiting.ticket() >= ticket);
    }

    /** Answers that wait. */
    int held() {
        return held.size();
    }

    @Override
    public Object down(Message message) {
        RaftHeader header = message.getHeader(GuardedRaft.ID);
        try {
            if (header instanceof AppendEntriesRequest) {
                peers.all(append(header, ((ObjectMessage) message).getObject()));
            } else if (header instanceof AppendEntriesResponse) {
                answer(GroupMembers.name(message.getDest()), answer(header));
            } else {
                throw new IllegalStateException("the library sends " + header);
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("the library's headers are not what they were", e);
        }
        return null;
    }

    /** What the library asks for. */
    static GroupMessage.Append append(RaftHeader header, LogEntries entries) throws IOException, ClassNotFoundException {
        DataInput in = read(header);
        long term = Bits.readLongCompressed(in);
        Util.readAddress(in);
        Bits.readLongCompressed(in); // the first entry's term, which each entry has itself
        long prevIndex = Bits.readLongCompressed(in);
        long prevTerm = Bits.readLongCompressed(in);
        long commit = Bits.readLongCompressed(in);
        List<GroupMessage.Item> items = new ArrayList<>();
        for (LogEntry entry : entries) {
            items.add(new GroupMessage.Item(entry.term(), entry.command(), entry.offset(), entry.length()));
        }
        return new GroupMessage.Append(term, prevIndex, prevTerm, commit, items);
    }

    /** What the library answers. */
    static GroupMessage.Answer answer(RaftHeader header) throws IOException, ClassNotFoundException {
        DataInput in = read(header);
        long term = Bits.readLongCompressed(in);
        AppendResult result = Util.readStreamable(AppendResult::new, in);
        return new GroupMessage.Answer(term, result.success(), result.index(), result.commitIndex());
    }

    private void answer(String to, GroupMessage.Answer answer) {
        if (journal.ticket() <= durable) {
            links.send(to, answer);
            return;
        }
        if (held.size() >= HELD) {
            held.remove();
        }
        held.add(new Held(journal.ticket(), to, answer));
    }

    private static DataInput read(RaftHeader header) throws IOException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(HEADER);
        header.writeTo(out);
        return new ByteArrayDataInputStream(out.buffer(), 0, out.position());
    }
}
