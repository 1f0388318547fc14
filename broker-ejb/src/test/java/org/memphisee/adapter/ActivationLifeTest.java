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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.memphisee.ra.api.PublishRefusedException;
import org.memphisee.ra.api.ReceivedMessage;

/** Message-driven beans that are stopped, redeployed, or lose their station or group. */
final class ActivationLifeTest {

    private static final Set<Thread.State> WAITS = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    @Test
    void shouldGoOnWhereTheGroupWasAfterDeactivation() {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 10);
            List<String> first = new CopyOnWriteArrayList<>();
            Beans beans = Beans.single(at.container, false, m -> first.add(m.text()));
            Runnable end = at.activate(beans, STATION, "g", s -> { });
            eventually("all messages", first::size, n -> n == 10);
            end.run();
            assertEquals(0, beans.open.get());
            publish(at, 10, 20);
            List<ReceivedMessage> second = new CopyOnWriteArrayList<>();
            at.activate(Beans.single(at.container, false, second::add), STATION, "g", s -> s.setMaxConcurrency(1));
            eventually("the rest", second::size, n -> n >= 10);

            assertEquals(texts(10, 20), second.stream().map(ReceivedMessage::text).toList());
            assertTrue(second.stream().allMatch(m -> m.attempt() == 1));
        }
    }

    @Test
    void shouldFinishWhatIsAtHandAndLeaveTheRestToTheGroupWhenDeactivated() throws InterruptedException {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            publish(at, 0, 300);
            Map<String, Integer> handled = new ConcurrentHashMap<>();
            CountDownLatch entered = new CountDownLatch(2);
            CountDownLatch leave = new CountDownLatch(1);
            Beans slow = Beans.single(at.container, false, m -> {
                entered.countDown();
                await(leave);
                handled.merge(m.text(), 1, Integer::sum);
            });
            Runnable end = at.activate(slow, STATION, "g", s -> s.setMaxConcurrency(2));
            await(entered);
            Thread leaving = new Thread(end);
            leaving.start();
            eventually("it stops", () -> figure("g", "State"), "STOPPING"::equals);
            assertEquals(0, handled.size());
            leave.countDown();
            leaving.join();
            assertEquals(2, handled.size(), "what was at hand, and no more");
            assertEquals(0, slow.open.get());
            long begin = System.nanoTime();
            at.activate(Beans.single(at.container, false, m -> handled.merge(m.text(), 1, Integer::sum)), STATION, "g",
                s -> { });
            eventually("all messages", handled::size, n -> n == 300);

            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(10), "the rest was stuck");
            assertEquals(Collections.nCopies(300, 1), new ArrayList<>(handled.values()));
        }
    }

    @Test
    void shouldTakeNoDeliveryFromMessagesWhenRedeployed() throws InterruptedException {
        try (AdapterFixture at = new AdapterFixture(false).started()) {
            Map<String, List<Integer>> attempts = new ConcurrentHashMap<>();
            for (int round = 0; round < 4; round++) {
                publish(at, round * 100, round * 100 + 100);
                Semaphore places = new Semaphore(20);
                at.activate(Beans.single(at.container, false, m -> {
                    attempts.computeIfAbsent(m.text(), t -> new CopyOnWriteArrayList<>()).add(m.attempt());
                    places.acquire();
                }), STATION, "g", s -> s.setMaxConcurrency(2));
                eventually("beans wait", () -> places.availablePermits() == 0 && places.getQueueLength() == 2, yes -> yes);
                Thread leaving = new Thread(at::deactivateAll);
                leaving.start();
                eventually("the adapter waits for its beans", leaving::getState, WAITS::contains);
                places.release(100);
                leaving.join();
                int pending = (int) at.broker.group(STATION, "g").orElseThrow().numAckPending();
                assertTrue(pending <= 16, "sent at the moment of leaving: " + pending);
            }
            assertTrue(attempts.values().stream().allMatch(List.of(1)::equals), attempts.toString());
        }
    }

    @Test
    void shouldWaitForADeletedStationAndTellNothingOfTheOldOneToTheNew() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started(); LogLines log = LogLines.of("org.memphisee.ra")) {
            publish(at, 0, 1);
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            CountDownLatch enteredNew = new CountDownLatch(1);
            CountDownLatch leaveNew = new CountDownLatch(1);
            List<String> seen = new CopyOnWriteArrayList<>();
            at.activate(Beans.single(at.container, false, m -> {
                seen.add(m.text() + " " + m.attempt());
                if (m.text().equals("m0")) {
                    entered.countDown();
                    leave.await();
                } else if (m.attempt() == 1) {
                    enteredNew.countDown();
                    leaveNew.await();
                    throw new IllegalStateException("not yet");
                }
            }), STATION, "g", s -> {
                s.setMaxConcurrency(2);
                s.setRedeliveryDelay(10L);
            });
            await(entered);
            assertEquals("", at.broker.request("$memphis_station_destructions",
                "{\"station_name\":\"orders\",\"username\":\"root\"}"));
            String warning = log.await("RA0205");
            assertTrue(warning.contains("Station orders was deleted") && warning.contains("Create the station"), warning);
            assertEquals("CONNECTING", figure("g", "State"));
            assertEquals(Optional.empty(), at.broker.group(STATION, "g"), "it is not made again by its bean");

            assertThrows(PublishRefusedException.class, () -> publish(at, 1, 2)); // it knew the old one
            publish(at, 1, 2); // makes the station
            await(enteredNew);
            leave.countDown(); // would acknowledge sequence 1 of the new station
            eventually("the old message is handled", () -> figure("g", "Workers"), Integer.valueOf(1)::equals);
            leaveNew.countDown();
            eventually("the new message's second attempt", () -> seen, s -> s.contains("m1 2"));
            at.awaitNothingPending(STATION, "g");
            assertEquals(List.of("m0 1", "m1 1", "m1 2"), seen);
        }
    }

    /** The words about a message name its sequence, and the new station counts from 1 again. */
    @Test
    void shouldTellNothingOfTheOldStationToOneMadeWhileTheConnectionWasLost() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started(); LogLines log = LogLines.of("org.memphisee.ra")) {
            publish(at, 0, 2);
            CountDownLatch entered = new CountDownLatch(2);
            CountDownLatch leave = new CountDownLatch(1);
            CountDownLatch leaveLate = new CountDownLatch(1);
            CountDownLatch enteredNew = new CountDownLatch(1);
            CountDownLatch leaveNew = new CountDownLatch(1);
            List<String> seen = new CopyOnWriteArrayList<>();
            at.activate(Beans.single(at.container, false, m -> {
                seen.add(m.text() + " " + m.attempt());
                if (m.text().equals("m0") || m.text().equals("m1")) {
                    entered.countDown();
                    (m.text().equals("m0") ? leave : leaveLate).await();
                } else if (m.attempt() == 1) {
                    enteredNew.countDown();
                    leaveNew.await();
                    throw new IllegalStateException("not yet");
                }
            }), STATION, "g", s -> {
                s.setMaxConcurrency(3);
                s.setRedeliveryDelay(10L);
            });
            await(entered);
            at.container.holdWork();
            at.broker.stop();
            at.broker.start();
            leaveLate.countDown(); // while there is no connection: its word waits
            eventually("the late one is handled", () -> figure("g", "Held"), Integer.valueOf(1)::equals);
            assertEquals("", at.broker.request("$memphis_station_destructions",
                "{\"station_name\":\"orders\",\"username\":\"root\"}"));
            publish(at, 2, 3); // makes the station
            at.container.releaseWork();
            await(enteredNew);
            assertTrue(log.await("RA0210").contains("Group g or its station orders was deleted and made again"));
            leave.countDown(); // would acknowledge sequence 1 of the new station
            eventually("the old message is handled", () -> figure("g", "Workers"), Integer.valueOf(1)::equals);
            leaveNew.countDown();
            eventually("the new message's second attempt", () -> seen, s -> s.contains("m2 2"));
            at.awaitNothingPending(STATION, "g");
            assertEquals(List.of("m2 1", "m2 2"), seen.stream().filter(m -> m.startsWith("m2")).toList());
        }
    }

    @Test
    void shouldMakeADeletedGroupAgainAndSaySo() throws Exception {
        try (AdapterFixture at = new AdapterFixture(false).started(); LogLines log = LogLines.of("org.memphisee.ra")) {
            publish(at, 0, 3);
            List<String> seen = new CopyOnWriteArrayList<>();
            at.activate(Beans.single(at.container, false, m -> seen.add(m.text())), STATION, "g", s -> s.setMaxConcurrency(1));
            eventually("all messages", seen::size, n -> n == 3);
            at.awaitNothingPending(STATION, "g");
            assertTrue(at.broker.request("$JS.API.CONSUMER.DELETE.orders$1.g", "").contains("\"success\":true"));
            String warning = log.await("RA0205");
            assertTrue(warning.contains("Group g of station orders was deleted") && warning.contains("first message"), warning);

            eventually("everything from the beginning", seen::size, n -> n == 6);
            assertEquals(List.of("m0", "m1", "m2", "m0", "m1", "m2"), seen);
        }
    }
}
