package org.memphisee.core.tiering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.memphisee.core.tier.TieredMessage;

class TierObjectTest {

    private static final TieredMessage FIRST = new TieredMessage("a$1.final", 7, 1_700_000_000_123_456_789L,
        "NATS/1.0\r\nMsg-Id: x:1\r\nB: \u00e9 \r\nb: 2\r\n\r\n".getBytes(StandardCharsets.UTF_8), new byte[] {0, (byte) 0xFF,
            'a'});
    private static final TieredMessage SECOND = new TieredMessage("a$1.final", 9, 1_700_000_000_000_000_000L, new byte[0],
        new byte[0]);

    @Test
    void shouldWriteWhatTheReferenceWritesAndWhatItLeavesOut() {
        assertEquals("[{\"sequence\":7,\"time\":\"2023-11-14T22:13:20.123456789Z\",\"subject\":\"a$1.final\",\"payload\":\"00ff61\","
            + "\"headers\":{\"b\":\"\u00e9\",\"msg-id\":\"x:1\"},\"header_block\":\""
            + "4e4154532f312e300d0a4d73672d49643a20783a310d0a423a20c3a9200d0a623a20320d0a0d0a\"},"
            + "{\"sequence\":9,\"time\":\"2023-11-14T22:13:20Z\",\"subject\":\"a$1.final\",\"payload\":\"\",\"headers\":{},"
            + "\"header_block\":\"\"}]", new String(TierObject.encode(List.of(FIRST, SECOND)), StandardCharsets.UTF_8));
    }

    @Test
    void shouldReadBackEveryByte() throws IOException {
        byte[] content = TierObject.encode(List.of(FIRST, SECOND));
        for (TieredMessage m : List.of(FIRST, SECOND)) {
            TieredMessage read = TierObject.find(content, m.sequence()).orElseThrow();
            assertArrayEquals(m.header(), read.header());
            assertArrayEquals(m.payload(), read.payload());
            assertEquals(m.timestampNanos(), read.timestampNanos());
            assertEquals(m.subject(), read.subject());
        }
        assertEquals(Optional.empty(), TierObject.find(content, 8));
    }

    @Test
    void shouldRefuseWhatItDidNotWrite() {
        for (String text : List.of("", "{}", "[", "[{\"sequence\":7", "[{\"sequence\":7,\"payload\":\"0g\"}]",
            "[{\"sequence\":\"x\"}]",
            "[{\"sequence\":7,\"time\":\"yesterday\"}]", "[1]")) {
            assertThrows(IOException.class, () -> TierObject.find(text.getBytes(StandardCharsets.UTF_8), 7), text);
        }
    }

    @Test
    void shouldFindAnObjectByItsName() {
        String key = TierObject.key("a$1", 5, List.of(FIRST, SECOND));
        assertEquals("memphis/global/a$1/0000000000000000005-0000000000000000009-0000000000000000007(2).json", key);
        for (long sequence : new long[] {7, 8, 9}) {
            assertTrue(TierObject.spans(key, sequence));
            assertTrue(TierObject.before("a$1", 5, sequence).compareTo(key) < 0);
        }
        assertFalse(TierObject.spans(key, 6));
        assertFalse(TierObject.spans(key, 10));
        assertTrue(TierObject.before("a$1", 5, 10).compareTo(key) > 0);
        assertFalse(TierObject.spans("memphis/global/a$1/other", 7));
    }
}
