package org.memphisee.core.routing.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;

import org.junit.jupiter.api.Test;

/** Frames are these bytes, and what is no frame is said to be none. */
class RouteFrameTest {

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void shouldBeTheseBytes() {
        assertEquals("0130" + "02" + "00000001" + "67" + "00000003" + "612e62" + "00000007" + "0102030405060708",
            hex(RouteFrame.of(RouteKind.INTEREST).u8(2).text("g").slice("xa.b".getBytes(), 1, 3).i32(7).i64(0x0102030405060708L)
                .take()));
        assertEquals("0138", hex(RouteFrame.of(RouteKind.PULLS).take()));
    }

    @Test
    void shouldReadWhatWasWritten() throws RouteFrameException {
        byte[] frame = RouteFrame.of(RouteKind.MESSAGES).u8(255).i32(-1).i64(Long.MIN_VALUE).text("ü").slice(new byte[2000], 5, 1500).take();
        RouteEntries in = new RouteEntries(frame);

        assertEquals(RouteKind.MESSAGES, RouteKind.of(frame));
        assertEquals(255, in.u8());
        assertEquals(-1, in.i32());
        assertEquals(Long.MIN_VALUE, in.i64());
        assertEquals("ü", in.text());
        assertEquals(1500, in.slice().length);
        assertFalse(in.more());
    }

    @Test
    void shouldNotReadBeyondTheEnd() {
        RouteEntries lengths = new RouteEntries(RouteFrame.of(RouteKind.MESSAGES).i32(Integer.MAX_VALUE).take());
        assertThrows(RouteFrameException.class, lengths::slice);
        RouteEntries negative = new RouteEntries(RouteFrame.of(RouteKind.MESSAGES).i32(-5).take());
        assertThrows(RouteFrameException.class, negative::text);
        RouteEntries end = new RouteEntries(RouteFrame.of(RouteKind.MESSAGES).u8(1).take());
        assertThrows(RouteFrameException.class, end::i64);
    }

    @Test
    void shouldKnowItsFramesAndNoOthers() {
        assertTrue(RouteKind.owns(new byte[] {1, 48}));
        assertTrue(RouteKind.owns(new byte[] {2, 63}));
        assertFalse(RouteKind.owns(new byte[] {1, 40}));
        assertFalse(RouteKind.owns(new byte[] {1}));
        assertThrows(RouteFrameException.class, () -> RouteKind.of(new byte[] {2, 48}));
        assertThrows(RouteFrameException.class, () -> RouteKind.of(new byte[] {1, 62}));
        assertThrows(RouteFrameException.class, () -> RouteKind.of(new byte[] {1}));
    }
}
