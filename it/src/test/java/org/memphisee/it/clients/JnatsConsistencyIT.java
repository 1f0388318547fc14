package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.ConsumerContext;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PublishOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.memphisee.it.support.Brokers;

/**
 * The consistency rules of jetstream-api 6.16, by their numbers. A restart takes a while: what must hold after one is told by
 * the tests with {@link #afterRestart} and tried by the last of them, for all together.
 */
@Tag("restart")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@SuppressWarnings("try") // the close methods of jnats may throw InterruptedException
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class JnatsConsistencyIT {
    private static final int LAST = Integer.MAX_VALUE;
    private static final Map<String, Executable> AFTER = new LinkedHashMap<>();
    private static JnatsFixture nats;

    @BeforeAll
    static void connect() throws Exception {
        nats = new JnatsFixture(Brokers.shared());
    }

    @AfterAll
    static void disconnect() throws Exception {
        nats.close();
    }

    /** What must hold after the next restart; it may tell what must hold after one more. */
    private static void afterRestart(String what, Executable holds) {
        AFTER.put(what, holds);
    }

    @TestFactory
    @Order(LAST)
    Stream<DynamicNode> shouldKeepAllOfItOverRestarts() throws Exception {
        assertEquals(5, AFTER.size(), () -> "what tests before this one expect: " + AFTER.keySet());
        return Stream.of(afterOneRestart("after the first restart"), afterOneRestart("after the second restart"));
    }

    /** The restart is the first of its tests, since a factory's container is made before the tests of the one before have run. */
    private static DynamicNode afterOneRestart(String name) {
        Map<String, Executable> now = new LinkedHashMap<>();
        return DynamicContainer.dynamicContainer(name, Stream.of(0).flatMap(once -> {
            now.putAll(AFTER);
            AFTER.clear();
            return Stream.concat(Stream.of(DynamicTest.dynamicTest("restart", nats::restartBroker)), now.entrySet().stream()
                    .map(each -> DynamicTest.dynamicTest(each.getKey(), each.getValue())));
        }));
    }

    private static ConsumerConfiguration explicit(String durable) {
        return ConsumerConfiguration.builder().durable(durable).ackPolicy(AckPolicy.Explicit).build();
    }

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

    private void assertQuiet(String stream, String consumer, long floor) throws Exception {
        ConsumerInfo info = nats.jsm().getConsumerInfo(stream, consumer);
        assertEquals(0, info.getNumAckPending());
        assertEquals(0, info.getNumPending());
        assertEquals(floor, info.getAckFloor().getStreamSequence());
        assertEquals(info.getDelivered().getStreamSequence(), info.getAckFloor().getStreamSequence());
        assertEquals(info.getDelivered().getConsumerSequence(), info.getAckFloor().getConsumerSequence());
    }

    @Test
    void shouldDeliverEveryMessageFirstExactlyOnceToConcurrentPulls() throws Exception { // rules 1 and 2
        int count = 3000;
        String stream = nats.stream();
        List<Future<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            acks.add(nats.js().publishAsync(stream + ".a", JnatsFixture.bytes("m" + i)));
        }
        for (Future<PublishAck> ack : acks) {
            ack.get(30, TimeUnit.SECONDS);
        }
        nats.jsm().addOrUpdateConsumer(stream, explicit("shared"));
        ConcurrentLinkedQueue<Long> first = new ConcurrentLinkedQueue<>();
        AtomicInteger acknowledged = new AtomicInteger();
        ExecutorService members = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(members.submit(member(stream, first, acknowledged, count)));
            }
            for (Future<Boolean> member : all) {
                assertTrue(member.get(60, TimeUnit.SECONDS));
            }
        } finally {
            members.shutdownNow();
        }
        assertEquals(LongStream.rangeClosed(1, count).boxed().toList(), first.stream().sorted().toList());
        assertQuiet(stream, "shared", count);
        afterRestart("a group that has read everything is quiet", () -> assertQuiet(stream, "shared", count));
    }

    private Callable<Boolean> member(String stream, ConcurrentLinkedQueue<Long> first, AtomicInteger acknowledged,
            int count) {
        return () -> {
            try (Connection connection = JnatsFixture.connect(Brokers.shared())) {
                JetStreamSubscription sub = connection.jetStream().subscribe(null,
                        PullSubscribeOptions.bind(stream, "shared"));
                while (acknowledged.get() < count) {
                    for (Message message : sub.fetch(50, Duration.ofSeconds(1))) {
                        if (message.metaData().deliveredCount() == 1) {
                            first.add(message.metaData().streamSequence());
                        }
                        message.ackSync(JnatsFixture.WAIT);
                        acknowledged.incrementAndGet();
                    }
                }
                return true;
            }
        };
    }

    @Test
    void shouldRedeliverAfterARestartWhatWasNotAcknowledged() throws Exception { // rule 3
        String stream = nats.stream();
        nats.fill(stream, 2);
        nats.jsm().addOrUpdateConsumer(stream,
                ConsumerConfiguration.builder().durable("c").ackPolicy(AckPolicy.Explicit)
                .ackWait(3000).build());
        ConsumerContext consumer = nats.js().getConsumerContext(stream, "c");
        next(consumer).ackSync(JnatsFixture.WAIT);
        assertEquals(1, next(consumer).metaData().deliveredCount());
        afterRestart("what was not acknowledged comes again", () -> {
            Message again = next(nats.js().getConsumerContext(stream, "c"));
            assertEquals(2, again.metaData().streamSequence());
            assertTrue(again.metaData().deliveredCount() >= 2, "delivered " + again.metaData().deliveredCount());
            again.ackSync(JnatsFixture.WAIT);
            ConsumerInfo info = nats.jsm().getConsumerInfo(stream, "c");
            assertEquals(0, info.getNumAckPending());
            assertEquals(2, info.getAckFloor().getStreamSequence());
        });
    }

    @Test
    void shouldCountPendingExactly() throws Exception { // rule 4
        String stream = nats.stream(b -> b.maxAge(Duration.ofHours(1)));
        nats.fill(stream, 12);
        nats.jsm().addOrUpdateConsumer(stream, explicit("all"));
        nats.jsm().addOrUpdateConsumer(stream,
                ConsumerConfiguration.builder().durable("one").ackPolicy(AckPolicy.Explicit)
                .filterSubject(stream + ".1").build());
        assertPending(stream, 12, 4);
        for (int i = 0; i < 3; i++) {
            next(nats.js().getConsumerContext(stream, "all")).ackSync(JnatsFixture.WAIT);
        }
        assertPending(stream, 9, 4);
        nats.fill(stream, 3);
        assertPending(stream, 12, 5);
        nats.jsm().updateStream(StreamConfiguration.builder(nats.jsm().getStreamInfo(stream).getConfiguration())
                .maxAge(Duration.ofSeconds(1)).duplicateWindow(Duration.ofSeconds(1)).build());
        JnatsFixture.await("age limit empties the stream",
                () -> nats.jsm().getStreamInfo(stream).getStreamState().getMsgCount() == 0);
        assertPending(stream, 0, 0);
        nats.jsm().updateStream(StreamConfiguration.builder(nats.jsm().getStreamInfo(stream).getConfiguration())
                .maxAge(Duration.ofHours(1)).build());
        nats.fill(stream, 1);
        assertEquals(1, nats.jsm().getConsumerInfo(stream, "all").getNumPending());
    }

    @Test
    void shouldCountPendingExactlyAfterPurges() throws Exception { // rule 4, which the reference itself breaks here
        Brokers.assumeMemphis(Brokers.shared());
        String stream = nats.stream();
        nats.fill(stream, 12);
        nats.jsm().addOrUpdateConsumer(stream, explicit("all"));
        nats.jsm().addOrUpdateConsumer(stream,
                ConsumerConfiguration.builder().durable("one").ackPolicy(AckPolicy.Explicit)
                .filterSubject(stream + ".1").build());
        for (int i = 0; i < 3; i++) {
            next(nats.js().getConsumerContext(stream, "all")).ackSync(JnatsFixture.WAIT);
        }
        nats.jsm().purgeStream(stream, PurgeOptions.subject(stream + ".2"));
        assertPending(stream, 6, 4);
        nats.jsm().purgeStream(stream, PurgeOptions.builder().subject(stream + ".1").keep(1).build());
        assertPending(stream, 4, 1);
        nats.jsm().deleteMessage(stream, 10);
        assertPending(stream, 3, 1);
        nats.fill(stream, 3);
        assertPending(stream, 6, 2);
        nats.jsm().purgeStream(stream);
        assertPending(stream, 0, 0);
    }

    private void assertPending(String stream, long all, long one) throws Exception {
        org.memphisee.it.support.Eventually.value("pending " + all + " and " + one, JnatsFixture.WAIT, () -> List.of(
                nats.jsm().getConsumerInfo(stream, "all").getNumPending(),
                nats.jsm().getConsumerInfo(stream, "one").getNumPending()), List.of(all, one)::equals);
    }

    @Test
    void shouldLetTheFloorPassDeletedAndPurgedMessages() throws Exception { // rule 5
        String stream = nats.stream();
        nats.fill(stream, 6);
        nats.jsm().addOrUpdateConsumer(stream, explicit("c"));
        ConsumerContext consumer = nats.js().getConsumerContext(stream, "c");
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            messages.add(next(consumer));
        }
        nats.jsm().deleteMessage(stream, 2);
        nats.jsm().purgeStream(stream, PurgeOptions.builder().sequence(2).build());
        for (int i = 2; i < 6; i++) {
            messages.get(i).ackSync(JnatsFixture.WAIT);
        }
        JnatsFixture.await("floor passes what is gone", () -> {
            ConsumerInfo info = nats.jsm().getConsumerInfo(stream, "c");
            return info.getNumAckPending() == 0 && info.getAckFloor().getStreamSequence() == 6;
        });
    }

    @Test
    void shouldNeverTurnSequencesBack() throws Exception { // rule 6
        String stream = nats.stream();
        nats.fill(stream, 10);
        nats.jsm().purgeStream(stream, PurgeOptions.builder().sequence(6).build());
        assertSequences(stream, 6, 10);
        afterRestart("sequences do not turn back", () -> {
            assertSequences(stream, 6, 10);
            nats.jsm().purgeStream(stream);
            assertSequences(stream, 11, 10);
            afterRestart("those of an emptied stream neither", () -> {
                assertSequences(stream, 11, 10);
                assertEquals(11, nats.js().publish(stream + ".x", JnatsFixture.bytes("x")).getSeqno());
                assertSequences(stream, 11, 11);
            });
        });
    }

    private void assertSequences(String stream, long first, long last) throws Exception {
        StreamState state = nats.jsm().getStreamInfo(stream).getStreamState();
        assertEquals(List.of(first, last), List.of(state.getFirstSequence(), state.getLastSequence()));
    }

    @Test
    void shouldRememberMessageIdsOverARestart() throws Exception { // rule 7
        String stream = nats.stream(b -> b.duplicateWindow(Duration.ofMinutes(10)));
        for (int i = 0; i < 20; i++) {
            nats.js().publish(stream + ".a", JnatsFixture.bytes("m" + i), PublishOptions.builder().messageId("id"
                    + i).build());
        }
        afterRestart("message ids are remembered", () -> {
            for (int i = 0; i < 20; i++) {
                PublishAck ack = nats.js().publish(stream + ".a", JnatsFixture.bytes("m" + i),
                        PublishOptions.builder().messageId("id" + i).build());
                assertTrue(ack.isDuplicate());
                assertEquals(i + 1, ack.getSeqno());
            }
            assertEquals(20, nats.jsm().getStreamInfo(stream).getStreamState().getMsgCount());
        });
    }

    @Test
    void shouldLetTwoClientsCreateTheSameDurableAtOnce() throws Exception { // rule 8
        String stream = nats.stream();
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try (Connection other = JnatsFixture.connect(Brokers.shared())) {
            for (int round = 0; round < 20; round++) {
                String durable = "d" + round;
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<ConsumerInfo>> created = new ArrayList<>();
                for (Connection connection : List.of(nats.connection(), other)) {
                    created.add(clients.submit(() -> {
                        start.await(30, TimeUnit.SECONDS);
                        return connection.jetStreamManagement().addOrUpdateConsumer(stream, explicit(durable));
                    }));
                }
                for (Future<ConsumerInfo> info : created) {
                    assertNotNull(info.get(30, TimeUnit.SECONDS));
                }
            }
        } finally {
            clients.shutdownNow();
        }
        assertEquals(20, nats.jsm().getConsumerNames(stream).size());
    }

    @Test
    void shouldKeepKeyValueEntriesAndConfigurationsOverARestart() throws Exception {
        String stream = nats.stream(b -> b.description("kept").maxMessages(7).allowDirect(true));
        nats.fill(stream, 9);
        nats.jsm().addOrUpdateConsumer(stream,
                ConsumerConfiguration.builder().durable("c").ackPolicy(AckPolicy.Explicit)
                .description("kept too").filterSubject(stream + ".1").maxDeliver(4).build());
        afterRestart("configurations and entries are kept", () -> assertKept(stream));
    }

    private void assertKept(String stream) throws Exception {
        assertEquals("kept", nats.jsm().getStreamInfo(stream).getConfiguration().getDescription());
        assertSequences(stream, 3, 9);
        assertEquals("m9", new String(nats.jsm().getLastMessage(stream, stream + ".2").getData(),
                java.nio.charset.StandardCharsets.UTF_8));
        ConsumerInfo info = nats.jsm().getConsumerInfo(stream, "c");
        assertEquals(4, info.getConsumerConfiguration().getMaxDeliver());
        assertEquals("kept too", info.getConsumerConfiguration().getDescription());
        assertEquals(2, info.getNumPending());
    }
}
