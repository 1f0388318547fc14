package org.memphisee.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StationNamesTest {

    /** The table of wire-protocol.md 4.4. */
    @ParameterizedTest
    @CsvSource({"'', 1257683291", "a, 3387765255", "key, 2580712894", "user-42, 660284634", "hello world, 3257039608",
        "ключ, 4127882257"})
    void shouldHashKeysAsTheSdksDo(String key, long hash) {
        assertEquals(hash, Integer.toUnsignedLong(StationNames.murmur3(key.getBytes(StandardCharsets.UTF_8))));
        assertEquals((int) (hash % 7), StationNames.indexOf(key, 7));
    }

    @Test
    void shouldNameStreamsAsTheSdksDo() {
        assertEquals("my#station-1$2", StationNames.stream("My.Station-1", 2));
        assertEquals("plain", StationNames.stream("plain", 0));
    }
}
