package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.MILLI;
import static org.memphisee.core.consumer.ConsumerFixture.SECOND;
import static org.memphisee.core.consumer.ConsumerFixture.pullConfig;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.SimulatedEnvironment.Frame;
import org.memphisee.core.consumer.SimulatedEnvironment.Publication;

class AcknowledgementTest {

    private final ConsumerFixture f = new ConsumerFixture();

    private Frame delivery(int index) {
        return f.messages("in").get(index);
    }

    @Test
    void shouldRaiseTheFloorOverWhatIsAcknowledged() {
        f.store(3).start(pullConfig());
        f.pull("in", 3);
        f.ack(delivery(1));
        assertEquals(0, f.consumer.info().ackFloorStreamSeq());
        assertEquals(2, f.consumer.info().numAckPending());
        f.ack(delivery(0));
        assertEquals(2, f.consumer.info().ackFloorStreamSeq());
        f.ack(delivery(2));
        ConsumerInfo info = f.consumer.info();
        assertEquals(0, info.numAckPending());
        assertEquals(info.deliveredStreamSeq(), info.ackFloorStreamSeq());
        assertEquals(info.deliveredConsumerSeq(), info.ackFloorConsumerSeq());
        assertEquals(List.of(2L, 1L, 3L), f.env.settled);
    }

    @Test
    void shouldIgnoreAcksForWhatWasNeverDelivered() {
        f.store(3).start(pullConfig().ack(AckPolicy.ALL));
        f.pull("in", 1);
        Frame one = delivery(0);
        Frame forged = new Frame("in", 3, 1, 3, 0, "", false, "", one.reply().replace(".1.1.1.", ".1.3.3."));
        f.ack(forged);
        assertEquals(1, f.consumer.info().numAckPending());
    }

    /** As after a crash that forgot a delivery: the message comes again, so nobody may be told that it does not. */
    @Test
    void shouldNotAnswerADoubleAckForWhatWasNeverDelivered() {
        f.store(3).start(pullConfig());
        f.pull("in", 1);
        Frame unknown = new Frame("in", 3, 1, 3, 0, "", false, "", delivery(0).reply().replace(".1.1.1.", ".1.3.3."));
        assertFalse(f.say(unknown, "+ACK", "answer.here"));
        f.env.becomeDurable();
        assertEquals(List.of(), f.env.published);
        assertTrue(f.say(delivery(0), "+ACK", "answer.here"));
    }

    @Test
    void shouldAcknowledgeEverythingBeforeWithPolicyAll() {
        f.store(4).start(pullConfig().ack(AckPolicy.ALL));
        f.pull("in", 4);
        f.ack(delivery(2));
        assertEquals(3, f.consumer.info().ackFloorStreamSeq());
        assertEquals(1, f.consumer.info().numAckPending());
        assertEquals(List.of(1L, 2L, 3L), f.env.settled);
    }

    @Test
    void shouldLetTheFloorFollowWithPolicyNone() {
        f.store(3).start(pullConfig().ack(AckPolicy.NONE));
        f.pull("in", 2);
        assertEquals(2, f.consumer.info().ackFloorStreamSeq());
        assertEquals(0, f.consumer.info().numAckPending());
        assertEquals(List.of(1L, 2L), f.env.settled);
        f.say(delivery(0), "-NAK");
        f.pull("in", 1);
        assertEquals(List.of(1L, 2L, 3L), f.sequences("in"));
    }

    @Test
    void shouldAnswerADoubleAckOnceItIsDurable() {
        f.store(1).start(pullConfig());
        f.pull("in", 1);
        f.say(delivery(0), "+ACK", "answer.here");
        assertEquals(List.of(), f.env.published);
        f.env.becomeDurable();
        assertEquals(List.of(new Publication("answer.here", "")), f.env.published);
    }

    @Test
    void shouldRedeliverWhenAckWaitExpires() {
        f.store(2).start(pullConfig().ackWait(SECOND));
        f.pull("in", 2);
        f.pull("again", 2);
        f.pass(SECOND - 1);
        assertEquals(List.of(), f.order("again"));
        f.pass(1);
        assertEquals(List.of(1L, 2L), f.sequences("again"));
        Frame again = f.messages("again").get(0);
        assertEquals(2, again.delivered());
        assertEquals(3, again.consumerSeq());
        assertEquals(2, f.consumer.info().numRedelivered());
        assertEquals(2, f.consumer.info().deliveredStreamSeq());
        assertEquals(4, f.consumer.info().deliveredConsumerSeq());
    }

    @Test
    void shouldRunAckWaitFromEachDelivery() {
        f.store(1).start(pullConfig().ackWait(SECOND));
        f.pull("in", 10);
        f.pass(SECOND);
        f.pass(SECOND - 1);
        assertEquals(2, f.messages("in").size());
        f.pass(1);
        assertEquals(List.of(1L, 2L, 3L), f.messages("in").stream().map(Frame::delivered).toList());
    }

