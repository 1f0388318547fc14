package org.memphisee.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;


class PermissionsTest {

    private static Permissions of(List<String> allowRead, List<String> allowWrite, List<String> denyRead,
                                  List<String> denyWrite) {
        return Permissions.of(new PermissionPatterns(allowRead, allowWrite, denyRead, denyWrite));
    }

    @Test
    void shouldAllowEverythingWithoutPatterns() {
        assertFalse(Permissions.UNRESTRICTED.restricted());
        assertTrue(Permissions.UNRESTRICTED.mayRead("x"));
        assertTrue(Permissions.UNRESTRICTED.mayWrite("x"));
    }

    @Test
    void shouldAllowNothingToNobody() {
        assertFalse(Permissions.NOTHING.mayUse("x"));
    }

    @Test
    void shouldAllowOnlyWhatIsListedAsSoonAsAnythingIs() {
        Permissions p = of(List.of(), List.of("orders.*"), List.of(), List.of());
        assertTrue(p.restricted());
        assertTrue(p.mayWrite("orders.new"));
        assertFalse(p.mayWrite("orders"));
        assertFalse(p.mayRead("orders.new"));
        assertTrue(p.mayUse("orders.new"));
    }

    @Test
    void shouldLetDenyWin() {
        Permissions p = of(List.of("*"), List.of("a*"), List.of("secret*"), List.of("ab"));
        assertTrue(p.mayRead("x"));
        assertFalse(p.mayRead("secret.x"));
        assertTrue(p.mayWrite("ac"));
        assertFalse(p.mayWrite("ab"));
    }

    @Test
    void shouldAllowTheRestWhenOnlySomeIsDenied() {
        Permissions p = of(List.of(), List.of(), List.of(), List.of("a"));
        assertTrue(p.restricted());
        assertTrue(p.mayRead("a"));
        assertFalse(p.mayWrite("a"));
        assertTrue(p.mayWrite("b"));
    }

    @Test
    void shouldTakeInternalNamesAndAnyCase() {
        Permissions p = of(List.of("my.station"), List.of(), List.of(), List.of());
        assertTrue(p.mayRead("my#station"));
        assertTrue(p.mayRead("My.Station"));
        assertFalse(p.mayRead("myxstation"));
    }

    @ParameterizedTest
    @CsvSource({"'*','',true", "'*',abc,true", "a*c,abc,true", "a*c,ac,true", "a*c,abcd,false", "*b*,abc,true",
        "*b,bab,true", "a,aa,false", "a**c,abbc,true", "'',a,false"})
    void shouldMatchPatterns(String pattern, String name, boolean expected) {
        assertEquals(expected, new StationPattern(pattern).matches(name));
    }

    @Test
    void shouldMatchLikeARegularExpression() {
        Random random = new Random(20_261_124);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab*");
            String name = text(random, "ab");
            assertEquals(Pattern.matches(pattern.replace("*", ".*"), name), new StationPattern(pattern).matches(name),
                pattern + " " + name);
        }
    }

    private static String text(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(8); n > 0; n--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void shouldNotBeSlowedDownByMaliciousPatterns() {
        StationPattern pattern = new StationPattern("a*".repeat(59) + "c");
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 1_000; i++) {
                assertFalse(pattern.matches("a".repeat(127) + "b"));
            }
        });
    }

    private static String text(Random random, String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most) + 1; i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static List<String> patterns(Random random) {
        return random.ints(random.nextInt(3), 0, 1).mapToObj(i -> text(random, "ab**", 4)).toList();
    }

    @Test
    void shouldCoverOnlyWhatMayNotDoMore() {
        Random random = new Random(42);
        List<String> names = new java.util.ArrayList<>();
        for (int length = 1; length <= 5; length++) { // all names of two letters that patterns have and one that none has
            for (int i = 0; i < Math.pow(3, length); i++) {
                int digits = i;
                StringBuilder name = new StringBuilder();
                for (int d = 0; d < length; d++, digits /= 3) {
                    name.append("abc".charAt(digits % 3));
                }
                names.add(name.toString());
            }
        }
        int covered = 0;
        int refusedRightly = 0;
        for (int i = 0; i < 4_000; i++) {
            Permissions mine = of(patterns(random), patterns(random), patterns(random), patterns(random));
            Permissions other = of(patterns(random), patterns(random), patterns(random), patterns(random));
            boolean more = names.stream().anyMatch(n -> other.mayRead(n) && !mine.mayRead(n)
                || other.mayWrite(n) && !mine.mayWrite(n));
            if (mine.cover(other)) {
                covered++;
                assertFalse(more, "round " + i);
            } else if (more) {
                refusedRightly++;
            }
            assertTrue(mine.cover(mine) && Permissions.UNRESTRICTED.cover(other) && other.cover(Permissions.NOTHING));
        }
        assertTrue(covered > 100 && refusedRightly > 1_000, covered + " " + refusedRightly);
    }

    @ParameterizedTest
    @CsvSource({"a*,*b,true", "a*,b*,false", "a,a,true", "a,b,false", "*,x,true", "a*c,*b*,true", "ab,a*c,false",
        "*a,b,false", "a**,*,true", "x*y,x*z,false"})
    void shouldKnowWhetherPatternsMeet(String a, String b, boolean meet) {
        assertTrue(new StationPattern(a).meets(new StationPattern(b)) == meet);
        assertTrue(new StationPattern(b).meets(new StationPattern(a)) == meet);
    }
}
