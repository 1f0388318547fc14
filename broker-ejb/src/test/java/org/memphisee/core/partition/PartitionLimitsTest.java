package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.memphisee.core.stream.StreamConfig;

/** What the limits of a stream do to its messages. */
class PartitionLimitsTest {

    private PartitionFixture f = new PartitionFixture(config(c -> c));

    private void with(java.util.function.Consumer<StreamBuilder> change) {
        f = new PartitionFixture(config(c -> {
            change.accept(c);
            return c;
        }));
    }

    @Test
    void shouldKeepTheNewestWhenTheCountIsLimited() {
        with(c -> c.maxMsgs = 10);
        f.store(25);
        assertEquals(10, f.state().messages());
        assertEquals(16, f.state().firstSeq());
        assertEquals("m16", f.payloads().get(0));
        f.crash();
        assertEquals(16, f.state().firstSeq());
        assertEquals(10, f.state().messages());
    }

    @Test
    void shouldTrimInsideALargeBatch() {
        with(c -> c.maxMsgs = 10);
        IntStream.rangeClosed(1, 25).forEach(i -> f.publish("s.a", "m" + i));
        f.settle();
        assertEquals(16, f.state().firstSeq());
        assertEquals(10, f.payloads().size());
        assertEquals(10 * (30 + 3 + 3), f.state().bytes());
    }

    @Test
    void shouldStayBelowTheByteLimit() {
        with(c -> c.maxBytes = 400);
        f.store(50);
        assertTrue(f.state().bytes() <= 400, () -> "bytes " + f.state().bytes());
        assertTrue(f.state().messages() >= 9);
        assertEquals(50, f.state().lastSeq());
    }

    @Test
    void shouldDropMessagesThatAreTooOld() {
        with(c -> c.maxAge = 10 * SECOND);
        f.store(3);
        f.advance(6 * SECOND);
        f.store(2);
        f.advance(5 * SECOND);
        assertEquals(2, f.state().messages());
        assertEquals(4, f.state().firstSeq());
        f.advance(20 * SECOND);
        assertEquals(0, f.state().messages());
        assertEquals(6, f.state().firstSeq());
        f.crash();
        assertEquals(5, f.state().lastSeq());
        assertEquals(6, f.store("next"));
    }

    @Test
    void shouldKeepSoManyPerSubject() {
        with(c -> c.perSubject = 2);
        for (int i = 1; i <= 5; i++) {
            f.publish("s.a", "a" + i);
            f.publish("s.b", "b" + i);
            f.settle();
        }
        assertEquals(List.of("a4", "b4", "a5", "b5"), f.payloads());
        f.crash();
        f.publish("s.a", "a6");
        f.settle();
        assertEquals(List.of("b4", "a5", "b5", "a6"), f.payloads());
        assertEquals(Map.of("s.a", 2L, "s.b", 2L), f.subjectCounts(">"));
    }

    @Test
    void shouldRefuseInsteadOfDroppingWhenToldTo() {
        with(c -> {
            c.maxMsgs = 2;
            c.discard = StreamConfig.Discard.NEW;
        });
        PublishAnswer one = f.publish("s.a", "1");
        PublishAnswer two = f.publish("s.a", "2");
        PublishAnswer three = f.publish("s.a", "3");
        f.settle();
        assertEquals(1, one.sequence());
        assertEquals(2, two.sequence());
        assertTrue(three.text().contains("\"err_code\":10077,\"description\":\"maximum messages exceeded\""));
        assertEquals(2, f.state().messages());
    }

    @Test
    void shouldRemoveNoMoreThanTheLimitsAskForWhenARecordMustBeReadFirst() {
        with(c -> {
            c.perSubject = 2;
            c.maxMsgs = 4;
        });
        for (String subject : List.of("s.x", "s.a", "s.a", "s.b")) {
            f.publish(subject, "old");
            f.settle();
        }
        f.crowdTheCache();
        f.publish("s.a", "new");
        f.settle();
        assertEquals(Map.of("s.x", 1L, "s.a", 2L, "s.b", 1L), f.subjectCounts(">"));
    }

    @Test
    void shouldRemoveNoMoreThanARollUpAsksForWhenARecordMustBeReadFirst() {
        with(c -> {
            c.rollup = true;
            c.maxMsgs = 3;
        });
        for (String subject : List.of("s.x", "s.a", "s.b")) {
            f.publish(subject, "old");
            f.settle();
        }
        f.crowdTheCache();
        f.publish("s.a", "new", "Nats-Rollup", "sub");
        f.settle();
        assertEquals(Map.of("s.x", 1L, "s.a", 1L, "s.b", 1L), f.subjectCounts(">"));
    }
}
