package org.memphisee.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.Verdict;

/** wire-protocol.md 1.1, 1.2, 1.6, 1.7. */
class OperationsTest {

    private static final String TRANSCRIPT = "PING\r\n"
            + "SUB _INBOX.B.* 1\r\nSUB subj  sid\r\nsub a.> workers\t 22 \r\n"
            + "PUB $JS.API.INFO _INBOX.B.r1 0\r\n\r\n"
            + "PUB subj  0\r\n\r\n"
            + "PUB a.b 11\r\nhello\r\nPING\r\n"
            + "HPUB my#station-1$1.final _INBOX.B.r4 24 30\r\nNATS/1.0\r\nmsg-id: a1\r\n\r\nsync-1\r\n"
            + "HPUB empty.headers reply 0 2\r\nok\r\n"
            + "  pUb\tx y 3  \nabc\r\n"
            + "UNSUB 3 \r\nunsub 22 17\npong\r\nPing\n";

    private static final List<String> CALLS = List.of(
            "SUB _INBOX.B.*||1", "SUB subj||sid", "SUB a.>|workers|22",
            "PUB $JS.API.INFO|_INBOX.B.r1||",
            "PUB subj|||",
            "PUB a.b|||hello\r\nPING",
            "PUB my#station-1$1.final|_INBOX.B.r4|NATS/1.0\r\nmsg-id: a1\r\n\r\n|sync-1",
            "PUB empty.headers|reply||ok",
            "PUB x|y||abc",
            "UNSUB 3|0", "UNSUB 22|17");

    @Test
    void shouldUnderstandAllOperationsInOneRead() {
        TestWire wire = new TestWire().connected().send(TRANSCRIPT);
        assertEquals(CALLS, wire.broker.calls);
        assertEquals("PONG\r\nPONG\r\n", wire.takeOutput());
        assertEquals(6, wire.messages);
    }

    @Test
    void shouldUnderstandAllOperationsWhereverTheyAreSplit() {
        byte[] bytes = TRANSCRIPT.getBytes(StandardCharsets.ISO_8859_1);
        for (int first = 1; first < bytes.length; first++) {
            for (int second = first; second < Math.min(bytes.length, first + 40); second++) {
                TestWire wire = new TestWire().connected();
                wire.send(Arrays.copyOfRange(bytes, 0, first));
                wire.send(Arrays.copyOfRange(bytes, first, second));
                wire.send(Arrays.copyOfRange(bytes, second, bytes.length));
                assertEquals(CALLS, wire.broker.calls, "split at " + first + " and " + second);
                assertFalse(wire.closed);
            }
        }
    }

    @Test
    void shouldUnderstandAllOperationsInPiecesOfAnySize() {
        byte[] bytes = TRANSCRIPT.getBytes(StandardCharsets.ISO_8859_1);
        for (int size = 1; size < bytes.length; size++) {
            TestWire wire = new TestWire().connected();
            for (int at = 0; at < bytes.length; at += size) {
                wire.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
            }
            assertEquals(CALLS, wire.broker.calls, "pieces of " + size);
            assertEquals("PONG\r\nPONG\r\n", wire.takeOutput());
        }
    }

