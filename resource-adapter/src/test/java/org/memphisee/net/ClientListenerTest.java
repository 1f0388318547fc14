package org.memphisee.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.wire.WireSettings;

/** Real sockets, a broker that fans out. */
class ClientListenerTest {

    /** No PING of the server comes in between on a slow machine. */
    private static final NetSettings SETTINGS = NetSettings.DEFAULTS.withAddress("127.0.0.1", 0)
            .withWire(new WireSettings(4096, 60_000, 600_000, 600_000, 2));

    private final NetCounters counters = new NetCounters();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<ClientListener> listeners = new ArrayList<>();
    private final FanOutBroker broker = new FanOutBroker(false);
    private final ThreadFactory factory = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    };

    private int listen(NetSettings settings) throws ListenException {
        return listen(broker, settings);
    }

    private int listen(FanOutBroker withBroker, NetSettings settings) throws ListenException {
        ClientListener listener = ClientListener.open(withBroker, settings, counters, factory);
        listeners.add(listener);
        return listener.port();
    }

    private FanOutBroker.Session onlySession() {
        return broker.sessions.values().iterator().next();
    }

    @AfterEach
    void leavesNothingBehind() {
        listeners.forEach(ClientListener::close);
        Await.until("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
        assertEquals(0, counters.connections());
        assertTrue(broker.sessions.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldServeOnBothTransports(boolean epoll) throws Exception {
        int port = listen(SETTINGS.withLoops(2, epoll));
        try (RawClient client = RawClient.connected(port)) {
            client.send("SUB a 7\r\nPUB a r 2\r\nhi\r\nPING\r\nHPUB a 16 17\r\nNATS/1.0 503\r\n\r\nx\r\n");
            client.expect("MSG a 7 r 2");
            client.expect("hi");
            client.expect("PONG");
            client.expect("HMSG a 7 16 17");
            client.expect("NATS/1.0 503");
            client.expect("");
            client.expect("x");
        }
        Await.until("session ends", broker.sessions::isEmpty);
        assertEquals(2, counters.inMessages());
        assertEquals(19, counters.inBytes());
        assertEquals(2, counters.outMessages());
        assertEquals(19, counters.outBytes());
        assertEquals(1, counters.totalConnections());
    }

    @Test
    void shouldDeliverThePayloadOnlyToClientsWithoutHeaders() throws Exception {
        int port = listen(SETTINGS);
        try (RawClient plain = RawClient.connected(port, false, 0); RawClient sender = RawClient.connected(port)) {
            plain.send("SUB a 1\r\nPING\r\n");
            plain.expect("PONG");
            sender.send("HPUB a 16 18\r\nNATS/1.0 503\r\n\r\nok\r\n");
            plain.expect("MSG a 1 2");
            plain.expect("ok");
        }
    }

    @Test
    void shouldKeepTheOrderOfAFanOut() throws Exception {
        int port = listen(SETTINGS);
        int count = 20_000;
        try (RawClient a = RawClient.connected(port); RawClient b = RawClient.connected(port);
                RawClient sender = RawClient.connected(port)) {
            for (RawClient receiver : List.of(a, b)) {
                receiver.send("SUB news 3\r\nPING\r\n");
                receiver.expect("PONG");
            }
            Thread writer = new Thread(() -> {
                try {
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < count; i++) {
                        String payload = i + ":" + "x".repeat(i % 300);
                        text.append("PUB news ").append(payload.length()).append("\r\n").append(payload)
                                .append("\r\n");
                        if (text.length() > 30_000 || i == count - 1) {
                            sender.send(text.toString());
                            text.setLength(0);
                        }
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            for (int i = 0; i < count; i++) {
                for (RawClient receiver : List.of(a, b)) {
                    String payload = new String(receiver.payload(), StandardCharsets.ISO_8859_1);
                    assertTrue(payload.startsWith(i + ":"), payload);
                }
            }
            writer.join();
        }
    }

    @Test
    void shouldPassLargePayloadsThatArriveInPieces() throws Exception {
        int port = listen(SETTINGS);
        byte[] payload = new byte[1 << 20];
        new Random(3).nextBytes(payload);
        try (RawClient client = RawClient.connected(port)) {
            client.send("SUB big 1\r\nPUB big " + payload.length + "\r\n");
            for (int at = 0; at < payload.length; at += 7777) {
                client.send(java.util.Arrays.copyOfRange(payload, at, Math.min(payload.length, at + 7777)));
            }
            client.send("\r\nPING\r\n");
            byte[] received = "PONG".equals(client.line()) ? client.payload() : client.bytes(payload.length);
            assertArrayEquals(payload, received);
        }
    }

    @Test
    void shouldDeliverWhatOtherThreadsSend() throws Exception {
        int port = listen(SETTINGS);
        try (RawClient client = RawClient.connected(port)) {
            FanOutBroker.Session session = onlySession();
            Thread shard = new Thread(() -> {
                for (int i = 0; i < 50_000; i++) {
                    session.deliver("9", "s", Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
                }
            });
            shard.start();
            for (int i = 0; i < 50_000; i++) {
                assertEquals(Integer.toString(i), new String(client.payload(), StandardCharsets.US_ASCII));
            }
            shard.join();
            Await.until("nothing waits", () -> session.sink.queuedBytes() == 0);
        }
    }

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

    @Test
    void shouldCountMessagesAndCommandsAsActivityButNoPings() throws Exception {
        int port = listen(SETTINGS);
        try (RawClient client = RawClient.connected(port)) {
            long connected = activity();
            LockSupport.parkNanos(20_000_000);
            client.send("PING\r\nPONG\r\nPING\r\n");
            client.expect("PONG");
            client.expect("PONG");
            assertEquals(connected, activity());
            for (String operation : List.of("SUB a 1\r\n", "PUB b 1\r\nx\r\n", "UNSUB 1\r\n", "CONNECT {\"verbose\":false}\r\n")) {
                long before = activity();
                LockSupport.parkNanos(20_000_000);
                client.send(operation + "PING\r\n");
                client.expect("PONG");
                assertTrue(activity() > before, operation);
            }
            long before = activity();
            LockSupport.parkNanos(20_000_000);
            onlySession().deliver("1", "a", new byte[1]);
            client.payload();
            assertTrue(activity() > before, "delivery");
        }
    }

    private long activity() {
        return listeners.get(0).figures().get(0).lastActivityMillis();
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
    void shouldServeAThousandSilentConnections() throws Exception {
        int port = listen(SETTINGS);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                clients.add(RawClient.connected(port));
            }
            assertEquals(1000, counters.connections());
            for (RawClient client : clients) {
                client.send("PING\r\n");
            }
            for (RawClient client : clients) {
                client.expect("PONG");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        Await.until("all gone", () -> counters.connections() == 0);
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
    void shouldCloseWithTheBrokersWords() throws Exception {
        int port = listen(SETTINGS);
        try (RawClient client = RawClient.connected(port)) {
            onlySession().sink.close("User Authentication Expired");
            client.expect("-ERR 'User Authentication Expired'");
            assertTrue(client.ends());
        }
    }

    @Test
    void shouldLoseOnlyTheConnectionOnWhichTheBrokerFails() throws Exception {
        int port = listen(SETTINGS.withLoops(1, true));
        try (RawClient bad = RawClient.connected(port); RawClient good = RawClient.connected(port)) {
            bad.send("PUB explode 0\r\n\r\n");
            assertTrue(bad.ends());
            good.send("PING\r\n");
            good.expect("PONG");
        }
    }

    @Test
    void shouldNameAPortThatIsInUse() throws Exception {
        int port = listen(SETTINGS);
        for (boolean epoll : new boolean[] {true, false}) {
            NetSettings same = SETTINGS.withAddress("127.0.0.1", port).withLoops(1, epoll);
            ListenException e = assertThrows(ListenException.class, () -> listen(same));
            assertTrue(e.portInUse());
            assertEquals(port, e.port());
            assertEquals("127.0.0.1", e.host());
            assertTrue(e.getMessage().contains("127.0.0.1:" + port), e.getMessage());
        }
        ListenException e = assertThrows(ListenException.class,
                () -> listen(SETTINGS.withAddress("no-such-host.invalid", 0)));
        assertEquals(false, e.portInUse());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldDeliverWhatWaitsWhenItCloses(boolean epoll) throws Exception {
        int port = listen(SETTINGS.withLoops(2, epoll));
        try (RawClient client = RawClient.connected(port); RawClient idle = RawClient.connected(port)) {
            Await.until("sessions", () -> broker.sessions.size() == 2);
            broker.sessions.values().forEach(s -> s.deliver("1", "s", new byte[500_000]));
            Thread closer = new Thread(() -> {
                Thread.currentThread().interrupt(); // as a container does with its threads
                listeners.get(0).close();
            });
            closer.start();
            assertEquals(500_000, client.payload().length);
            assertTrue(client.ends());
            assertEquals(500_000, idle.payload().length);
            closer.join();
        }
        assertTrue(broker.sessions.isEmpty());
        assertThrows(ConnectException.class, () -> new RawClient(port));
        assertTrue(threads.stream().noneMatch(Thread::isAlive));
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
