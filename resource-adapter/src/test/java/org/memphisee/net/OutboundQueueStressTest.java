package org.memphisee.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** Several threads offer at once, in many short rounds. */
class OutboundQueueStressTest {

    private static final long NANOS = 1_000_000_000;
    private static final int OFFERERS = 2;
    /** Who offers, and the how manieth it is. */
    private static final int CHUNK = 2 * Integer.BYTES;
    private static final int OFFERS = 4;
    /** Clients that are offered to one after the other before the threads end. */
    private static final int STRIDE = 64;
    /** The smallest there is. */
    private static final int BUDGET = 1024;
    private static final int OFFERS_TOO_MANY = BUDGET / CHUNK;
    private static final int WAKE_SECONDS = 5;

    /** One client; the thread of the test is its event loop. */
    private static final class Client implements OutboundQueue.Owner {
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final Semaphore woken = new Semaphore(0);
        private final AtomicInteger tooSlow = new AtomicInteger();
        private final OutboundQueue queue;
        /** By offerer, what arrived. */
        private final List<List<Integer>> arrived = List.of(new ArrayList<>(), new ArrayList<>());
        private int bytes;

        private Client(long budget) {
            queue = new OutboundQueue(channel, new ArrayPool(), this, NetSettings.DEFAULTS.withBudgets(1, budget, 10_000));
        }

        @Override
        public void wakeUp() {
            woken.release();
        }

        @Override
        public void tooSlow() {
            tooSlow.incrementAndGet();
        }

        @Override
        public void flushed() { }

        private void offer(int who, int count) {
            for (int i = 0; i < count; i++) {
                queue.offer(ByteBuffer.allocate(CHUNK).putInt(who).putInt(i).array(), CHUNK, false);
            }
        }

        private List<Thread> offerers(int count) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < OFFERERS; i++) {
                int who = i;
                threads.add(new Thread(() -> offer(who, count)));
            }
            threads.forEach(Thread::start);
            return threads;
        }

        private void flush() {
            queue.flush();
            for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
                bytes += piece.readableBytes();
                while (piece.isReadable()) {
                    arrived.get(piece.readInt()).add(piece.readInt());
                }
                piece.release();
            }
        }
    }

    private static List<Integer> firstOf(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    /**
     * Nothing is lost: an offer links to exactly the chunk that was newest, or tries again, and the loop takes all of them
     * by one exchange. One thread's chunks are linked in its order, so they come out in it. Nobody sleeps on something: the
     * one who links to an empty intake wakes the loop, and it is empty after each exchange, so that what the loop did not
     * take was followed by a wake-up.
     */
    @Test
    void shouldLoseNothingAndKeepTheOrderOfEachThreadAndBeWoken() throws InterruptedException {
        long end = System.nanoTime() + NANOS;
        do {
            List<Client> clients = Stream.generate(() -> new Client(1 << 20)).limit(STRIDE).toList();
            AtomicInteger current = new AtomicInteger(-1);
            List<Thread> offerers = new ArrayList<>();
            for (int i = 0; i < OFFERERS; i++) {
                int who = i;
                offerers.add(new Thread(() -> offerInTurn(clients, current, who)));
            }
            offerers.forEach(Thread::start);
            for (Client client : clients) {
                current.incrementAndGet();
                takeAll(client);
            }
            for (Thread thread : offerers) {
                thread.join();
            }
            for (Client client : clients) {
                assertEquals(Collections.nCopies(OFFERERS, firstOf(OFFERS)), client.arrived);
                assertEquals(0, client.queue.queuedBytes());
                assertEquals(0, client.tooSlow.get());
                client.channel.finishAndReleaseAll();
            }
        } while (System.nanoTime() - end < 0);
    }

    private static void offerInTurn(List<Client> clients, AtomicInteger current, int who) {
        for (int i = 0; i < clients.size(); i++) {
            while (current.get() < i) {
                Thread.yield();
            }
            clients.get(i).offer(who, OFFERS);
        }
    }

    private static void takeAll(Client client) throws InterruptedException {
        int all = OFFERERS * OFFERS * CHUNK;
        while (client.bytes < all) {
            assertTrue(client.woken.tryAcquire(WAKE_SECONDS, TimeUnit.SECONDS),
                () -> "not woken with " + client.queue.queuedBytes() + " bytes waiting, " + client.bytes + " of " + all
                    + " written");
            client.flush();
        }
    }

    /**
     * Nothing is written meanwhile, so what waits only grows: the additions to the count are in one order, and each offer
     * knows from its own what all before it and itself come to. Those that fit were all counted within the budget; the first
     * one that does not seals the queue. Hence what is written later is at most the budget, and of each thread the first so
     * many: once its offer is refused the queue is sealed for it.
     */
    @Test
    void shouldNeverTakeMoreThanItsBudget() throws InterruptedException {
        long end = System.nanoTime() + NANOS;
        do {
            Client client = new Client(BUDGET);
            for (Thread thread : client.offerers(OFFERS_TOO_MANY)) {
                thread.join();
            }
            assertTrue(client.tooSlow.get() >= 1 && client.queue.sealed());
            client.flush();
            assertTrue(client.bytes <= BUDGET, () -> client.bytes + " bytes were taken");
            assertTrue(client.bytes > BUDGET - OFFERERS * CHUNK, () -> "only " + client.bytes + " bytes were taken");
            client.arrived.forEach(numbers -> assertEquals(firstOf(numbers.size()), numbers));
            client.channel.finishAndReleaseAll();
        } while (System.nanoTime() - end < 0);
    }
}
