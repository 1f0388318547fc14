package org.memphisee.net.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.net.FanOutBroker;
import org.memphisee.net.RawClient;
import org.memphisee.support.Await;
import org.memphisee.wire.WireSettings;

/** What a listener does not put up with, and when it lets a client go. */
class ClientListenerLimitsTest extends ClientListenerFixture {

    @Test
    void shouldCloseASlowReaderWithoutHarmingOthers() throws Exception {
        int port = listen(SETTINGS.withBudgets(100, 4 << 20, 60_000));
        try (RawClient slow = RawClient.connected(port, true, 4096)) {
            FanOutBroker.Session slowSession = onlySession();
            try (RawClient quick = RawClient.connected(port)) {
                slow.send("SUB flood 1\r\nPING\r\n");
                slow.expect("PONG");
                quick.send("SUB flood 1\r\nPING\r\n");
                quick.expect("PONG");
                String message = "PUB flood 60000\r\n" + "x".repeat(60_000) + "\r\n";
                int sent = 0;
                while (counters.slowConsumers() == 0 && sent < 2_000) {
                    quick.send(message);
                    assertEquals(60_000, quick.payload().length);
                    assertTrue(slowSession.sink.queuedBytes() <= (4 << 20) + message.length() + 100);
                    sent++;
                }
                assertEquals(1, counters.slowConsumers());
                Await.until("slow one is gone", () -> broker.sessions.size() == 1);
                quick.send("PING\r\n");
                quick.expect("PONG");
            }
            assertTrue(slow.ends());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldDeliverAllOfAPublisherWhoIsFasterThanItsReaderAndLeaves(boolean epoll) throws Exception {
        int port = listen(SETTINGS.withLoops(2, epoll).withBudgets(100, 4 << 20, 60_000));
        try (RawClient slow = RawClient.connected(port)) {
            slow.send("SUB flood 1\r\nPING\r\n");
            slow.expect("PONG");
            Thread publisher = new Thread(() -> flood(port, 600));
            publisher.start();
            for (int i = 0; i < 600; i++) {
                assertEquals(60_000, slow.payload().length);
                LockSupport.parkNanos(1_000_000);
            }
            publisher.join();
        }
        assertEquals(0, counters.slowConsumers());
    }

    private static void flood(int port, int messages) {
        byte[] message = ("PUB flood 60000\r\n" + "x".repeat(60_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (RawClient client = RawClient.connected(port)) {
            for (int i = 0; i < messages; i++) {
                client.send(message);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotWaitForeverForOneWhoTakesABitNowAndThen(boolean epoll) throws Exception {
        int port = listen(SETTINGS.withLoops(2, epoll).withBudgets(100, 4 << 20, 60_000).withPatience(100));
        try (RawClient trickle = RawClient.connected(port, true, 4096)) {
            trickle.send("SUB flood 1\r\nPING\r\n");
            trickle.expect("PONG");
            Thread publisher = new Thread(() -> flood(port, 600));
            publisher.start();
            while (counters.slowConsumers() == 0) {
                trickle.bytes(3_000);
                LockSupport.parkNanos(20_000_000);
            }
            publisher.join();
        }
        assertEquals(1, counters.slowConsumers());
    }

    @Test
    void shouldCloseAClientThatTakesNothingForTheWriteDeadline() throws Exception {
        int port = listen(SETTINGS.withBudgets(100, 64 << 20, 300));
        try (RawClient stuck = RawClient.connected(port, true, 4096)) {
            FanOutBroker.Session session = onlySession();
            for (int i = 0; i < 200; i++) {
                session.deliver("1", "s", new byte[100_000]);
            }
            Await.until("deadline", () -> counters.slowConsumers() == 1);
            assertTrue(stuck.ends());
        }
    }

    @Test
    void shouldNotCloseAnIdleClientAtTheWriteDeadline() throws Exception {
        int port = listen(SETTINGS.withBudgets(100, 64 << 20, 50));
        try (RawClient client = RawClient.connected(port)) {
            FanOutBroker.Session session = onlySession();
            long end = System.nanoTime() + 400_000_000L;
            while (System.nanoTime() < end) {
                session.deliver("1", "s", new byte[100]);
                assertEquals(100, client.payload().length);
            }
        }
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldRefuseConnectionsAboveTheLimit() throws Exception {
        int port = listen(SETTINGS.withBudgets(2, 64 << 20, 10_000));
        try (RawClient a = RawClient.connected(port); RawClient b = RawClient.connected(port);
                RawClient c = new RawClient(port)) {
            c.expect("-ERR 'maximum connections exceeded'");
            assertTrue(c.ends());
            a.send("PING\r\n");
            a.expect("PONG");
            b.socket().close();
            Await.until("one is gone", () -> counters.connections() == 1);
            RawClient.connected(port).close();
            assertEquals(1, counters.refusedConnections());
        }
    }

    @Test
    void shouldCloseClientsThatDoNotAuthenticateInTime() throws Exception {
        WireSettings wire = new WireSettings(4096, 100, 2_000, 120_000, 2);
        int port = listen(new FanOutBroker(true), SETTINGS.withWire(wire));
        try (RawClient client = new RawClient(port)) {
            client.line();
            client.expect("-ERR 'Authentication Timeout'");
            assertTrue(client.ends());
        }
        assertEquals(1, counters.authenticationTimeouts());
    }

    @Test
    void shouldSendPings() throws Exception {
        WireSettings wire = new WireSettings(4096, 2_000, 50, 50, 2);
        int port = listen(SETTINGS.withWire(wire));
        try (RawClient client = new RawClient(port)) {
            client.line();
            client.send("CONNECT {\"verbose\":false}\r\n"); // one that takes long gets the first PING before
            client.expect("PING");
            client.expect("PING");
            client.expect("-ERR 'Stale Connection'");
            assertTrue(client.ends());
        }
    }

    @Test
    void shouldTellWhyEvenIfTheClientIsStillSending() throws Exception {
        int port = listen(SETTINGS);
        for (int i = 0; i < 20; i++) {
            try (RawClient client = RawClient.connected(port)) {
                client.send("PUB a 2000000\r\n" + "x".repeat(300_000));
                client.expect("-ERR 'Maximum Payload Violation'");
            }
        }
    }

    @Test
    void shouldStopReadingWhilePaused() throws Exception {
        int port = listen(SETTINGS);
        try (RawClient client = RawClient.connected(port)) {
            FanOutBroker.Session session = onlySession();
            client.send("PUB pause 0\r\n\r\nPING\r\n"); // the broker pauses in the middle of a read
            client.expect("PONG");
            session.sink.pauseReading();
            client.send("PING\r\n");
            session.sink.resumeReading();
            client.socket().setSoTimeout(300);
            assertThrows(IOException.class, client::line);
            client.socket().setSoTimeout(20_000);
            session.sink.resumeReading();
            client.expect("PONG");
        }
    }

    @Test
    void shouldCloseInTimeThoughAClientReadsNothingAndThreadsAreInterrupted() throws Exception {
        int port = listen(SETTINGS);
        try (RawClient stuck = RawClient.connected(port, true, 4096)) {
            FanOutBroker.Session session = onlySession();
            for (int i = 0; i < 200; i++) {
                session.deliver("1", "s", new byte[100_000]);
            }
            threads.forEach(Thread::interrupt);
            long begin = System.nanoTime();
            listeners.get(0).close();
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertTrue(millis < 6_000, millis + " ms");
            assertTrue(stuck.ends());
        }
    }
}