    @Test
    void shouldQueueExpiredMessagesInOrderOfSequence() {
        f.store(3).start(pullConfig().ackWait(SECOND));
        f.pull("in", 3);
        f.pass(SECOND / 2);
        f.say(delivery(0), "+WPI");
        f.env.now += SECOND;
        f.consumer.onTimer();
        f.pull("again", 3);
        assertEquals(List.of(1L, 2L, 3L), f.sequences("again"));
    }

    @Test
    void shouldNotRedeliverWithoutAWaitingRequest() {
        f.store(1).start(pullConfig().ackWait(SECOND));
        f.pull("in", 1);
        f.pass(100 * SECOND);
        assertEquals(1, f.messages("in").size());
        assertEquals(1, f.consumer.info().numAckPending());
        f.pull("in", 1);
        assertEquals(2, delivery(1).delivered());
    }

    @Test
    void shouldServeRedeliveriesBeforeNewMessages() {
        f.store(2).start(pullConfig().ackWait(SECOND));
        f.pull("in", 1);
        f.pass(SECOND);
        f.pull("in", 2);
        assertEquals(List.of(1L, 1L, 2L), f.sequences("in"));
    }

    @Test
    void shouldNotHoldRedeliveriesBackByMaxAckPending() {
        f.store(3).start(pullConfig().maxAckPending(2).ackWait(SECOND));
        f.pull("in", 5);
        assertEquals(List.of(1L, 2L), f.sequences("in"));
        f.pass(SECOND);
        assertEquals(List.of(1L, 2L, 1L, 2L), f.sequences("in"));
        f.ack(delivery(2));
        assertEquals(List.of(1L, 2L, 1L, 2L, 3L), f.sequences("in"));
    }

    @Test
    void shouldHoldNewMessagesWithoutStatusAtMaxAckPending() {
        f.store(3).start(pullConfig().maxAckPending(2));
        f.pull("in", 3);
        assertEquals(List.of("1", "2"), f.order("in"));
        assertEquals(1, f.consumer.info().numWaiting());
    }

    @Test
    void shouldWaitByDeliveryWithBackoff() {
        f.store(1).start(pullConfig().backoff(SECOND, 3 * SECOND).maxDeliver(5));
        f.pull("in", 10);
        f.pass(SECOND);
        assertEquals(2, f.messages("in").size());
        f.pass(3 * SECOND - 1);
        assertEquals(2, f.messages("in").size());
        f.pass(1);
        assertEquals(3, f.messages("in").size());
        f.pass(3 * SECOND);
        assertEquals(4, f.messages("in").size());
    }

    @Test
    void shouldRedeliverAtOnceWhenNaked() {
        f.store(2).start(pullConfig().backoff(SECOND, 2 * SECOND).maxDeliver(5));
        f.pull("in", 3);
        f.say(delivery(0), "-NAK");
        assertEquals(List.of(1L, 2L, 1L), f.sequences("in"));
        assertEquals(2, delivery(2).delivered());
        String advisory = f.published("$JS.EVENT.ADVISORY.CONSUMER.MSG_NAKED.ORD.grp").get(0);
        assertTrue(advisory.startsWith("{\"type\":\"io.nats.jetstream.advisory.v1.nak\",\"id\":\""), advisory);
        assertTrue(advisory.endsWith("\"stream\":\"ORD\",\"consumer\":\"grp\",\"consumer_seq\":1,\"stream_seq\":1,"
            + "\"deliveries\":1}"), advisory);
    }

    @Test
    void shouldMakeNoAdvisoryThatNobodyHears() {
        f.store(3).start(pullConfig().maxDeliver(1));
        f.env.deaf = true;
        f.pull("in", 3);
        f.say(delivery(0), "-NAK");
        f.say(delivery(1), "+TERM");
        f.pull("in", 3);
        assertEquals(1, f.consumer.info().numExhausted());
        assertEquals(1, f.consumer.info().numTerminated());
        assertEquals(List.of(), f.env.published);
    }

    @Test
    void shouldRedeliverAfterTheDelayOfANak() {
        f.store(3).start(pullConfig());
        f.pull("in", 10);
        f.say(delivery(0), "-NAK {\"delay\":2000000000}");
        f.say(delivery(1), "-NAK 500ms");
        f.say(delivery(2), "-NAK nonsense");
        assertEquals(List.of(1L, 2L, 3L, 3L), f.sequences("in"));
        f.pass(500 * MILLI);
        assertEquals(List.of(1L, 2L, 3L, 3L, 2L), f.sequences("in"));
        f.pass(1500 * MILLI);
        assertEquals(List.of(1L, 2L, 3L, 3L, 2L, 1L), f.sequences("in"));
    }

