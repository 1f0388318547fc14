package org.memphisee.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import org.memphisee.port.ClusterMembers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;

/** wire-protocol.md 1.3, 1.4, 1.5, 1.11. */
class SessionTest {

    private static final String QUIET = "CONNECT {\"verbose\":false,\"user\":\"root$1\",\"pass\":\"memphis\"}\r\n";

    private static TestWire authenticating() {
        TestWire wire = new TestWire();
        wire.broker.authRequired = true;
        return wire;
    }

    @Test
    void shouldBeginWithInfo() throws IOException {
        TestWire wire = authenticating().open();
        String line = wire.takeOutput();
        assertTrue(line.startsWith("INFO {") && line.endsWith("} \r\n"), line);
        JsonNode info = new ObjectMapper().readTree(line.substring(5));
        assertEquals("SERVERID", info.get("server_id").asText());
        assertEquals("memphis-0", info.get("server_name").asText());
        assertEquals("2.10.7", info.get("version").asText());
        assertEquals(1, info.get("proto").asInt());
        assertTrue(info.get("headers").asBoolean());
        assertTrue(info.get("jetstream").asBoolean());
        assertTrue(info.get("auth_required").asBoolean());
        assertEquals(1 << 20, info.get("max_payload").asInt());
        assertEquals(7, info.get("client_id").asInt());
        assertEquals("10.0.0.9", info.get("client_ip").asText());
        assertEquals("127.0.0.1", info.get("host").asText());
        assertEquals(6666, info.get("port").asInt());
        assertEquals("", info.get("connection_id").asText());
        assertFalse(info.has("domain"));
        assertFalse(new TestWire().open().takeOutput().contains("auth_required"));
    }

    @Test
    void shouldTellOfTheClusterWheneverThatHasChangedAndOnlyThen() {
        TestWire wire = authenticating().opened().send(QUIET + "PING\r\n");
        assertFalse(wire.takeOutput().contains("connect_urls"), "a server alone says nothing of that");
        wire.broker.cluster = new ClusterMembers("team", List.of("a:6666", "b:6666"), List.of("a:7770"));
        wire.send("PING\r\n");
        String told = wire.takeOutput();
        assertTrue(told.contains("\"cluster\":\"team\",\"connect_urls\":[\"a:6666\",\"b:6666\"],\"ws_connect_urls\":[\"a:7770\"]"), told);
        wire.send("PING\r\n");
        assertEquals("PONG\r\n", wire.takeOutput(), "once");
    }

    @Test
    void shouldTellOnceThatTheServerIsAboutToStopAndWhereToGo() {
        TestWire wire = authenticating().opened();
        wire.session().leaving();
        assertEquals("", wire.takeOutput(), "no client yet");
        wire.broker.cluster = new ClusterMembers("team", List.of("b:6666"), List.of());
        wire.send(QUIET + "PING\r\n");
        String told = wire.takeOutput();
        assertTrue(told.contains("\"connect_urls\":[\"b:6666\"],\"ldm\":true"), told);
        wire.send("PING\r\n");
        assertEquals("PONG\r\n", wire.takeOutput(), "once");
        wire.broker.cluster = new ClusterMembers("team", List.of("c:6666"), List.of());
        wire.send("PING\r\n");
        told = wire.takeOutput();
        assertTrue(told.contains("\"connect_urls\":[\"c:6666\"],\"ldm\":true"), told);
    }

    @Test
    void shouldTellOfAnotherLargestMessageBeforeItCounts() {
        TestWire wire = authenticating().opened().send(QUIET + "PING\r\n");
        wire.takeOutput();
        wire.broker.maxPayload = 5;
        wire.send("PING\r\n");
        String told = wire.takeOutput();
        assertTrue(told.startsWith("INFO {") && told.contains("\"max_payload\":5,") && told.endsWith("PONG\r\n"), told);
        wire.send("PING\r\n");
        assertEquals("PONG\r\n", wire.takeOutput(), "once");
        wire.broker.maxPayload = 4;
        wire.send("PUB a 5\r\nhello\r\n");
        String refused = wire.takeOutput();
        assertTrue(refused.indexOf("\"max_payload\":4,") < refused.indexOf("Maximum Payload") && refused.contains("INFO"), refused);
    }

    @Test
    void shouldAnswerConnectAndPingWithPong() {
        TestWire wire = authenticating().opened().send(QUIET + "PING\r\n");
        assertEquals("PONG\r\n", wire.takeOutput());
        assertEquals("memphis", wire.broker.options.orElseThrow().password());
    }

