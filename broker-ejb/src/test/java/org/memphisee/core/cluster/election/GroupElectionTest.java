package org.memphisee.core.cluster.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.election.ElectionMessage.Beat;
import org.memphisee.core.cluster.election.ElectionMessage.BeatAnswer;
import org.memphisee.core.cluster.election.ElectionMessage.PreVote;
import org.memphisee.core.cluster.election.ElectionMessage.PreVoteAnswer;
import org.memphisee.core.cluster.election.ElectionMessage.Resigned;
import org.memphisee.core.cluster.election.ElectionMessage.TimeoutNow;
import org.memphisee.core.cluster.election.ElectionMessage.Vote;
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;
import org.memphisee.core.cluster.election.GroupElection.Role;

/** What one member says and does, message by message. */
class GroupElectionTest {

    private static final long MILLIS = 1_000_000;
    private static final long TIMEOUT = 1_200 * MILLIS;
    private static final ElectionSettings SETTINGS = new ElectionSettings(TIMEOUT, 0, 100 * MILLIS, 100 * MILLIS);

    private final List<String> said = new ArrayList<>();
    private final FakeLog log = new FakeLog();
    private final ElectionPort port = new ElectionPort() {
        @Override
        public void send(String member, ElectionMessage message) {
            said.add(member + " " + message);
        }

        @Override
        public void leads(long term) {
            said.add("leads " + term);
        }

        @Override
        public void stepsDown(long term) {
            said.add("steps down " + term);
        }
    };

    private static final class FakeLog implements ElectionLog {
        private boolean complete = true;
        private boolean full;
        private long term = 5;
        private String vote = "";
        private long lastTerm = 4;
        private long tickets;

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
            return lastTerm;
        }