    @Test
    void shouldIgnoreANakOrProgressForWhatIsNoLongerPending() {
        f.store(1).start(pullConfig());
        f.pull("in", 5);
        f.ack(delivery(0));
        f.say(delivery(0), "-NAK");
        f.say(delivery(0), "+WPI");
        assertEquals(1, f.messages("in").size());
        assertEquals(List.of(), f.env.published);
    }

    @Test
    void shouldRestartAckWaitOnProgress() {
        f.store(1).start(pullConfig().ackWait(SECOND));
        f.pull("in", 5);
        f.pass(900 * MILLI);
        f.say(delivery(0), "+WPI");
        f.pass(999 * MILLI);
        assertEquals(1, f.messages("in").size());
        f.pass(MILLI);
        assertEquals(2, f.messages("in").size());
    }

    @Test
    void shouldTakeAQueuedMessageBackOnProgress() {
        f.store(1).start(pullConfig().ackWait(SECOND));
        f.pull("in", 1);
        f.pass(SECOND);
        f.say(delivery(0), "+WPI");
        f.pull("in", 1);
        assertEquals(1, f.messages("in").size());
    }

    @Test
    void shouldNeverRedeliverWhatIsTerminated() {
        f.store(1).start(pullConfig().ackWait(SECOND));
        f.pull("in", 5);
        f.say(delivery(0), "+TERM bad \"order\"");
        f.pass(10 * SECOND);
        assertEquals(1, f.messages("in").size());
        assertEquals(1, f.consumer.info().ackFloorStreamSeq());
        assertEquals(List.of(1L), f.env.settled);
        String advisory = f.published("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.ORD.grp").get(0);
        assertTrue(advisory.contains("\"type\":\"io.nats.jetstream.advisory.v1.terminated\""), advisory);
        assertTrue(advisory.endsWith("\"deliveries\":1,\"reason\":\"bad \\\"order\\\"\"}"), advisory);
    }

    @Test
    void shouldAcknowledgeAndSendTheNextToTheReply() {
        f.store(4).start(pullConfig());
        f.pull("in", 1);
        f.say(delivery(0), "+NXT", "next");
        assertEquals(List.of("2"), f.order("next"));
        f.say(f.messages("next").get(0), "+NXT 2", "next");
        assertEquals(List.of("2", "3", "4"), f.order("next"));
        f.say(f.messages("next").get(1), "+NXT {\"batch\":1,\"no_wait\":true}", "more");
        assertEquals(List.of("404 No Messages"), f.statuses("more"));
        f.env.becomeDurable();
        assertEquals(List.of(), f.env.published, "the message is the answer");
        assertEquals(1, f.consumer.info().numAckPending());
    }

    @Test
    void shouldTakeALateAckWithAnOldDeliveryCount() {
        f.store(1).start(pullConfig().ackWait(SECOND));
        f.pull("in", 2);
        f.pass(SECOND);
        f.ack(delivery(0));
        assertEquals(0, f.consumer.info().numAckPending());
        assertEquals(0, f.consumer.info().numRedelivered());
        assertEquals(2, f.consumer.info().ackFloorConsumerSeq());
        f.pull("in", 1);
        f.pass(10 * SECOND);
        assertEquals(2, f.messages("in").size());
    }

    @Test
    void shouldDropAMessageThatRanOutOfDeliveriesOnlyWhenSomebodyPulls() {
        f.store(1).start(pullConfig().ackWait(SECOND).maxDeliver(2));
        f.pull("in", 2);
        f.pass(SECOND);
        f.pass(10 * SECOND);
        assertEquals(1, f.consumer.info().numAckPending());
        assertEquals(List.of(), f.env.published);
        f.pull("in", 1);
        assertEquals(0, f.consumer.info().numAckPending());
        assertEquals(1, f.consumer.info().numRedelivered());
        assertEquals(0, f.consumer.info().ackFloorStreamSeq());
        assertEquals(2, f.messages("in").size());
        List<String> advisories = f.published("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.ORD.grp");
        assertEquals(1, advisories.size());
        assertTrue(advisories.get(0).startsWith("{\"type\":\"io.nats.jetstream.advisory.v1.max_deliver\",\"id\":\""));
        assertTrue(advisories.get(0).endsWith("\"stream\":\"ORD\",\"consumer\":\"grp\",\"stream_seq\":1,"
            + "\"deliveries\":2}"), advisories.get(0));
        f.pass(100 * SECOND);
        assertEquals(1, f.env.published.size());
        assertEquals(List.of(), f.env.settled);
    }

