package org.memphisee.store.crypt;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.memphisee.core.file.FileTooLargeException;
import org.memphisee.core.file.SmallFile;

/**
 * The operator's keys, from a file with one {@code NAME BASE64} a line. They encrypt nothing but data keys ({@link DataKeys}), so
 * that a new one is in use at once, whatever is stored. The first is the one in use, the others open what older ones wrapped.
 * Immutable; never printed.
 */
public final class StorageKeys {

    /** Bytes of a key: AES-256. */
    static final int KEY_BYTES = 32;

    private static final int MAX_FILE = 64 << 10;
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9._-]{1,64})[ \\t]+(\\S+)");
    private static final String REMEDY = "; each line of it is NAME BASE64, of 32 bytes, such as: "
        + "echo \"2026-01 $(openssl rand -base64 32)\"";

    private final Map<String, byte[]> keys;

    private StorageKeys(Map<String, byte[]> keys) {
        this.keys = keys;
    }

    /**
     * Reads a file.
     *
     * @throws StorageKeysException when it cannot be read or is not of that form; the text names file, line and remedy, and no key
     */
    public static StorageKeys read(Path file) throws StorageKeysException {
        String text;
        try {
            text = SmallFile.text(file, MAX_FILE);
        } catch (FileTooLargeException e) {
            throw new StorageKeysException(e.getMessage() + REMEDY, e);
        } catch (NoSuchFileException e) {
            throw new StorageKeysException("there is no file " + file, e);
        } catch (CharacterCodingException e) {
            throw new StorageKeysException(file + " is not text" + REMEDY, e);
        } catch (IOException e) {
            throw new StorageKeysException(file + " cannot be read: " + e, e);
        }
        return parse(text, file.toString());
    }

    static StorageKeys parse(String text, String file) throws StorageKeysException {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (content.isEmpty() || content.startsWith("#")) {
                continue;
            }
            var parts = LINE.matcher(content);
            byte[] key = parts.matches() ? decoded(parts.group(2)) : null;
            if (key == null) {
                throw new StorageKeysException("line " + number + " of " + file + " is no key" + REMEDY, null);
            }
            if (keys.put(parts.group(1), key) != null) {
                throw new StorageKeysException("line " + number + " of " + file + " has a name that an earlier line has: "
                    + parts.group(1), null);
            }
        }
        if (keys.isEmpty()) {
            throw new StorageKeysException(file + " has no key" + REMEDY, null);
        }
        return new StorageKeys(keys);
    }

    private static byte[] decoded(String base64) {
        try {
            byte[] key = Base64.getDecoder().decode(base64);
            return key.length == KEY_BYTES ? key : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The name of the key in use. */
    String current() {
        return keys.keySet().iterator().next();
    }

    /** The key of that name; null when there is none. */
    byte[] key(String name) {
        return keys.get(name);
    }

    @Override
    public String toString() { // never the keys
        return "StorageKeys" + keys.keySet();
    }
}
