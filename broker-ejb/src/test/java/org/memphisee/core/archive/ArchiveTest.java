package org.memphisee.core.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** The container, against itself, against what nats-server 2.15.1 wrote, and against who means harm. */
class ArchiveTest {

    private static final int LIMIT = 1 << 20;

    private static byte[] compressed(byte[] data) throws ArchiveException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnappyWriter writer = new SnappyWriter(out::write);
        writer.bytes(data, 0, data.length);
        writer.flush();
        return out.toByteArray();
    }

    private static byte[] expanded(byte[] stream, int piece) throws ArchiveException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        S2Reader reader = new S2Reader(out::write);
        for (int at = 0; at < stream.length; at += piece) {
            reader.bytes(stream, at, Math.min(piece, stream.length - at));
        }
        assertTrue(reader.complete());
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] golden() throws Exception {
        try (InputStream in = ArchiveTest.class.getResourceAsStream("/golden/archive/nats-2.15.snapshot")) {
            return in.readAllBytes();
        }
    }

    @Test
    void shouldReadBackWhatItCompressed() throws Exception {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 3, 15, 16, 17, 100, 65_535, 65_536, 65_537, 300_000}) {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            byte[] words = new byte[size];
            for (int i = 0; i < size; i++) {
                words[i] = (byte) ("order of shop ".charAt(i % 14) + (random.nextInt(50) == 0 ? 1 : 0));
            }
            for (byte[] data : List.of(noise, words, new byte[size])) {
                assertArrayEquals(data, expanded(compressed(data), 1 + random.nextInt(5_000)));
            }
        }
        assertTrue(compressed(new byte[300_000]).length < 20_000);
    }

    @Test
    void shouldReadWhatNatsServerWroteInPiecesOfAnySize() throws Exception {
        for (int piece : new int[] {1, 7, 1_000, 1 << 20}) {
            List<ArchiveEntry> entries = new ArrayList<>();
            ArchiveReader archive = new ArchiveReader(entries::add, LIMIT);
            byte[] stream = golden();
            S2Reader reader = new S2Reader(archive);
            for (int at = 0; at < stream.length; at += piece) {
                reader.bytes(stream, at, Math.min(piece, stream.length - at));
            }
            assertTrue(archive.ended() && reader.complete());
            assertEquals("state.json", entries.get(0).name());
            assertEquals("consumers/work", entries.get(1).name());
            assertEquals(1 + 1 + 295 + 1, entries.size());
            ArchiveEntry first = entries.get(2);
            assertEquals("vec.0", first.name());
            assertEquals("NATS/1.0\r\nNats-Msg-Id: id-0\r\nX: y\r\n\r\nmessage 0 ", new String(first.body(),
                StandardCharsets.UTF_8));
            assertEquals(1, first.sequence());
            assertEquals("message 298 ".repeat(1 + 298 % 40), new String(entries.get(296).body(), StandardCharsets.UTF_8));
            assertEquals(299, entries.get(296).sequence());
        }
    }

    @Test
    void shouldReadCopiesThatRepeatADistance() throws Exception {
        byte[] block = {20, 3 << 2, 'a', 'b', 'c', 'd', (byte) (1 | 0 << 2), 4, (byte) 1, 0, 5 << 2 | 1, 0, 0};
        assertEquals("abcdabcdabcdabcdabcd", new String(S2Block.read(block, 0, block.length), StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseEveryStreamThatIsCutOrAltered() throws Exception {
        byte[] stream = golden();
        Random random = new Random(11);
        for (int i = 0; i < 400; i++) {
            byte[] altered = stream.clone();
            int at = random.nextInt(altered.length);
            altered[at] ^= (byte) (1 << random.nextInt(8));
            List<ArchiveEntry> entries = new ArrayList<>();
            ArchiveReader archive = new ArchiveReader(entries::add, LIMIT);
            boolean refused = false;
            try {
                new S2Reader(archive).bytes(altered, 0, altered.length);
            } catch (ArchiveException e) {
                refused = true;
            }
            assertTrue(refused || !archive.ended() || entries.size() == 298, "bit at " + at);
        }
        for (int length = 0; length < stream.length; length += 97) {
            ArchiveReader archive = new ArchiveReader(e -> { }, LIMIT);
            new S2Reader(archive).bytes(stream, 0, length);
            assertFalse(archive.ended());
        }
    }

    private static String refusal(byte[] archive) {
        return assertThrows(ArchiveException.class, () -> {
            byte[] stream = compressed(archive);
            new S2Reader(new ArchiveReader(e -> { }, LIMIT)).bytes(stream, 0, stream.length);
        }).getMessage();
    }

    private static byte[] entry(long... numbers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ArchiveWriter.SIGN);
        for (long number : numbers) {
            long rest = number;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest | 0x80) & 0xff);
                rest >>>= 7;
            }
            out.write((int) rest);
        }
        return out.toByteArray();
    }

    @Test
    void shouldRefuseSizesBeforeItMakesRoomForThem() {
        assertTrue(refusal(entry(1 << 17, 0, 1, 0, 1)).contains("invalid"));
        assertTrue(refusal(entry(1, 0, 1, 0, LIMIT + 1)).contains("maximum payload"));
        assertTrue(refusal(entry(1, 0, 1, Long.MAX_VALUE, Long.MAX_VALUE)).contains("maximum payload"));
        assertTrue(refusal(entry(1, 0, 1, 0, -1)).contains("invalid"));
        assertTrue(refusal(entry(-1, 0, 1, 0, 1)).contains("invalid"));
        byte[] endless = Arrays.copyOf(ArchiveWriter.SIGN, 30);
        Arrays.fill(endless, 8, 30, (byte) 0xff);
        assertTrue(refusal(endless).contains("invalid"));
        assertTrue(refusal(bytes("meta.inf and a tar of old")).contains("version 2"));
        byte[] after = Arrays.copyOf(entry(0, 0, 0, 0, 0), 14);
        assertTrue(refusal(after).contains("follows its end"));
    }

    @Test
    void shouldRefuseBlocksThatSayMoreThanTheyAre() {
        byte[] bomb = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0, 'a'};
        assertThrows(ArchiveException.class, () -> S2Block.read(bomb, 0, bomb.length));
        byte[] behind = {10, 0, 'a', (byte) (8 << 2 | 2), 5, 0};
        assertThrows(ArchiveException.class, () -> S2Block.read(behind, 0, behind.length));
        byte[] first = {10, 1, 0};
        assertThrows(ArchiveException.class, () -> S2Block.read(first, 0, first.length));
        byte[] frame = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y', 0, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        assertThrows(ArchiveException.class, () -> new S2Reader((b, o, l) -> { }).bytes(frame, 0, frame.length));
        byte[] skipped = {(byte) 0xff, 6, 0, 0, 'S', '2', 's', 'T', 'w', 'O', (byte) 0x99, 2, 0, 0, 1, 2};
        S2Reader reader = new S2Reader((b, o, l) -> { });
        org.junit.jupiter.api.Assertions.assertDoesNotThrow(() -> reader.bytes(skipped, 0, skipped.length));
        assertTrue(reader.complete());
    }
}