        @Override
        public long put(long newTerm, String newVote) {
            if (full) {
                return REFUSED;
            }
            term = newTerm;
            vote = newVote;
            return ++tickets;
        }
    }

    private GroupElection member(String self) {
        return new GroupElection(self, List.of("a", "b", "c"), SETTINGS, log, port, new SplittableRandom(1), 0);
    }

    private List<String> heard() {
        List<String> all = List.copyOf(said);
        said.clear();
        return all;
    }

    private GroupElection leader() {
        GroupElection election = member("a");
        election.tick(TIMEOUT);
        election.received("b", new PreVoteAnswer(6, true), TIMEOUT);
        election.durable(1, TIMEOUT);
        election.received("c", new VoteAnswer(6, true), TIMEOUT);
        assertEquals(Role.LEADER, election.role());
        said.clear();
        return election;
    }

    @Test
    void shouldAskFirstAndSendRequestsWhenItsOwnVoteIsDurable() {
        GroupElection election = member("a");
        election.tick(TIMEOUT - 1);
        assertEquals(List.of(), heard());
        election.tick(TIMEOUT);
        assertEquals(List.of("b " + new PreVote(6, 4, 10), "c " + new PreVote(6, 4, 10)), heard());
        assertEquals(5, log.term, "asking changes nothing");
        election.received("c", new PreVoteAnswer(6, true), TIMEOUT);
        assertEquals("6 a", log.term + " " + log.vote);
        assertEquals(List.of(), heard());
        election.durable(1, TIMEOUT);
        assertEquals(List.of("b " + new Vote(6, 4, 10, false), "c " + new Vote(6, 4, 10, false)), heard());
        election.received("b", new VoteAnswer(6, true), TIMEOUT + 7);
        assertEquals(List.of("leads 6", "b " + new Beat(6, TIMEOUT + 7), "c " + new Beat(6, TIMEOUT + 7)), heard());
        assertEquals("a", election.leader());
    }

    @Test
    void shouldAnswerAVoteWhenItIsDurable() {
        GroupElection election = member("b");
        election.received("a", new Vote(7, 4, 10, false), TIMEOUT);
        assertEquals("7 a", log.term + " " + log.vote);
        assertEquals(List.of(), heard());
        election.received("c", new Vote(7, 9, 99, false), TIMEOUT);
        election.durable(1, TIMEOUT);
        assertEquals(List.of("a " + new VoteAnswer(7, true), "c " + new VoteAnswer(7, false)), heard());
        election.received("a", new Vote(7, 4, 10, false), TIMEOUT);
        assertEquals(List.of("a " + new VoteAnswer(7, true)), heard(), "again, as its answer may be lost");
    }

    @Test
    void shouldNotVoteForALogThatIsBehindOrWithoutRoomForTheVote() {
        GroupElection election = member("b");
        election.received("a", new Vote(7, 4, 9, false), TIMEOUT);
        election.received("c", new Vote(7, 3, 99, false), TIMEOUT);
        election.durable(9, TIMEOUT);
        assertEquals(List.of("a " + new VoteAnswer(7, false), "c " + new VoteAnswer(7, false)), heard());
        log.full = true;
        election.received("a", new Vote(8, 4, 10, false), TIMEOUT);
        election.received("a", new Vote(7, 4, 10, false), TIMEOUT);
        assertEquals(List.of(), heard());
        assertEquals("7 ", log.term + " " + log.vote);
    }

    @Test
    void shouldRefuseElectionsWhileItHearsOfALeaderOrHasJustStarted() {
        GroupElection election = member("b");
        election.received("c", new Vote(6, 4, 10, false), TIMEOUT - 1);
        election.received("c", new PreVote(6, 4, 10), TIMEOUT - 1);
        assertEquals(List.of("c " + new PreVoteAnswer(5, false)), heard(), "it may have heard of one before it started");
        election.received("a", new Beat(5, 77), TIMEOUT);
        assertEquals(List.of("a " + new BeatAnswer(5, 77)), heard());
        election.received("c", new Vote(6, 4, 10, false), 2 * TIMEOUT - 1);
        assertEquals(List.of(), heard());
        assertEquals(5, log.term);
        election.gone("c", 2 * TIMEOUT - 1);
        election.received("c", new PreVote(6, 4, 10), 2 * TIMEOUT - 1);
        assertEquals(List.of("c " + new PreVoteAnswer(5, false)), heard(), "somebody else is gone");
        election.received("a", new Resigned(5), 2 * TIMEOUT - 1);
        election.received("c", new PreVote(6, 4, 10), 2 * TIMEOUT - 1);
        assertEquals(List.of("c " + new PreVoteAnswer(6, true)), heard());
        assertTrue(election.due() <= 2 * TIMEOUT + 50 * MILLIS, "and it waits no longer than its rank");
    }

    @Test
    void shouldVoteAtOnceWhenTheLeaderAskedForIt() {
        GroupElection election = member("b");
        election.received("a", new Beat(5, 1), 1);
        election.received("c", new Vote(6, 4, 10, true), 2);
        election.durable(1, 2);
        assertEquals(List.of("a " + new BeatAnswer(5, 1), "c " + new VoteAnswer(6, true)), heard());
    }

    @Test
    void shouldStandAtOnceWhenItsLeaderTellsItTo() {
        GroupElection election = member("b");
        election.received("a", new Beat(5, 1), 1);
        election.received("c", new TimeoutNow(5), 2);
        assertEquals(5, log.term, "c does not lead");
        election.received("a", new TimeoutNow(5), 2);
        heard();
        election.durable(1, 3);
        assertEquals(List.of("a " + new Vote(6, 4, 10, true), "c " + new Vote(6, 4, 10, true)), heard());
    }

    @Test
    void shouldStayOutWhileItsLogIsNotComplete() {
        log.complete = false;
        GroupElection election = member("a");
        election.tick(5 * TIMEOUT);
        election.received("b", new PreVote(9, 9, 99), 5 * TIMEOUT);
        election.received("b", new Vote(9, 9, 99, false), 5 * TIMEOUT);
        election.received("b", new Beat(5, 1), 5 * TIMEOUT);
        election.received("b", new TimeoutNow(5), 5 * TIMEOUT);
        assertEquals(List.of(), heard());
        assertEquals("5 ", log.term + " " + log.vote);
    }

    @Test
    void shouldStepDownWithoutAMajorityAndSayThatNobodyNeedsToWait() {
        GroupElection election = leader();
        election.received("b", new BeatAnswer(6, TIMEOUT + 5), TIMEOUT + 9);
        election.tick(2 * TIMEOUT + 5);
        assertEquals(Role.LEADER, election.role());
        heard();
        election.tick(2 * TIMEOUT + 6);
        assertEquals(List.of("steps down 6", "b " + new Resigned(6), "c " + new Resigned(6)), heard());
        assertEquals("", election.leader());
    }

    @Test
    void shouldHaveALeaseFromAnswersOnlyAndNoneAfterATransfer() {
        GroupElection election = leader();
        assertTrue(election.leasedUntil(TIMEOUT) < TIMEOUT, "votes are no lease");
        election.received("c", new BeatAnswer(6, TIMEOUT + 50), TIMEOUT + 99);
        assertEquals(TIMEOUT + 50 + TIMEOUT / 5 * 4, election.leasedUntil(TIMEOUT + 99));
        election.transfer("c");
        assertEquals(List.of("c " + new TimeoutNow(6)), heard());
        assertTrue(election.leasedUntil(TIMEOUT + 99) < 0);
    }

    @Test
    void shouldFollowANewerTermAndTellAnOlderLeaderOfIt() {
        GroupElection election = leader();
        election.received("b", new Beat(5, 3), TIMEOUT);
        assertEquals(List.of("b " + new BeatAnswer(6, 3)), heard());
        election.received("b", new BeatAnswer(8, 3), TIMEOUT);
        assertEquals(List.of("steps down 8"), heard());
        assertEquals("8 ", log.term + " " + log.vote);
        election.received("c", new Beat(8, 4), TIMEOUT);
        assertEquals("c", election.leader());
        assertEquals(List.of(), heard());
        election.durable(log.tickets, TIMEOUT);
        assertEquals(List.of("c " + new BeatAnswer(8, 4)), heard());
    }

    @Test
    void shouldSendNothingThatWaitsWhenTheDiskFailed() {
        GroupElection election = member("b");
        election.received("a", new Vote(7, 4, 10, false), TIMEOUT);
        election.failed(TIMEOUT);
        election.durable(9, TIMEOUT);
        assertEquals(List.of(), heard());
    }

    @Test
    void shouldLeadAloneAndIgnoreStrangers() {
        GroupElection election = new GroupElection("a", List.of("a"), SETTINGS, log, port, new SplittableRandom(1), 0);
        election.tick(TIMEOUT);
        election.durable(1, TIMEOUT);
        assertEquals(List.of("leads 6"), heard());
        election.tick(99 * TIMEOUT);
        assertEquals(Role.LEADER, election.role());
        assertEquals(99 * TIMEOUT + TIMEOUT / 5 * 4, election.leasedUntil(99 * TIMEOUT));
        election.received("x", new Beat(9, 1), 99 * TIMEOUT);
        assertEquals(Role.LEADER, election.role());
        assertThrows(IllegalArgumentException.class, () -> member("x"));
        assertThrows(IllegalArgumentException.class, () -> new ElectionSettings(399, 0, 0, 100));
    }

    @Test
    void shouldWaitLongerTheLessItIsPreferred() {
        assertEquals(TIMEOUT, member("a").due());
        assertEquals(TIMEOUT + 200 * MILLIS, member("c").due());
    }

    @Test
    void shouldNeverSendWhatWaitsForAVoteThatWasTakenBack() {
        GroupElection election = member("c");
        election.received("a", new Vote(6, 4, 10, false), TIMEOUT);
        log.term = 5; // the disk was full: the journal forgot it
        log.vote = "";
        election.refused(1, TIMEOUT);
        election.received("b", new Vote(6, 4, 10, false), TIMEOUT);
        election.durable(2, TIMEOUT);
        assertEquals(List.of("b " + new VoteAnswer(6, true)), heard(), "one vote in a term");
    }

    @Test
    void shouldStandNoLongerWhenItsOwnVoteWasTakenBack() {
        GroupElection election = member("a");
        election.tick(TIMEOUT);
        election.received("b", new PreVoteAnswer(6, true), TIMEOUT);
        log.term = 5;
        log.vote = "";
        election.refused(1, TIMEOUT);
        assertEquals(Role.FOLLOWER, election.role());
        election.durable(1, TIMEOUT);
        election.received("b", new VoteAnswer(6, true), TIMEOUT);
        assertEquals(Role.FOLLOWER, election.role());
    }

    @Test
    void shouldGoToATermThatWasSeenAndSayWhenTheDiskDoesNotTakeIt() {
        GroupElection election = leader();
        log.full = true;
        assertFalse(election.seen(8, TIMEOUT));
        assertEquals(Role.LEADER, election.role());
        log.full = false;
        assertTrue(election.seen(8, TIMEOUT));
        assertEquals("8 FOLLOWER", log.term + " " + election.role());
        assertTrue(election.seen(7, TIMEOUT));
        assertEquals(8, log.term);
    }

    @Test
    void shouldStandBehindAllOthersWhileItIsHindered() {
        GroupElection election = member("a");
        Hindrance[] mine = {Hindrance.NO_ROOM};
        election.hindered(() -> mine[0]);
        election.received("b", new Beat(5, 0), 0);
        heard();
        long last = TIMEOUT + 2 * SETTINGS.rankNanos(); // c, the last of those that are not
        election.tick(last);
        assertEquals(List.of(), heard(), "others may stand first");
        election.tick(last + SETTINGS.rankNanos());
        assertEquals(List.of("b " + new PreVote(6, 4, 10), "c " + new PreVote(6, 4, 10)), heard(), "nobody did");
        mine[0] = Hindrance.NONE;
        election.received("b", new Beat(5, 0), 0);
        heard();
        election.tick(TIMEOUT);
        assertEquals(2, heard().size(), "as ever");
    }

    @Test
    void shouldStandBehindAllOthersWhenALeaderResignsAndItIsHindered() {
        GroupElection election = member("b");
        election.hindered(() -> Hindrance.NO_ROOM);
        election.received("a", new Beat(5, 0), 0);
        election.received("a", new Resigned(5), 0);
        heard();
        election.tick(SETTINGS.rankNanos());
        assertEquals(List.of(), heard(), "c may stand first");
        election.tick(SETTINGS.rankNanos() / 2 + 3 * SETTINGS.rankNanos());
        assertEquals(2, heard().size());
    }

    @Test
    void shouldCountVotesForNoLongerWhenItIsHindered() {
        GroupElection election = member("a");
        election.hindered(() -> Hindrance.STOPS);
        election.received("b", new Beat(5, 0), 0);
        long asks = election.due();
        election.tick(asks);
        election.received("c", new PreVoteAnswer(6, true), asks);
        assertEquals(Role.CANDIDATE, election.role());
        assertEquals(asks + TIMEOUT, election.due(), "a member that lost its votes waits as long as any candidate counts them");
    }
}
