package org.memphisee.cluster.raft;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.View;
import org.jgroups.protocols.raft.AppendEntriesRequest;
import org.jgroups.protocols.raft.AppendEntriesResponse;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.raft.StateMachine;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Runner;

/** The library's RAFT as it is; the test empties its queue in place of its thread, by the library's own method. */
final class PlainRaft extends RAFT {

    final List<Message> sent = new ArrayList<>();
    final List<String> applied = new ArrayList<>();
    /** The entry with these bytes cannot be applied. */
    String broken = "";
    private final Address self;

    PlainRaft(String name, List<String> names, org.jgroups.protocols.raft.Log log) throws Exception {
        GroupMembers members = new GroupMembers(names.contains(name) ? name : names.get(0), names);
        self = names.contains(name) ? members.address(name) : new GroupMembers(name, List.of(name)).address(name);
        setId(RAFT_ID); // as the class itself has it
        raftId(name);
        members(names);
        setAddress(self);
        log(log);
        resendInterval(0); // with nothing in the queue the interval is over at once
        stateMachine(new StateMachine() {
            @Override
            public byte[] apply(byte[] data, int offset, int length, boolean serialize) {
                String text = new String(data, offset, length);
                if (text.equals(broken)) {
                    throw new IllegalStateException("cannot apply " + text);
                }
                applied.add(text);
                return null;
            }

            @Override
            public void readContentFrom(DataInput in) throws IOException {
                applied.add("snapshot of " + in.readInt());
            }

            @Override
            public void writeContentTo(DataOutput out) throws IOException {
                out.writeInt(applied.size());
            }
        });
        setDownProtocol(new Protocol() {
            @Override
            public Object down(Message message) {
                sent.add(message.setSrc(self));
                return null;
            }
        });
        init();
        runner = new Runner("none", () -> { }, null) {
            @Override
            public synchronized Runner start() {
                return this;
            }
        };
        start();
        List<Address> all = new ArrayList<>(names.stream().map(members::address).toList());
        if (!all.contains(self)) {
            all.add(self);
        }
        handleView(View.create(all.get(0), 1, all.toArray(Address[]::new)));
    }

    /** Its thread's work. */
    void pump() {
        while (!processing_queue.isEmpty()) {
            processQueue();
        }
    }

    /** Nothing came for the interval. */
    void idle() {
        processQueue();
    }

    void lead(long term) {
        setLeaderAndTerm(self, term);
    }

    /** Something that another member sent. */
    void receive(Message message) {
        up(message);
        pump();
    }

    /** Sent since the last call. */
    List<Message> takeSent() {
        List<Message> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    static GroupMessage read(Message message) throws Exception {
        RaftHeader header = message.getHeader(RAFT_ID);
        if (header instanceof AppendEntriesRequest) {
            LogEntries entries = ((ObjectMessage) message).getObject();
            return GroupPort.append(header, entries == null ? new LogEntries() : entries);
        }
        return header instanceof AppendEntriesResponse ? GroupPort.answer(header) : null;
    }

    /** As a leader would send it. */
    static Message append(Address leader, GroupMessage.Append append) {
        LogEntries entries = new LogEntries();
        append.entries().forEach(item -> entries.add(
            new org.jgroups.protocols.raft.LogEntry(item.term(), item.bytes(), item.offset(), item.length())));
        long entryTerm = append.entries().isEmpty() ? append.term() : append.entries().get(0).term();
        return new ObjectMessage(null, append.entries().isEmpty() ? null : entries).setSrc(leader).putHeader(RAFT_ID,
            new AppendEntriesRequest(leader, append.term(), append.prevIndex(), append.prevTerm(), entryTerm, append.commit()));
    }

    /** As a follower would answer. */
    static Message answer(Address from, long term, long index) {
        return new org.jgroups.EmptyMessage(null).setSrc(from).putHeader(RAFT_ID, new AppendEntriesResponse(term,
            new org.jgroups.protocols.raft.AppendResult(org.jgroups.protocols.raft.AppendResult.Result.OK, index)));
    }

    static Message lacks(Address from, long term, long last) {
        return new org.jgroups.EmptyMessage(null).setSrc(from).putHeader(RAFT_ID, new AppendEntriesResponse(term,
            new org.jgroups.protocols.raft.AppendResult(
                org.jgroups.protocols.raft.AppendResult.Result.FAIL_ENTRY_NOT_FOUND, last)));
    }
}
