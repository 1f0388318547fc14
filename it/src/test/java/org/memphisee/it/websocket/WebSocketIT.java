package org.memphisee.it.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.RawConnection.Door;
import org.memphisee.it.support.WindowPublisher;

/** The client protocol in WebSocket frames against the running server (wire-protocol.md 7). */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class WebSocketIT {
    private static final String REQUEST = "GET /any/path HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static BrokerUnderTest broker;

    @BeforeAll
    static void prepare() {
        broker = Brokers.shared();
    }

    @Test
    void shouldShareSubjectsWithTcpClientsAndTellItsOwnPort() throws IOException {
        try (RawConnection web = RawConnection.open(broker, Door.WEBSOCKET); RawConnection tcp =
                RawConnection.login(broker)) {
            String info = web.readLine();
            assertTrue(info.contains("\"port\":" + broker.webSocketPort()), info);
            web.send(RawConnection.connect(broker, "\"verbose\":false,\"name\":\"page::somebody\"")
                    + "SUB ws.it 5\r\nPING\r\n");
            assertEquals("PONG", web.readOperation());
            tcp.send("PUB ws.it 2\r\nhi\r\n");
            assertEquals("hi", web.readMessage().payload());
            assertTrue(web.request("$JS.API.INFO", "").contains("account_info_response"));
        }
    }

    @Test
    void shouldRefuseAWrongPassword() throws IOException {
        try (RawConnection web = RawConnection.open(broker, Door.WEBSOCKET)) {
            web.send("CONNECT {\"user\":\"root\",\"pass\":\"wrong\"}\r\nPING\r\n");
            assertEquals("-ERR 'Authorization Violation'", web.readOperation());
            assertEquals("", web.readToEnd());
        }
    }

    /** Each of these ends its own connection within the time limit, and the publisher beside them loses nothing. */
    @Test
    void shouldNotLetHostileFramesDisturbOthers() throws Exception {
        String stream = "ws-hostile-" + System.nanoTime();
        try (RawConnection control = RawConnection.login(broker)) {
            control.request("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream
                    + ".>\"],\"storage\":\"memory\",\"max_msgs\":1000}");
        }
        AtomicLong refused = new AtomicLong();
        Random random = new Random(7);
        try (WindowPublisher good = new WindowPublisher(broker, 256, (number, sequence, duplicate, error) -> {
            if (!error.isEmpty()) {
                refused.incrementAndGet();
            }
        }, Door.WEBSOCKET)) {
            for (int round = 0; round < 40; round++) {
                for (int i = 0; i < 500; i++) {
                    good.publish(stream + ".a", "", new byte[100]);
                }
                attack(round, random);
            }
            good.drain(java.time.Duration.ofSeconds(30));
            assertEquals(20_000, good.acknowledged());
            assertEquals(0, refused.get());
        } finally {
            try (RawConnection control = RawConnection.login(broker)) {
                control.request("$JS.API.STREAM.DELETE." + stream, "");
            }
        }
    }

    private static void attack(int round, Random random) throws IOException {
        byte[] garbage = new byte[2_000];
        random.nextBytes(garbage);
        byte[] bytes = switch (round % 5) {
            case 0 -> frame(0x82, 0xff, Long.MAX_VALUE);
            case 1 -> frame(0x82, 0xff, -1);
            case 2 -> frame(0x82, 0x7f, 70_000); // not masked
            case 3 -> frame(0xf2, 0xff, 100_000);
            default -> garbage;
        };
        try (Socket socket = new Socket(broker.host(), broker.webSocketPort())) {
            socket.setSoTimeout(10_000);
            if (round % 10 != 9) { // the rest comes without asking for an upgrade
                socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                readHead(socket.getInputStream());
            }
            try {
                socket.getOutputStream().write(bytes);
                socket.getInputStream().readAllBytes();
            } catch (java.net.SocketException e) {
                assertTrue(e.getMessage().contains("reset") || e.getMessage().contains("pipe"), e.getMessage());
            }
        }
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(head.toString());
            }
            head.append((char) next);
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 101"), head::toString);
    }

    private static byte[] frame(int first, int second, long length) {
        return ByteBuffer.allocate(64).put((byte) first).put((byte) second).putLong(length).array();
    }

    @Test
    void shouldCloseAPageThatDoesNotReadAndGoOn() throws Exception {
        try (RawConnection slow = RawConnection.login(broker, Door.WEBSOCKET); RawConnection sender =
                RawConnection.login(broker); RawConnection good = RawConnection.login(broker, Door.WEBSOCKET)) {
            slow.send("SUB ws.flood 1\r\nPING\r\n");
            assertEquals("PONG", slow.readOperation());
            good.send("SUB ws.flood.end 1\r\nPING\r\n");
            assertEquals("PONG", good.readOperation());
            byte[] message = ("PUB ws.flood 100000\r\n" + "x".repeat(100_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 400; i++) { // 40 MB; 16 MiB may wait
                sender.send(message);
            }
            sender.send("PUB ws.flood.end 2\r\nok\r\nPING\r\n");
            assertEquals("PONG", sender.readOperation());
            assertEquals("ok", good.readMessage().payload());
            Eventually.await("the slow one is closed", () -> ended(slow));
        }
    }

    private static boolean ended(RawConnection connection) {
        try {
            connection.readMessage();
            return false;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }
}
