package org.memphisee.core.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "*", ">", "a.*", "a.>", "my#station-1$1.final", "a*", "a.b>c", "ключ.x", "$JS.API"})
    void shouldAcceptPatternsThatClientsMaySubscribeTo(String pattern) {
        assertTrue(Subjects.validPattern(pattern));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", ">.a", "a.>.b", "a b", "a\tb", "a\r", "a\n"})
    void shouldRefuseMalformedPatterns(String pattern) {
        assertFalse(Subjects.validPattern(pattern));
    }

    @ParameterizedTest
    @CsvSource({"a,a,true", "a,b,false", "a.*,a.b,true", "a.*,a,false", "a.*,a.b.c,false", "a.>,a.b.c,true", "a.>,a,false",
        ">,a,true", "*,a,true", "*,a.b,false", "a.*.c,a.b.c,true", "a.*.c,a.b.d,false", "*.b,a.b,true", "a*,ab,false",
        "a*,a*,true", "a.b,a.b.c,false", "a.b.c,a.b,false"})
    void shouldMatchTokenByToken(String pattern, String subject, boolean expected) {
        assertEquals(expected, Subjects.matches(pattern, subject));
    }

    @ParameterizedTest
    @CsvSource({"a,a,true", "a.*,a.b,true", "a.>,a.b.c,true", "a.>,*.b,true", "a.*,b.*,false", "a.>,b.>,false", "*,a.b,false",
        ">,x.y,true", "a.*.c,a.b.*,true", "a.*.c,a.b.d,false", "a.>,a,false"})
    void shouldTellWhetherPatternsCollide(String a, String b, boolean expected) {
        assertEquals(expected, Subjects.collide(a, b));
        assertEquals(expected, Subjects.collide(b, a));
    }

    @ParameterizedTest
    @CsvSource({">,a,true", ">,>,true", "a.>,a.*,true", "a.*,a.>,false", "a.*,a.b,true", "a.b,a.*,false", "a.>,a,false",
        "a.>,a.b.>,true", "*,a,true", "*,>,false"})
    void shouldTellWhetherAPatternCoversAnother(String outer, String inner, boolean expected) {
        assertEquals(expected, Subjects.covers(outer, inner));
    }

    @Test
    void shouldTreatWildcardsInsideTokensAsLiterals() {
        assertTrue(Subjects.validLiteral("a*.b>"));
        assertFalse(Subjects.validLiteral("a.*"));
        assertFalse(Subjects.validLiteral("a.>"));
    }
}
