package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;

/** R-031, and that a small body cannot become a large one unseen. */
class CompressionTest {

    private static final Answer TOO_LARGE = Answer.failure(413, "too large");

    private final AtomicLong used = new AtomicLong();

    private byte[] undo(byte[] body, String encoding, int limit) {
        return Compression.undo(body, encoding, limit, TOO_LARGE, used::addAndGet);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean bare) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, new Deflater(9, bare))) {
            deflate.write(plain);
        }
        return out.toByteArray();
    }

    private static Answer refused(Runnable work) {
        return assertThrows(Rejection.class, work::run).answer();
    }

    @Test
    void shouldGiveBackWhatWasCompressed() throws IOException {
        byte[] plain = "plain text, ".repeat(1000).getBytes();
        assertArrayEquals(plain, undo(gzip(plain), "gzip", plain.length));
        assertArrayEquals(plain, undo(gzip(plain), " X-GZIP ", plain.length));
        assertArrayEquals(plain, undo(deflate(plain, false), "deflate", plain.length));
        assertArrayEquals(plain, undo(deflate(plain, true), "deflate", plain.length));
        assertSame(plain, undo(plain, "identity", plain.length));
    }

    @Test
    void shouldRefuseWhatBecomesLargerThanAllowed() throws IOException {
        byte[] bomb = gzip(new byte[1 << 20]);
        assertEquals(1 << 20, undo(bomb, "gzip", 1 << 20).length);
        assertSame(TOO_LARGE, refused(() -> undo(bomb, "gzip", (1 << 20) - 1)));
    }

    @Test
    void shouldTellHowMuchMemoryItIsAboutToUseAndStopWhenThatIsTooMuch() throws IOException {
        byte[] bomb = gzip(new byte[8 << 20]);
        undo(bomb, "gzip", 8 << 20);
        assertTrue(used.get() >= 8 << 20, "told of " + used);
        Answer busy = Answer.failure(503, "busy");
        AtomicLong taken = new AtomicLong();
        assertSame(busy, refused(() -> Compression.undo(bomb, "gzip", 8 << 20, TOO_LARGE, more -> {
            if (taken.addAndGet(more) > 100_000) {
                throw new Rejection(busy);
            }
        })));
        assertTrue(taken.get() < 1_000_000, "went on to " + taken);
    }

    @Test
    void shouldRefuseDamagedBodiesAndUnknownEncodings() throws IOException {
        byte[] damaged = gzip(new byte[1000]);
        damaged[damaged.length / 2] ^= 0x55;
        assertEquals(400, refused(() -> undo(damaged, "gzip", 10_000)).status());
        assertEquals(400, refused(() -> undo("no gzip".getBytes(), "gzip", 10_000)).status());
        assertEquals(415, refused(() -> undo(damaged, "br", 10_000)).status());
    }
}
