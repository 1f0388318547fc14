package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.MILLI;
import static org.memphisee.core.consumer.ConsumerFixture.SECOND;
import static org.memphisee.core.consumer.ConsumerFixture.pullConfig;
import static org.memphisee.core.consumer.ConsumerFixture.pushConfig;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.core.consumer.SimulatedEnvironment.Frame;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.core.wire.PullRequests;
import org.memphisee.core.wire.StatusBlocks;

class PullTest {

    private final ConsumerFixture f = new ConsumerFixture();

    @Test
    void shouldDeliverStoredMessagesWithAckSubjects() {
        f.store(3).start(pullConfig());
        f.pull("in", 2);
        assertEquals(List.of(1L, 2L), f.sequences("in"));
        Frame first = f.messages("in").get(0);
        assertEquals("orders.new", first.subject());
        assertEquals("$JS.ACK.ORD.grp.1.1.1." + (SimulatedEnvironment.WALL_START + f.env.now) + ".2", first.reply());
        assertEquals(1, f.messages("in").get(1).pending());
        assertEquals(List.of(), f.statuses("in"));
    }

    @Test
    void shouldDeliverToAWaitingRequestWhenMessagesAreCommitted() {
        f.start(pullConfig());
        f.pull("in", 10);
        f.commit(2).commit(1);
        assertEquals(List.of(1L, 2L, 3L), f.sequences("in"));
        assertEquals(1, f.consumer.info().numWaiting());
    }

    @Test
    void shouldCountEachDeliveryAlsoThoseThatComeAgain() {
        f.start(pullConfig().ackWait(SECOND));
        f.pull("in", 5);
        f.commit(2);
        assertEquals(2, f.env.delivered);
        f.pass(SECOND + SECOND / 2);
        assertEquals(4, f.env.delivered);
    }

    @Test
    void shouldRefuseToPullFromAPushConsumer() {
        f.start(pushConfig());
        f.pull("in", 1);
        f.consumer.badPull("in", StatusBlocks.of("400 Bad Request - x"));
        assertEquals(List.of("409 Consumer is push based", "409 Consumer is push based"), f.statuses("in"));
    }

    @Test
    void shouldReportABadRequest() {
        f.start(pullConfig());
        byte[] payload = "{\"batch\":1,\"expires\":1000,\"idle_heartbeat\":501}".getBytes(StandardCharsets.UTF_8);
        f.consumer.badPull("in", ((PullRequests.Refused) PullRequests.parse(payload, "in")).status());
        assertEquals(List.of("400 Bad Request - heartbeat value too large"), f.statuses("in"));
    }

    @Test
    void shouldRefuseRequestsBeyondTheLimitsInOrder() {
        f.store(1).start(pullConfig().pullLimits(10, 5 * SECOND, 100));
        f.consumer.pull(new PullRequest("in", 11, 6 * SECOND, false, 101, 0));
        f.consumer.pull(new PullRequest("in", 10, 6 * SECOND, false, 101, 0));
        f.consumer.pull(new PullRequest("in", 10, 5 * SECOND, false, 101, 0));
        assertEquals(List.of("409 Exceeded MaxRequestBatch of 10", "409 Exceeded MaxRequestExpires of 5s",
            "409 Exceeded MaxRequestMaxBytes of 100"), f.statuses("in"));
        assertEquals(0, f.consumer.info().numWaiting());
    }

    @Test
    void shouldAnswerNoMessagesWhenNothingIsPending() {
        f.start(pullConfig());
        f.pullNoWait("in", 5, 0);
        assertEquals(List.of("404 No Messages"), f.statuses("in"));
        assertEquals("NATS/1.0 404 No Messages\r\n\r\n", f.frames("in").get(0).status());
    }

    @Test
    void shouldCountRedeliveriesAsPendingForNoWait() {
        f.store(1).start(pullConfig());
        f.pull("in", 1);
        f.pass(30 * SECOND);
        f.pullNoWait("again", 1, 0);
        assertEquals(List.of(1L), f.sequences("again"));
        assertEquals(List.of(), f.statuses("again"));
    }

    @Test
    void shouldEndNoWaitWithWhatIsThere() {
        f.store(2).start(pullConfig());
        f.pullNoWait("in", 5, 0);
        assertEquals(List.of("1", "2", "408 Request Timeout"), f.order("in"));
        assertEquals("408 Request Timeout|Nats-Pending-Messages: 3|Nats-Pending-Bytes: 0", f.statuses("in").get(0));
    }

    @Test
    void shouldWaitForTheFirstMessageWhenNoWaitExpires() {
        f.start(pullConfig());
        f.pullNoWait("in", 5, 3 * SECOND);
        assertEquals(List.of(), f.order("in"));
        f.commit(2);
        assertEquals(List.of("1", "2", "408 Request Timeout"), f.order("in"));
    }

