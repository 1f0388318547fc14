package org.memphisee.core.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** What was written is read, or refused: whatever happens to the bytes, nobody gets another entry or runs out of memory. */
class EntryFuzzTest {

    private static final int ROUNDS = 40_000;

    private final long seed = Long.getLong("memphisee.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void shouldRefuseEachTruncationAndEachLongerOne() throws Exception {
        for (String name : SampleEntries.all().keySet()) {
            byte[] golden = SampleEntries.golden(name);
            for (int length = 0; length < golden.length; length++) {
                byte[] cut = Arrays.copyOf(golden, length);
                assertThrows(DamagedEntryException.class, () -> EntryCodec.decode(cut), name + " cut to " + length);
            }
            byte[] longer = Arrays.copyOf(golden, golden.length + 1 + random.nextInt(20));
            assertThrows(DamagedEntryException.class, () -> EntryCodec.decode(longer), name);
        }
    }

    @Test
    void shouldRefuseEachSingleFlippedBit() throws Exception {
        for (String name : SampleEntries.all().keySet()) {
            byte[] golden = SampleEntries.golden(name);
            for (int bit = 0; bit < golden.length * 8; bit++) {
                golden[bit / 8] ^= (byte) (1 << bit % 8);
                assertThrows(DamagedEntryException.class, () -> EntryCodec.decode(golden), name + ", bit " + bit);
                golden[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    /** Three flips and one burst of four bytes are within what the checksum always finds at these lengths. */
    @Test
    void shouldRefuseRandomFlipsAndBursts() throws Exception {
        List<byte[]> goldens = goldens();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] golden = goldens.get(random.nextInt(goldens.size()));
            byte[] damaged = golden.clone();
            if (random.nextBoolean()) {
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
            } else {
                int at = random.nextInt(damaged.length - 3);
                for (int i = 0; i < 4; i++) {
                    damaged[at + i] = (byte) random.nextInt();
                }
            }
            if (!Arrays.equals(golden, damaged)) {
                assertThrows(DamagedEntryException.class, () -> EntryCodec.decode(damaged), "seed " + seed);
            }
        }
    }

    /** As a writer that is wrong or means harm would do it: the checksum fits, the rest need not. */
    @Test
    void shouldReadExactlyWhatIsThereOrRefuseItWhenTheChecksumFits() throws Exception {
        List<byte[]> goldens = goldens();
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] changed = changed(goldens.get(random.nextInt(goldens.size())));
            Entry entry;
            try {
                entry = EntryCodec.decode(changed);
            } catch (EntryFormatException e) {
                refused++;
                continue;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", round " + round + ", entry " + Arrays.toString(changed), e);
            }
            read++;
            assertArrayEquals(changed, EntryCodec.encode(entry), "seed " + seed + ", round " + round);
        }
        assertTrue(read > ROUNDS / 50 && refused > ROUNDS / 50, read + " read, " + refused + " refused");
    }

    private byte[] changed(byte[] golden) {
        byte[] changed = golden.clone();
        if (random.nextInt(4) == 0) {
            changed = Arrays.copyOf(changed, 8 + random.nextInt(changed.length));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = 2 + random.nextInt(changed.length - 2);
            changed[at] = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> (byte) 0x7f;
                case 2 -> (byte) 0xff;
                default -> (byte) random.nextInt();
            };
        }
        return EntryCodecTest.sealed(changed);
    }

    private static List<byte[]> goldens() throws Exception {
        List<byte[]> goldens = new ArrayList<>();
        for (String name : SampleEntries.all().keySet()) {
            goldens.add(SampleEntries.golden(name));
        }
        return goldens;
    }
}
