package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;


/** What a publisher says it expects, and what it asks for that streams here do not do (jetstream-api.md 5.6). */
class PublishExpectationsTest {

    private final PartitionFixture f = new PartitionFixture(PartitionFixture.config(c -> c));

    @BeforeEach
    void fill() {
        f.publish("s.a", "one");
        f.publish("s.b", "two");
        f.settle();
    }

    private PublishAnswer publish(String subject, String... headers) {
        PublishAnswer answer = f.publish(subject, "x", headers);
        f.settle();
        return answer;
    }

    private void assertRefused(int errCode, String text, PublishAnswer answer) {
        assertTrue(answer.refusedWith(errCode), answer.text());
        assertTrue(answer.text().contains("\"" + text + "\""), answer.text());
        assertEquals(2, f.state().lastSeq());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "0x2", "+2", "2.0", "2 2", "\u0662", "18446744073709551615", "18446744073709551618",
        "9223372036854775808", "00000000000000000000000000002"})
    void shouldRefuseAnExpectationThatIsNoSequence(String value) {
        assertRefused(10071, "wrong last sequence: 2", publish("s.a", "Nats-Expected-Last-Sequence", value));
        assertRefused(10071, "wrong last sequence: 1", publish("s.a", "Nats-Expected-Last-Subject-Sequence", value));
    }

    @Test
    void shouldTakeAnEmptyExpectationForNone() {
        assertEquals(3, publish("s.a", "Nats-Expected-Last-Sequence", "").sequence());
        assertEquals(4, publish("s.a", "Nats-Expected-Last-Sequence", " 3 ").sequence());
    }

    @Test
    void shouldHoldAnExpectationAboutAnotherSubject() {
        String subject = "Nats-Expected-Last-Subject-Sequence-Subject";
        String sequence = "Nats-Expected-Last-Subject-Sequence";
        assertRefused(10071, "wrong last sequence: 2", publish("s.a", sequence, "1", subject, "s.b"));
        assertRefused(10071, "wrong last sequence: 0", publish("s.a", sequence, "1", subject, "elsewhere"));
        assertRefused(10193, "missing sequence for expected last sequence per subject", publish("s.a", subject, "s.b"));
        assertRefused(10003, "bad request", publish("s.a", sequence, "2", subject, "s.*"));
        assertEquals(3, publish("s.a", subject, "s.b", sequence, "2").sequence());
        assertEquals(4, publish("s.a", sequence, "0", subject, "s.c").sequence());
    }

    @ParameterizedTest
    @CsvSource({
        "Nats-TTL,1h,10166,per-message TTL is disabled",
        "Nats-TTL,x,10166,per-message TTL is disabled",
        "Nats-Incr,+1,10168,message counters is disabled",
        "Nats-Batch-Id,b,10174,atomic publish is disabled",
        "Nats-Schedule,@every 1s,10188,message schedules is disabled",
    })
    void shouldRefuseWhatNoStreamHereDoes(String header, String value, int errCode, String text) {
        assertRefused(errCode, text, publish("s.a", header, value));
        assertRefused(errCode, text, publish("s.a", "Nats-Msg-Id", "1", header, value, "k", "v"));
        assertEquals(3, publish("s.a", header, "").sequence());
    }
}
