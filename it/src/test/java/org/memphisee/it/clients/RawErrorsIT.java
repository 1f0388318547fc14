package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;

/** Every row of wire-protocol 1.12: the text of the error, and whether the connection survives it. */
final class RawErrorsIT {
    private static final String QUIET = "\"verbose\":false,\"pedantic\":false,\"headers\":true";
    private static BrokerUnderTest broker;

    @BeforeAll
    static void findBroker() {
        broker = Brokers.shared();
    }

    private static RawConnection opened() throws IOException {
        RawConnection connection = RawConnection.open(broker);
        connection.readLine();
        return connection;
    }

    private static void assertClosesWith(String expected, RawConnection connection) throws IOException {
        assertEquals(expected.isEmpty() ? "" : "-ERR '" + expected + "'\n", connection.readToEnd());
    }

    private static void assertConnectFails(String expected, String connect) throws IOException {
        try (RawConnection connection = opened()) {
            connection.send(connect + "PING\r\n");
            assertClosesWith(expected, connection);
        }
    }

    private static void assertClosesAfterLogin(String expected, String operation) throws IOException {
        try (RawConnection connection = RawConnection.login(broker, QUIET)) {
            connection.send(operation);
            assertClosesWith(expected, connection);
        }
    }

    @Test
    void shouldRefuseWrongPasswords() throws IOException {
        assertConnectFails("Authorization Violation",
                "CONNECT {\"user\":\"" + broker.user() + "\",\"pass\":\"no-such-password\",\"verbose\":false}\r\n");
    }

    @Test
    void shouldRefuseUnknownUsersAndMissingCredentials() throws IOException {
        assertConnectFails("Authorization Violation",
                "CONNECT {\"user\":\"nobody-knows\",\"pass\":\"" + broker.password() + "\",\"verbose\":false}\r\n");
        assertConnectFails("Authorization Violation", "CONNECT {\"verbose\":false}\r\n");
        assertConnectFails("Authorization Violation",
                "CONNECT {\"auth_token\":\"" + broker.password() + "\",\"verbose\":false}\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING\r\n", "SUB a 1\r\n", "PUB a 1\r\nx\r\n", "UNSUB 1\r\n", "PONG\r\n",
        "HPUB a 12 13\r\nNATS/1.0\r\n\r\nx\r\n"})
    void shouldRefuseAnythingBeforeConnect(String operation) throws IOException {
        try (RawConnection connection = opened()) {
            connection.send(operation);
            assertClosesWith("Authorization Violation", connection);
        }
    }

