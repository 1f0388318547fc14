package org.memphisee.cluster.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.cluster.raft.LoneReplica.item;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.protocols.raft.ELECTION;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.InMemoryLog;
import org.jgroups.protocols.raft.InstallSnapshotRequest;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.election.VoteRequest;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Runner;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.cluster.raft.GroupMessage.Answer;
import org.memphisee.cluster.raft.GroupMessage.Append;
import org.memphisee.cluster.raft.GroupMessage.Behind;
import org.memphisee.core.cluster.election.ElectionMessage.Beat;
import org.memphisee.core.cluster.election.ElectionMessage.BeatAnswer;
import org.memphisee.core.cluster.election.ElectionMessage.TimeoutNow;
import org.memphisee.core.cluster.election.ElectionMessage.Vote;

/**
 * What the library does, shown, beside what a replica does in the same place: disks and machines that fail. A test of the first kind that fails says that
 * a guard may go; docs/design/raft.md has the table.
 */
class RaftGuardDiskTest extends RaftGuards {

    @Nested
    class T1AFailedWrite {

        @Test
        void isSwallowedByTheLibrarysLogWhichUsesTheIndexAgain(@TempDir Path directory) throws Exception {
            FileBasedLog log = new FileBasedLog();
            log.init(directory.resolve("log").toString(), Map.of());
            PlainRaft raft = new PlainRaft("a", THREE, log);
            raft.lead(1);
            set(raft, "before");
            raft.pump();
            failWrites(log, directory.resolve("other"));
            raft.takeSent();
            PrintStream console = System.err;
            System.setErr(new PrintStream(OutputStream.nullOutputStream())); // where it prints what it then forgets
            try {
                set(raft, "one");
                raft.pump();
                set(raft, "another");
                raft.pump();
            } finally {
                System.setErr(console);
            }
            List<GroupMessage> sent = read(raft.takeSent());
            Append one = (Append) sent.get(0);
            Append another = (Append) sent.get(1);
            assertEquals(one.prevIndex() + " " + one.term(), another.prevIndex() + " " + another.term());
            assertNotEquals(new String(one.entries().get(0).bytes()), new String(another.entries().get(0).bytes()));
        }

        /** The file cannot grow any more, as on a disk that is broken or full. */
        private void failWrites(FileBasedLog log, Path other) throws Exception {
            Object storage = log;
            for (String name : List.of("logEntryStorage", "fileStorage")) {
                Field field = storage.getClass().getDeclaredField(name);
                field.setAccessible(true);
                storage = field.get(storage);
            }
            Field size = storage.getClass().getDeclaredField("fileSize");
            size.setAccessible(true);
            size.set(storage, 0L);
            Field file = storage.getClass().getDeclaredField("raf");
            file.setAccessible(true);
            RandomAccessFile closed = new RandomAccessFile(other.toFile(), "rw");
            closed.close();
            file.set(storage, closed);
        }

        @Test
        void endsALeadership() throws Exception {
            LoneReplica leader = leader();
            List<Boolean> endings = new ArrayList<>();
            leader.disk.failForceIn(1);
            assertTrue(leader.replica.propose(bytes("one"), endings::add));
            leader.pass(1);
            leader.sync();
            assertEquals(List.of(false), endings);
            assertTrue(leader.replica.failed());
            assertFalse(leader.replica.propose(bytes("another"), endings::add));
        }
    }

    @Nested
    class T2Damage {

        @Test
        void silentlyEndsTheLibrarysLog(@TempDir Path directory) throws Exception {
            FileBasedLog log = new FileBasedLog();
            log.init(directory.resolve("log").toString(), Map.of());
            log.currentTerm(1);
            log.append(1, LogEntries.create(new LogEntry(1, bytes("one")), new LogEntry(1, bytes("two")),
                new LogEntry(1, bytes("three"))));
            log.close();
            Path file;
            try (Stream<Path> files = Files.walk(directory)) {
                file = files.filter(each -> each.toString().contains("entries")).findFirst().orElseThrow();
            }
            byte[] content = Files.readAllBytes(file);
            int second = 26 + 3;
            content[second + 4] ^= 1; // its length
            Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
            FileBasedLog again = new FileBasedLog();
            again.init(directory.resolve("log").toString(), Map.of());
            assertEquals(1, again.lastAppended());
            again.close();
        }
    }

    @Nested
    class T10WhatFails {

        private static Log failing() {
            return new InMemoryLog() {
                @Override
                public long append(long index, LogEntries entries) {
                    throw new IllegalStateException("the disk is gone");
                }
            };
        }

        @Test
        void isSwallowedByTheLibraryAndNobodyIsTold() throws Exception {
            Log log = failing();
            log.init("guard-" + ++logs, Map.of());
            opened.add(log);
            PlainRaft leader = new PlainRaft("a", THREE, log);
            leader.lead(1);
            CompletableFuture<byte[]> future = set(leader, "one");
            Runner[] thread = new Runner[1];
            List<String> after = new ArrayList<>();
            thread[0] = new Runner("one turn", () -> {
                if (after.isEmpty()) {
                    after.add("threw");
                    leader.pump();
                }
                thread[0].stop();
            }, null).joinTimeout(0);
            Thread turn = thread[0].start().getThread();
            if (turn != null) { // else it has ended already
                turn.join();
            }
            assertEquals(List.of("threw"), after);
            assertFalse(future.isDone());
            assertTrue(leader.isLeader());
        }

