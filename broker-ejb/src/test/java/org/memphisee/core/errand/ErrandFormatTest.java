package org.memphisee.core.errand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.partition.log.StoredMessage;

/** Errands and answers are these bytes, for nodes of one release and the next. */
class ErrandFormatTest {

    private static final StoredMessage MESSAGE = new StoredMessage("s.x", 5, 6, "h".getBytes(), "p".getBytes());
    private static final Letter LETTER = new Letter(9, Letter.Kind.UNACKED, 5, 6, 7, 2, "", "", List.of(
        LetterGroup.of("g", LetterGroup.Cause.DELIVERIES, 2, "why", 8, true)));
    private static final String MESSAGE_HEX = "00000003732e78" + "0000000000000005" + "0000000000000006" + "0000000168" + "0000000170";
    private static final String LETTER_HEX = "0000000000000009" + "0000004c"
        + "0100" + "0000000000000005" + "0000000000000006" + "0000000000000007" + "00000002" + "0000" + "0000" + "00000001"
        + "000167" + "00" + "00000002" + "0003776879" + "0000000000000008" + "02" + "00000000" + "0000000000000000";

    /** An errand, how it is written, an answer, and how that is. */
    private record Golden(Errand<?> errand, String written, Object answer, String answered) { }

    private static final List<Golden> ALL = List.of(
        new Golden(new ReadFigures(), "", new PartitionFigures(new StreamState(1, 2, 3, 4, 5, 6, 7, 8, 9, PartitionLife.FROZEN),
            new LetterFigures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "f"), number(1, 2, 3, 4, 5, 6, 7, 8) + "00000009" + "03" + "00000001"
            + "00000002" + number(3) + "00000004" + "00000005" + number(6, 7, 8, 9, 10) + "0000000166"),
        new Golden(new ReadConsumers(true, "a"), "01" + "0000000161", List.of(new ConsumerFigures("c", true, 1, -1, 2, 3, 4, 5, 6, 7, 8, 9,
            true, 10, 11)), "00000001" + "0000000163" + "01" + number(1) + "ffffffffffffffff" + number(2, 3, 4, 5, 6, 7, 8, 9) + "01"
            + number(10, 11)),
        new Golden(new ReadBackwards(7, 50), number(7) + "00000032", new ReadBackwards.Some(List.of(MESSAGE), List.of("q"), 3, 4),
            "00000001" + MESSAGE_HEX + "00000001" + "0000000171" + "00000003" + number(4)),
        new Golden(new ReadMessage(7), number(7), new ReadMessage.Found(Optional.of(MESSAGE), 8), "01" + MESSAGE_HEX + number(8)),
        new Golden(new PurgeMessages(7), number(7), 3L, number(3)),
        new Golden(new DeleteMessages(List.of(7L, 8L)), "00000002" + number(7, 8), 1L, number(1)),
        new Golden(new FindStart("c", FindStart.Where.TIME, 7), "0000000163" + "03" + number(7), new FindStart.Found(1, 2, 3, true),
            number(1, 2, 3) + "01"),
        new Golden(new ReadLetters(Letter.Kind.SCHEMA, 7, 50), "01" + number(7) + "00000032", new ReadLetters.Some(List.of(LETTER), true),
            "00000001" + LETTER_HEX + "........" + "01"),
        new Golden(new ReadLetter(9, true), number(9) + "01", Optional.of(new ReadLetter.Found(LETTER, Optional.of(MESSAGE), "")),
            "01" + LETTER_HEX + "........" + "01" + MESSAGE_HEX + "00000000"),
        new Golden(new MarkLetters(List.of(9L)), "00000001" + number(9), 1L, number(1)),
        new Golden(new MarkNextLetters(9, 50), number(9) + "00000032", new MarkNextLetters.Marked(2, 11), "00000002" + number(11)),
        new Golden(new DropLetters(DropLetters.Which.SCHEMA, List.of(9L)), "03" + "00000001" + number(9), 1L, number(1)),
        new Golden(new KeepViolation("s.x", "h".getBytes(), "p".getBytes(), "q", "e"), "00000003732e78" + "0000000168" + "0000000170"
            + "0000000171" + "0000000165", true, "01"),
        new Golden(new GiveUpMessage("c", 7, "why"), "0000000163" + number(7) + "00000003776879", false, "00"),
        new Golden(new SettleLetter(9, "g", -1), number(9) + "0000000167" + "ffffffffffffffff", true, "01"),
        new Golden(new TakeLetters("g", 50, 7), "0000000167" + "00000032" + number(7), List.of(new TakeLetters.Taken(9, MESSAGE)),
            "00000001" + number(9) + MESSAGE_HEX),
        new Golden(new FindLetter(5), number(5), Optional.of(LETTER), "01" + LETTER_HEX + "........"));