    @Test
    void shouldStillNeedAMessageThatRanOutOfDeliveries() {
        f.store(1).start(pullConfig().ackWait(SECOND).maxDeliver(1));
        f.pull("in", 2);
        f.pass(SECOND);
        byte[] subject = "orders.new".getBytes(StandardCharsets.US_ASCII);
        assertTrue(f.consumer.unsettled(1, subject, 0, subject.length));
        f.ack(delivery(0));
        assertFalse(f.consumer.unsettled(1, subject, 0, subject.length));
        assertEquals(0, f.consumer.info().numRedelivered());
        assertEquals(List.of(1L), f.env.settled);
    }

    @Test
    void shouldNotCallRedeliveredWhatMayBeDeliveredOnce() {
        f.store(2).start(pullConfig().ackWait(SECOND).maxDeliver(1));
        f.pull("in", 3);
        f.pass(2 * SECOND);
        assertEquals(0, f.consumer.info().numAckPending());
        assertEquals(0, f.consumer.info().numRedelivered());
        f.restart();
        assertEquals(0, f.consumer.info().numRedelivered());
    }

    @Test
    void shouldTellWhatIsUnsettled() {
        f.partition.store("a.x", "", 1);
        f.partition.store("a.y", "", 1);
        f.start(pullConfig().filter("a.x"));
        byte[] x = "a.x".getBytes(StandardCharsets.US_ASCII);
        byte[] y = "a.y".getBytes(StandardCharsets.US_ASCII);
        assertTrue(f.consumer.unsettled(1, x, 0, 3));
        assertFalse(f.consumer.unsettled(2, y, 0, 3));
        f.pull("in", 1);
        assertTrue(f.consumer.unsettled(1, x, 0, 3), "delivered, not acknowledged");
        f.ack(delivery(0));
        assertFalse(f.consumer.unsettled(1, x, 0, 3));
        assertTrue(f.consumer.unsettled(3, x, 0, 3));
    }

    @Test
    void shouldPublishAMetricForSampledAcks() {
        f.store(1).start(pullConfig().sample(100));
        f.pull("in", 1);
        f.pass(5 * MILLI);
        f.ack(delivery(0));
        String metric = f.published("$JS.EVENT.METRIC.CONSUMER.ACK.ORD.grp").get(0);
        assertTrue(metric.contains("\"type\":\"io.nats.jetstream.metric.v1.consumer_ack\""), metric);
        assertTrue(metric.endsWith("\"consumer_seq\":1,\"stream_seq\":1,\"deliveries\":1,\"ack_time\":5000000}"),
            metric);
    }

    @Test
    void shouldForgetPendingMessagesThatWereRemoved() {
        f.store(3).start(pullConfig().ackWait(SECOND));
        f.pull("in", 3);
        f.remove(1, 1);
        assertEquals(2, f.consumer.info().numAckPending());
        assertEquals(1, f.consumer.info().ackFloorStreamSeq());
        f.remove(2, 3);
        assertEquals(0, f.consumer.info().numAckPending());
        assertEquals(3, f.consumer.info().ackFloorStreamSeq());
        f.pull("in", 3);
        f.pass(10 * SECOND);
        assertEquals(3, f.messages("in").size());
    }

    @Test
    void shouldSkipQueuedMessagesThatAreGone() {
        f.store(2).start(pullConfig().ackWait(SECOND));
        f.pull("in", 2);
        f.pass(SECOND);
        f.partition.remove(1);
        f.pull("in", 2);
        assertEquals(List.of(1L, 2L, 2L), f.sequences("in"));
        assertEquals(1, f.consumer.info().numAckPending());
        assertEquals(1, f.consumer.info().ackFloorStreamSeq());
    }

    @Test
    void shouldApplyAShorterAckWaitToWhatWaits() {
        f.store(1).start(pullConfig().ackWait(60 * SECOND));
        f.pull("in", 2);
        f.consumer.update(pullConfig().ackWait(2 * SECOND).build());
        f.pass(2 * SECOND);
        assertEquals(2, f.messages("in").size());
    }

    @Test
    void shouldBearThatSettledMessagesAreRemovedAtOnce() {
        f.store(6).start(pullConfig().ack(AckPolicy.ALL).maxAckPending(2));
        f.env.onSettled = sequence -> f.remove(sequence, sequence);
        f.pull("in", 6);
        f.ack(delivery(1));
        f.ack(delivery(3));
        f.ack(delivery(5));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), f.sequences("in"));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), f.env.settled);
        assertEquals(6, f.consumer.info().ackFloorStreamSeq());
        assertEquals(0, f.consumer.info().numPending());
    }

    @Test
    void shouldBearThatMessagesAreRemovedWhileTheyAreDelivered() {
        f.store(5).start(pullConfig().ack(AckPolicy.NONE));
        f.env.onSettled = sequence -> f.remove(sequence, sequence);
        f.pull("in", 5);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), f.sequences("in"));
        assertEquals(0, f.consumer.info().numPending());
    }
}