    @Test
    void shouldFillInDefaultsOfConnect() {
        TestWire wire = new TestWire().opened().send("CONNECT {\"unknown\":[1,{}],\"name\":null}\r\n");
        assertEquals(new ConnectOptions(true, true, true, false, false, 0, "", "", "", "", "", "", false),
                wire.broker.options.orElseThrow());
        assertFalse(wire.headers);
    }

    @Test
    void shouldReadAllFieldsOfConnect() {
        TestWire wire = new TestWire().opened().send("connect {\"verbose\":false,\"pedantic\":false,\"echo\":false,"
                + "\"headers\":true,\"no_responders\":true,\"protocol\":1,\"user\":\"u\",\"pass\":\"p\","
                + "\"auth_token\":\"t\",\"name\":\"n\\u00e9\",\"lang\":\"go\",\"version\":\"1.31\",\"account\":\"A\","
                + "\"Verbose\":true,\"tls_required\":false,\"sig\":\"\",\"jwt\":\"\"}\r\n");
        assertEquals(new ConnectOptions(false, false, false, true, true, 1, "u", "p", "t", "n\u00e9", "go", "1.31",
                true), wire.broker.options.orElseThrow());
        assertTrue(wire.headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "-1", "99999999999"})
    void shouldRefuseUnknownProtocols(String protocol) {
        TestWire wire = new TestWire().opened().send("CONNECT {\"protocol\":" + protocol + "}\r\nPING\r\n");
        assertEquals("-ERR 'invalid client protocol'\r\n", wire.takeOutput());
        assertTrue(wire.closed);
    }

    @Test
    void shouldRefuseNoRespondersWithoutHeaders() {
        TestWire wire = new TestWire().opened().send("CONNECT {\"no_responders\":true}\r\nPING\r\n");
        assertEquals("-ERR 'no responders requires headers support'\r\n", wire.takeOutput());
        assertTrue(wire.closed);
    }

