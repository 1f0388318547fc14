package org.memphisee.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckSubjectTest {

    private final AckSubject subject = new AckSubject();

    private boolean parse(String text) {
        byte[] bytes = ("xx" + text).getBytes(StandardCharsets.UTF_8);
        return subject.parse(bytes, 2, bytes.length - 2);
    }

    private void assertFields() {
        assertEquals("my#station$1", subject.stream());
        assertEquals("grp#a", subject.consumer());
        assertEquals(2, subject.delivered);
        assertEquals(17, subject.streamSequence);
        assertEquals(30, subject.consumerSequence);
        assertEquals(1_795_478_544_954_412_199L, subject.timestampNanos);
        assertEquals(4, subject.pending);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "$JS.ACK.my#station$1.grp#a.2.17.30.1795478544954412199.4",
        "$JS.ACK._.hash.my#station$1.grp#a.2.17.30.1795478544954412199.4",
        "$JS.ACK.hub.hash.my#station$1.grp#a.2.17.30.1795478544954412199.4.r4nd0m"})
    void shouldReadAllForms(String text) {
        assertTrue(parse(text));
        assertFields();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "$JS.ACK.", "$JS.ACK.s.c.1.2.3.4", "$JS.ACK.s.c.1.2.3.4.5.6", "$JS.ACK.s.c.1.2.x.4.5",
        "$JS.ACK.s..1.2.3.4.5",
        "$JS.ACK.s.c.1.2.3.4.", "$JS.ACK.s.c.0.2.3.4.5", "$JS.ACK.s.c.1.0.3.4.5", "$JS.NAK.s.c.1.2.3.4.5",
        "$JS.ACK.s.c.1.99999999999999999999.3.4.5", "$JS.ACK.a.b.s.c.1.2.3.4.5.6.7"})
    void shouldRefuseWhatIsNone(String text) {
        assertFalse(parse(text), text);
    }

    @Test
    void shouldWriteWhatItReads() {
        AckSubjectWriter writer = new AckSubjectWriter("my#station$1", "grp#a");
        int length = writer.write(2, 17, 30, 1_795_478_544_954_412_199L, 4);
        assertEquals("$JS.ACK.my#station$1.grp#a.2.17.30.1795478544954412199.4",
            new String(writer.bytes(), 0, length, StandardCharsets.UTF_8));
        assertTrue(subject.parse(writer.bytes(), 0, length));
        assertFields();
    }

    @Test
    void shouldWriteEveryWidthOfNumber() {
        AckSubjectWriter writer = new AckSubjectWriter("s", "c");
        for (long n = 1, i = 0; i < 19; i++, n *= 10) {
            int length = writer.write(n, n - 1, Long.MAX_VALUE, 0, n);
            assertEquals("$JS.ACK.s.c." + n + "." + (n - 1) + "." + Long.MAX_VALUE + ".0." + n,
                new String(writer.bytes(), 0, length, StandardCharsets.UTF_8));
        }
    }

    /** Only what differs from the subject before is written: nothing of that one may be left. */
    @Test
    void shouldWriteEachSubjectWhateverTheOneBeforeWas() {
        Random random = new Random(5);
        AckSubjectWriter writer = new AckSubjectWriter("s", "c");
        long[] numbers = {1, 1, 1, 1_795_478_544_954_412_199L, 100_000};
        for (int i = 0; i < 200_000; i++) {
            for (int field = 0; field < numbers.length; field++) {
                numbers[field] = Math.max(0, switch (random.nextInt(12)) {
                    case 0 -> random.nextLong() >>> 1 + random.nextInt(63);
                    case 1 -> numbers[field] - 1;
                    case 2, 3 -> numbers[field];
                    case 4 -> numbers[field] + random.nextInt(100_000);
                    case 5 -> Long.MAX_VALUE;
                    default -> numbers[field] + (numbers[field] == Long.MAX_VALUE ? -1 : 1);
                });
            }
            int length = writer.write(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
            assertEquals("$JS.ACK.s.c." + LongStream.of(numbers).mapToObj(Long::toString).collect(Collectors.joining(".")),
                new String(writer.bytes(), 0, length, StandardCharsets.UTF_8));
        }
    }
}
