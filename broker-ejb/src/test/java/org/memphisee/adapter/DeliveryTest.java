package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.adapter.AdapterFixture.STATION;
import static org.memphisee.adapter.AdapterFixture.await;
import static org.memphisee.adapter.AdapterFixture.eventually;
import static org.memphisee.adapter.AdapterFixture.figure;
import static org.memphisee.adapter.AdapterFixture.publish;
import static org.memphisee.adapter.AdapterFixture.texts;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.ra.api.ReceivedMessage;
import org.memphisee.ra.inbound.BrokerActivationSpec;

/** Message-driven beans: delivery, failure, exhaustion, loss of the broker. */
final class DeliveryTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeliverEverythingOnceInOrderToOneBeanAtATime(boolean inProcess) {
        try (AdapterFixture at = new AdapterFixture(inProcess).started()) {
            List<ReceivedMessage> seen = new CopyOnWriteArrayList<>();
            publish(at, 0, 500);
            at.activate(Beans.single(at.container, false, seen::add), STATION, "g", s -> s.setMaxConcurrency(1));
            publish(at, 500, 1_000);
            eventually("all messages", seen::size, n -> n >= 1_000);

            assertEquals(texts(0, 1_000), seen.stream().map(ReceivedMessage::text).toList());
            ReceivedMessage last = seen.get(999);
            assertEquals("999", last.header("n").orElseThrow());
            assertEquals("jca", last.header("$memphis_producedBy").orElseThrow());
            assertEquals(List.of(STATION, "g", 1, 1_000L, 1), List.of(last.station(), last.consumerGroup(),
                last.partition(), last.sequence(), last.attempt()));
            assertTrue(Math.abs(last.storedAt().toEpochMilli() - System.currentTimeMillis()) < 60_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeliverBatches(boolean inProcess) {
        try (AdapterFixture at = new AdapterFixture(inProcess).started()) {
            publish(at, 0, 1_000);
            List<Integer> sizes = new CopyOnWriteArrayList<>();
            Set<Long> sequences = ConcurrentHashMap.newKeySet();
            at.activate(Beans.batches(at.container, messages -> {
                sizes.add(messages.size());
                messages.forEach(m -> sequences.add(m.sequence()));
            }), STATION, "g", s -> s.setBatchSize(100));
            eventually("all messages", sequences::size, n -> n == 1_000);

            assertTrue(sizes.stream().allMatch(n -> n <= 100), sizes.toString());
            assertTrue(sizes.stream().anyMatch(n -> n > 10), sizes.toString());
            assertEquals(1_000, sizes.stream().mapToInt(n -> n).sum());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBringAFailedMessageAgainWithItsAttempt(boolean transacted) {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 3);
            Map<String, List<Integer>> attempts = new ConcurrentHashMap<>();
            List<Long> times = new CopyOnWriteArrayList<>();
            at.activate(Beans.single(at.container, transacted, m -> {
                attempts.computeIfAbsent(m.text(), t -> new CopyOnWriteArrayList<>()).add(m.attempt());
                if (m.text().equals("m1") && m.attempt() < 4) {
                    times.add(System.nanoTime());
                    throw new IllegalStateException("not yet");
                }
            }), STATION, "g", s -> s.setRedeliveryDelay(100L));
            eventually("the fourth attempt", () -> attempts.getOrDefault("m1", List.of()).size(), n -> n == 4);

            assertEquals(Map.of("m0", List.of(1), "m1", List.of(1, 2, 3, 4), "m2", List.of(1)), attempts);
            long firstGap = TimeUnit.NANOSECONDS.toMillis(times.get(1) - times.get(0));
            long secondGap = TimeUnit.NANOSECONDS.toMillis(times.get(2) - times.get(1));
            assertTrue(firstGap >= 79 && secondGap >= 159, firstGap + ", " + secondGap);
        }
    }

    @Test
    void shouldNotAcknowledgeWhatWasRolledBackWithoutException() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 1);
            List<Integer> attempts = new CopyOnWriteArrayList<>();
            at.activate(Beans.single(at.container, true, m -> {
                attempts.add(m.attempt());
                if (m.attempt() == 1) {
                    at.container.setRollbackOnly();
                }
            }), STATION, "g", s -> s.setRedeliveryDelay(10L));
            eventually("the second attempt", attempts::size, n -> n == 2);
            eventually("the acknowledgement", () -> figure("g", "Acknowledged"), Long.valueOf(1)::equals);
            assertEquals(List.of(1, 2), attempts);
        }
    }

    @Test
    void shouldGiveAMessageUpAfterItsLastAttemptAndGoOn() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 5);
            List<String> handled = new CopyOnWriteArrayList<>();
            AtomicInteger bad = new AtomicInteger();
            at.activate(Beans.batches(at.container, messages -> {
                if (messages.stream().anyMatch(m -> m.text().equals("m2"))) {
                    bad.incrementAndGet();
                    throw new IllegalArgumentException("poison");
                }
                messages.forEach(m -> handled.add(m.text()));
            }), STATION, "g", s -> {
                s.setRedeliveryDelay(20L);
                s.setMaxDeliveries(3);
                s.setBatchSize(100);
            });
            eventually("the message is given up", () -> figure("g", "Exhausted"), Long.valueOf(1)::equals);
            eventually("the others are handled", handled::size, n -> n == 4);
            publish(at, 5, 6);
            eventually("the group goes on", () -> handled.contains("m5"), Boolean.TRUE::equals);

            assertEquals(3, bad.get());
            assertEquals(5, handled.size());
        }
    }

    @Test
    void shouldCallNoMoreBeansAtATimeThanAllowed() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 40);
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger all = new AtomicInteger();
            at.activate(Beans.single(at.container, false, m -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.sleep(20);
                now.decrementAndGet();
                all.incrementAndGet();
            }), STATION, "g", s -> s.setMaxConcurrency(3));
            eventually("all messages", all::get, n -> n == 40);
            assertEquals(3, most.get());
        }
    }

    @Test
    void shouldTellTheBrokerThatASlowBeanIsAtWork() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 2);
            List<Integer> attempts = new CopyOnWriteArrayList<>();
            AtomicInteger done = new AtomicInteger();
            at.activate(Beans.single(at.container, false, m -> {
                attempts.add(m.attempt());
                Thread.sleep(1_500); // five times the ack wait; the second message waits as long for its turn
                done.incrementAndGet();
            }), STATION, "g", s -> {
                s.setAckWait(300L);
                s.setMaxConcurrency(1);
            });
            eventually("both messages", done::get, n -> n == 2);
            at.awaitNothingPending(STATION, "g");
            assertEquals(List.of(1, 1), attempts);
        }
    }

    @Test
    void shouldPauseWhenEveryMessageFailsAndRecover() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            AtomicBoolean broken = new AtomicBoolean(true);
            Set<String> handled = ConcurrentHashMap.newKeySet();
            AtomicInteger calls = new AtomicInteger();
            publish(at, 0, 50);
            at.activate(Beans.single(at.container, false, m -> {
                calls.incrementAndGet();
                if (broken.get()) {
                    throw new IllegalStateException("the database is down");
                }
                handled.add(m.text());
            }), STATION, "g", s -> {
                s.setMaxConcurrency(2);
                s.setPauseAfterFailures(5);
                s.setPause(150L);
                s.setMaxPause(300L);
                s.setRedeliveryDelay(1L);
                s.setMaxRedeliveryDelay(1L);
            });
            eventually("several pauses", () -> (Long) figure("g", "Pauses"), n -> n >= 3);
            assertTrue(calls.get() <= 10, "calls while everything failed: " + calls.get());
            broken.set(false);
            eventually("all messages", handled::size, n -> n == 50);
            eventually("consuming", () -> figure("g", "State"), "CONSUMING"::equals);
        }
    }

    @Test
    void shouldStartBeforeTheBrokerAndSurviveItsRestart() {
        try (AdapterFixture at = new AdapterFixture(false)) {
            at.started();
            at.broker.stop();
            Map<String, Integer> handled = new ConcurrentHashMap<>();
            at.activate(Beans.single(at.container, false, m -> handled.merge(m.text(), 1, Integer::sum)), STATION, "g",
                s -> { });
            eventually("it has no broker", () -> figure("g", "State"), "CONNECTING"::equals);
            at.broker.start();
            publish(at, 0, 100);
            eventually("messages after the first start", handled::size, n -> n == 100);
            at.broker.stop();
            eventually("the loss is noticed", () -> figure("g", "State"), "CONNECTING"::equals);
            at.broker.start();
            publish(at, 100, 200);
            eventually("messages after the restart", handled::size, n -> n == 200);
            assertTrue(handled.values().stream().mapToInt(n -> n).sum() <= 300, handled.toString());
        }
    }

    @Test
    void shouldAcknowledgeOverANewConnectionWhatWasHandledMeanwhile() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 1);
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            List<Integer> attempts = new CopyOnWriteArrayList<>();
            at.activate(Beans.single(at.container, false, m -> {
                attempts.add(m.attempt());
                entered.countDown();
                leave.await();
            }), STATION, "g", s -> { });
            await(entered);
            at.broker.stop();
            eventually("the loss is noticed", () -> figure("g", "State"), "CONNECTING"::equals);
            leave.countDown();
            eventually("handled", () -> figure("g", "Held"), Integer.valueOf(0)::equals);
            at.broker.start();
            eventually("connected again", () -> figure("g", "State"), "CONSUMING"::equals);
            at.awaitNothingPending(STATION, "g");
            assertEquals(List.of(1), attempts);
        }
    }

    @Test
    void shouldKeepItsWorkersWhenTheContainerHasNoEndpointYet() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 10);
            AtomicInteger handled = new AtomicInteger();
            Beans beans = Beans.single(at.container, false, m -> handled.incrementAndGet());
            beans.refusals.set(1);
            at.activate(beans, STATION, "g", s -> s.setMaxConcurrency(1));
            eventually("all messages", handled::get, n -> n == 10);
        }
    }

    @Test
    void shouldShareAGroupWithAnotherMember() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            Map<String, Integer> handled = new ConcurrentHashMap<>();
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger first = new AtomicInteger();
            AtomicInteger second = new AtomicInteger();
            for (AtomicInteger member : List.of(first, second)) {
                at.activate(Beans.single(at.container, false, m -> {
                    handled.merge(m.text(), 1, Integer::sum);
                    if (member.incrementAndGet() == 1) {
                        both.countDown();
                    }
                    await(both); // until the other one has something to do, too
                }), STATION, "g", s -> s.setMaxConcurrency(1));
            }
            for (int i = 0; i < 20; i++) {
                publish(at, i * 50, i * 50 + 50);
            }
            eventually("all messages", handled::size, n -> n == 1_000);
            assertEquals(1_000, first.get() + second.get());
        }
    }

    @Test
    void shouldSayWhichActivationPropertyIsWrong() {
        try (AdapterFixture at = new AdapterFixture(false)) {
            BrokerActivationSpec spec = at.spec(STATION, "g");
            spec.setMaxDeliveries(11);
            InvalidPropertyException range = assertThrows(InvalidPropertyException.class, spec::validate);
            assertTrue(range.getMessage().contains("maxDeliveries must be 1 to 10, is 11"), range.getMessage());
            ResourceException missing = assertThrows(ResourceException.class,
                () -> at.application.endpointActivation(Beans.single(at.container, false, m -> { }), at.spec(STATION, "")));
            assertTrue(missing.getMessage().contains("consumerGroup is required"), missing.getMessage());
        }
    }
}
