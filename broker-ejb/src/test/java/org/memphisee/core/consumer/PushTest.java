package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.MILLI;
import static org.memphisee.core.consumer.ConsumerFixture.SECOND;
import static org.memphisee.core.consumer.ConsumerFixture.pullConfig;
import static org.memphisee.core.consumer.ConsumerFixture.pushConfig;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.SimulatedEnvironment.Frame;
import org.memphisee.core.wire.PullRequest;

class PushTest {

    private static final String HERE = "push.here";

    private final ConsumerFixture f = new ConsumerFixture();

    private static ConfigBuilder unacked() {
        return pushConfig().ack(AckPolicy.NONE);
    }

    private Frame flowControl() {
        return f.frames(HERE).stream().filter(x -> x.status().equals("NATS/1.0 100 FlowControl Request\r\n\r\n"))
            .reduce((a, b) -> b).orElseThrow();
    }

    private void storeLarge(int count) {
        String payload = "x".repeat(100_000);
        for (int i = 0; i < count; i++) {
            f.partition.store("a", payload, 1);
        }
    }

    @Test
    void shouldNotDeliverWhileItIsConstructed() {
        f.store(1);
        ConsumerConfig config = unacked().build();
        f.consumer = new Consumer(config, 0, 1, Optional.empty(), f.partition, f.env);
        assertEquals(List.of(), f.order(HERE));
        assertEquals(1, f.consumer.info().numPending());
        f.pass(20 * MILLI);
        assertEquals(List.of("1"), f.order(HERE));
    }

    @Test
    void shouldDeliverWhenThereIsInterestAndPauseWithout() {
        f.env.inbox(HERE).interest = false;
        f.store(2).start(unacked());
        assertEquals(List.of(), f.order(HERE));
        assertFalse(f.consumer.info().pushBound());
        f.env.inbox(HERE).interest = true;
        f.consumer.interestChanged();
        assertEquals(List.of(1L, 2L), f.sequences(HERE));
        assertTrue(f.consumer.info().pushBound());
        f.env.inbox(HERE).interest = false;
        f.consumer.interestChanged();
        f.commit(1);
        assertEquals(List.of(1L, 2L), f.sequences(HERE));
        f.env.inbox(HERE).interest = true;
        f.consumer.interestChanged();
        assertEquals(List.of(1L, 2L, 3L), f.sequences(HERE));
        assertEquals(List.of(1L, 2L, 3L), f.messages(HERE).stream().map(Frame::consumerSeq).toList());
    }

    @Test
    void shouldDeliverToTheQueueGroup() {
        f.store(1).start(unacked().group("workers"));
        assertEquals("workers", f.env.inbox(HERE).queueGroup);
        assertEquals(List.of(1L), f.sequences(HERE));
    }

    @Test
    void shouldRedeliverUnacknowledgedPushes() {
        f.store(1).start(pushConfig().ackWait(SECOND));
        f.pass(SECOND);
        assertEquals(List.of(1L, 2L), f.messages(HERE).stream().map(Frame::delivered).toList());
        f.ack(f.messages(HERE).get(1));
        f.pass(5 * SECOND);
        assertEquals(2, f.messages(HERE).size());
    }

    @Test
    void shouldSendHeartbeatsWithoutTraffic() {
        f.store(1).start(unacked().heartbeat(SECOND));
        f.pass(600 * MILLI);
        f.commit(1);
        f.pass(999 * MILLI);
        assertEquals(List.of(), f.statuses(HERE));
        f.pass(MILLI);
        assertEquals(List.of("100 Idle Heartbeat|Nats-Last-Consumer: 2|Nats-Last-Stream: 2"), f.statuses(HERE));
        f.pass(SECOND);
        assertEquals(2, f.statuses(HERE).size());
        f.env.inbox(HERE).interest = false;
        f.consumer.interestChanged();
        f.pass(10 * SECOND);
        assertEquals(2, f.statuses(HERE).size());
    }

    @Test
    void shouldAskForFlowControlOnceWhenHalfTheWindowIsOut() {
        storeLarge(30);
        f.start(unacked().heartbeat(SECOND).flowControl());
        f.pass(MILLI);
        List<String> order = f.order(HERE);
        assertEquals("100 FlowControl Request", order.get(11), "after more than 1 MiB");
        assertEquals(1, order.stream().filter(s -> s.startsWith("100")).count());
        assertTrue(flowControl().reply().matches("\\$JS\\.FC\\.ORD\\.grp\\.[A-Za-z0-9]{4}"), flowControl().reply());
    }

