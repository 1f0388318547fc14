package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.port.PublishRequest;

/** Messages that do not fit their schema are kept in the dead-letter log, within a share of it. */
class SchemaFailureLettersTest extends DeadLettersFixture {

    @Test
    void shouldKeepWhatViolatesASchema() {
        List<String> stored = new ArrayList<>();
        assertTrue(on(() -> f.partition.letters().violation("s.final", new byte[0], "x".getBytes(StandardCharsets.UTF_8), "p",
            "not a number", () -> stored.add("x"))));
        f.advance(SECOND);
        assertEquals(List.of("x"), stored);
        f.crash();
        Letter letter = on(() -> f.partition.letters().newest(Letter.Kind.SCHEMA, Long.MAX_VALUE, 10)).get(0);
        assertEquals("not a number", letter.error());
        assertEquals("p", letter.producer());
        assertEquals(0, letter.sequence());
        assertEquals(1, figures().schema());
        assertEquals("x", new String(read(letter.id()).found().orElseThrow().payload(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldKeepViolationsThatComeWhileTheDiskIsFullAndRefuseTooMany() {
        List<String> stored = new ArrayList<>();
        f.store.free(0);
        int[] taken = new int[1];
        for (int i = 0; i < 1_200; i++) {
            String producer = "p" + i % 10;
            taken[0] += on(() -> f.partition.letters().violation("s.final", new byte[0], new byte[] {'x'}, producer, "bad",
                () -> stored.add("x"))) ? 1 : 0;
            f.clock.now += SECOND / 20;
        }
        assertEquals(1_000, taken[0]);
        assertEquals(List.of(), stored);
        f.store.free(Long.MAX_VALUE);
        f.advance(3 * SECOND);
        f.advance(3 * SECOND);
        assertEquals(1_000, stored.size());
        assertEquals(1_000, figures().schema());
        assertEquals(200, figures().notKept());
    }

    private void fails(String producer, String payload) {
        byte[] subject = "s.final".getBytes(StandardCharsets.UTF_8);
        byte[] header = producer.isEmpty() ? new byte[0]
            : ("NATS/1.0\r\n$memphis_producedBy: " + producer + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(subject, subject.length + header.length + body.length);
        System.arraycopy(header, 0, all, subject.length, header.length);
        System.arraycopy(body, 0, all, subject.length + header.length, body.length);
        PublishRequest request = new PublishRequest(all, 0, subject.length, 0, 0, subject.length, header.length, body.length);
        f.shard.execute(() -> f.partition.schemaFailure(request, "not a number"));
        f.settle();
    }

    private void keepFailures() {
        f.partition.run(p -> p.keepSchemaFailures(true));
        f.settle();
    }

    @Test
    void shouldKeepAPublishedMessageThatDoesNotFitItsSchemaIfSuchAreKept() {
        fails("p", "lost");
        f.advance(SECOND);
        assertEquals(0, figures().schema());
        keepFailures();
        fails("p", "bad");
        f.advance(SECOND);
        f.crash();
        Letter letter = on(() -> f.partition.letters().newest(Letter.Kind.SCHEMA, Long.MAX_VALUE, 10)).get(0);
        assertEquals("not a number", letter.error());
        assertEquals(0, letter.sequence());
        StoredMessage m = read(letter.id()).found().orElseThrow();
        assertEquals("bad", new String(m.payload(), StandardCharsets.UTF_8));
        assertEquals("s.final", m.subject());
        assertEquals("NATS/1.0\r\n$memphis_producedBy: p\r\n\r\n", new String(m.header(), StandardCharsets.UTF_8));
        assertEquals(1, figures().schema());
        assertEquals(0, figures().notKept());
    }

    @Test
    void shouldTakeOfOneProducerOnlyItsShareOfAMinute() {
        keepFailures();
        for (int i = 0; i < 2_000; i++) {
            fails("flood", "x");
        }
        fails("other", "y");
        fails("", "z");
        f.settle();
        f.advance(SECOND);
        assertEquals(302, figures().schema());
        assertEquals(1_700, figures().notKept());
        f.advance(60 * SECOND);
        fails("flood", "again");
        f.advance(SECOND);
        assertEquals(303, figures().schema());
    }

    @Test
    void shouldTakeOfAllProducersOnlySoManyOrSoMuchInAMinute() {
        keepFailures();
        for (int i = 0; i < 3_000; i++) {
            fails("p" + i, "x");
            if (i % 500 == 0) {
                f.advance(SECOND / 5);
            }
        }
        f.settle();
        f.advance(SECOND);
        assertEquals(1_200, figures().schema());
        assertEquals(1_800, figures().notKept());
        f.advance(60 * SECOND);
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 40; i++) {
            fails("p" + i % 10, large);
            f.advance(SECOND / 5);
        }
        f.advance(2 * SECOND);
        assertEquals(1_215, figures().schema(), "15 MiB and their headers");
    }

    @Test
    void shouldHoldOnlySoManyBytesOfFailuresWhileTheDiskIsFull() {
        keepFailures();
        f.store.free(0);
        String large = "x".repeat(1 << 20);
        for (int minute = 0; minute < 3; minute++) {
            for (int i = 0; i < 20; i++) {
                fails("p" + i, large);
            }
            f.advance(60 * SECOND);
        }
        assertEquals(44, figures().notKept());
        f.store.free(Long.MAX_VALUE);
        for (int i = 0; i < 20; i++) {
            f.advance(SECOND);
        }
        assertEquals(16, figures().schema() + figures().forRoom());
    }

    /** A client of which nothing fits does not push out what groups gave up. */
    @Test
    void shouldLeaveWhatGroupsGaveUpItsPartOfTheLog() {
        f.rules = new LetterRules(3, 1 << 20, 8);
        f.crash();
        group(5, "g");
        for (int i = 0; i < 7; i++) {
            store("given up " + i);
        }
        useUp("g");
        keepFailures();
        for (int i = 0; i < 20; i++) {
            fails("p", "bad " + i);
            f.advance(SECOND);
        }
        assertEquals(6, figures().unacked());
        assertEquals(2, figures().schema());
        assertEquals("given up 1", payloads().get(0), "only what was more than its part made room");
        assertEquals(19, figures().forRoom());
        f.rules = new LetterRules(3, 4_000, 1_000);
        f.crash();
        group(5, "g");
        keepFailures();
        fails("p", "x".repeat(600));
        fails("p", "y".repeat(600));
        f.settle();
        f.advance(SECOND);
        assertEquals(1, figures().schema(), "bytes count too");
        assertEquals(6, figures().unacked());
    }
}
