package org.memphisee.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;

/** A conversation, the broker's part spoken by the test. */
class BrokerSessionTest {

    private static final String INFO = "INFO {\"server_id\":\"S\",\"max_payload\":1000,\"headers\":true} \r\n";
    private static final SessionSettings SETTINGS = new SessionSettings(1_000, 1, 2_000, 1 << 20);

    private final ScriptedDialer broker = new ScriptedDialer();
    private final List<String> ends = new ArrayList<>();

    private CompletableFuture<BrokerSession> open(boolean tls, String token) {
        return BrokerSession.open(broker, new BrokerAddress("broker", 6666, tls),
            new Credentials("ann", "secret", token), SETTINGS, ends::add);
    }

    private BrokerSession opened() {
        CompletableFuture<BrokerSession> session = open(false, "");
        broker.says(INFO + "PONG\r\n");
        broker.sent();
        return session.join();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    @Test
    void shouldLogInAsAnSdkDoes() {
        CompletableFuture<BrokerSession> session = open(false, "");
        assertEquals("", broker.sent());
        broker.says(INFO);
        String login = broker.sent();
        assertTrue(login.startsWith("CONNECT {\"verbose\":false,"), login);
        assertTrue(login.contains("\"user\":\"ann\",\"pass\":\"secret\""), login);
        assertTrue(login.matches("(?s).*\"name\":\"[0-9a-f-]{36}::ann\".*SUB _INBOX\\.[0-9a-f]{32}\\.\\* 1\r\nPING\r\n"), login);
        assertFalse(session.isDone());
        broker.says("PONG\r\n");
        assertEquals(1_000, session.join().maxPayload());
        assertFalse(session.join().toString().contains("secret"));
    }

    @Test
    void shouldLogInWithAToken() {
        open(false, "t0ken");
        broker.says(INFO);
        String login = broker.sent();
        assertTrue(login.contains("\"auth_token\":\"t0ken\"") && !login.contains("pass"), login);
    }

    @Test
    void shouldSayThatCredentialsAreRefused() {
        CompletableFuture<BrokerSession> session = open(false, "");
        broker.says(INFO + "-ERR 'Authorization Violation'\r\n");
        Throwable why = assertInstanceOf(AccessRefusedException.class, failure(session));
        assertTrue(why.getMessage().contains("user ann") && !why.getMessage().contains("secret"), why.getMessage());
        assertTrue(broker.closed);
        assertEquals(List.of(), ends);
    }

    @Test
    void shouldEncryptWhereTheBrokerWantsIt() {
        open(false, "");
        broker.says("INFO {\"max_payload\":1000,\"tls_required\":true}\r\n");
        assertTrue(broker.encrypted);
        assertTrue(broker.sent().contains("\"tls_required\":true"));
    }

    @Test
    void shouldSendNoPasswordInTheClearWhenTlsIsAskedFor() {
        CompletableFuture<BrokerSession> session = open(true, "");
        broker.says(INFO);
        assertEquals("", broker.sent());
        assertTrue(failure(session).getMessage().contains("offers no TLS"), failure(session).getMessage());
    }

    @Test
    void shouldGiveUpABrokerThatDoesNotGreet() {
        CompletableFuture<BrokerSession> session = open(false, "");
        broker.pass(1_001);
        assertTrue(failure(session).getMessage().contains("no log-in within 1000 ms"), failure(session).getMessage());
        assertTrue(broker.closed);
    }

    @Test
    void shouldLeaveWhatIsNoBroker() {
        CompletableFuture<BrokerSession> session = open(false, "");
        broker.says("HTTP/1.1 400 Bad Request\r\n");
        assertTrue(failure(session).getMessage().contains("this is no broker"), failure(session).getMessage());
        assertTrue(broker.closed);
    }

    @Test
    void shouldMatchAnswersToRequests() {
        BrokerSession session = opened();
        CompletableFuture<byte[]> first = session.request("a", new byte[] {'x'});
        CompletableFuture<byte[]> second = session.request("b", new byte[0]);
        String inbox = session.inboxPrefix();
        assertEquals("PUB a " + inbox + "1 1\r\nx\r\nPUB b " + inbox + "2 0\r\n\r\n", broker.sent());
        broker.says("MSG " + inbox + "2 1 3\r\ntwo\r\nMSG " + inbox + "77 1 1\r\n?\r\nMSG " + inbox + "x 1 1\r\n?\r\n"
            + "MSG " + inbox + "1 1 3\r\none\r\n");
        assertEquals("one", new String(first.join(), StandardCharsets.UTF_8));
        assertEquals("two", new String(second.join(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldFailRequestsThatNobodyServesOrAnswersInTime() {
        BrokerSession session = opened();
        CompletableFuture<byte[]> unserved = session.request("a", new byte[0]);
        broker.says("HMSG " + session.inboxPrefix() + "1 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
        assertInstanceOf(BrokerUnavailableException.class, failure(unserved));
        CompletableFuture<byte[]> late = session.request("b", new byte[0]);
        assertFalse(late.isDone());
        broker.pass(500); // requests have 1 ms here
        assertTrue(failure(late).getMessage().contains("No answer from b"), failure(late).getMessage());
        assertTrue(session.open());
    }

    @Test
    void shouldFailOnlyWhatIsForbidden() {
        BrokerSession session = opened();
        CompletableFuture<byte[]> forbidden = session.request("a.b", new byte[0]);
        CompletableFuture<byte[]> other = session.request("c", new byte[0]);
        broker.says("-ERR 'Permissions Violation for Publish to \"a.b\"'\r\n");
        Throwable why = failure(forbidden);
        assertEquals(BrokerException.class, why.getClass());
        assertFalse(other.isDone());
        assertTrue(session.open());
    }

    @Test
    void shouldFailEverythingThatWaitsWhenTheConnectionBreaks() {
        BrokerSession session = opened();
        CompletableFuture<byte[]> request = session.request("a", new byte[0]);
        CompletableFuture<Void> flush = session.flush();
        broker.breaks("Connection reset");
        assertInstanceOf(SessionClosedException.class, failure(request));
        assertTrue(failure(flush).getMessage().contains("Connection reset"));
        assertInstanceOf(SessionClosedException.class, failure(session.request("b", new byte[0])));
        assertFalse(session.open());
        assertEquals(List.of("Connection reset"), ends);
    }

    @Test
    void shouldTellTheBrokersReasonForClosing() {
        opened();
        broker.says("-ERR 'Stale Connection'\r\n");
        broker.breaks("the broker closed the connection");
        assertEquals(List.of("Stale Connection"), ends);
    }

    @Test
    void shouldSayNothingOfItsOwnEnd() {
        BrokerSession session = opened();
        session.close();
        assertFalse(session.open());
        assertEquals(List.of(), ends);
    }

    @Test
    void shouldAnswerPingAndCompleteFlushesInTheirOrder() {
        BrokerSession session = opened();
        CompletableFuture<Void> first = session.flush();
        CompletableFuture<Void> second = session.flush();
        assertEquals("PING\r\nPING\r\n", broker.sent());
        broker.says("PING\r\nPONG\r\n");
        assertEquals("PONG\r\n", broker.sent());
        assertTrue(first.isDone() && !second.isDone());
        broker.says("PONG\r\n");
        assertTrue(second.isDone());
    }
}