        @Test
        void isThrownByAReplica() throws Exception {
            LoneReplica follower = follower(item(1, "one"));
            follower.receive("a", append(1, 1, 1, 1, item(1, "two")));
            follower.sync(); // one is applied
            assertThrows(RuntimeException.class, () -> follower.receive("a", append(1, 1, 1, 1, item(0, "of an older term"))));
        }
    }

    @Nested
    class T13Snapshots {

        @Test
        void moveTheCommitIndexBackInTheLibrary() throws Exception {
            PlainRaft follower = plain("b");
            follower.receive(PlainRaft.append(address("a"), append(1, 0, 0, 3, item(1, "1"), item(1, "2"), item(1, "3"))));
            assertEquals(3, follower.commitIndex());
            follower.receive(new BytesMessage(null, new byte[] {0, 0, 0, 0, 0, 0, 0, 1}).setSrc(address("a"))
                .putHeader(follower.getId(), new InstallSnapshotRequest(1, address("a"), 1, 1)));
            assertEquals(1, follower.commitIndex());
        }

        @Test
        void areNotThereWhoIsBehindIsToldSo() throws Exception {
            LoneReplica member = new LoneReplica("b", THREE, true);
            member.receive("a", append(1, 0, 0, 0));
            member.receive("a", new Behind(1));
            assertTrue(member.behind);
        }
    }

    @Nested
    class T16AnEmptyDisk {

        @Test
        void votesInTheLibrary() throws Exception {
            ELECTION election = new ELECTION();
            List<Message> votes = new ArrayList<>();
            election.raft(plain("b"));
            election.setDownProtocol(new Protocol() {
                @Override
                public Object down(Message message) {
                    votes.add(message);
                    return null;
                }
            });
            election.up(new EmptyMessage(null).setSrc(address("c")).putHeader(election.getId(), new VoteRequest(7)));
            assertEquals(1, votes.size());
        }

        @Test
        void neitherVotesNorAnswers() throws Exception {
            LoneReplica lost = new LoneReplica("b", THREE, false);
            lost.pass(2_000);
            lost.receive("c", new GroupMessage.Elect(new Vote(7, 0, 0, true)));
            lost.receive("c", append(7, 0, 0, 0, item(7, "one")));
            lost.sync();
            assertEquals(List.of(), lost.sent);
        }
    }

    @Nested
    class T22AMachineThatFails {

        @Test
        void isToldWhatComesAfterByTheLibrary() throws Exception {
            PlainRaft follower = plain("b");
            follower.broken = "2";
            follower.receive(PlainRaft.append(address("a"), append(1, 0, 0, 3, item(1, "1"), item(1, "2"), item(1, "3"))));
            assertEquals(List.of("1", "3"), follower.applied);
            assertEquals(3, follower.commitIndex());
        }

        @Test
        void stopsThere() throws Exception {
            LoneReplica follower = new LoneReplica("b", THREE, true);
            follower.broken = "2";
            follower.receive("a", append(1, 0, 0, 3, item(1, "1"), item(1, "2"), item(1, "3")));
            follower.sync();
            follower.pass(1);
            assertEquals(List.of("1"), follower.applied);
            assertEquals(1, follower.replica.applied());
            assertTrue(follower.replica.failed());
        }
    }

    @Nested
    class AnswersAndTheDisk {

        @Test
        void areSentByTheLibraryWhenItsLogReturned() throws Exception {
            LoneReplica disk = new LoneReplica("b", THREE, true);
            PlainRaft follower = new PlainRaft("b", THREE, new JournalLog(disk.group, new GroupMembers("b", THREE), 0));
            follower.receive(PlainRaft.append(address("a"), append(1, 0, 0, 0, item(1, "one"))));
            assertEquals(0, disk.group.durableIndex());
            assertEquals(1, follower.takeSent().size());
        }

        @Test
        void waitForIt() throws Exception {
            LoneReplica follower = new LoneReplica("b", THREE, true);
            follower.receive("a", append(1, 0, 0, 1, item(1, "one")));
            follower.replica.turn(follower.now);
            assertEquals(List.of(), follower.takeSent("a"));
            assertEquals(List.of(), follower.applied);
            follower.sync();
            assertEquals(1, follower.takeSent("a").size());
            assertEquals(List.of("one"), follower.applied);
        }

        @Test
        void countTheLeaderWhenItsOwnDiskHasIt() throws Exception {
            LoneReplica leader = leader();
            List<Boolean> endings = new ArrayList<>();
            leader.replica.propose(bytes("two"), endings::add);
            leader.pass(1);
            leader.receive("b", new Answer(1, true, 2, 1));
            assertEquals(List.of(), endings);
            leader.sync();
            assertEquals(List.of(true), endings);
        }

