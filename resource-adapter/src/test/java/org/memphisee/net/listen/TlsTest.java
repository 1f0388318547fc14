package org.memphisee.net.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.memphisee.net.ConnectionFigures;
import org.memphisee.net.FanOutBroker;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.TestKeys;
import org.memphisee.net.TlsSettings.First;
import org.memphisee.net.TlsSettings.Mode;
import org.memphisee.net.TlsSettings;
import org.memphisee.net.WebSocketSettings;
import org.memphisee.support.Await;
import org.memphisee.wire.WireSettings;

/** wire-protocol.md 1.5 on real sockets. */
class TlsTest {

    private static final WireSettings PATIENT = new WireSettings(4096, 20_000, 600_000, 600_000, 2);

    @TempDir
    private static Path directory;
    private static TestKeys keys;

    private final NetCounters counters = new NetCounters();
    private final FanOutBroker broker = new FanOutBroker(true);
    private ClientListener listener;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = new TestKeys(directory);
    }

    private int listen(Mode mode, First first) throws Exception {
        return listen(mode, first, 50, 20_000);
    }

    private int listen(Mode mode, First first, long autoMillis, long handshakeMillis) throws Exception {
        return listen(new TlsSettings(keys.context("server")::createSSLEngine, mode, first, true, autoMillis,
                handshakeMillis));
    }

    private int listen(TlsSettings tls) throws ListenException {
        listener = ClientListener.open(broker, NetSettings.DEFAULTS.withAddress("127.0.0.1", 0)
                .withWire(PATIENT.withAuthTimeout(tls.handshakeMillis() + 300)).withTls(tls).withWebSocket(WebSocketSettings.on(0)), counters, task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    return thread;
                });
        return listener.port();
    }

    @AfterEach
    void leavesNothingBehind() {
        listener.close();
        assertEquals(0, counters.connections());
        assertTrue(broker.sessions.isEmpty());
    }

    private static Socket open(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
        return socket;
    }

    private static Socket secured(Socket plain, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The only client there is, as the broker and as a monitor see it. */
    private void assertKnownAs(boolean encrypted, boolean first) {
        assertEquals(encrypted, broker.sessions.values().iterator().next().info.tls());
        ConnectionFigures figures = listener.figures().get(0);
        assertEquals(encrypted ? "TLSv1.3" : "", figures.tlsVersion());
        assertEquals(encrypted, figures.tlsCipher().startsWith("TLS_AES_"), figures.tlsCipher());
        assertEquals(first, figures.tlsFirst());
    }

    private static void assertServed(Socket socket) throws IOException {
        send(socket, "CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPUB a 2\r\nhi\r\nPING\r\n");
        assertEquals("MSG a 1 2", line(socket));
        assertEquals("hi", line(socket));
        assertEquals("PONG", line(socket));
    }

    @ParameterizedTest
    @CsvSource({"OPTIONAL, OFF, '\"tls_available\":true'", "OPTIONAL, AUTO, '\"tls_available\":true'",
        "REQUIRED, OFF, '\"tls_required\":true'", "REQUIRED, AUTO, '\"tls_required\":true'",
        "MUTUAL, OFF, '\"tls_required\":true,\"tls_verify\":true'"})
    void shouldUpgradeAfterInfo(Mode mode, First first, String announced) throws Exception {
        int port = listen(mode, first);
        try (Socket plain = open(port)) {
            String info = line(plain);
            assertTrue(info.startsWith("INFO {") && info.contains(announced), info);
            try (Socket socket = secured(plain, keys.context("client"))) {
                assertServed(socket);
                assertKnownAs(true, false);
            }
        }
        Await.until("it is gone", () -> counters.connections() == 0);
        assertEquals("TLSv1.3", listener.closedFigures().get(0).tlsVersion(), "still known when it is gone");
    }

    @Test
    void shouldNotClaimEncryptionBeforeTheHandshake() throws Exception {
        int port = listen(Mode.REQUIRED, First.OFF);
        try (Socket plain = open(port)) {
            line(plain);
            assertKnownAs(false, false);
        }
    }

    @ParameterizedTest
    @CsvSource({"REQUIRED, ON", "REQUIRED, AUTO", "OPTIONAL, AUTO", "MUTUAL, ON", "MUTUAL, AUTO"})
    void shouldSendInfoInsideWhenTheHandshakeComesFirst(Mode mode, First first) throws Exception {
        int port = listen(mode, first, 10_000, 20_000);
        try (Socket socket = secured(open(port), keys.context("client"))) {
            assertTrue(line(socket).startsWith("INFO {"));
            assertServed(socket);
            assertKnownAs(true, true);
        }
    }

    @ParameterizedTest
    @EnumSource(value = First.class, names = {"OFF", "AUTO"})
    void shouldServePlainTextWhereTlsIsOptional(First first) throws Exception {
        int port = listen(Mode.OPTIONAL, first);
        try (Socket socket = open(port)) {
            assertTrue(line(socket).startsWith("INFO {"));
            assertServed(socket);
            assertKnownAs(false, false);
        }
        try (Socket eager = open(port)) {
            send(eager, "CONNECT {\"verbose\":false}\r\nPING\r\n");
            assertTrue(line(eager).startsWith("INFO {"));
            assertEquals("PONG", line(eager));
        }
    }

    @ParameterizedTest
    @CsvSource({"REQUIRED, OFF", "REQUIRED, AUTO", "MUTUAL, OFF"})
    void shouldTellPlainTextThatTlsIsRequired(Mode mode, First first) throws Exception {
        int port = listen(mode, first);
        try (Socket socket = open(port)) {
            line(socket);
            send(socket, "CONNECT {\"verbose\":false}\r\nPING\r\n");
            assertEquals("-ERR 'Secure Connection - TLS Required'", line(socket));
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void shouldCloseWhoWaitsForInfoWhereTheHandshakeComesFirst() throws Exception {
        int port = listen(Mode.REQUIRED, First.ON, 50, 700);
        try (Socket socket = open(port)) {
            assertEquals(-1, socket.getInputStream().read());
        }
        try (Socket socket = open(port)) {
            send(socket, "CONNECT {}\r\n");
            socket.getInputStream().readAllBytes(); // an alert at most, then the end
        }
        assertEquals(0, counters.totalConnections());
    }

    @ParameterizedTest
    @CsvSource({"'', OFF", "stranger, OFF", "'', ON", "stranger, ON"})
    void shouldRefuseClientsWithoutATrustedCertificate(String alias, First first) throws Exception {
        int port = listen(Mode.MUTUAL, first);
        try (Socket plain = open(port)) {
            if (first == First.OFF) {
                line(plain);
            }
            // with TLS 1.3 the client's side of the handshake is done before the server has looked at its certificate
            assertThrows(IOException.class, () -> {
                try (Socket socket = secured(plain, keys.context(alias))) {
                    send(socket, "CONNECT {\"verbose\":false}\r\nPING\r\n");
                    while (socket.getInputStream().read() >= 0) {
                        socket.getInputStream().readNBytes(100);
                    }
                    throw new IOException("closed without a word");
                }
            });
        }
        Await.until("nobody is left", () -> counters.connections() == 0);
    }

    @Test
    void shouldGiveUpAHandshakeThatDoesNotGoOnAndASilentClient() throws Exception {
        int port = listen(Mode.REQUIRED, First.OFF, 50, 700);
        try (Socket stuck = open(port); Socket silent = open(port)) {
            line(stuck);
            line(silent);
            stuck.getOutputStream().write(new byte[] {0x16, 3, 1});
            stuck.getInputStream().readAllBytes();
            assertEquals("-ERR 'Authentication Timeout'", line(silent));
            assertEquals(-1, silent.getInputStream().read());
        }
    }

    @Test
    void shouldCarryLargeMessagesAndErrorsInsideTls() throws Exception {
        int port = listen(Mode.REQUIRED, First.ON);
        try (Socket socket = secured(open(port), keys.context(""))) {
            line(socket);
            send(socket, "CONNECT {\"verbose\":false}\r\nSUB big 1\r\n");
            byte[] payload = new byte[1 << 20];
            new Random(3).nextBytes(payload);
            for (int i = 0; i < 8; i++) {
                send(socket, "PUB big " + payload.length + "\r\n" + new String(payload, StandardCharsets.ISO_8859_1) + "\r\n");
                assertEquals("MSG big 1 " + payload.length, line(socket));
                org.junit.jupiter.api.Assertions.assertArrayEquals(payload, socket.getInputStream().readNBytes(payload.length));
                assertEquals("", line(socket));
            }
            send(socket, "NONSENSE\r\n");
            assertEquals("-ERR 'Unknown Protocol Operation'", line(socket));
            assertEquals(-1, socket.getInputStream().read(), "ends with TLS's own last word, not with a cut");
        }
    }

    @Test
    void shouldServeWebSocketsInTls() throws Exception {
        listen(Mode.OFF, First.OFF);
        int port = listener.webSocketPort().orElseThrow();
        String request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        try (Socket socket = secured(open(port), keys.context(""))) {
            send(socket, request);
            assertEquals("HTTP/1.1 101 Switching Protocols", line(socket));
            String head = line(socket);
            while (!head.isEmpty()) {
                head = line(socket);
            }
            assertEquals(0x82, socket.getInputStream().read());
            assertTrue(line(socket).contains("INFO {"));
            assertKnownAs(true, true);
            socket.getOutputStream().write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
            assertEquals(0x88, socket.getInputStream().read());
            assertEquals(0, socket.getInputStream().read());
            assertEquals(-1, socket.getInputStream().read());
        }
        try (Socket plain = open(port)) {
            send(plain, request);
            String answer = new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertFalse(answer.contains("HTTP"), answer);
        }
    }
}