    private static String number(long... values) {
        return Arrays.stream(values).mapToObj("%016x"::formatted).collect(Collectors.joining());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] written(Errand<?> errand) {
        ErrandWriter out = new ErrandWriter();
        errand.write(out);
        return out.take();
    }

    @SuppressWarnings("unchecked")
    private static <A> byte[] answered(Errand<A> errand, Object answer) {
        ErrandWriter out = new ErrandWriter();
        errand.writeAnswer((A) answer, out);
        return out.take();
    }

    @Test
    void shouldBeTheseBytes() {
        assertEquals(List.of(ErrandKind.values()), ALL.stream().map(golden -> golden.errand().kind()).toList(), "each kind");
        for (Golden golden : ALL) {
            assertEquals(golden.written(), hex(written(golden.errand())), golden.errand().toString());
            String answer = hex(answered(golden.errand(), golden.answer()));
            assertTrue(answer.matches(golden.answered()), () -> golden.errand() + ": " + answer);
        }
    }

    /** Arrays are compared as they are written. */
    @Test
    void shouldReadWhatWasWritten() {
        for (Golden golden : ALL) {
            byte[] bytes = written(golden.errand());
            assertEquals(hex(bytes), hex(written(golden.errand().kind().read(bytes))), golden.errand().toString());
            byte[] answer = answered(golden.errand(), golden.answer());
            ErrandReader in = new ErrandReader(answer);
            Object read = golden.errand().readAnswer(in);
            in.end();
            assertEquals(hex(answer), hex(answered(golden.errand(), read)), golden.errand().toString());
        }
    }

    @Test
    void shouldHaveNumbersThatStay() {
        Map<Integer, String> numbers = new TreeMap<>();
        for (ErrandKind kind : ErrandKind.values()) {
            numbers.put(kind.number(), kind.name());
            assertEquals(kind, ErrandKind.of(kind.number()));
        }
        assertEquals("{1=FIGURES, 2=CONSUMERS, 3=MESSAGES, 4=MESSAGE, 5=PURGE, 6=DELETE, 7=START, 8=LETTERS, 9=LETTER, 10=MARK_LETTERS,"
            + " 11=MARK_NEXT_LETTERS, 12=DROP_LETTERS, 13=KEEP_VIOLATION, 14=GIVE_UP, 15=SETTLE_LETTER, 16=TAKE_LETTERS, 17=FIND_LETTER}", numbers.toString());
        assertThrows(ErrandFormatException.class, () -> ErrandKind.of(99));
    }

    @Test
    void shouldSayWhenBytesAreNone() {
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            Golden golden = ALL.get(random.nextInt(ALL.size()));
            byte[] bytes = answered(golden.errand(), golden.answer());
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 8));
            if (cut.length > 0) {
                cut[random.nextInt(cut.length)] = (byte) random.nextInt();
            }
            try {
                ErrandReader in = new ErrandReader(cut);
                golden.errand().readAnswer(in);
                in.end();
            } catch (ErrandFormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 3_000, refused + " refused");
        assertThrows(ErrandFormatException.class, () -> ErrandKind.PURGE.read(new byte[9]));
    }
}
