package org.memphisee.core.partition.letters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.LongFunction;

import org.junit.jupiter.api.Test;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterChanges;
import org.memphisee.core.letters.LetterRules;

class LetterNewsTest {

    private static final LongFunction<Letter> ODD_ARE_THERE = id -> id % 2 == 0 ? null
        : new Letter(id, Letter.Kind.UNACKED, id, 1, 1, 1, "", "", List.of());

    private final LetterRules rules = new LetterRules();
    private final LetterNews news = new LetterNews(rules);

    @Test
    void shouldRememberNothingWhileNobodyFollows() {
        news.changed(1);
        assertEquals(0, news.count());
        assertEquals(new LetterChanges(false, List.of(), List.of(), false), news.take(10, ODD_ARE_THERE));
    }

    @Test
    void shouldTellEachLetterOnceAsItIsNow() {
        rules.follow();
        for (long id : new long[] {1, 2, 1, 3, 2, 4}) {
            news.changed(id);
        }
        LetterChanges first = news.take(3, ODD_ARE_THERE);
        assertEquals(List.of(1L, 3L), first.there().stream().map(Letter::id).toList());
        assertEquals(List.of(2L), first.gone());
        assertTrue(first.more());
        LetterChanges second = news.take(3, ODD_ARE_THERE);
        assertEquals(List.of(4L), second.gone());
        assertFalse(second.more());
        assertEquals(6, news.count());
    }

    @Test
    void shouldTakeNoMoreThanSoMuchMemory() {
        rules.follow();
        for (long id = 1; id <= 10 * LetterNews.MOST; id++) {
            news.changed(id);
        }
        LetterChanges taken = news.take(LetterNews.MOST * 10, ODD_ARE_THERE);
        assertTrue(taken.lost());
        assertEquals(0, taken.there().size() + taken.gone().size());
        news.changed(7);
        LetterChanges after = news.take(10, ODD_ARE_THERE);
        assertFalse(after.lost());
        assertEquals(1, after.there().size());
    }
}
