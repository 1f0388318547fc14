package org.memphisee.cluster.raft;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.protocols.raft.InMemoryLog;
import org.jgroups.protocols.raft.Log;
import org.junit.jupiter.api.AfterEach;

import org.memphisee.cluster.raft.GroupMessage.Answer;
import org.memphisee.cluster.raft.GroupMessage.Append;

/** The library as it is, and replicas beside it. */
abstract class RaftGuards {

    static final List<String> THREE = List.of("a", "b", "c");
    static final List<String> FIVE = List.of("a", "b", "c", "d", "e");
    static int logs;

    final List<Log> opened = new ArrayList<>();

    @AfterEach
    final void removeLogs() throws Exception {
        for (Log log : opened) {
            log.delete(); // the library keeps them by name
        }
    }

    final Log memory() throws Exception {
        Log log = new InMemoryLog();
        log.init("guard-" + ++logs, Map.of());
        opened.add(log);
        return log;
    }

    final PlainRaft plain(String name) throws Exception {
        return new PlainRaft(name, THREE, memory());
    }

    static Address address(String name) {
        return new GroupMembers(name, List.of(name)).address(name);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static CompletableFuture<byte[]> set(PlainRaft raft, String text) {
        byte[] bytes = bytes(text);
        return raft.setAsync(bytes, 0, bytes.length, null);
    }

    static Append append(long term, long prevIndex, long prevTerm, long commit, GroupMessage.Item... items) {
        return new Append(term, prevIndex, prevTerm, commit, List.of(items));
    }

    static List<GroupMessage> read(List<Message> messages) throws Exception {
        List<GroupMessage> read = new ArrayList<>();
        for (Message message : messages) {
            read.add(PlainRaft.read(message));
        }
        return read;
    }

    /** Who leads in term 1 and has its opening entry committed. */
    static LoneReplica leader() throws Exception {
        LoneReplica leader = new LoneReplica("a", THREE, true);
        leader.lead("b");
        leader.sync();
        leader.receive("b", new Answer(1, true, 1, 0));
        leader.takeSent("b");
        leader.takeSent("c");
        assertTrue(leader.replica.leading());
        return leader;
    }

    static LoneReplica follower(GroupMessage.Item... entries) throws Exception {
        LoneReplica follower = new LoneReplica("b", THREE, true);
        follower.receive("a", append(1, 0, 0, 0, entries));
        follower.sync();
        follower.takeSent("a");
        return follower;
    }
}
