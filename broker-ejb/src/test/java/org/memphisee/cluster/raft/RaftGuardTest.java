package org.memphisee.cluster.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.cluster.raft.LoneReplica.item;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.protocols.raft.ELECTION;
import org.jgroups.protocols.raft.InMemoryLog;
import org.jgroups.protocols.raft.Log;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.election.VoteRequest;
import org.jgroups.protocols.raft.election.VoteResponse;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.memphisee.cluster.raft.GroupMessage.Answer;
import org.memphisee.cluster.raft.GroupMessage.Append;
import org.memphisee.core.cluster.election.ElectionMessage.Vote;
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;

/**
 * What the library does, shown, beside what a replica does in the same place: entries and when they are decided. A test of the first kind that fails says that
 * a guard may go; docs/design/raft.md has the table.
 */
class RaftGuardTest extends RaftGuards {

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
}
