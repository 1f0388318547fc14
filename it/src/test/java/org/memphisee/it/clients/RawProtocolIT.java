package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.RawMessage;

/** What is tolerated, delivered and answered on the socket: wire-protocol 1.1 to 1.11. Errors: {@link RawErrorsIT}. */
final class RawProtocolIT {
    private static final String QUIET = "\"verbose\":false,\"pedantic\":false";
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static BrokerUnderTest broker;

    private final String subject = "raw." + ProcessHandle.current().pid() + '.' + NAMES.incrementAndGet();

    @BeforeAll
    static void findBroker() {
        broker = Brokers.shared();
    }

    private static RawConnection login() throws IOException {
        return RawConnection.login(broker);
    }

    private static void assertMessage(RawMessage message, String subject, String sid, String payload) {
        assertEquals(subject, message.subject());
        assertEquals(sid, message.sid());
        assertEquals(payload, message.payload());
    }

    @Test
    void shouldIntroduceItselfWithWhatClientsNeed() throws IOException {
        try (RawConnection connection = RawConnection.open(broker)) {
            String info = connection.readLine();
            assertTrue(info.startsWith("INFO {"), info);
            for (String member : new String[] {"\"server_id\":\"", "\"server_name\":\"", "\"version\":\"2.",
                    "\"proto\":1",
                "\"go\":\"", "\"host\":\"", "\"port\":", "\"headers\":true", "\"auth_required\":true",
                        "\"max_payload\":",
                "\"jetstream\":true", "\"client_id\":", "\"client_ip\":\""}) {
                assertTrue(info.contains(member), member + " in " + info);
            }
        }
    }

    @Test
    void shouldAnswerPongAfterConnect() throws IOException {
        try (RawConnection connection = RawConnection.open(broker)) {
            connection.readLine();
            connection.send(RawConnection.connect(broker, QUIET));
            connection.send("PING\r\n");
            assertEquals("PONG", connection.readOperation());
        }
    }

    @Test
    void shouldSendItsFirstPingSoon() throws IOException {
        try (RawConnection connection = login()) {
            String line = connection.readLine();
            while (line.startsWith("INFO")) {
                line = connection.readLine();
            }
            assertEquals("PING", line);
            connection.send("PONG\r\n");
            connection.flush();
        }
    }

    @Test
    void shouldBeVerboseByDefault() throws IOException {
        try (RawConnection connection = RawConnection.open(broker)) {
            connection.readLine();
            connection.send(RawConnection.connect(broker, ""));
            assertEquals("+OK", connection.readOperation());
            connection.send("SUB " + subject + " 1\r\n");
            assertEquals("+OK", connection.readOperation());
            connection.send("PUB " + subject + " 2\r\nhi\r\n");
            // the message and the +OK of its publication may come in either order
            boolean ok = false;
            boolean message = false;
            for (int i = 0; i < 2; i++) {
                String line = connection.readOperation();
                if (line.equals("+OK")) {
                    ok = true;
                } else {
                    assertEquals("MSG " + subject + " 1 2", line.replaceAll(" +", " "));
                    assertEquals("hi", connection.readLine());
                    message = true;
                }
            }
            assertTrue(ok && message);
            connection.send("UNSUB 1\r\n");
            assertEquals("+OK", connection.readOperation());
            connection.send("PING\r\n");
            assertEquals("PONG", connection.readOperation());
        }
    }

    @Test
    void shouldBePedanticByDefault() throws IOException {
        try (RawConnection connection = RawConnection.login(broker, "\"verbose\":false")) {
            connection.send("PUB a..b 2\r\nhi\r\n");
            assertEquals("-ERR 'Invalid Publish Subject'", connection.readOperation());
            connection.send("PUB a.* 2\r\nhi\r\n");
            assertEquals("-ERR 'Invalid Publish Subject'", connection.readOperation());
            connection.flush();
        }
    }