    @Test
    void shouldStopAtTheFullWindowAndGoOnWhenAnswered() {
        storeLarge(100);
        f.start(unacked().heartbeat(SECOND).flowControl());
        f.pass(MILLI);
        assertEquals(21, f.messages(HERE).size(), "the window is 2 MiB");
        f.consumer.flowControlAnswered("$JS.FC.ORD.grp.none");
        assertEquals(21, f.messages(HERE).size());
        f.consumer.flowControlAnswered(flowControl().reply());
        f.pass(MILLI);
        // 11 of 21 were answered for; the window is 4 MiB now.
        assertEquals(11 + 42, f.messages(HERE).size());
    }

    @Test
    void shouldTellInHeartbeatsThatItIsStalled() {
        storeLarge(30);
        f.start(unacked().heartbeat(SECOND).flowControl());
        f.pass(SECOND + MILLI);
        assertEquals("100 Idle Heartbeat|Nats-Last-Consumer: 21|Nats-Last-Stream: 21|Nats-Consumer-Stalled: "
            + flowControl().reply(), f.statuses(HERE).get(1));
    }

    @Test
    void shouldForgetFlowControlWhenTheListenerLeaves() {
        storeLarge(30);
        f.start(unacked().heartbeat(SECOND).flowControl());
        f.pass(MILLI);
        f.env.inbox(HERE).interest = false;
        f.consumer.interestChanged();
        f.env.inbox(HERE).interest = true;
        f.consumer.interestChanged();
        f.pass(MILLI);
        assertEquals(30, f.messages(HERE).size());
    }

    @Test
    void shouldKeepToTheRateLimit() {
        storeLarge(20);
        // 100 kB is 800 kbit: ten of them a second.
        f.start(unacked().rateLimit(8_000_000));
        f.pass(SECOND);
        int sent = f.messages(HERE).size();
        assertTrue(sent >= 9 && sent <= 11, "messages in a second: " + sent);
        f.pass(SECOND);
        assertTrue(f.messages(HERE).size() - sent <= 10);
        f.pass(SECOND);
        assertEquals(20, f.messages(HERE).size());
    }

    @Test
    void shouldFollowAChangedDeliverSubject() {
        f.env.inbox(HERE).interest = false;
        f.store(1).start(unacked());
        f.consumer.update(unacked().deliverSubject("push.there").build());
        assertEquals(List.of("1"), f.order("push.there"));
    }

    @Test
    void shouldBeRemovedWhenNobodyListensForTheThreshold() {
        f.start(unacked().inactive(5 * SECOND));
        f.pass(60 * SECOND);
        assertEquals(0, f.env.removals);
        f.env.inbox(HERE).interest = false;
        f.consumer.interestChanged();
        f.pass(5 * SECOND - 1);
        assertEquals(0, f.env.removals);
        f.pass(1);
        assertEquals(1, f.env.removals);
        f.pass(60 * SECOND);
        assertEquals(1, f.env.removals);
    }

    @Test
    void shouldRemoveAnIdlePullConsumerAfterTheThreshold() {
        f.store(1).start(pullConfig().inactive(5 * SECOND));
        f.pass(4 * SECOND);
        f.pull("in", 2);
        f.pass(34 * SECOND);
        assertEquals(0, f.env.removals, "the request waited for 30 s");
        f.ack(f.messages("in").get(0));
        f.pass(4 * SECOND);
        assertEquals(0, f.env.removals);
        f.pass(2 * SECOND);
        assertEquals(1, f.env.removals);
    }

    @Test
    void shouldNotBeKeptByARequestOfALostInbox() {
        f.start(pullConfig().inactive(5 * SECOND));
        f.consumer.pull(new PullRequest("in", 2, 0, false, 0, 0));
        f.pass(60 * SECOND);
        assertEquals(0, f.env.removals);
        f.env.inbox("in").interest = false;
        f.pass(10 * SECOND + 1);
        assertEquals(1, f.env.removals);
    }

    @Test
    void shouldPauseForACongestedListener() {
        f.env.inbox(HERE).congested = true;
        f.store(1).start(unacked());
        assertEquals(List.of(), f.order(HERE));
        f.env.inbox(HERE).congested = false;
        f.pass(MILLI);
        assertEquals(List.of("1"), f.order(HERE));
    }
}
