package org.memphisee.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingKindTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1024,1024", "1KiB,1024", "1kb,1024", "1 k,1024", "3M,3145728", "2GiB,2147483648", "1T,1099511627776"})
    void shouldReadSizesAsPowersOf1024(String text, long bytes) {
        assertEquals(Optional.of(bytes), SettingKind.size(0, Long.MAX_VALUE).parse().apply(text));
    }

    @ParameterizedTest
    @CsvSource({"1ms,1", "2s,2000", "3m,180000", "4h,14400000", "1d,86400000", "5 S,5000"})
    void shouldReadDurationsWithUnits(String text, long millis) {
        assertEquals(Optional.of(millis), SettingKind.duration("1ms", "30d").parse().apply(text));
    }

    @ParameterizedTest
    @CsvSource({"999999999999999999T", "1.5M", "-1", "M", "1 2", "1PB"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertEquals(Optional.empty(), SettingKind.size(0, Long.MAX_VALUE).parse().apply(text));
    }

    @Test
    void shouldIncludeBothEndsOfARange() {
        SettingKind<Integer> kind = SettingKind.integer(3, 5);

        assertEquals(Optional.of(3), kind.parse().apply("3"));
        assertEquals(Optional.of(5), kind.parse().apply("5"));
        assertEquals(Optional.empty(), kind.parse().apply("2"));
        assertEquals(Optional.empty(), kind.parse().apply("6"));
    }

    @Test
    void shouldShowSizesInTheLargestUnitThatDividesThem() {
        assertEquals("1536KiB", SettingKind.sizeText(3 << 19));
        assertEquals("1TiB", SettingKind.sizeText(1L << 40));
        assertEquals("0B", SettingKind.sizeText(0));
        assertEquals("1000B", SettingKind.sizeText(1000));
    }
}
