package org.memphisee.store.crypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageKeysTest {

    private static final String A = base64(1);
    private static final String B = base64(2);

    @TempDir
    Path directory;

    private static byte[] key(int content) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) content);
        return key;
    }

    private static String base64(int content) {
        return Base64.getEncoder().encodeToString(key(content));
    }

    private StorageKeys read(String text) throws Exception {
        return StorageKeys.read(Files.writeString(directory.resolve("keys"), text));
    }

    private String refused(String text) {
        return assertThrows(StorageKeysException.class, () -> read(text)).getMessage();
    }

    @Test
    void shouldUseTheFirstKeyAndKnowTheOthers() throws Exception {
        StorageKeys keys = read("# made in January\n\n  2026-02\t" + B + "  \r\n2026-01 " + A + "\n");

        assertEquals("2026-02", keys.current());
        assertArrayEquals(key(2), keys.key("2026-02"));
        assertArrayEquals(key(1), keys.key("2026-01"));
        assertNull(keys.key("2025-12"));
    }

    @Test
    void shouldNameLineAndRemedyAndNoKeyWhenALineIsWrong() {
        for (String wrong : new String[] {"alone", "name " + A.substring(4), "name " + A + "AAAA", "name *" + A, "ä " + A,
            "n".repeat(65) + " " + A, A}) {
            String message = refused("ok " + B + "\n" + wrong + "\n");

            assertTrue(message.contains("line 2 of ") && message.contains("openssl rand -base64 32"), message);
            assertFalse(message.contains(A.substring(4, 20)) || message.contains(B.substring(4, 20)), message);
        }
    }

    @Test
    void shouldRefuseANameTwice() {
        assertTrue(refused("k " + A + "\nk " + B).contains("line 2"));
    }

    @Test
    void shouldRefuseFilesWithoutKeys() throws Exception {
        assertTrue(refused("# nothing\n").contains("has no key"));
        assertTrue(refused("k " + A + "\n" + " ".repeat(64 << 10)).contains("more than 65536 bytes"));
        Files.write(directory.resolve("keys"), new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertTrue(assertThrows(StorageKeysException.class, () -> StorageKeys.read(directory.resolve("keys"))).getMessage()
            .contains("is not text"));
        assertTrue(assertThrows(StorageKeysException.class, () -> StorageKeys.read(directory.resolve("none"))).getMessage()
            .contains("there is no file"));
        assertThrows(StorageKeysException.class, () -> StorageKeys.read(directory));
    }

    @Test
    void shouldNotPrintKeys() throws Exception {
        assertEquals("StorageKeys[k]", read("k " + A).toString());
    }
}
