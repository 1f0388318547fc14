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

import org.memphisee.core.control.SystemEvent.StationPatterns;

class PermissionsTest {

    private static Permissions of(List<String> allowRead, List<String> allowWrite, List<String> denyRead,
                                  List<String> denyWrite) {
        return Permissions.of(new StationPatterns(allowRead, allowWrite, denyRead, denyWrite));
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
}
