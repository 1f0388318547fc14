package org.memphisee.core.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

class SipHashTest {

    private static final SipHash KNOWN = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    @Test
    void shouldIdentifyAsThePublishedVectorsSay() {
        KNOWN.identify(new byte[0], 0, 0);
        assertEquals("e6a825ba047f81a3 930255c71472f66d", Long.toHexString(KNOWN.low()) + " " + Long.toHexString(KNOWN.high()));

        KNOWN.identify(new byte[] {9, 0, 9}, 1, 1);
        assertEquals("44af996bd8c187da 45fc229b11597634", Long.toHexString(KNOWN.low()) + " " + Long.toHexString(KNOWN.high()));
    }

    @Test
    void shouldDependOnEachByteAndTheLength() {
        byte[] b = new byte[40];
        Set<Long> seen = new HashSet<>();
        for (int length = 0; length <= b.length; length++) {
            seen.add(SipHash.of(b, 0, length));
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = 1;
            seen.add(SipHash.of(b, 0, b.length));
            b[i] = 0;
        }
        assertEquals(41 + 40, seen.size());
    }

    @Test
    void shouldSpreadTextsThatCollideUnderSimplerHashes() {
        // "Aa" and "BB" have the same String.hashCode, and so have all their combinations
        Set<Integer> places = new HashSet<>();
        for (int n = 0; n < 1 << 12; n++) {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                text.append((n >> bit & 1) == 0 ? "Aa" : "BB");
            }
            byte[] b = text.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            places.add((int) SipHash.of(b, 0, b.length) & (1 << 12) - 1);
        }
        assertNotEquals(1, places.size());
        assertEquals(true, places.size() > 2_300, () -> "only " + places.size() + " places of 4096");
    }
}