    @Test
    void shouldTakePublishedWildcardsLiterallyWhenNotPedantic() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + ".* 1\r\n");
            connection.send("PUB " + subject + ".* 2\r\nhi\r\n");
            assertMessage(connection.readMessage(), subject + ".*", "1", "hi");
            connection.send("PUB a..b 2\r\nhi\r\n");
            connection.flush();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SUB %1$s  7\r\nPUB %1$s  2\r\nhi\r\n",
        "sub %1$s 7\r\npub %1$s 2\r\nhi\r\n",
        "SuB\t%1$s\t7\r\nPuB\t%1$s\t2\r\nhi\r\n",
        "SUB   %1$s  7  \r\nPUB   %1$s   2  \r\nhi\r\n",
        "SUB %1$s 7\nPUB %1$s 2\r\nhi\r\n",
        "SUB %1$s 7\r\nPING\nPUB %1$s 2\r\nhi\r\n",
        "SUB %1$s 7 \r\nUNSUB 99 \r\nPUB %1$s 2 \r\nhi\r\n"})
    void shouldTolerateBlanksCaseAndBareLineFeeds(String template) throws IOException {
        String conversation = template.formatted(subject);
        try (RawConnection connection = login()) {
            connection.send(conversation);
            if (conversation.contains("PING")) {
                assertEquals("PONG", connection.readOperation());
            }
            assertMessage(connection.readMessage(), subject, "7", "hi");
            connection.flush();
        }
    }

    @Test
    void shouldAcceptOperationsSplitAtEveryByte() throws IOException {
        String conversation = "SUB " + subject + " 1\r\nHPUB " + subject + " reply.x 18 20\r\n"
                + "NATS/1.0\r\nk: v\r\n\r\nhi\r\nPUB " + subject + " 0\r\n\r\nPING\r\n";
        try (RawConnection connection = login()) {
            for (byte octet : conversation.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                connection.send(new byte[] {octet});
            }
            RawMessage first = connection.readMessage();
            assertMessage(first, subject, "1", "hi");
            assertEquals("reply.x", first.reply());
            assertEquals("NATS/1.0\r\nk: v\r\n\r\n", first.headers());
            assertMessage(connection.readMessage(), subject, "1", "");
            assertEquals("PONG", connection.readOperation());
        }
    }

    @Test
    void shouldAcceptManyOperationsInOneSegment() throws IOException {
        try (RawConnection connection = login()) {
            StringBuilder all = new StringBuilder("SUB " + subject + " 1\r\n");
            for (int i = 0; i < 500; i++) {
                all.append("PUB ").append(subject).append(" 3\r\n").append("%03d".formatted(i)).append("\r\n");
            }
            connection.send(all + "PING\r\n");
            for (int i = 0; i < 500; i++) {
                assertMessage(connection.readMessage(), subject, "1", "%03d".formatted(i));
            }
            assertEquals("PONG", connection.readOperation());
        }
    }

    @Test
    void shouldTreatHeaderLengthZeroAsPublishWithoutHeaders() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + " 1\r\nHPUB " + subject + " 0 2\r\nhi\r\nHPUB " + subject
                    + " to.me 0 0\r\n\r\n");
            RawMessage first = connection.readMessage();
            assertEquals("", first.headers());
            assertMessage(first, subject, "1", "hi");
            RawMessage second = connection.readMessage();
            assertEquals("to.me", second.reply());
            assertMessage(second, subject, "1", "");
            connection.flush();
        }
    }

    @Test
    void shouldDeliverHeadersByteForByte() throws IOException {
        String block = "NATS/1.0\r\nMixed-Case: one\r\nMixed-Case:two\r\nother:   padded \r\nempty:\r\n\r\n";
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + " 1\r\nHPUB " + subject + " " + block.length() + " " + (block.length()
                    + 2)
                    + "\r\n" + block + "hi\r\n");
            assertEquals(block, connection.readMessage().headers());
        }
    }

    @Test
    void shouldStripHeadersForReceiversWithoutHeaderSupport() throws IOException {
        try (RawConnection receiver = RawConnection.login(broker, QUIET); RawConnection sender = login()) {
            receiver.send("SUB " + subject + " 1\r\n");
            receiver.flush();
            sender.send("HPUB " + subject + " 18 20\r\nNATS/1.0\r\nk: v\r\n\r\nhi\r\n");
            RawMessage message = receiver.readMessage();
            assertEquals("MSG", message.operation());
            assertMessage(message, subject, "1", "hi");
        }
    }

    @Test
    void shouldEchoUnlessToldNotTo() throws IOException {
        try (RawConnection mute = RawConnection.login(broker, QUIET + ",\"echo\":false");
                RawConnection other = login()) {
            mute.send("SUB " + subject + " 1\r\n");
            other.send("SUB " + subject + " 1\r\n");
            mute.flush();
            other.flush();
            mute.send("PUB " + subject + " 3\r\nown\r\n");
            mute.flush();
            assertMessage(other.readMessage(), subject, "1", "own");
            other.send("PUB " + subject + " 5\r\nother\r\n");
            assertMessage(mute.readMessage(), subject, "1", "other");
        }
    }

    @Test
    void shouldKeepTheFirstSubscriptionWhenAnSidComesTwice() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + ".a 1\r\nSUB " + subject + ".b 1\r\n");
            connection.send("PUB " + subject + ".b 1\r\nb\r\nPUB " + subject + ".a 1\r\na\r\n");
            assertMessage(connection.readMessage(), subject + ".a", "1", "a");
            connection.flush();
        }
    }

    @Test
    void shouldIgnoreUnsubscribingWhatIsNotThere() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + " 1\r\nUNSUB 1\r\nUNSUB 1\r\nUNSUB 4711\r\nPUB " + subject
                    + " 0\r\n\r\n");
            connection.flush();
        }
    }

    @Test
    void shouldEndSubscriptionsAfterTheirMaximumCountedFromTheirStart() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + " 1\r\n" + ("PUB " + subject + " 1\r\nx\r\n").repeat(2));
            connection.readMessage();
            connection.readMessage();
            connection.send("UNSUB 1 3\r\n" + ("PUB " + subject + " 1\r\ny\r\n").repeat(3));
            assertMessage(connection.readMessage(), subject, "1", "y");
            connection.flush();
            connection.send("SUB " + subject + " 2\r\n" + ("PUB " + subject + " 1\r\nz\r\n").repeat(2));
            connection.readMessage();
            connection.readMessage();
            connection.send("UNSUB 2 1\r\nPUB " + subject + " 1\r\nz\r\n");
            connection.flush();
        }
    }

    @Test
    void shouldDeliverOncePerMatchingSubscription() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + ".* a\r\nSUB " + subject + ".> b\r\nSUB " + subject + ".x q c\r\nSUB "
                    + subject + ".x q d\r\nPUB " + subject + ".x 1\r\nm\r\nPING\r\n");
            StringBuilder sids = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                sids.append(connection.readMessage().sid());
            }
            assertEquals("PONG", connection.readOperation());
            String sorted = sids.chars().sorted().collect(StringBuilder::new, StringBuilder::appendCodePoint,
                    StringBuilder::append).toString();
            assertTrue(sorted.equals("abc") || sorted.equals("abd"), sorted);
        }
    }

    @Test
    void shouldAnswer503WhenNobodyListens() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB inbox.* 9\r\nPUB " + subject + " inbox.1 2\r\nhi\r\n");
            RawMessage status = connection.readMessage();
            assertEquals("HMSG", status.operation());
            assertEquals("NATS/1.0 503\r\n\r\n", status.headers());
            assertMessage(status, "inbox.1", "9", "");
            connection.send("PUB " + subject + " elsewhere.1 2\r\nhi\r\n");
            connection.flush();
        }
        try (RawConnection plain = RawConnection.login(broker, QUIET + ",\"headers\":true")) {
            plain.send("SUB inbox.* 9\r\nPUB " + subject + " inbox.1 2\r\nhi\r\n");
            plain.flush();
        }
    }

    @Test
    void shouldMatchDeepAndUnicodeSubjects() throws IOException {
        String deep = subject + ".t".repeat(32) + ".größe.ключ";
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + ".> 1\r\nSUB " + deep + " 2\r\nPUB " + deep + " 1\r\nm\r\n");
            assertEquals(deep, connection.readMessage().subject());
            assertEquals(deep, connection.readMessage().subject());
            String longSubject = subject + '.' + "x".repeat(3500);
            connection.send("PUB " + longSubject + " 1\r\nm\r\n");
            assertEquals(longSubject, connection.readMessage().subject());
        }
    }

    @Test
    void shouldTreatPartialWildcardsAsLiterals() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + ".a* 1\r\nPUB " + subject + ".ab 1\r\nm\r\nPUB " + subject
                    + ".a* 1\r\nn\r\n");
            assertMessage(connection.readMessage(), subject + ".a*", "1", "n");
        }
    }

    @Test
    void shouldEchoAnySidVerbatim() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB " + subject + " my-Sid_007\r\nPUB " + subject + " 1\r\nm\r\n");
            assertMessage(connection.readMessage(), subject, "my-Sid_007", "m");
        }
    }

    @Test
    void shouldAcceptUnknownConnectMembersAndPrettyPrintedJson() throws IOException {
        try (RawConnection connection = RawConnection.login(broker,
                "\"new_thing\": {\"a\": [1, 2]} , \"verbose\" : false, "
                + "\"lang\" : \"python3\", \"version\" : \"1\", \"jwt\":\"\", \"sig\":\"\", \"tls_required\": false")) {
            connection.flush();
        }
    }

    @Test
    void shouldServeApiRequestsOverTheBareSocket() throws IOException {
        try (RawConnection connection = login()) {
            connection.send("SUB inbox.* 1\r\nPUB $JS.API.INFO inbox.1 0\r\n\r\n");
            RawMessage answer = connection.readMessage();
            assertTrue(answer.payload().contains("io.nats.jetstream.api.v1.account_info_response"), answer.payload());
            connection.flush();
        }
    }

    @Test
    void shouldAcknowledgeStoredPublishesOnlyWhenAsked() throws IOException {
        String stream = "raw-" + NAMES.incrementAndGet();
        try (RawConnection connection = login()) {
            String config = "{\"name\":\"" + stream + "\",\"subjects\":[\"" + subject + ".>\"]}";
            connection.send("SUB inbox.* 1\r\nPUB $JS.API.STREAM.CREATE." + stream + " inbox.c " + config.length()
                    + "\r\n"
                    + config + "\r\n");
            assertTrue(connection.readMessage().payload().contains("\"did_create\":true"));
            connection.send("PUB " + subject + ".a 1\r\nx\r\nPUB " + subject + ".a inbox.2 1\r\ny\r\n");
            RawMessage ack = connection.readMessage();
            assertEquals("inbox.2", ack.subject());
            assertEquals("{\"stream\":\"" + stream + "\",\"seq\":2}", ack.payload().replace(" ", ""));
            connection.send("PUB $JS.API.STREAM.DELETE." + stream + " inbox.d 0\r\n\r\n");
            assertTrue(connection.readMessage().payload().contains("\"success\":true"));
        }
    }
}