    @Test
    void shouldRefuseNoWaitWhenOthersWaitForMore() {
        f.store(3).start(pullConfig().maxAckPending(2));
        f.pull("in", 10);
        f.pullNoWait("late", 1, SECOND);
        assertEquals(List.of("408 Requests Pending"), f.statuses("late"));
    }

    @Test
    void shouldLetNoWaitWithExpiresWaitForAcks() {
        f.store(2).start(pullConfig().maxAckPending(1));
        f.pullNoWait("in", 2, SECOND);
        assertEquals(List.of("1"), f.order("in"));
        f.ack(f.messages("in").get(0));
        assertEquals(List.of("1", "2"), f.order("in"));
    }

    @Test
    void shouldEndNoWaitThatAcksHoldBackAtItsFirstHeartbeat() {
        f.store(3).start(pullConfig().maxAckPending(2));
        f.consumer.pull(new PullRequest("in", 5, 30 * SECOND, true, 0, SECOND));
        f.pass(SECOND - 1);
        assertEquals(List.of("1", "2"), f.order("in"));
        f.pass(1);
        assertEquals(List.of("1", "2", "408 Request Timeout"), f.order("in"));
        assertEquals(0, f.consumer.info().numWaiting());
    }

    @Test
    void shouldKeepNoWaitThatGotNothingUntilItExpires() {
        f.store(1).start(pullConfig().maxAckPending(1));
        f.pull("other", 1);
        f.commit(1);
        f.consumer.pull(new PullRequest("in", 5, 3 * SECOND, true, 0, SECOND));
        f.pass(2 * SECOND);
        assertEquals(List.of("100 Idle Heartbeat", "100 Idle Heartbeat"), f.order("in"));
        f.ack(f.messages("other").get(0));
        assertEquals(List.of("100 Idle Heartbeat", "100 Idle Heartbeat", "2"), f.order("in"));
    }

    @Test
    void shouldRefuseTooManyWaitingRequestsAfterPruning() {
        f.start(pullConfig().maxWaiting(2));
        f.pull("a", 1);
        f.pull("b", 1);
        f.pull("c", 1);
        assertEquals(List.of("409 Exceeded MaxWaiting"), f.statuses("c"));
        f.env.inbox("a").interest = false;
        f.pull("d", 1);
        assertEquals(List.of(), f.statuses("d"));
        f.commit(2);
        assertEquals(List.of(1L), f.sequences("b"));
        assertEquals(List.of(2L), f.sequences("d"));
    }

    @Test
    void shouldExpireWithWhatIsMissing() {
        f.store(2).start(pullConfig());
        f.consumer.pull(new PullRequest("in", 5, SECOND, false, 10_000, 0));
        long used = f.messages("in").stream().mapToLong(m -> 10 + m.reply().length() + 7).sum();
        f.pass(SECOND - 1);
        assertEquals(List.of(), f.statuses("in"));
        f.pass(1);
        assertEquals(List.of("408 Request Timeout|Nats-Pending-Messages: 3|Nats-Pending-Bytes: " + (10_000 - used)),
            f.statuses("in"));
        assertEquals(0, f.consumer.info().numWaiting());
    }

    @Test
    void shouldNotDeliverToAnExpiredRequestWhoseTimerIsLate() {
        f.start(pullConfig());
        f.consumer.pull(new PullRequest("in", 1, SECOND, false, 0, 0));
        f.env.now += SECOND;
        f.commit(1);
        assertEquals(List.of("408 Request Timeout"), f.order("in"));
    }

    @Test
    void shouldEndWhenTheNextMessageDoesNotFit() {
        f.store(1).start(pullConfig());
        f.pullBytes("in", 5, 20);
        assertEquals(List.of("409 Message Size Exceeds MaxBytes|Nats-Pending-Messages: 5|Nats-Pending-Bytes: 20"),
            f.statuses("in"));
        assertEquals(1, f.consumer.info().numPending());
    }

    @Test
    void shouldOfferAMessageThatDoesNotFitToTheNextRequest() {
        f.start(pullConfig());
        f.pullBytes("small", 5, 20);
        f.pull("large", 1);
        f.commit(1);
        assertEquals(List.of("409 Message Size Exceeds MaxBytes"), f.order("small"));
        assertEquals(List.of("1"), f.order("large"));
    }

    @Test
    void shouldTellThatBytesAreLeftWhenTheBatchIsComplete() {
        f.store(1).start(pullConfig());
        f.pullBytes("in", 1, 1000);
        long size = 10 + f.messages("in").get(0).reply().length() + 7;
        assertEquals(List.of("1", "409 Batch Completed"), f.order("in"));
        assertEquals("409 Batch Completed|Nats-Pending-Messages: 0|Nats-Pending-Bytes: " + (1000 - size),
            f.statuses("in").get(0));
    }