        @Test
        void areForgottenBeyondACountSoThatASlowDiskFillsNoMemory() throws Exception {
            LoneReplica follower = new LoneReplica("b", THREE, true);
            for (int i = 0; i < GroupPort.HELD + 500; i++) {
                follower.receive("a", append(1, i, i == 0 ? 0 : 1, 0, item(1, "entry")));
            }
            follower.sync();
            List<GroupMessage> answers = follower.takeSent("a");
            assertEquals(GroupPort.HELD, answers.size());
            assertEquals(new Answer(1, true, GroupPort.HELD + 500, 0), answers.get(answers.size() - 1));
        }
    }

    @Test
    void shouldTakeNoMoreProposalsThanMayBeOpen() throws Exception {
        LoneReplica leader = leader();
        List<Boolean> endings = new ArrayList<>();
        for (int i = 0; i < GroupReplica.OPEN; i++) {
            assertTrue(leader.replica.propose(bytes("entry"), endings::add));
        }
        assertFalse(leader.replica.propose(bytes("entry"), endings::add));
        leader.sync();
        leader.sync();
        leader.receive("b", new Answer(1, true, 1 + GroupReplica.OPEN, 1));
        assertEquals(GroupReplica.OPEN, endings.size());
        assertTrue(leader.replica.propose(new byte[GroupReplica.OPEN_BYTES], endings::add));
        assertFalse(leader.replica.propose(bytes("entry"), endings::add), "so many bytes are open");
    }

    @Test
    void shouldSendNoMoreToASilentPeerThanItsWindow() throws Exception {
        LoneReplica leader = leader();
        leader.receive("c", new Answer(1, true, 1, 1));
        leader.takeSent("c");
        int size = 1 << 20;
        long sent = 0;
        for (int i = 2; i < 40; i++) {
            assertTrue(leader.replica.propose(new byte[size], committed -> { }));
            leader.sync();
            leader.sync();
            leader.receive("b", new Answer(1, true, i, i));
            sent += leader.takeSent("c").stream().filter(Append.class::isInstance)
                .mapToLong(each -> ((Append) each).entries().stream().mapToLong(GroupMessage.Item::length).sum()).sum();
        }
        assertEquals(Peers.WINDOW_BYTES, sent);
    }

    @Test
    void shouldAskNobodyToLeadWhoLacksWhatWasProposedJustBefore() throws Exception {
        LoneReplica leader = leader();
        leader.receive("c", new Answer(1, true, 1, 1));
        leader.pass(201);
        leader.takeSent("c");
        assertTrue(leader.replica.propose(bytes("two"), committed -> { }));
        leader.replica.transfer("c", leader.now);
        assertFalse(leader.replica.propose(bytes("three"), committed -> { }));
        leader.pass(201);
        assertFalse(asked(leader, "c"));
        leader.receive("c", new Answer(1, true, 2, 1));
        leader.pass(201);
        assertTrue(asked(leader, "c"));
    }

    @Test
    void shouldNotLeadOnWithoutALeaseWhenTheOneThatWasAskedToLeadDoesNot() throws Exception {
        LoneReplica leader = leader();
        leader.receive("c", new Answer(1, true, 1, 1));
        leader.pass(201);
        leader.replica.transfer("c", leader.now);
        leader.pass(201);
        assertTrue(asked(leader, "c"));
        assertEquals(Long.MIN_VALUE, leader.replica.leasedUntil(leader.now));
        for (int i = 0; i < 6 && leader.replica.leading(); i++) { // it is heard, and goes on for that
            leader.receive("c", new GroupMessage.Elect(new BeatAnswer(leader.replica.term(), leader.now)));
            leader.pass(201);
        }
        assertFalse(leader.replica.leading(), "nobody could read for as long as it led");
    }

    private static boolean asked(LoneReplica leader, String member) {
        return leader.sent.stream().anyMatch(each -> each.to().equals(member) && each.message() instanceof GroupMessage.Elect elect
            && elect.message() instanceof TimeoutNow);
    }

    @Test
    void shouldMoveToTheOneThatShouldLeadWhenItIsThereAndInStep() throws Exception {
        LoneReplica leader = new LoneReplica("b", THREE, true);
        leader.lead("a");
        leader.sync();
        leader.receive("a", new Answer(1, true, 1, 0));
        leader.receive("a", new Answer(1, true, 1, 1));
        boolean told = false;
        for (int i = 0; i < 400 && !told; i++) {
            leader.pass(100);
            for (LoneReplica.Sent sent : List.copyOf(leader.sent)) {
                if (sent.message() instanceof GroupMessage.Elect elect) {
                    told |= elect.message() instanceof TimeoutNow && sent.to().equals("a");
                    if (elect.message() instanceof Beat beat) {
                        leader.receive(sent.to(), new GroupMessage.Elect(new BeatAnswer(beat.term(), beat.sentNanos())));
                    }
                }
            }
            leader.sent.clear();
            assertTrue(leader.now >= 30_000 * LoneReplica.MILLIS || !told, "not before it has settled");
        }
        assertTrue(told);
        assertFalse(leader.replica.propose(bytes("nothing meanwhile"), committed -> { }));
    }
}
