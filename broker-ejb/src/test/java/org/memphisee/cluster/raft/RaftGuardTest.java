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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.jgroups.Address;
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
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.election.VoteRequest;
import org.jgroups.protocols.raft.election.VoteResponse;
import org.jgroups.raft.util.CommitTable;
import org.jgroups.stack.Protocol;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.Runner;
import org.junit.jupiter.api.AfterEach;
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
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;

/**
 * What the library does, shown, beside what a replica does in the same place. A test of the first kind that fails says that a guard
 * may go; docs/design/raft.md has the table.
 */
class RaftGuardTest {

    private static final List<String> THREE = List.of("a", "b", "c");
    private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");
    private static int logs;

    private final List<Log> opened = new ArrayList<>();

    @AfterEach
    void removeLogs() throws Exception {
        for (Log log : opened) {
            log.delete(); // the library keeps them by name
        }
    }

    private Log memory() throws Exception {
        Log log = new InMemoryLog();
        log.init("guard-" + ++logs, Map.of());
        opened.add(log);
        return log;
    }

    private PlainRaft plain(String name) throws Exception {
        return new PlainRaft(name, THREE, memory());
    }

    private static Address address(String name) {
        return new GroupMembers(name, List.of(name)).address(name);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CompletableFuture<byte[]> set(PlainRaft raft, String text) {
        byte[] bytes = bytes(text);
        return raft.setAsync(bytes, 0, bytes.length, null);
    }

    private static Append append(long term, long prevIndex, long prevTerm, long commit, GroupMessage.Item... items) {
        return new Append(term, prevIndex, prevTerm, commit, List.of(items));
    }

    private static List<GroupMessage> read(List<Message> messages) throws Exception {
        List<GroupMessage> read = new ArrayList<>();
        for (Message message : messages) {
            read.add(PlainRaft.read(message));
        }
        return read;
    }

    /** Who leads in term 1 and has its opening entry committed. */
    private static LoneReplica leader() throws Exception {
        LoneReplica leader = new LoneReplica("a", THREE, true);
        leader.lead("b");
        leader.sync();
        leader.receive("b", new Answer(1, true, 1, 0));
        leader.takeSent("b");
        leader.takeSent("c");
        assertTrue(leader.replica.leading());
        return leader;
    }

    private static LoneReplica follower(GroupMessage.Item... entries) throws Exception {
        LoneReplica follower = new LoneReplica("b", THREE, true);
        follower.receive("a", append(1, 0, 0, 0, entries));
        follower.sync();
        follower.takeSent("a");
        return follower;
    }

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
    class T5EntriesOfEarlierTerms {

        @Test
        void areCommittedByCountingInTheLibrary() throws Exception {
            PlainRaft leader = plain("a");
            leader.receive(PlainRaft.append(address("b"), append(2, 0, 0, 0, item(2, "of term 2"))));
            leader.lead(4);
            leader.receive(PlainRaft.answer(address("c"), 4, 1));
            assertEquals(List.of("of term 2"), leader.applied, "and a leader of term 3 may still replace it");
        }

        @Test
        void areCommittedWithOneOfTheLeadersOwn() throws Exception {
            LoneReplica leader = new LoneReplica("a", THREE, true);
            leader.receive("b", append(2, 0, 0, 0, item(2, "of term 2")));
            leader.sync();
            leader.lead("c");
            leader.sync();
            leader.receive("c", new Answer(3, true, 1, 0));
            assertEquals(List.of(), leader.applied);
            leader.receive("c", new Answer(3, true, 2, 0));
            assertEquals(List.of("of term 2", "opening 3"), leader.applied);
        }
    }

    @Nested
    class T6WhatWasNotCompared {

        @Test
        void isCommittedByTheLibrary() throws Exception {
            PlainRaft follower = plain("b");
            follower.receive(PlainRaft.append(address("a"), append(1, 0, 0, 0, item(1, "one"), item(1, "never committed"))));
            follower.receive(PlainRaft.append(address("c"), append(2, 0, 0, 2)));
            assertEquals(List.of("one", "never committed"), follower.applied);
        }

        @Test
        void isNotCommitted() throws Exception {
            LoneReplica follower = follower(item(1, "one"), item(1, "never committed"));
            follower.receive("c", append(2, 0, 0, 2));
            follower.sync();
            assertEquals(List.of(), follower.applied);
            follower.receive("c", append(2, 1, 1, 2, item(2, "two")));
            follower.sync();
            assertEquals(List.of("one", "two"), follower.applied);
        }
    }

    @Nested
    class T7TheFollowersEnd {

        @Test
        void isAcknowledgedByTheLibraryWithoutALook() throws Exception {
            PlainRaft follower = plain("b");
            follower.receive(PlainRaft.append(address("a"), append(1, 0, 0, 0, item(1, "1"), item(1, "2"), item(1, "3"))));
            follower.takeSent();
            follower.receive(PlainRaft.append(address("c"), append(2, 0, 0, 0, item(1, "1"))));
            assertEquals(new Answer(2, true, 3, 0), PlainRaft.read(follower.takeSent().get(0)));
        }

        @Test
        void isAcknowledgedAsFarAsItWasCompared() throws Exception {
            LoneReplica follower = follower(item(1, "1"), item(1, "2"), item(1, "3"));
            follower.receive("c", append(2, 0, 0, 0, item(1, "1")));
            follower.sync();
            assertEquals(List.of(new Answer(2, true, 1, 0)), follower.takeSent("c"));
        }
    }

    @Nested
    class T8AVoteWhileTheLogIsWritten {

        @Test
        void doesNotKnowTheEntryThatTheLibraryThenAcknowledges() throws Exception {
            ELECTION election = new ELECTION();
            List<VoteResponse> votes = new ArrayList<>();
            List<PlainRaft> follower = new ArrayList<>();
            Log slow = new InMemoryLog() {
                @Override
                public long append(long index, LogEntries entries) {
                    if (!follower.isEmpty()) { // another thread brings the request of a candidate
                        election.up(new EmptyMessage(null).setSrc(address("c")).putHeader(election.getId(), new VoteRequest(2)));
                    }
                    return super.append(index, entries);
                }
            };
            slow.init("guard-" + ++logs, Map.of());
            opened.add(slow);
            PlainRaft raft = new PlainRaft("b", THREE, slow);
            election.raft(raft);
            election.setDownProtocol(new Protocol() {
                @Override
                public Object down(Message message) {
                    votes.add(message.getHeader(election.getId()));
                    return null;
                }
            });
            follower.add(raft);
            raft.receive(PlainRaft.append(address("a"), append(1, 0, 0, 0, item(1, "one"))));
            assertTrue(votes.get(0).toString().contains("last_log_index=0"), votes::toString);
            assertEquals(List.of(new Answer(1, true, 1, 0)), read(raft.takeSent()), "the leader of term 1 counts it");
        }

        @Test
        void knowsIt() throws Exception {
            LoneReplica follower = new LoneReplica("b", THREE, true);
            follower.pass(2_000);
            follower.receive("a", append(1, 0, 0, 0, item(1, "one")));
            follower.receive("c", new GroupMessage.Elect(new Vote(2, 0, 0, true)));
            follower.sync();
            List<VoteAnswer> votes = follower.sent.stream().filter(each -> each.message() instanceof GroupMessage.Elect elect
                && elect.message() instanceof VoteAnswer).map(each -> (VoteAnswer) ((GroupMessage.Elect) each.message()).message())
                .toList();
            assertEquals(List.of(new VoteAnswer(2, false)), votes);
        }
    }

    @Nested
    class T9AProposalBeforeANewerTerm {

        @Test
        void isAppendedInTheOldTermByTheLibrary() throws Exception {
            PlainRaft leader = plain("a");
            leader.lead(1);
            set(leader, "old");
            leader.up(PlainRaft.append(address("c"), append(2, 0, 0, 0, item(2, "new"))));
            leader.pump();
            LogEntry last = leader.log().get(leader.log().lastAppended());
            assertEquals("old after new", new String(last.command()) + " after "
                + new String(leader.log().get(leader.log().lastAppended() - 1).command()));
            assertEquals(1, last.term());
        }

        @Test
        void endsUnknownAndIsNotThere() throws Exception {
            LoneReplica leader = leader();
            List<Boolean> endings = new ArrayList<>();
            leader.replica.propose(bytes("old"), endings::add);
            leader.receive("c", append(2, 1, 1, 1, item(2, "new")));
            leader.sync();
            assertEquals(List.of(false), endings);
            assertEquals(2, leader.group.lastIndex());
            assertEquals(2, leader.group.termAt(2));
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
    class T11WhoLacksSomething {

        @Test
        void getsNothingFromTheLibraryWhileOthersAreBusy() throws Exception {
            PlainRaft leader = plain("a");
            leader.lead(1);
            for (int i = 1; i <= 200; i++) {
                set(leader, "entry " + i);
                leader.pump();
                leader.receive(PlainRaft.answer(address("b"), 1, i));
                leader.receive(PlainRaft.lacks(address("c"), 1, 0));
            }
            assertEquals(200, leader.commitIndex());
            List<Message> toC = leader.takeSent().stream().filter(each -> address("c").equals(each.getDest())).toList();
            assertEquals(List.of(), toC);
            leader.idle();
            assertEquals(1, leader.takeSent().stream().filter(each -> address("c").equals(each.getDest())).count());
        }

        @Test
        void getsItWhenItSaysSo() throws Exception {
            LoneReplica leader = leader();
            leader.replica.propose(bytes("two"), committed -> { });
            leader.pass(1);
            leader.takeSent("c");
            leader.receive("c", new Answer(1, false, 0, 0));
            Append piece = (Append) leader.takeSent("c").get(0);
            assertEquals("0 2", piece.prevIndex() + " " + piece.entries().size());
        }
    }

    @Nested
    class T12Repeating {

        private static final int BYTES = 64 << 10;
        private static final int ENTRIES = 200;

        @Test
        void putsEverythingIntoOneMessageInTheLibrary() throws Exception {
            PlainRaft leader = plain("a");
            leader.lead(1);
            for (int i = 1; i <= ENTRIES; i++) {
                leader.setAsync(new byte[BYTES], 0, BYTES, null);
                leader.pump();
            }
            leader.receive(PlainRaft.answer(address("c"), 1, 1));
            leader.takeSent();
            leader.idle();
            Append all = (Append) PlainRaft.read(leader.takeSent().stream().filter(each -> address("c").equals(each.getDest()))
                .findFirst().orElseThrow());
            assertEquals(ENTRIES - 1, all.entries().size());
        }

        @Test
        void isDoneInPieces() throws Exception {
            LoneReplica leader = leader();
            for (int i = 2; i <= ENTRIES; i++) {
                assertTrue(leader.replica.propose(new byte[BYTES], committed -> { }));
                leader.sync();
                leader.sync();
                leader.receive("b", new Answer(1, true, i, i - 1));
            }
            leader.takeSent("c");
            long has = 0;
            int pieces = 0;
            leader.receive("c", new Answer(1, false, has, 0));
            while (has < ENTRIES) {
                List<GroupMessage> sent = leader.takeSent("c");
                assertEquals(1, sent.size());
                Append piece = (Append) sent.get(0);
                assertEquals(has, piece.prevIndex());
                assertTrue(piece.entries().stream().mapToLong(GroupMessage.Item::length).sum() <= Peers.PIECE_BYTES);
                assertTrue(piece.entries().size() <= Peers.PIECE_ENTRIES);
                has += piece.entries().size();
                pieces++;
                leader.receive("c", new Answer(1, true, has, 0));
            }
            assertTrue(pieces >= ENTRIES * BYTES / Peers.PIECE_BYTES, pieces + " pieces");
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
    class T14ReadsThroughTheLog {

        @Test
        void areAnsweredByTheLibraryBeforeAnybodySaidAnything() throws Exception {
            PlainRaft leader = new PlainRaft("a", FIVE, memory());
            leader.lead(1);
            set(leader, "one");
            leader.pump();
            leader.receive(PlainRaft.answer(address("b"), 1, 1));
            leader.receive(PlainRaft.answer(address("c"), 1, 1));
            CompletableFuture<byte[]> read = leader.getAsync(bytes("read"), 0, 4, null);
            leader.pump();
            assertTrue(read.isDone(), "and another one may lead since");
        }

        @Test
        void commitWhatNobodyElseHasInTheLibrary() throws Exception {
            PlainRaft leader = plain("a");
            leader.lead(1);
            set(leader, "one");
            leader.pump();
            assertEquals(0, leader.commitIndex());
            leader.getAsync(bytes("read"), 0, 4, null);
            leader.pump();
            assertEquals(1, leader.commitIndex(), "found here, and in no list");
        }

        @Test
        void areRefused() {
            GroupMembers members = new GroupMembers("a", THREE);
            GuardedRaft raft = new GuardedRaft(members, null, null);
            assertThrows(UnsupportedOperationException.class, () -> raft.getAsync(bytes("read"), 0, 4, null));
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
    class T18OthersInTheChannel {

        @Test
        void getAndKeepEverythingInTheLibrary() throws Exception {
            PlainRaft leader = plain("a");
            leader.lead(1);
            set(leader, "one");
            leader.pump();
            Message toAll = leader.takeSent().get(0);
            assertEquals(null, toAll.getDest());
            PlainRaft other = new PlainRaft("foreign", THREE, memory());
            other.receive(toAll);
            assertEquals(1, other.log().lastAppended());
        }

        @Test
        void getNothing() throws Exception {
            LoneReplica leader = leader();
            leader.replica.propose(bytes("two"), committed -> { });
            leader.pass(1);
            assertEquals(Set.of("b", "c"), new HashSet<>(leader.sent.stream().map(LoneReplica.Sent::to).toList()));
        }
    }

    @Test
    void t19OrderOfSendingIsByAddressWhichFollowsFromTheName() {
        Set<List<Integer>> orders = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            List<Address> members = List.of(ExtendedUUID.randomUUID(), ExtendedUUID.randomUUID(), ExtendedUUID.randomUUID());
            orders.add(new ArrayList<>(new CommitTable(members, 1).keys()).stream().map(members::indexOf).toList());
        }
        assertTrue(orders.size() > 1, "in the library each run has another order");
        assertEquals(address("a"), address("a"));
        assertNotEquals(address("a"), address("b"));
    }

    @Nested
    class T20AnElectedLeader {

        @Test
        void saysNothingWhenNothingIsProposedInTheLibrary() throws Exception {
            PlainRaft leader = plain("a");
            leader.lead(1);
            for (int i = 0; i < 100; i++) {
                leader.idle();
            }
            assertEquals(List.of(), leader.takeSent(), "who missed that it was elected never learns it");
        }

        @Test
        void isHeardOfAgainAndAgain() throws Exception {
            LoneReplica leader = leader();
            leader.sent.clear();
            leader.pass(200);
            assertTrue(leader.sent.stream().anyMatch(each -> each.to().equals("c") && each.message() instanceof GroupMessage.Elect));
        }
    }

    @Test
    void t21ASubclassHasNoNumberOfItsOwn() {
        assertEquals(0, new RAFT() { }.getId());
        assertEquals(new RAFT().getId(), new GuardedRaft(new GroupMembers("a", THREE), null, null).getId());
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
