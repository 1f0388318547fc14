package org.memphisee.core.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;

class ByteKeyMapTest {

    @Test
    void shouldNotSlowDownUnderKeysThatCollideInAnUnkeyedHash() {
        // all combinations of "Aa" and "BB" have the same 31·h hash: each would walk past all before it
        int bits = 17;
        ByteKeyMap<Integer> map = new ByteKeyMap<>();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int n = 0; n < 1 << bits; n++) {
                map.put(key(n, bits), n);
            }
        });
        assertEquals(1 << bits, map.size());
        assertEquals(77, map.get(key(77, bits)));
    }

    private static byte[] key(int n, int bits) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < bits; bit++) {
            text.append((n >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