    @Test
    void shouldServeOperationsBeforeConnectWhenNoCredentialsAreRequired() {
        TestWire wire = new TestWire().opened().send("SUB a 1\r\nPING\r\n");
        assertEquals("+OK\r\nPONG\r\n", wire.takeOutput());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING\r\n", "SUB a 1\r\n", "PUB a 99999999\r\n", "PUB\r\n", "nonsense\r\n"})
    void shouldRequireConnectFirst(String line) {
        TestWire wire = authenticating().opened().send(line + QUIET);
        assertEquals("-ERR 'Authorization Violation'\r\n", wire.takeOutput());
        assertEquals(List.of("CLOSE"), wire.broker.calls);
        assertTrue(wire.closed);
    }

    @Test
    void shouldRefuseBadCredentials() {
        TestWire wire = authenticating().opened();
        wire.broker.access = o -> new AuthOutcome.Refused("Authorization Violation");
        wire.send(QUIET + "PING\r\nSUB a 1\r\n");
        assertEquals("-ERR 'Authorization Violation'\r\n", wire.takeOutput());
        assertEquals(List.of("CONNECT root$1", "CLOSE"), wire.broker.calls);
    }

    @Test
    void shouldNotWaitForConnectForEver() {
        TestWire wire = authenticating().opened().send("CONN");
        wire.advance(1999);
        assertFalse(wire.closed);
        wire.advance(1);
        assertEquals("-ERR 'Authentication Timeout'\r\n", wire.takeOutput());
        assertTrue(wire.closed);
        assertEquals(1, wire.authTimeouts);
        assertEquals(List.of("CLOSE"), wire.broker.calls);
    }

    @Test
    void shouldProcessNothingWhileAuthenticationIsPending() {
        TestWire wire = authenticating().opened();
        wire.broker.answerLater = true;
        wire.send(QUIET + "PING\r\nSUB a 1\r\nPUB a 2\r\no");
        wire.send("k\r\nPING\r\n");
        assertEquals(1, wire.pauses);
        assertEquals("", wire.takeOutput());
        wire.advance(60_000);
        assertFalse(wire.closed);

        int reads = wire.broker.readsCompleted;
        wire.broker.pending.orElseThrow().accept(new AuthOutcome.Accepted());
        assertEquals("", wire.takeOutput());
        wire.runTasks();
        assertEquals(0, wire.pauses);
        assertEquals("PONG\r\nPONG\r\n", wire.takeOutput());
        assertEquals(List.of("CONNECT root$1", "SUB a||1", "PUB a|||ok"), wire.broker.calls);
        assertEquals(reads + 2, wire.broker.readsCompleted); // before PONG, and at the end
    }

    @Test
    void shouldBoundWhatWaitsForAuthentication() {
        TestWire wire = authenticating().opened();
        wire.broker.answerLater = true;
        wire.send(QUIET);
        for (int i = 0; i < 20 && !wire.closed; i++) {
            wire.send(new byte[100_000]);
        }
        assertTrue(wire.closed);
        assertEquals("", wire.takeOutput());
        wire.broker.pending.orElseThrow().accept(new AuthOutcome.Accepted());
        wire.runTasks();
        assertEquals(List.of("CONNECT root$1", "CLOSE"), wire.broker.calls);
    }

    @Test
    void shouldHeedTheFirstOfSeveralAnswersOnly() {
        TestWire wire = authenticating().opened();
        wire.broker.answerLater = true;
        wire.send(QUIET);
        wire.broker.pending.orElseThrow().accept(new AuthOutcome.Accepted());
        wire.broker.pending.orElseThrow().accept(new AuthOutcome.Refused("late"));
        wire.runTasks();
        wire.send("PING\r\n");
        assertEquals("PONG\r\n", wire.takeOutput());
    }

    @Test
    void shouldTakeNewOptionsFromASecondConnect() {
        TestWire wire = new TestWire().connected();
        wire.send("CONNECT {\"verbose\":true,\"user\":\"other\"}\r\nHPUB a 0 0\r\n\r\n");
        assertEquals("+OK\r\n", wire.takeOutput());
        assertTrue(wire.closed, "headers are no longer announced");
        assertEquals(List.of("CONNECT other", "CLOSE"), wire.broker.calls);
    }

    @Test
    void shouldPingSoonAfterConnectAndThenWhenNothingComes() {
        TestWire wire = new TestWire().connected();
        wire.advance(1_999);
        assertEquals("", wire.takeOutput());
        wire.advance(1);
        assertEquals("PING\r\n", wire.takeOutput());
        wire.send("PONG\r\n");
        wire.advance(120_000);
        assertEquals("", wire.takeOutput(), "the PONG was traffic");
        wire.advance(120_000);
        assertEquals("PING\r\n", wire.takeOutput());
        wire.send("PONG\r\n");
        for (int i = 0; i < 10; i++) {
            wire.advance(100_000);
            wire.send("PUB a 0\r\n\r\n");
        }
        assertEquals("", wire.takeOutput());
        assertFalse(wire.closed);
    }

    @Test
    void shouldCallAConnectionStaleAfterTwoUnansweredPings() {
        TestWire wire = new TestWire().connected();
        wire.advance(2_000);
        wire.advance(120_000);
        assertEquals("PING\r\nPING\r\n", wire.takeOutput());
        wire.advance(120_000);
        assertEquals("-ERR 'Stale Connection'\r\n", wire.takeOutput());
        assertTrue(wire.closed);
        assertEquals(List.of("CLOSE"), wire.broker.calls);
    }

    @Test
    void shouldStopAtOnceWhenTheBrokerCloses() {
        TestWire wire = new TestWire().connected();
        wire.broker.verdicts = subject -> {
            wire.close("Permissions Violation");
            return org.memphisee.port.Verdict.ACCEPTED;
        };
        wire.send("PUB a 0\r\n\r\nPUB b 0\r\n\r\n");
        wire.runTasks();
        assertEquals(List.of("PUB a|||", "CLOSE"), wire.broker.calls);
        assertEquals("-ERR 'Permissions Violation'\r\n", wire.takeOutput());
    }

    @Test
    void shouldTellTheBrokerOnceThatTheConnectionIsGone() {
        TestWire wire = new TestWire().connected();
        wire.session().connectionClosed();
        wire.session().connectionClosed();
        wire.session().close("late");
        wire.send("PUB a 0\r\n\r\n");
        wire.advance(1_000_000);
        assertEquals(List.of("CLOSE"), wire.broker.calls);
        assertEquals("", wire.takeOutput());
    }

    @Test
    void shouldCheckSettings() {
        assertThrows(IllegalArgumentException.class, () -> new WireSettings(10, 1, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new WireSettings(4096, 0, 1, 1, 1));
    }
}
