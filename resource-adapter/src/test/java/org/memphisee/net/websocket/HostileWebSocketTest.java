package org.memphisee.net.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.net.FanOutBroker;
import org.memphisee.support.Await;

/** wire-protocol.md 7 on real sockets: breaking rules, taking nothing or sending bombs costs only one's own connection. */
class HostileWebSocketTest extends WebSocketFixture {

    /** Each breaks a rule of frames; first byte, masked or not, declared length. */
    @ParameterizedTest
    @CsvSource({
        "0x82, false, 4, 1002", "0x81, false, 0, 1002", "0xc2, true, 4, 1002", "0x83, true, 4, 1002",
        "0x8b, true, 4, 1002", "0x09, true, 4, 1002", "0x89, true, 126, 1002", "0x80, true, 4, 1002",
        "0x88, true, 1, 1002",
        "0x82, true, 9223372036854775807, 1009", "0x82, true, -1, 1002", "0x82, true, -9223372036854775808, 1002",
        "0x82, true, 4294967296, 1009", "0x02, true, 1200000, 1009"})
    void shouldCloseWhoBreaksTheRulesAndNobodyElse(String first, boolean masked, long declared, int status)
            throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket good = RawWebSocket.connected(port); RawWebSocket bad = RawWebSocket.greeted(port)) {
            bad.frame(Integer.decode(first), masked, declared, "PING".getBytes(StandardCharsets.US_ASCII));
            assertEquals(status, bad.closing().status());
            good.send("SUB x 1\r\nPUB x 0\r\n\r\nPING\r\n");
            good.expect("MSG x 1 0");
            good.expect("");
            good.expect("PONG");
        }
    }

    @Test
    void shouldCloseAfterABadCloseFrameOrFramesAheadOfTheAnswer() throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket bad = RawWebSocket.greeted(port)) {
            bad.frame(RawWebSocket.CLOSE, true, new byte[] {0, 5});
            assertEquals(1002, bad.closing().status());
        }
        try (RawWebSocket bad = RawWebSocket.greeted(port)) {
            bad.frame(RawWebSocket.BINARY, false, new byte[0]);
            bad.frame(RawWebSocket.BINARY, true, new byte[0]);
            assertEquals(1002, bad.closing().status());
        }
        try (RawWebSocket eager = new RawWebSocket(port)) {
            eager.upgrade("/", "\r\n\u0082\u0084\u0001\u0002\u0003\u0004PING");
            assertEquals(1002, eager.closing().status());
        }
    }

    @Test
    void shouldCloseASlowReaderAndServeTheOthers() throws Exception {
        int port = listen(SETTINGS.withBudgets(10, 1 << 20, 10_000));
        try (RawWebSocket slow = RawWebSocket.connect(greetedWithSmallBuffer(port));
                RawWebSocket sender = RawWebSocket.connected(port)) {
            slow.send("SUB flood 1\r\nPING\r\n");
            slow.expect("PONG");
            String message = "PUB flood 30000\r\n" + "x".repeat(30_000) + "\r\n";
            for (int i = 0; i < 400 && counters.slowConsumers() == 0; i++) {
                sender.send(message);
            }
            Await.until("slow one is closed", () -> counters.slowConsumers() == 1);
            assertEquals(1, counters.slowConsumers());
            assertTrue(slow.ends());
            sender.send("PING\r\n");
            sender.expect("PONG");
        }
    }

    @Test
    void shouldKeepASlowReaderThatReadsAllTheTime() throws Exception {
        int port = listen(SETTINGS.withBudgets(10, 1 << 20, 10_000));
        try (RawWebSocket slow = RawWebSocket.connect(greetedWithSmallBuffer(port));
                RawWebSocket sender = RawWebSocket.connected(port)) {
            slow.send("SUB flood 1\r\nPING\r\n");
            slow.expect("PONG");
            String message = "PUB flood 30000\r\n" + "x".repeat(30_000) + "\r\n";
            Thread publisher = new Thread(() -> {
                try {
                    for (int i = 0; i < 400; i++) {
                        sender.send(message);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            publisher.start();
            for (int i = 0; i < 400; i++) {
                slow.expect("MSG flood 1 30000");
                slow.expect("x".repeat(30_000));
                LockSupport.parkNanos(1_000_000);
            }
            publisher.join();
            assertEquals(0, counters.slowConsumers());
        }
    }

    private static RawWebSocket greetedWithSmallBuffer(int port) throws Exception {
        RawWebSocket client = new RawWebSocket(port, 4096).upgrade("/", "");
        client.line();
        return client;
    }

    @Test
    void shouldKeepNoPongsForAClientThatTakesNone() throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket client = RawWebSocket.connect(greetedWithSmallBuffer(port))) {
            byte[] ping = new byte[125];
            for (int i = 0; i < 200_000; i++) { // 26 MB
                client.frame(RawWebSocket.PING, true, ping);
            }
            FanOutBroker.Session session = broker.sessions.values().iterator().next();
            assertEquals(0, session.sink.queuedBytes());
            client.send("PING\r\n");
            RawWebSocket.Frame frame = client.read();
            int pongs = 0;
            while (frame.code() == RawWebSocket.PONG) {
                pongs++;
                frame = client.read();
            }
            assertEquals("PONG\r\n", frame.text());
            assertTrue(pongs < 200_000, "all pongs were kept");
        }
    }

    @Test
    void shouldNotUnpackBombs() throws Exception {
        int port = listen(compressing());
        try (RawWebSocket client = new RawWebSocket(port).upgrade("/", OFFER); RawWebSocket good =
                RawWebSocket.connected(port)) {
            byte[] bomb = deflate(new byte[64 << 20]);
            assertTrue(bomb.length < 200_000, "fits into a frame");
            client.frame(0xc2, true, bomb.length, bomb);
            assertEquals(1009, client.closing().status());
            good.send("PING\r\n");
            good.expect("PONG");
        }
        try (RawWebSocket client = new RawWebSocket(port).upgrade("/", OFFER)) {
            client.frame(0xc2, true, 4, new byte[] {1, 2, 3, 4});
            assertEquals(1002, client.closing().status());
        }
    }
}
