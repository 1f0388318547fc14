package org.memphisee.store.crypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

final class ValueCipherTest {

    /** Bytes 0 to 31. */
    private static final String GOLDEN_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);
    /** Made by another program, from data key 7, bytes 100 to 131, and the nonce of bytes 200 to 211. */
    private static final byte[] GOLDEN_WRAPPED = HexFormat.of().parseHex("0107323032362d3031c8c9cacbcccdcecfd0d1d2d3751d07bceea5914b18"
        + "5171d16e77996794f29adf7c12d25f91d4459e5a10296aed7b26daf8ae9535e5ba549a96eab830");
    /** Made by another program: value 5 of that data key. */
    private static final byte[] GOLDEN_VALUE =
        HexFormat.of().parseHex("0000000700000000000000055c9b65b2c7e7335bbeedbda7eed860d38e6adb8a72bd6e6e6e63e2b2ecc0064ae95d");

    private static StorageKeys keys(String text) throws IOException {
        return StorageKeys.parse(text, "the file");
    }

    private static byte[] seal(ValueCipher cipher, byte[] key, byte[] content) {
        byte[] target = new byte[3 + content.length + ValueCipher.OVERHEAD];
        cipher.seal(key, content, 0, content.length, target, 3);
        return target;
    }

    private static String base64(int content) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) content);
        return Base64.getEncoder().encodeToString(key);
    }

    @Test
    void shouldReadWhatAnotherProgramMadeOfVersion1() throws Exception {
        DataKeys stored = DataKeys.of(keys("2026-01 " + GOLDEN_KEY), Map.of(7, GOLDEN_WRAPPED));

        assertEquals("content of a value",
            new String(new ValueCipher(stored).open(KEY, GOLDEN_VALUE, 0), StandardCharsets.US_ASCII));
        assertTrue(stored.wrappedAgain().isEmpty());
        assertArrayEquals(GOLDEN_WRAPPED, WrappedKey.decode(GOLDEN_WRAPPED).encode());
    }

    @Test
    void shouldFindEachChangedByteOfAWrappedKey() throws Exception {
        StorageKeys keys = keys("2026-01 " + GOLDEN_KEY);
        for (int i = 0; i < GOLDEN_WRAPPED.length; i++) {
            byte[] changed = GOLDEN_WRAPPED.clone();
            changed[i] ^= 1;
            assertThrows(StorageKeysException.class, () -> DataKeys.of(keys, Map.of(7, changed)), "byte " + i);
            byte[] cut = Arrays.copyOf(GOLDEN_WRAPPED, i);
            assertThrows(StorageKeysException.class, () -> DataKeys.of(keys, Map.of(7, cut)), "cut to " + i);
        }
        assertThrows(StorageKeysException.class, () -> DataKeys.of(keys, Map.of(8, GOLDEN_WRAPPED)));
    }

    @Test
    void shouldFindEachChangedByteOfAValue() throws Exception {
        ValueCipher cipher = new ValueCipher(DataKeys.of(keys("2026-01 " + GOLDEN_KEY), Map.of(7, GOLDEN_WRAPPED)));
        for (int i = 0; i < GOLDEN_VALUE.length; i++) {
            byte[] changed = GOLDEN_VALUE.clone();
            changed[i] ^= 1;
            assertThrows(IOException.class, () -> cipher.open(KEY, changed, 0), "byte " + i);
            byte[] cut = Arrays.copyOf(GOLDEN_VALUE, i);
            assertThrows(IOException.class, () -> cipher.open(KEY, cut, 0), "cut to " + i);
        }
        assertThrows(IOException.class, () -> cipher.open("kez".getBytes(StandardCharsets.US_ASCII), GOLDEN_VALUE, 0));
    }

    @Test
    void shouldOpenOnManyThreadsAtOnceAlsoAfterValuesThatWereAltered() throws Exception {
        DataKeys stored = DataKeys.of(keys("k " + base64(1)), Map.of()).withNew();
        ValueCipher cipher = new ValueCipher(stored);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            values.add(seal(cipher, KEY, new byte[] {(byte) i, 1, 2}));
        }

        List<Integer> wrong = IntStream.range(0, 4_000).parallel().filter(round -> {
            byte[] value = values.get(round % 64).clone();
            boolean altered = round % 3 == 0;
            if (altered) {
                value[value.length - 1 - round % 19] ^= 1;
            }
            try {
                return altered | !Arrays.equals(new byte[] {(byte) (round % 64), 1, 2}, cipher.open(KEY, value, 3));
            } catch (IOException e) {
                return !altered;
            }
        }).boxed().toList();

        assertEquals(List.of(), wrong);
    }

    @Test
    void shouldReadWhatEarlierDataKeysEncrypted() throws Exception {
        StorageKeys keys = keys("k " + base64(1));
        DataKeys first = DataKeys.of(keys, Map.of()).withNew();
        byte[] value = seal(new ValueCipher(first), KEY, new byte[] {1, 2, 3});
        DataKeys second = DataKeys.of(keys, first.made()).withNew();

        assertEquals(Set.of(2), second.made().keySet());
        assertArrayEquals(new byte[] {1, 2, 3}, new ValueCipher(second).open(KEY, value, 3));
        String refused = assertThrows(IOException.class,
            () -> new ValueCipher(DataKeys.of(keys, second.made())).open(KEY, value, 3)).getMessage();
        assertTrue(refused.contains("data key 1, which is not stored"), refused);
    }

    @Test
    void shouldNeverRepeatANonceWithADataKey() throws Exception {
        StorageKeys keys = keys("k " + base64(1));
        Set<String> seen = new HashSet<>();
        DataKeys stored = DataKeys.of(keys, Map.of());
        for (int opening = 0; opening < 5; opening++) {
            ValueCipher cipher = new ValueCipher(stored.withNew()); // what was made before was lost with its transaction
            for (int i = 0; i < 200; i++) {
                byte[] value = seal(cipher, KEY, new byte[16]);
                assertTrue(seen.add(HexFormat.of().formatHex(value, 3 + 12, value.length)), "the same output twice");
            }
        }
    }

    @Test
    void shouldWrapDataKeysAgainWhenAnotherStorageKeyIsFirst() throws Exception {
        DataKeys old = DataKeys.of(keys("old " + base64(1)), Map.of()).withNew();
        byte[] value = seal(new ValueCipher(old), KEY, new byte[] {7});

        DataKeys both = DataKeys.of(keys("new " + base64(2) + "\nold " + base64(1)), old.made());
        assertEquals("new", both.storageKey());
        DataKeys alone = DataKeys.of(keys("new " + base64(2)), both.wrappedAgain());

        assertArrayEquals(new byte[] {7}, new ValueCipher(alone).open(KEY, value, 3));
        assertTrue(alone.wrappedAgain().isEmpty());
    }

    @Test
    void shouldSayWhichStorageKeyIsMissingOrAnother() throws Exception {
        DataKeys old = DataKeys.of(keys("old " + base64(1)), Map.of()).withNew();

        String missing = assertThrows(StorageKeysException.class, () -> DataKeys.of(keys("new " + base64(2)), old.made()))
            .getMessage();
        String other = assertThrows(StorageKeysException.class, () -> DataKeys.of(keys("old " + base64(2)), old.made()))
            .getMessage();

        assertTrue(missing.contains("data key 1 needs the storage key old, which is not in the file"), missing);
        assertTrue(other.contains("was not wrapped by the storage key that is called old"), other);
        assertFalse(missing.contains(base64(1)) || other.contains(base64(2)));
    }
}
