package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.ConsumerContext;
import io.nats.client.Dispatcher;
import io.nats.client.FetchConsumer;
import io.nats.client.IterableConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.OrderedConsumerContext;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.it.support.Brokers;

/** jnats consumers: pull and push, old and new interfaces, every kind of answer to a delivery. */
@SuppressWarnings("try") // the close methods of jnats may throw InterruptedException
final class JnatsConsumersIT {
    private JnatsFixture nats;

    @BeforeEach
    void connect() throws Exception {
        nats = new JnatsFixture(Brokers.shared());
    }

    @AfterEach
    void disconnect() throws Exception {
        nats.close();
    }

    private static List<Long> sequences(List<Message> messages) {
        return messages.stream().map(m -> m.metaData().streamSequence()).toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static ConsumerConfiguration.Builder explicit(String durable) {
        return ConsumerConfiguration.builder().durable(durable).ackPolicy(AckPolicy.Explicit);
    }

    /** The next message within the test's patience; pulls again as often as needed. */
    private static Message next(ConsumerContext consumer) throws Exception {
        long end = System.nanoTime() + JnatsFixture.WAIT.toNanos();
        while (System.nanoTime() < end) {
            Message message = consumer.next(Duration.ofSeconds(2));
            if (message != null) {
                return message;
            }
        }
        throw new AssertionError("no message within " + JnatsFixture.WAIT);
    }

    @Test
    void shouldManageConsumers() throws Exception {
        String stream = nats.stream();
        JetStreamManagement jsm = nats.jsm();
        nats.fill(stream, 3);
        ConsumerInfo info = jsm.addOrUpdateConsumer(stream, explicit("d1").maxDeliver(4).filterSubject(stream + ".1")
                .build());
        assertEquals(1, info.getNumPending());
        assertEquals(4, info.getConsumerConfiguration().getMaxDeliver());
        assertEquals(Duration.ofSeconds(30), info.getConsumerConfiguration().getAckWait());
        jsm.addOrUpdateConsumer(stream, explicit("d1").maxDeliver(5).filterSubject(stream + ".1").build());
        assertEquals(5, jsm.getConsumerInfo(stream, "d1").getConsumerConfiguration().getMaxDeliver());
        jsm.addOrUpdateConsumer(stream, explicit("d2").build());
        assertEquals(List.of("d1", "d2"), jsm.getConsumerNames(stream).stream().sorted().toList());
        assertEquals(2, jsm.getConsumers(stream).size());
        JetStreamApiException policy = assertThrows(JetStreamApiException.class, () -> jsm.addOrUpdateConsumer(stream,
                ConsumerConfiguration.builder().durable("d2").ackPolicy(AckPolicy.All).build()));
        assertEquals(10012, policy.getApiErrorCode());
        assertTrue(jsm.deleteConsumer(stream, "d1"));
        JetStreamApiException gone = assertThrows(JetStreamApiException.class, () -> jsm.getConsumerInfo(stream, "d1"));
        assertEquals(10014, gone.getApiErrorCode());
    }

    @Test
    void shouldServePullSubscriptionsByFetchIterateAndPull() throws Exception {
        String stream = nats.stream();
        nats.fill(stream, 30);
        JetStreamSubscription sub = nats.js().subscribe(stream + ".>", PullSubscribeOptions.builder().durable("puller")
                .build());
        List<Message> fetched = sub.fetch(10, JnatsFixture.WAIT);
        assertEquals(range(1, 10), sequences(fetched));
        fetched.forEach(Message::ack);
        List<Message> iterated = new ArrayList<>();
        sub.iterate(10, JnatsFixture.WAIT).forEachRemaining(iterated::add);
        assertEquals(range(11, 20), sequences(iterated));
        iterated.forEach(Message::ack);
        sub.pullNoWait(20);
        List<Message> pulled = new ArrayList<>();
        while (pulled.size() < 10) {
            Message message = sub.nextMessage(JnatsFixture.WAIT);
            assertNotNull(message);
            if (message.isJetStream()) {
                pulled.add(message);
                message.ack();
            }
        }
        assertEquals(range(21, 30), sequences(pulled));
        assertEquals(0, pulled.get(9).metaData().pendingCount());
        long start = System.nanoTime();
        assertEquals(List.of(), sub.fetch(5, Duration.ofMillis(500)));
        assertTrue(System.nanoTime() - start < JnatsFixture.WAIT.toNanos());
        JnatsFixture.await("acknowledged", () -> sub.getConsumerInfo().getNumAckPending() == 0);
    }

    @Test
    void shouldServeConsumerContexts() throws Exception {
        String stream = nats.stream();
        nats.fill(stream, 100);
        nats.jsm().addOrUpdateConsumer(stream, explicit("c").build());
        ConsumerContext consumer = nats.js().getConsumerContext(stream, "c");
        Message first = next(consumer);
        assertEquals(1, first.metaData().streamSequence());
        assertEquals(1, first.metaData().deliveredCount());
        assertEquals(99, first.metaData().pendingCount());
        first.ackSync(JnatsFixture.WAIT);
        List<Message> messages = new ArrayList<>();
        try (FetchConsumer fetch = consumer.fetchMessages(9)) {
            for (Message m = fetch.nextMessage(); m != null; m = fetch.nextMessage()) {
                m.ack();
                messages.add(m);
            }
        }
        try (IterableConsumer iterable = consumer.iterate()) {
            while (messages.size() < 49) {
                Message m = iterable.nextMessage(JnatsFixture.WAIT);
                m.ack();
                messages.add(m);
            }
            // what the client had already pulled ahead stays with it: give it back
            iterable.stop();
            for (Message m = iterable.nextMessage(1000); m != null; m = iterable.nextMessage(1000)) {
                m.ack();
                messages.add(m);
            }
        }
        ConcurrentLinkedQueue<Message> consumed = new ConcurrentLinkedQueue<>();
        int before = messages.size();
        try (MessageConsumer running = consumer.consume(message -> {
            message.ack();
            consumed.add(message);
        })) {
            assertNotNull(running);
            JnatsFixture.await("consumed", () -> before + consumed.size() >= 99);
        }
        messages.addAll(consumed);
        assertEquals(range(2, 100), sequences(messages));
        JnatsFixture.await("acknowledged", () -> consumer.getConsumerInfo().getNumAckPending() == 0);
    }

    @Test
    void shouldServeOrderedConsumers() throws Exception {
        String stream = nats.stream();
        nats.fill(stream, 60);
        OrderedConsumerContext ordered = nats.connection().getStreamContext(stream)
                .createOrderedConsumer(new OrderedConsumerConfiguration());
        List<Message> messages = new ArrayList<>();
        try (IterableConsumer iterable = ordered.iterate()) {
            while (messages.size() < 60) {
                messages.add(iterable.nextMessage(JnatsFixture.WAIT));
            }
        }
        assertEquals(range(1, 60), sequences(messages));
        JetStreamSubscription push = nats.js().subscribe(stream + ".1",
                PushSubscribeOptions.builder().ordered(true).build());
        List<Message> pushed = new ArrayList<>();
        while (pushed.size() < 20) {
            pushed.add(push.nextMessage(JnatsFixture.WAIT));
        }
        assertEquals(2, sequences(pushed).get(0));
        assertEquals(59, sequences(pushed).get(19));
        push.unsubscribe();
    }

    @Test
    void shouldPushToDurableAndEphemeralSubscribers() throws Exception {
        String stream = nats.stream();
        nats.fill(stream, 5);
        JetStreamSubscription ephemeral = nats.js().subscribe(stream + ".>");
        JetStreamSubscription durable = nats.js().subscribe(stream + ".>",
                PushSubscribeOptions.builder().durable("keeper").build());
        for (JetStreamSubscription sub : List.of(ephemeral, durable)) {
            List<Message> got = new ArrayList<>();
            while (got.size() < 5) {
                Message message = sub.nextMessage(JnatsFixture.WAIT);
                message.ack();
                got.add(message);
            }
            assertEquals(range(1, 5), sequences(got));
        }
        JnatsFixture.await("acknowledged", () -> nats.jsm().getConsumerInfo(stream, "keeper").getNumAckPending() == 0);
        durable.unsubscribe();
        nats.connection().flush(JnatsFixture.WAIT);
        JnatsFixture.await("not bound", () -> !nats.jsm().getConsumerInfo(stream, "keeper").isPushBound());
        nats.fill(stream, 2);
        JetStreamSubscription again = nats.js().subscribe(stream + ".>",
                PushSubscribeOptions.builder().durable("keeper").build());
        assertEquals(6, again.nextMessage(JnatsFixture.WAIT).metaData().streamSequence());
        assertEquals(7, again.nextMessage(JnatsFixture.WAIT).metaData().streamSequence());
    }

    @Test
    void shouldPushToQueueGroups() throws Exception {
        String stream = nats.stream();
        List<ConcurrentLinkedQueue<Long>> got = List.of(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        for (ConcurrentLinkedQueue<Long> mine : got) {
            Dispatcher dispatcher = nats.connection().createDispatcher();
            nats.js().subscribe(stream + ".>", "workers", dispatcher, message -> {
                mine.add(message.metaData().streamSequence());
                message.ack();
            }, false, PushSubscribeOptions.builder().durable("workers").build());
        }
        nats.fill(stream, 200);
        JnatsFixture.await("all delivered", () -> got.get(0).size() + got.get(1).size() >= 200);
        List<Long> all = new ArrayList<>(got.get(0));
        all.addAll(got.get(1));
        Collections.sort(all);
        assertEquals(range(1, 200), all);
        assertTrue(!got.get(0).isEmpty() && !got.get(1).isEmpty());
    }

    @Test
    void shouldControlTheFlowOfPushes() throws Exception {
        String stream = nats.stream();
        byte[] block = new byte[64 * 1024];
        JetStreamSubscription sub = nats.js().subscribe(stream + ".>", PushSubscribeOptions.builder().configuration(
                ConsumerConfiguration.builder().ackPolicy(AckPolicy.None).flowControl(500).build()).build());
        sub.setPendingLimits(-1, -1);
        for (int i = 0; i < 200; i++) {
            nats.js().publishAsync(stream + ".blob", block);
        }
        for (long i = 1; i <= 200; i++) {
            Message message = sub.nextMessage(JnatsFixture.WAIT);
            assertNotNull(message, "message " + i);
            assertEquals(i, message.metaData().streamSequence());
            assertEquals(block.length, message.getData().length);
        }
        sub.unsubscribe();
    }

    @Test
    void shouldHonourEveryKindOfAcknowledgement() throws Exception {
        String stream = nats.stream();
        JetStreamManagement jsm = nats.jsm();
        jsm.addOrUpdateConsumer(stream, explicit("c").ackWait(3000).maxDeliver(3).build());
        Subscription advisories = nats.connection().subscribe("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES." + stream
                + ".c");
        ConsumerContext consumer = nats.js().getConsumerContext(stream, "c");

        nats.fill(stream, 1);
        next(consumer).nak();
        Message again = next(consumer);
        assertEquals(2, again.metaData().deliveredCount());
        assertEquals(1, again.metaData().streamSequence());
        again.ackSync(JnatsFixture.WAIT);

        nats.fill(stream, 1);
        long start = System.nanoTime();
        next(consumer).nakWithDelay(1500);
        Message delayed = next(consumer);
        assertEquals(2, delayed.metaData().streamSequence());
        assertTrue(System.nanoTime() - start >= 1_400_000_000L);
        delayed.ackSync(JnatsFixture.WAIT);

        nats.fill(stream, 1);
        next(consumer).term();
        assertNull(consumer.next(Duration.ofSeconds(2)));

        nats.fill(stream, 1);
        Message working = next(consumer);
        assertEquals(4, working.metaData().streamSequence());
        for (int i = 0; i < 6; i++) {
            working.inProgress();
            assertNull(consumer.next(Duration.ofSeconds(1)), "in progress, so nobody else gets it");
        }
        working.ackSync(JnatsFixture.WAIT);

        nats.fill(stream, 1);
        for (int delivery = 1; delivery <= 3; delivery++) {
            Message silent = next(consumer);
            assertEquals(5, silent.metaData().streamSequence());
            assertEquals(delivery, silent.metaData().deliveredCount(), "redelivered when the ack wait is over");
        }
        assertNull(consumer.next(Duration.ofSeconds(5)), "max deliver");
        Message advisory = advisories.nextMessage(JnatsFixture.WAIT);
        assertNotNull(advisory);
        String event = new String(advisory.getData(), StandardCharsets.UTF_8).replace(" ", "");
        assertTrue(event.contains("\"stream_seq\":5") && event.contains("\"deliveries\":3"), event);
    }

    @Test
    void shouldAcknowledgeAllBeforeWhenThePolicyIsAll() throws Exception {
        String stream = nats.stream();
        nats.fill(stream, 10);
        nats.jsm().addOrUpdateConsumer(stream,
                ConsumerConfiguration.builder().durable("all").ackPolicy(AckPolicy.All).build());
        ConsumerContext consumer = nats.js().getConsumerContext(stream, "all");
        List<Message> messages = new ArrayList<>();
        try (FetchConsumer fetch = consumer.fetchMessages(10)) {
            for (Message m = fetch.nextMessage(); m != null; m = fetch.nextMessage()) {
                messages.add(m);
            }
        }
        messages.get(6).ackSync(JnatsFixture.WAIT);
        ConsumerInfo info = consumer.getConsumerInfo();
        assertEquals(3, info.getNumAckPending());
        assertEquals(7, info.getAckFloor().getStreamSequence());
    }

    @Test
    void shouldStartWhereTheDeliverPolicySays() throws Exception {
        String stream = nats.stream();
        nats.fill(stream, 9);
        assertEquals(1, firstOf(stream, ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.All)));
        assertEquals(9, firstOf(stream, ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.Last)));
        assertEquals(4, firstOf(stream, ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(4)));
        assertEquals(7, firstOf(stream, ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.LastPerSubject)
                .filterSubject(stream + ".>")));
        assertEquals(3, firstOf(stream, ConsumerConfiguration.builder().filterSubject(stream + ".2")));
        assertEquals(0, firstOf(stream, ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.New)));
    }

    private long firstOf(String stream, ConsumerConfiguration.Builder config) throws Exception {
        String name = JnatsFixture.name("first");
        nats.jsm().addOrUpdateConsumer(stream, config.durable(name).ackPolicy(AckPolicy.Explicit).build());
        Message message = nats.js().getConsumerContext(stream, name).next(Duration.ofSeconds(1));
        return message == null ? 0 : message.metaData().streamSequence();
    }

    @Test
    void shouldHoldNewMessagesBackAtMaxAckPending() throws Exception {
        String stream = nats.stream();
        nats.fill(stream, 5);
        nats.jsm().addOrUpdateConsumer(stream, explicit("c").maxAckPending(2).build());
        ConsumerContext consumer = nats.js().getConsumerContext(stream, "c");
        Message first = next(consumer);
        next(consumer);
        assertNull(consumer.next(Duration.ofSeconds(1)));
        first.ackSync(JnatsFixture.WAIT);
        assertEquals(3, next(consumer).metaData().streamSequence());
    }

    @Test
    void shouldTellWaitingPullsThatTheConsumerIsGone() throws Exception {
        String stream = nats.stream();
        nats.jsm().addOrUpdateConsumer(stream, explicit("c").build());
        String inbox = nats.connection().createInbox();
        Subscription answers = nats.connection().subscribe(inbox);
        nats.connection().publish("$JS.API.CONSUMER.MSG.NEXT." + stream + ".c", inbox,
                JnatsFixture.bytes("{\"batch\":1,\"expires\":30000000000}"));
        JnatsFixture.await("waits", () -> nats.jsm().getConsumerInfo(stream, "c").getNumWaiting() == 1);
        nats.jsm().deleteConsumer(stream, "c");
        Message status = answers.nextMessage(JnatsFixture.WAIT);
        assertEquals(409, status.getStatus().getCode());
        assertEquals("Consumer Deleted", status.getStatus().getMessage());
    }
}