    @Test
    void shouldNeverChangeBytesThatWereHandedOver() {
        TestWire wire = new TestWire().connected();
        Random random = new Random(4);
        StringBuilder stream = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String payload = ("m" + i).repeat(random.nextInt(40));
            stream.append("PUB s ").append(payload.length()).append("\r\n").append(payload).append("\r\n");
            expected.append(payload).append('\n');
        }
        for (int at = 0; at < stream.length();) {
            int next = Math.min(stream.length(), at + 1 + random.nextInt(60));
            wire.send(stream.substring(at, next));
            at = next;
        }
        StringBuilder kept = new StringBuilder();
        for (PublishRequest r : wire.broker.publishes) {
            kept.append(new String(r.bytes(), r.bodyOffset(), r.payloadLength(), StandardCharsets.ISO_8859_1));
            kept.append('\n');
        }
        assertEquals(expected.toString(), kept.toString());
    }

    @Test
    void shouldFillOneArrayWithALargePayloadInPieces() {
        TestWire wire = new TestWire().connected();
        byte[] payload = new byte[1 << 20];
        new Random(1).nextBytes(payload);
        wire.send("PUB big " + payload.length + "\r\n");
        byte[] array = wire.session().array();
        for (int at = 0; at < payload.length; at += 1000) {
            wire.send(Arrays.copyOfRange(payload, at, Math.min(payload.length, at + 1000)));
            assertSame(array, wire.session().array());
        }
        wire.send("\r\nPING\r\n");
        PublishRequest request = wire.broker.publishes.get(0);
        assertSame(array, request.bytes());
        assertArrayEquals(payload, Arrays.copyOfRange(array, request.bodyOffset(),
                request.bodyOffset() + request.payloadLength()));
        assertEquals("PONG\r\n", wire.takeOutput());
    }

    @Test
    void shouldHoldNoArrayWhenNothingWaits() {
        TestWire wire = new TestWire().connected().send("PUB a 1\r\nx\r\nPING\r\n");
        assertEquals(0, wire.session().array().length);
    }

    @Test
    void shouldCompleteEveryReadOnce() {
        TestWire wire = new TestWire().connected();
        int before = wire.broker.readsCompleted;
        wire.send("PUB a 1\r\nx\r\nPUB a 1\r\ny\r\nPUB a 1");
        assertEquals(before + 1, wire.broker.readsCompleted);
        assertEquals(2, wire.messages);
        assertEquals(2, wire.bytes);
    }

    @Test
    void shouldPassOnWhatWasPublishedBeforeItAnswersPing() {
        TestWire wire = new TestWire().connected();
        wire.broker.onReadComplete = () -> wire.write("(delivered)".getBytes(StandardCharsets.US_ASCII));
        wire.send("PING\r\nPUB a 1\r\nx\r\nPUB a 1\r\ny\r\nPING\r\nPING\r\n");
        assertEquals("PONG\r\n(delivered)PONG\r\nPONG\r\n(delivered)", wire.takeOutput());
    }

    @Test
    void shouldConfirmEachOperationOfAVerboseClient() {
        TestWire wire = new TestWire().opened();
        wire.send("CONNECT {\"headers\":true}\r\nPING\r\nSUB a 1\r\nPUB a 1\r\nx\r\nUNSUB 1\r\n");
        assertEquals("+OK\r\nPONG\r\n+OK\r\n+OK\r\n+OK\r\n", wire.takeOutput());
    }

    @Test
    void shouldReportRefusalsAndStayOpen() {
        TestWire wire = new TestWire().connected();
        wire.broker.verdicts = subject -> subject.startsWith("a.")
                ? new Verdict.Refused("Permissions Violation for Publish to \"a.\r\nb\"") : Verdict.ACCEPTED;
        wire.send("PUB a.b 1\r\nx\r\nPUB c 1\r\nx\r\nSUB a.x 4\r\nPING\r\n");
        String line = "-ERR 'Permissions Violation for Publish to \"a.  b\"'\r\n";
        assertEquals(line + line + "PONG\r\n", wire.takeOutput());
        assertFalse(wire.closed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUB a\r\n", "PUB\r\n", "PUB a b c 1\r\n", "PUB a -1\r\n", "PUB a x\r\n", "PUB a 1x\r\n",
            "HPUB a 5\r\n", "HPUB a 5 4\r\n", "HPUB a b c 1 2\r\n", "HPUB a x 2\r\n", "HPUB a -1 2\r\n", "SUB a\r\n",
            "SUB\r\n", "SUB a b c d\r\n", "SUB a b c d e f\r\n", "UNSUB\r\n", "UNSUB 1 x\r\n", "UNSUB 1 -4\r\n",
            "UNSUB 1 2 3\r\n", "CONNECT\r\n", "CONNECT {\r\n", "CONNECT []\r\n", "CONNECT {} {}\r\n",
            "CONNECT {\"verbose\":\"yes\"}\r\n", "CONNECT {\"user\":1}\r\n", "CONNECT {\"protocol\":\"1\"}\r\n"})
    void shouldCloseSilentlyOnMalformedArguments(String line) {
        TestWire wire = new TestWire().connected().send(line + "PING\r\n");
        assertTrue(wire.closed);
        assertEquals("", wire.takeOutput());
        assertEquals(List.of("CLOSE"), wire.broker.calls);
    }

    @Test
    void shouldCloseSilentlyOnHeadersThatWereNotAnnounced() {
        TestWire wire = new TestWire().opened().send("CONNECT {\"verbose\":false}\r\nHPUB a 0 1\r\nx\r\n");
        assertTrue(wire.closed);
        assertEquals("", wire.takeOutput());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "\r\n", "PUBX a 1\r\n", "\0PUB a 1\r\n", "+OK\r\n", "INFO {}\r\n",
            "CONNECTED {}\r\n", "PUB a 1\r\nxy\r\n", "PUB a 1\r\nx\n", "PUB a 1\r\nx\rz", "PUB a 0\r\nx"})
    void shouldCallGarbageUnknown(String text) {
        TestWire wire = new TestWire().connected().send(text);
        assertEquals("-ERR 'Unknown Protocol Operation'\r\n", wire.takeOutput());
        assertTrue(wire.closed);
        assertEquals(List.of("CLOSE"), wire.broker.calls);
    }

    @Test
    void shouldTakeControlLinesUpToTheLimit() {
        String subject = "s".repeat(4096 - "SUB  1".length());
        TestWire wire = new TestWire().connected().send("SUB " + subject + " 1\r\n");
        assertEquals(List.of("SUB " + subject + "||1"), wire.broker.calls);
        wire.send("SUB " + subject + "s 1\r\n");
        assertEquals("-ERR 'maximum control line exceeded'\r\n", wire.takeOutput());
        assertTrue(wire.closed);
    }

    @Test
    void shouldNotWaitForTheEndOfALineThatIsTooLong() {
        TestWire wire = new TestWire().connected();
        for (int i = 0; i < 5000 && !wire.closed; i++) {
            wire.send("x");
        }
        assertEquals("-ERR 'maximum control line exceeded'\r\n", wire.takeOutput());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUB a 1025\r\n", "HPUB a 12 1025\r\n", "PUB a 99999999999999999999999\r\n"})
    void shouldRefuseTooLargePayloadsBeforeReadingThem(String line) {
        TestWire wire = new TestWire();
        wire.broker.maxPayload = 1024;
        wire.connected().send(line);
        assertEquals("-ERR 'Maximum Payload Violation'\r\n", wire.takeOutput());
        assertTrue(wire.closed);
    }

    @Test
    void shouldFollowAChangedPayloadLimit() {
        TestWire wire = new TestWire();
        wire.broker.maxPayload = 4;
        wire.connected().send("PUB a 4\r\nabcd\r\n");
        wire.broker.maxPayload = 5;
        wire.send("PUB a 5\r\nabcde\r\n");
        assertEquals(2, wire.broker.publishes.size());
    }

    @Test
    void shouldSurviveRandomBytes() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            TestWire wire = new TestWire().connected();
            int sent = 0;
            while (!wire.closed && sent < 20_000) {
                byte[] segment = new byte[1 + random.nextInt(300)];
                random.nextBytes(segment);
                wire.send(segment);
                sent += segment.length;
            }
            assertTrue(wire.closed, "no line is that long, seed " + seed);
        }
    }

    @Test
    void shouldSurviveDamagedTranscripts() {
        byte[] good = TRANSCRIPT.getBytes(StandardCharsets.ISO_8859_1);
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            TestWire wire = new TestWire().connected();
            for (int at = 0; at < bytes.length;) {
                int next = Math.min(bytes.length, at + 1 + random.nextInt(bytes.length));
                wire.send(Arrays.copyOfRange(bytes, at, next));
                at = next;
            }
            long closes = wire.broker.calls.stream().filter("CLOSE"::equals).count();
            assertEquals(wire.closed ? 1 : 0, closes, "seed " + seed);
            assertTrue(!wire.closed || "CLOSE".equals(wire.broker.calls.get(wire.broker.calls.size() - 1)));
        }
    }

    @Test
    void shouldHoldTheNextMessageUntilItsReceiverHasRead() {
        TestWire wire = new TestWire().connected();
        wire.congested = true;
        wire.send("SUB a 1\r\nPUB a 1\r\nx\r\nPING\r\nPUB b 1\r\ny\r\n");
        assertEquals(List.of("SUB a||1"), wire.broker.calls);
        assertEquals("", wire.takeOutput());
        assertEquals(1, wire.pauses);
        wire.relieve();
        assertEquals(List.of("SUB a||1", "PUB a|||x", "PUB b|||y"), wire.broker.calls);
        assertEquals("PONG\r\n", wire.takeOutput());
        assertEquals(0, wire.pauses);
        assertEquals(2, wire.messages);
        assertEquals(2, wire.bytes);
    }

    @Test
    void shouldHoldAgainWhoIsStillTooFast() {
        TestWire wire = new TestWire().connected();
        wire.congested = true;
        wire.send("PUB a 1\r\nx\r\n");
        wire.waiting.remove(0).run();
        wire.runTasks();
        assertEquals(List.of(), wire.broker.calls);
        assertEquals(1, wire.pauses);
        wire.relieve();
        assertEquals(List.of("PUB a|||x"), wire.broker.calls);
        assertEquals(0, wire.pauses);
    }

    @Test
    void shouldHandOverTheSameBytesAfterHoldingWhateverCameMeanwhile() {
        TestWire wire = new TestWire().connected();
        byte[] payload = new byte[300_000];
        new Random(5).nextBytes(payload);
        wire.send("PUB big 300000\r\n");
        wire.congested = true;
        wire.send(payload);
        wire.send("\r\nPUB b 1\r\n");
        wire.send("y\r\n");
        assertEquals(1, wire.waiting.size());
        wire.relieve();
        PublishRequest big = wire.broker.publishes.get(0);
        assertArrayEquals(payload, Arrays.copyOfRange(big.bytes(), big.bodyOffset(), big.bodyOffset() + payload.length));
        assertEquals("PUB b|||y", wire.broker.calls.get(1));
    }

    @Test
    void shouldHandOnEverythingBeforeAClientThatLeavesIsGone() {
        TestWire wire = new TestWire().connected();
        wire.congested = true;
        wire.send("PUB a 1\r\nx\r\nPUB a 1\r\ny\r\n");
        wire.session().whenHandedOn(wire.session()::connectionClosed);
        assertEquals(List.of(), wire.broker.calls);
        wire.relieve();
        assertEquals(List.of("PUB a|||x", "PUB a|||y", "CLOSE"), wire.broker.calls);
        assertEquals(2, wire.messages);
    }

    @Test
    void shouldHoldNoMoreThanABoundedPartOfTheInput() {
        TestWire wire = new TestWire().connected();
        wire.congested = true;
        byte[] many = "PUB a 8\r\n12345678\r\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 8; i++) {
            wire.session().receive(java.nio.ByteBuffer.wrap(many)); // all of one read, unpacked
        }
        wire.session().readComplete();
        int taken = wire.broker.publishes.size();
        assertTrue(taken > 300_000, taken + " taken");
        wire.relieve();
        assertEquals(800_000, wire.broker.publishes.size());
        assertEquals(0, wire.pauses);
    }

    @Test
    void shouldNotGoOnWithAClientThatWasClosedWhileHeld() {
        TestWire wire = new TestWire().connected();
        wire.congested = true;
        wire.send("PUB a 1\r\nx\r\n");
        wire.close("Authorization Violation");
        wire.runTasks();
        wire.relieve();
        assertEquals(List.of("CLOSE"), wire.broker.calls);
        assertTrue(wire.closed);
    }
}
