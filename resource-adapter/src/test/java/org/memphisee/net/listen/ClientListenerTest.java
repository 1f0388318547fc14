package org.memphisee.net.listen;

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
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.net.FanOutBroker;
import org.memphisee.net.NetSettings;
import org.memphisee.net.RawClient;
import org.memphisee.support.Await;

/** Real sockets, a broker that fans out. */
class ClientListenerTest extends ClientListenerFixture {

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
            assertTrue(client.line().contains("\"ldm\":true"));
            assertTrue(client.ends());
            assertEquals(500_000, idle.payload().length);
            closer.join();
        }
        assertTrue(broker.sessions.isEmpty());
        assertThrows(ConnectException.class, () -> new RawClient(port));
        assertTrue(threads.stream().noneMatch(Thread::isAlive));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldServeOnThoseWhoAreToldToLeaveUntilTheyAreSentAway(boolean epoll) throws Exception {
        int port = listen(SETTINGS.withLoops(2, epoll));
        try (RawClient one = RawClient.connected(port); RawClient two = RawClient.connected(port)) {
            for (RawClient client : List.of(one, two)) {
                client.send("SUB a 7\r\nPING\r\n");
                client.expect("PONG");
            }
            listeners.get(0).leave();
            for (RawClient client : List.of(one, two)) {
                String told = client.line();
                assertTrue(told.startsWith("INFO ") && told.contains("\"ldm\":true"), told);
            }
            Await.until("nobody new comes", () -> refused(port)); // a selector lets go of a socket with its next look
            one.send("PUB a 2\r\nhi\r\n");
            for (RawClient client : List.of(one, two)) {
                client.expect("MSG a 7 2");
                client.expect("hi");
            }
            listeners.get(0).dismiss(1);
            Await.until("one has gone", () -> broker.sessions.size() == 1);
            listeners.get(0).dismiss(1);
            listeners.get(0).dismiss(1);
            for (RawClient client : List.of(one, two)) {
                assertTrue(client.line().contains("\"ldm\":true"));
                assertTrue(client.ends());
            }
        }
        Await.until("all have gone", broker.sessions::isEmpty);
    }

    private static boolean refused(int port) {
        try (RawClient late = new RawClient(port)) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void shouldGiveClientsThatAreSentAwayTheAnswersToWhatTheySent() throws Exception {
        int port = listen(SETTINGS);
        try (RawClient client = RawClient.connected(port)) {
            Await.until("a session", () -> broker.sessions.size() == 1);
            listeners.get(0).dismiss(5);
            broker.sessions.values().forEach(s -> s.deliver("1", "s", new byte[500_000])); // decided a moment later
            assertEquals(500_000, client.payload().length);
            assertTrue(client.line().contains("\"ldm\":true"));
            assertTrue(client.ends());
        }
    }

}