    @Test
    void shouldTimeOutWithoutConnect() throws IOException {
        long start = System.nanoTime();
        try (RawConnection connection = opened()) {
            assertClosesWith("Authentication Timeout", connection);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofMillis(1500)) > 0, "closed after " + took);
        assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, "closed after " + took);
    }

    @Test
    void shouldNotTimeOutOnceConnected() throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            assertEquals("PING", connection.readLine());
            connection.send("PONG\r\n");
            connection.flush();
        }
    }

    @Test
    void shouldRefuseAccountsInConnect() throws IOException {
        assertConnectFails("Authorization Violation", RawConnection.connect(broker, QUIET + ",\"account\":\"mine\""));
    }

    @Test
    void shouldRefuseNoRespondersWithoutHeaders() throws IOException {
        assertConnectFails("no responders requires headers support",
                RawConnection.connect(broker, "\"verbose\":false,\"no_responders\":true"));
    }

    @Test
    void shouldRefuseUnknownClientProtocols() throws IOException {
        assertConnectFails("invalid client protocol", RawConnection.connect(broker, QUIET + ",\"protocol\":22"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT {\"user\":\r\n", "CONNECT nonsense\r\n", "CONNECT [1,2]\r\n"})
    void shouldCloseSilentlyOnBadConnectJson(String line) throws IOException {
        try (RawConnection connection = opened()) {
            connection.send(line);
            assertClosesWith("", connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "garbage\r\n", "SUBSCRIBE a 1\r\n", "\u0001\u0002\u0003\r\n",
            "PUBLISH\r\n",
        "MSG a 1 2\r\nhi\r\n"})
    void shouldRefuseUnknownOperations(String line) throws IOException {
        assertClosesAfterLogin("Unknown Protocol Operation", line);
    }

    @Test
    void shouldRefusePayloadsOfAnotherLengthThanSaid() throws IOException {
        assertClosesAfterLogin("Unknown Protocol Operation", "PUB raw.err 2\r\nlonger than two\r\n");
    }

    @Test
    void shouldRefuseControlLinesOverTheLimit() throws IOException {
        assertClosesAfterLogin("maximum control line exceeded", "SUB " + "a".repeat(5000) + " 1\r\n");
        assertClosesAfterLogin("maximum control line exceeded", "PUB " + "a".repeat(20_000));
    }

    @Test
    void shouldRefuseConnectLinesOverTheLimit() throws IOException {
        assertConnectFails("maximum control line exceeded",
                RawConnection.connect(broker, "\"name\":\"" + "n".repeat(5000) + '"'));
    }

    @Test
    void shouldRefusePayloadsOverTheLimitByTheirDeclaredSize() throws IOException {
        int max = maxPayload();
        assertClosesAfterLogin("Maximum Payload Violation", "PUB raw.err " + (max + 1) + "\r\n");
        assertClosesAfterLogin("Maximum Payload Violation", "HPUB raw.err 12 " + (max + 1) + "\r\n");
        assertClosesAfterLogin("Maximum Payload Violation", "PUB raw.err 999999999\r\n");
    }

    @Test
    void shouldAcceptPayloadsOfExactlyTheLimit() throws IOException {
        int max = maxPayload();
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.send("SUB raw.err.max 1\r\n");
            byte[] payload = "x".repeat(max).getBytes(StandardCharsets.UTF_8);
            connection.send("PUB raw.err.max " + max + "\r\n");
            connection.send(payload);
            connection.send("\r\n");
            assertEquals(max, connection.readMessage().payload().length());
        }
    }

    private static int maxPayload() throws IOException {
        try (RawConnection connection = RawConnection.open(broker)) {
            Matcher matcher = Pattern.compile("\"max_payload\":(\\d+)").matcher(connection.readLine());
            assertTrue(matcher.find());
            return Integer.parseInt(matcher.group(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUB a\r\n", "PUB a b c d\r\n", "PUB a -1\r\n", "PUB a x\r\n", "PUB a 1x\r\n",
        "HPUB a 1\r\n", "HPUB a 12 2\r\n", "HPUB a -1 2\r\n", "HPUB a x y\r\n", "HPUB a b c d e f\r\n",
        "SUB a\r\n", "SUB a b c d\r\n", "UNSUB 1 2 3\r\n"})
    void shouldCloseSilentlyOnMalformedArguments(String line) throws IOException {
        assertClosesAfterLogin("", line);
    }

    @Test
    void shouldCloseSilentlyOnHeadersWithoutHeaderSupport() throws IOException {
        try (RawConnection connection = RawConnection.login(broker, "\"verbose\":false")) {
            connection.send("HPUB raw.err 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");
            assertClosesWith("", connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "a.>.b", ".a", "a.", ">.a"})
    void shouldRefuseInvalidSubjectsAndStayOpen(String subject) throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.send("SUB " + subject + " 1\r\n");
            assertEquals("-ERR 'Invalid Subject'", connection.readOperation());
            connection.flush();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$JS.ACK.s.c.1.1.1.1.0", "_R_.x", "_GR_.x"})
    void shouldRefuseReservedReplySubjectsAndStayOpen(String reply) throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.send("PUB raw.err " + reply + " 2\r\nhi\r\n");
            String line = connection.readOperation();
            assertEquals("-ERR 'Permissions Violation for Publish with Reply of \"" + reply + "\"'", line);
            connection.flush();
        }
    }

    @Test
    void shouldStayOpenForOthersWhateverOneDoes() throws IOException {
        try (RawConnection witness = RawConnection.login(broker)) {
            witness.send("SUB raw.witness 1\r\n");
            assertClosesAfterLogin("Unknown Protocol Operation", "nonsense\r\n");
            assertClosesAfterLogin("", "PUB a\r\n");
            witness.send("PUB raw.witness 2\r\nok\r\n");
            assertEquals("ok", witness.readMessage().payload());
        }
    }
}