    @Test
    void shouldEndSilentlyWhenBytesAreUsedExactly() {
        f.store(2).start(pullConfig());
        f.pull("probe", 1);
        f.pullBytes("in", 5, 10 + f.messages("probe").get(0).reply().length() + 7);
        assertEquals(List.of("2"), f.order("in"));
        assertEquals(0, f.consumer.info().numWaiting());
    }

    @Test
    void shouldServeWaitingRequestsInTurn() {
        f.start(pullConfig());
        f.pull("a", 3);
        f.pull("b", 2);
        f.commit(5);
        assertEquals(List.of(1L, 3L, 5L), f.sequences("a"));
        assertEquals(List.of(2L, 4L), f.sequences("b"));
    }

    @Test
    void shouldForgetRequestsNobodyListensTo() {
        f.start(pullConfig());
        f.pull("gone", 5);
        f.env.inbox("gone").interest = false;
        f.commit(1);
        assertEquals(List.of(), f.order("gone"));
        assertEquals(0, f.consumer.info().numWaiting());
        f.pull("here", 1);
        assertEquals(List.of(1L), f.sequences("here"));
        assertEquals(1, f.messages("here").get(0).delivered());
    }

    @Test
    void shouldServeARequestWhoseClientComesBackInTime() {
        f.start(pullConfig());
        f.pull("in", 2);
        f.env.listen("in", false);
        f.commit(1);
        assertEquals(List.of(), f.order("in"));
        f.pass(10 * SECOND);
        f.env.listen("in", true);
        assertEquals(List.of("1"), f.order("in"));
        assertEquals(1, f.messages("in").get(0).delivered());
        f.pass(20 * SECOND);
        assertEquals(List.of("1", "408 Request Timeout"), f.order("in"));
        assertEquals(0, f.env.watched());
    }

    @Test
    void shouldEndARequestInTimeWhoseClientNeverComesBack() {
        f.start(pullConfig());
        f.pull("in", 2);
        f.env.listen("in", false);
        f.commit(1);
        assertEquals(0, f.consumer.info().numWaiting());
        assertEquals(1, f.env.watched());
        f.pass(30 * SECOND);
        assertEquals(0, f.env.watched());
        f.env.listen("in", true);
        f.commit(1);
        assertEquals(List.of(), f.order("in"));
    }

    @Test
    void shouldKeepHeartbeatsOfARequestWhoseClientComesBack() {
        f.start(pullConfig());
        f.consumer.pull(new PullRequest("in", 1, 10 * SECOND, false, 0, SECOND));
        f.env.listen("in", false);
        f.pass(3 * SECOND);
        assertEquals(List.of(), f.order("in"));
        f.env.listen("in", true);
        f.pass(SECOND);
        assertEquals(List.of("100 Idle Heartbeat"), f.order("in"));
    }

    @Test
    void shouldServeThoseWhoListenBeforeThoseWhoAreAway() {
        f.start(pullConfig().maxWaiting(2));
        f.pull("away", 1);
        f.pull("here", 1);
        f.env.listen("away", false);
        f.commit(1);
        assertEquals(List.of("1"), f.order("here"));
        f.pull("here", 1);
        f.pull("here", 1);
        f.env.listen("away", true);
        f.commit(3);
        assertEquals(List.of("1", "2", "3"), f.order("here"));
        assertEquals(List.of("4"), f.order("away"));
    }

    @Test
    void shouldKeepABoundedNumberOfRequestsWithoutListeners() {
        f.start(pullConfig());
        for (int i = 0; i < 600; i++) {
            f.pull("in" + i, 1);
            f.env.listen("in" + i, false);
            f.consumer.info();
        }
        assertEquals(512, f.env.watched());
        f.env.listen("in0", true);
        f.env.listen("in599", true);
        f.commit(2);
        assertEquals(List.of(), f.order("in0"));
        assertEquals(List.of("1"), f.order("in599"));
        f.consumer.deleted();
        assertEquals(0, f.env.watched());
    }

    @Test
    void shouldWaitWithoutExpiryAsLongAsThereIsInterest() {
        f.start(pullConfig());
        f.consumer.pull(new PullRequest("in", 1, 0, false, 0, 0));
        f.pass(3600 * SECOND);
        assertEquals(1, f.consumer.info().numWaiting());
        f.commit(1);
        assertEquals(List.of("1"), f.order("in"));
    }

