package org.memphisee.core.letters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

/** How letters are stored: the bytes of each version can be read for ever. */
class LetterFormatTest {

    private static final String VERSION_1 = "0100000000000000000700000000000000080000000000000009000000030000000170000000020001670000000002000000"
        + "0000000000000b030000000100000000000000630003682e6901000000010003626164000000000000000c000000000000000000000000008952068a";

    private static final String VERSION_2 = "02000000000000000007000000000000000800000000000000090000000300000001700000000200016700000000020000"
        + "000000000000000b070000000100000000000000630003682e6901000000010003626164000000000000000c08000000050000000000000000490f6a77";

    private static final Letter LETTER = new Letter(42, Letter.Kind.UNACKED, 7, 8, 9, 3, "", "p", List.of(
        new LetterGroup("g", LetterGroup.Cause.DELIVERIES, 2, "", 11, LetterGroup.Again.BY_HAND, 1, 99, true),
        new LetterGroup("h.i", LetterGroup.Cause.TERMINATED, 1, "bad", 12, LetterGroup.Again.NO, 0, 0, false)));

    @Test
    void shouldReadWhatVersion1Wrote() {
        assertEquals(VERSION_1, HexFormat.of().formatHex(LetterFormat.encode(LETTER)));
        assertEquals(LETTER, LetterFormat.decode(42, HexFormat.of().parseHex(VERSION_1)));
    }

    @Test
    void shouldReadWhatVersion2Wrote() {
        Letter letter = new Letter(42, Letter.Kind.UNACKED, 7, 8, 9, 3, "", "p", List.of(
            new LetterGroup("g", LetterGroup.Cause.DELIVERIES, 2, "", 11, LetterGroup.Again.BY_ITSELF, 1, 99, true),
            new LetterGroup("h.i", LetterGroup.Cause.TERMINATED, 1, "bad", 12, LetterGroup.Again.FINAL, 5, 0, false)));
        assertEquals(VERSION_2, HexFormat.of().formatHex(LetterFormat.encode(letter)));
        assertEquals(letter, LetterFormat.decode(42, HexFormat.of().parseHex(VERSION_2)));
    }

    @Test
    void shouldNoticeEachChangedByte() {
        byte[] good = LetterFormat.encode(LETTER);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertThrows(IllegalStateException.class, () -> LetterFormat.decode(42, bad), "byte " + i);
            byte[] shorter = Arrays.copyOf(good, i);
            assertThrows(IllegalStateException.class, () -> LetterFormat.decode(42, shorter), "length " + i);
        }
    }

    @Test
    void shouldCutTextsThatAreTooLong() {
        Letter letter = new Letter(1, Letter.Kind.SCHEMA, 0, 0, 0, 0, "\u20ac".repeat(70_000), "p".repeat(70_000), List.of(
            LetterGroup.of("g", LetterGroup.Cause.TERMINATED, 1, "r".repeat(70_000), 0, true)));
        assertEquals(Letter.MOST_TEXT, letter.error().length());
        assertEquals(Letter.MOST_TEXT, letter.groups().get(0).reason().length());
        assertEquals(letter, LetterFormat.decode(1, LetterFormat.encode(letter)));
    }

    @Test
    void shouldGiveNoNumberTwice() {
        LetterRules rules = new LetterRules();
        long first = rules.nextId(5_000_000);
        assertEquals(5_000, first);
        assertEquals(5_001, rules.nextId(5_000_000));
        assertEquals(5_002, rules.nextId(1));
        rules.seen(9_000);
        assertEquals(9_001, rules.nextId(5_000_000));
        assertTrue(LetterRules.holdsLetters(LetterRules.partition(17)));
        assertEquals(17, LetterRules.owner(LetterRules.partition(17)));
    }
}
