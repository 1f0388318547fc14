package org.memphisee.core.cluster.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.election.ElectionMessage.Vote;
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;
import org.memphisee.core.cluster.election.GroupElection.Role;

/**
 * Five members, message by message: e votes for b in a term that nobody else hears of, loses its disk, is rebuilt by a leader of an
 * earlier term that was elected without it, and votes in the term of b again.
 */
class ForgottenVoteTest {

    private static final long MILLIS = 1_000_000;
    private static final ElectionSettings SETTINGS = new ElectionSettings(1_200 * MILLIS, 0, 100 * MILLIS, 100 * MILLIS);
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    private final Map<String, Member> members = new HashMap<>();
    private final List<String> leaders = new ArrayList<>();
    private long now = 10_000 * MILLIS;

    /** A member whose disk does what it is told at once; what it sends waits until the test passes it on. */
    private final class Member implements ElectionLog, ElectionPort {
        private final String name;
        private final List<String> to = new ArrayList<>();
        private final List<ElectionMessage> sent = new ArrayList<>();
        private long term = 5;
        private String vote = "";
        private long tickets;
        private boolean complete = true;
        private GroupElection election;

        private Member(String name) {
            this.name = name;
            start(0);
        }

        private void start(long at) {
            tickets = 0;
            election = new GroupElection(name, NAMES, SETTINGS, this, this, new SplittableRandom(1), at);
        }

        @Override
        public boolean complete() {
            return complete;
        }

        @Override
        public long term() {
            return term;
        }

        @Override
        public String vote() {
            return vote;
        }

        @Override
        public long lastIndex() {
            return 10;
        }

        @Override
        public long lastTerm() {
            return 4;
        }

        @Override
        public long put(long newTerm, String newVote) {
            term = newTerm;
            vote = newVote;
            return ++tickets;
        }

        @Override
        public void send(String member, ElectionMessage message) {
            to.add(member);
            sent.add(message);
        }

        @Override
        public void leads(long newTerm) {
            leaders.add(name + " in " + newTerm);
        }

        @Override
        public void stepsDown(long oldTerm) { }

        /** The disk has everything. */
        private void durable() {
            election.durable(tickets, now);
        }
    }

    private Member member(String name) {
        return members.computeIfAbsent(name, Member::new);
    }

    /** What one sent the other last, of a kind, arrives. */
    private void pass(String from, String to, Class<? extends ElectionMessage> kind) {
        Member sender = member(from);
        for (int i = sender.sent.size() - 1; i >= 0; i--) {
            if (sender.to.get(i).equals(to) && kind.isInstance(sender.sent.get(i))) {
                member(to).election.received(from, sender.sent.get(i), now);
                member(to).durable();
                return;
            }
        }
        throw new AssertionError(from + " sent no " + kind + " to " + to + ": " + sender.sent);
    }

    /** It asks, and those let it stand. */
    private void stands(String name, String... voters) {
        Member candidate = member(name);
        candidate.election.tick(candidate.election.due());
        for (String voter : voters) {
            pass(name, voter, ElectionMessage.PreVote.class);
            pass(voter, name, ElectionMessage.PreVoteAnswer.class);
        }
        candidate.durable();
        assertEquals(Role.CANDIDATE, candidate.election.role(), name);
    }

    private void votes(String candidate, String... voters) {
        for (String voter : voters) {
            pass(candidate, voter, Vote.class);
            pass(voter, candidate, VoteAnswer.class);
        }
    }

    private void play(long eWaits) {
        NAMES.forEach(this::member);
        stands("b", "d", "e"); // in 6, and nobody hears of it
        now = member("b").election.due();
        stands("b", "d", "e"); // in 7
        assertEquals(7, member("b").term);
        votes("b", "e"); // two of five
        Member lost = member("e");
        long died = now;
        lost.complete = false; // it has another disk
        lost.start(now);
        stands("a", "c", "d");
        votes("a", "c", "d");
        assertEquals(List.of("a in 6"), leaders, "elected without e, after its loss");
        now = died + eWaits;
        lost.term = 6; // a gives it what it has applied
        lost.vote = "";
        lost.complete = true;
        lost.start(now);
        lost.durable();
        pass("a", "c", ElectionMessage.Beat.class);
        member("a").election.transfer("c");
        pass("a", "c", ElectionMessage.TimeoutNow.class);
        votes("c", "a", "e");
        assertTrue(leaders.contains("c in 7"), leaders::toString);
        pass("b", "d", Vote.class); // late
        pass("d", "b", VoteAnswer.class);
    }

    @Test
    void shouldHaveTwoLeadersInATermWhenAVoteIsForgottenTooEarly() {
        play(0);
        assertEquals(List.of("a in 6", "c in 7", "b in 7"), leaders, "what the wait of a rebuilt member is for");
    }

    @Test
    void shouldHaveOneLeaderInATermWhenAMemberThatLostItsVotesWaits() {
        play(SETTINGS.forgottenNanos(NAMES.size()));
        assertEquals(List.of("a in 6", "c in 7"), leaders);
    }
}