    @Test
    void shouldSendHeartbeatsToAnIdleRequest() {
        f.store(1).start(pullConfig());
        f.consumer.pull(new PullRequest("in", 5, 10 * SECOND, false, 0, SECOND));
        f.pass(SECOND);
        assertEquals(List.of("100 Idle Heartbeat|Nats-Last-Consumer: 1|Nats-Last-Stream: 1"), f.statuses("in"));
        f.pass(600 * MILLI);
        f.commit(1);
        f.pass(999 * MILLI);
        assertEquals(1, f.statuses("in").size(), "restarts with each message");
        f.pass(MILLI);
        assertEquals(2, f.statuses("in").size());
    }

    @Test
    void shouldTellWaitingRequestsThatTheConsumerIsDeleted() {
        f.start(pullConfig());
        f.pull("in", 5);
        f.consumer.deleted();
        assertEquals(List.of("409 Consumer Deleted"), f.statuses("in"));
        f.commit(1);
        assertEquals(List.of(), f.sequences("in"));
    }

    @Test
    void shouldTellWaitingRequestsThatTheLeaderChangesWhenNobodyTakesThem() {
        f.start(pullConfig());
        f.pull("in", 5);
        f.consumer.leaderChanged();
        assertEquals(List.of("409 Leadership Change|Nats-Pending-Messages: 5|Nats-Pending-Bytes: 0"), f.statuses("in"));
    }

    @Test
    void shouldHandOnWhatIsLeftOfRequestsWhenTheLeaderChanges() {
        f.start(pullConfig());
        f.env.next = true;
        f.consumer.pull(new PullRequest("in", 5, 30 * SECOND, false, 4_000, 10 * SECOND));
        f.consumer.pull(new PullRequest("left", 2, 30 * SECOND, false, 0, 0));
        f.env.inbox("left").interest = false;
        f.commit(2);
        f.pass(10 * SECOND);
        assertEquals(List.of(), f.env.handedOn);
        f.consumer.leaderChanged();
        assertEquals(List.of(), f.statuses("left"));
        assertEquals(List.of("in 3", "left 2"), f.env.handedOn.stream().map(r -> r.inbox() + " " + r.batch()).toList());
        PullRequest rest = f.env.handedOn.get(0);
        assertEquals(20 * SECOND, rest.expiresNanos());
        assertTrue(!rest.noWait() && rest.maxBytes() > 0 && rest.maxBytes() < 4_000 && rest.idleHeartbeatNanos() == 10 * SECOND,
            rest.toString());
    }

    @Test
    void shouldDeliverNothingWhileAnotherBrokerIsAboutToServeIt() {
        f.start(pullConfig());
        f.pull("in", 5);
        f.consumer.pause(true);
        f.commit(2);
        f.pass(SECOND);
        assertEquals(List.of(), f.order("in"));
        f.consumer.pause(false);
        assertEquals(List.of("1", "2"), f.order("in"));
    }

    @Test
    void shouldTellWaitingRequestsThatTheServerStops() {
        f.start(pullConfig());
        f.pull("in", 5);
        f.consumer.shutdown();
        assertEquals(List.of("409 Server Shutdown|Nats-Pending-Messages: 5|Nats-Pending-Bytes: 0"), f.statuses("in"));
    }

    @Test
    void shouldPauseForACongestedInboxAndTryAgain() {
        f.start(pullConfig());
        f.pull("in", 5);
        f.env.inbox("in").congested = true;
        f.commit(1);
        assertEquals(List.of(), f.order("in"));
        assertEquals(f.env.now + MILLI, f.env.wakeAt);
        f.env.inbox("in").congested = false;
        f.pass(MILLI);
        assertEquals(List.of("1"), f.order("in"));
    }

    @Test
    void shouldServeOthersWhileOneInboxIsCongested() {
        f.start(pullConfig());
        f.pull("slow", 5);
        f.pull("fast", 5);
        f.env.inbox("slow").congested = true;
        f.commit(3);
        assertEquals(List.of(1L, 2L, 3L), f.sequences("fast"));
    }

    @Test
    void shouldBoundATurnAndGoOnInTheNext() {
        f.store(5000).start(pullConfig().maxAckPending(-1));
        f.pull("in", 5000);
        int first = f.messages("in").size();
        assertTrue(first > 0 && first <= 2000, "delivered in one turn: " + first);
        assertEquals(f.env.now, f.env.wakeAt);
        f.pass(0);
        assertEquals(5000, f.messages("in").size());
    }

    @Test
    void shouldWaitForDataThatIsNotInMemory() {
        f.store(2).start(pullConfig());
        f.partition.loading = true;
        f.pullNoWait("in", 2, 0);
        assertEquals(List.of(), f.order("in"));
        f.partition.loading = false;
        f.consumer.dataReady();
        assertEquals(List.of("1", "2"), f.order("in"));
    }
}
