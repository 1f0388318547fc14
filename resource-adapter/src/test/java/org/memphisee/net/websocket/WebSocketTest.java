package org.memphisee.net.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.net.FanOutBroker;
import org.memphisee.net.RawClient;
import org.memphisee.net.WebSocketSettings;
import org.memphisee.port.SessionInfo;
import org.memphisee.support.Await;
import org.memphisee.wire.WireSettings;

/** wire-protocol.md 7 on real sockets, with clients that mean well. */
class WebSocketTest extends WebSocketFixture {

    // ---- 7.1

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nats", "/a/b/c?x=/mqtt", "/leafnode/x"})
    void shouldAcceptAnyPath(String path) throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket client = RawWebSocket.greeted(port, path, "Sec-WebSocket-Protocol: nats\r\n" + OFFER)) {
            assertTrue(client.answer().startsWith("HTTP/1.1 101 "), client.answer());
            assertTrue(client.answer().contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), client.answer());
            assertFalse(client.answer().toLowerCase().contains("sec-websocket-protocol"), client.answer());
            assertFalse(client.answer().toLowerCase().contains("extensions"), client.answer());
            SessionInfo info = broker.sessions.values().iterator().next().info;
            assertEquals(SessionInfo.Transport.WEBSOCKET, info.transport());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "405 | POST / HTTP/1.1~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~$KEY~",
        "405 | GETT / HTTP/1.1~Host: x~",
        "400 | GET / HTTP/1.1~Host: x~",
        "400 | GET / HTTP/1.0~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~$KEY~",
        "400 | GET / HTTP/1.1~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~$KEY~",
        "400 | GET / HTTP/1.1~Host: x~Upgrade: h2c~Connection: Upgrade~Sec-WebSocket-Version: 13~$KEY~",
        "400 | GET / HTTP/1.1~Host: x~Upgrade: websocket~Connection: close~Sec-WebSocket-Version: 13~$KEY~",
        "400 | GET / HTTP/1.1~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 8~$KEY~",
        "400 | GET / HTTP/1.1~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~",
        "400 | GET / HTTP/1.1~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~"
            + "Sec-WebSocket-Key: short~",
        "400 | GET /x/leafnode HTTP/1.1~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~$KEY~",
        "400 | GET /mqtt HTTP/1.1~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~$KEY~",
        "400 | GET / HTTP/1.1~Host: x~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~$KEY~"
            + "Content-Length: 5~",
        "400 | \u0001\u0002nonsense~",
        "400 | CONNECT {}~PING~"})
    void shouldSayWhatIsWrongWithARequest(int status, String request) throws Exception {
        int port = listen(SETTINGS);
        String lines = request.replace("$KEY", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==").replace("~", "\r\n");
        try (RawWebSocket client = new RawWebSocket(port).request(lines + "\r\n")) {
            assertTrue(client.answer().startsWith("HTTP/1.1 " + status), client.answer());
            assertTrue(client.answer().toLowerCase().contains("sec-websocket-version: 13"), client.answer());
            assertTrue(client.answer().toLowerCase().contains("connection: close"), client.answer());
            assertTrue(client.ends());
        }
        assertEquals(0, counters.totalConnections());
    }

    @Test
    void shouldCloseWhoSendsNoRequestInTime() throws Exception {
        int port = listen(SETTINGS.withWebSocket(WebSocketSettings.on(0).withHandshakeMillis(150)));
        try (RawWebSocket silent = new RawWebSocket(port); RawWebSocket slow = new RawWebSocket(port)) {
            slow.raw("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            assertTrue(silent.ends());
            assertTrue(slow.ends());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example,             101",
        "https://APP.example:443,         101",
        "https://app.example:8443,        403",
        "http://app.example,              403",
        "https://app.example.evil.org,    403",
        "http://localhost:$PORT,          101",
        "http://127.0.0.1:$PORT,          403",
        "null,                            403",
        "'',                              101"})
    void shouldLetOnlyListedOriginsIn(String origin, int status) throws Exception {
        int port = listen(SETTINGS.withWebSocket(WebSocketSettings.on(0)
                .withOrigins(List.of("https://app.example", WebSocketSettings.SAME_ORIGIN))));
        String header = origin.isEmpty() ? "" : "Origin: " + origin.replace("$PORT", "" + port) + "\r\n";
        try (RawWebSocket client = new RawWebSocket(port).upgrade("/", header)) {
            assertTrue(client.answer().startsWith("HTTP/1.1 " + status), client.answer());
        }
        Await.until("session ends", broker.sessions::isEmpty);
    }

    @Test
    void shouldCountWebSocketsAmongTheConnections() throws Exception {
        int port = listen(SETTINGS.withBudgets(2, 1 << 20, 10_000));
        try (RawClient tcp = RawClient.connected(listeners.get(0).port());
                RawWebSocket second = RawWebSocket.connected(port);
                RawWebSocket third = new RawWebSocket(port).upgrade("/", "")) {
            assertTrue(third.answer().startsWith("HTTP/1.1 503"), third.answer());
            assertEquals(1, counters.refusedConnections());
            assertEquals(2, counters.connections());
            second.send("PING\r\n");
            second.expect("PONG");
        }
        Await.until("sessions end", broker.sessions::isEmpty);
        RawWebSocket.connected(port).close();
    }

    // ---- 7.2

    @Test
    void shouldNotCareAboutFrameBorders() throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            client.send("SUB a 7\r\nPUB a r 2\r\nhi\r\nPI");
            client.frame(RawWebSocket.TEXT, true, "NG\r\nPU".getBytes(StandardCharsets.US_ASCII));
            client.frame(RawWebSocket.BINARY, false, "B a 3".getBytes(StandardCharsets.US_ASCII));
            client.frame(RawWebSocket.PING, true, "between".getBytes(StandardCharsets.US_ASCII));
            client.frame(RawWebSocket.CONTINUATION, false, new byte[0]);
            client.frame(RawWebSocket.CONTINUATION, true, "\r\nabc\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
            List<String> lines = new ArrayList<>();
            boolean pong = false;
            StringBuilder text = new StringBuilder();
            while (!text.toString().endsWith("abc\r\nPONG\r\n")) {
                RawWebSocket.Frame frame = client.read();
                if (frame.code() == RawWebSocket.PONG) {
                    assertEquals("between", frame.text());
                    pong = true;
                } else {
                    assertEquals(RawWebSocket.BINARY, frame.code());
                    text.append(frame.text());
                }
            }
            assertTrue(pong);
            lines.addAll(text.toString().lines().toList());
            assertEquals(List.of("MSG a 7 r 2", "hi", "PONG", "MSG a 7 3", "abc", "PONG"), lines);
        }
    }

    @Test
    void shouldEchoTheClientsClose() throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            client.frame(RawWebSocket.CLOSE, true, new byte[] {0x0f, (byte) 0xa1, 'b', 'y', 'e'});
            assertArrayEquals(new byte[] {0x0f, (byte) 0xa1, 'b', 'y', 'e'}, client.closing().payload());
        }
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            client.frame(RawWebSocket.CLOSE, true, new byte[0]);
            assertEquals(-1, client.closing().status());
        }
        Await.until("sessions end", broker.sessions::isEmpty);
    }

    @Test
    void shouldTakeALargestMessageInOneFrameAndNoLarger() throws Exception {
        int port = listen(SETTINGS);
        byte[] payload = new byte[1 << 20];
        new Random(1).nextBytes(payload);
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            client.send("SUB big 1\r\n");
            ByteArrayOutputStream operation = new ByteArrayOutputStream();
            operation.write(("PUB big " + payload.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            operation.write(payload);
            operation.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            client.frame(RawWebSocket.BINARY, true, operation.toByteArray());
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            String head = "MSG big 1 " + payload.length + "\r\n";
            while (received.size() < head.length() + payload.length + 2) {
                RawWebSocket.Frame frame = client.read();
                assertTrue(frame.payload().length <= 64 << 10, "a browser takes it in pieces");
                received.write(frame.payload());
            }
            byte[] all = received.toByteArray();
            assertEquals(head, new String(all, 0, head.length(), StandardCharsets.US_ASCII));
            assertArrayEquals(payload, java.util.Arrays.copyOfRange(all, head.length(), head.length() + payload.length));
            client.send("PUB big " + (payload.length + 1) + "\r\n");
            client.expect("-ERR 'Maximum Payload Violation'");
            assertEquals(1009, client.closing().status());
        }
    }

    @Test
    void shouldTellErrorsInWordsAndCodes() throws Exception {
        broker = new FanOutBroker(true);
        int port = listen(SETTINGS.withWire(new WireSettings(4096, 200, 600_000, 600_000, 2)));
        try (RawWebSocket late = RawWebSocket.greeted(port)) {
            late.expect("-ERR 'Authentication Timeout'");
            assertEquals(1008, late.closing().status());
        }
        try (RawWebSocket wrong = RawWebSocket.greeted(port)) {
            wrong.send("CONNECT {\"pass\":\"wrong\"}\r\nPING\r\n");
            wrong.expect("-ERR 'Authorization Violation'");
            assertEquals(1008, wrong.closing().status());
        }
        try (RawWebSocket confused = RawWebSocket.connected(port)) {
            confused.send("HELLO\r\n");
            confused.expect("-ERR 'Unknown Protocol Operation'");
            assertEquals(1002, confused.closing().status());
        }
        try (RawWebSocket confused = RawWebSocket.greeted(port)) {
            confused.send("CONNECT {nonsense\r\n");
            assertEquals(1002, confused.closing().status());
        }
        try (RawWebSocket chatty = RawWebSocket.connected(port)) {
            chatty.send("PUB " + "x".repeat(5_000) + " 1\r\n1\r\n");
            chatty.expect("-ERR 'maximum control line exceeded'");
            assertEquals(1008, chatty.closing().status());
        }
    }

    @Test
    void shouldTellAboutTheServersStop() throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            listeners.get(0).close();
            assertEquals(1001, client.closing().status());
        }
    }

    @Test
    void shouldServeUnmaskedServersThatSaySo() throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket client = RawWebSocket.greeted(port, "/", "Nats-No-Masking: true\r\n")) {
            assertTrue(client.answer().toLowerCase().contains("nats-no-masking: true"), client.answer());
            client.frame(0x82, false, 6, "PING\r\n".getBytes(StandardCharsets.US_ASCII));
            client.expect("PONG");
        }
    }

    // ---- budgets

    @Test
    void shouldStopReadingWhenTheBrokerPauses() throws Exception {
        int port = listen(SETTINGS);
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            client.send("PUB pause 0\r\n\r\n");
            FanOutBroker.Session session = broker.sessions.values().iterator().next();
            Thread writer = new Thread(() -> {
                try {
                    byte[] operation = ("PUB nobody 30000\r\n" + "x".repeat(30_000) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 2_000; i++) {
                        client.frame(RawWebSocket.BINARY, true, operation);
                    }
                } catch (java.io.IOException e) {
                    // the test is over
                }
            });
            writer.start();
            writer.join(1_000);
            assertTrue(writer.isAlive(), "60 MB went into a paused connection");
            assertTrue(counters.inMessages() < 300, "read on: " + counters.inMessages());
            session.sink.resumeReading();
            writer.join(20_000);
            assertFalse(writer.isAlive());
        }
    }

    // ---- compression

    @Test
    void shouldCompressWhenBothSidesWant() throws Exception {
        int port = listen(compressing());
        try (RawWebSocket client = RawWebSocket.greeted(port, "/", "")) {
            assertFalse(client.answer().toLowerCase().contains("extensions"), client.answer());
        }
        try (RawWebSocket client = new RawWebSocket(port).upgrade("/", OFFER)) {
            assertTrue(client.answer().contains("permessage-deflate") && client.answer().contains(
                    "server_no_context_takeover") && client.answer().contains("client_no_context_takeover")
                    && !client.answer().contains("window_bits"), client.answer());
            RawWebSocket.Frame info = client.read();
            assertEquals(4, info.reserved());
            assertTrue(new String(inflate(info.payload()), StandardCharsets.US_ASCII).startsWith("INFO {"));
            String text = "CONNECT {\"headers\":true,\"verbose\":false}\r\nSUB z 9\r\nPUB z 2000\r\n" + "z".repeat(2_000)
                    + "\r\n";
            byte[] packed = deflate(text.getBytes(StandardCharsets.US_ASCII));
            client.frame(0xc2, true, packed.length, packed);
            RawWebSocket.Frame message = client.read();
            assertEquals(4, message.reserved());
            assertEquals("MSG z 9 2000\r\n" + "z".repeat(2_000) + "\r\n",
                    new String(inflate(message.payload()), StandardCharsets.US_ASCII));
            client.send("PING\r\n"); // a single message may go without
            assertEquals("PONG\r\n", client.read().text());
        }
    }
}
