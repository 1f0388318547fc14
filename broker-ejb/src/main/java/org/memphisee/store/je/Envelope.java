package org.memphisee.store.je;

import com.sleepycat.je.DatabaseEntry;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.memphisee.store.crypt.ValueCipher;

/**
 * What is around every stored value (D18): one byte format version, then in version 1 four bytes CRC32C and the content, in
 * version 2 what {@link ValueCipher} makes of it. Checksum and tag cover key and content, so a value that turns up under a foreign
 * key is detected as well. Both versions are read; with a cipher version 2 is written. One thread seals, any opens.
 */
final class Envelope {
    static final int HEADER = 5;
    static final byte VERSION = 1;
    static final byte ENCRYPTED = 2;

    /** Kept between records so that a large record does not need a new array each time; larger ones are not kept. */
    private static final int KEPT_SCRATCH = 2 << 20;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final CRC32C crc = new CRC32C();
    private final ValueCipher cipher;
    private byte[] scratch = new byte[8 << 10];

    /** Encrypts with the cipher; with null, writes in the clear and reads nothing that is encrypted. */
    Envelope(ValueCipher cipher) {
        this.cipher = cipher;
    }

    /** The value for a key. Valid until the next call, which reuses its array: JE copies it when it puts. */
    DatabaseEntry seal(DatabaseEntry key, byte[] content, int offset, int length) {
        return cipher == null ? clear(key, content, offset, length) : encrypted(key, content, offset, length);
    }

    private DatabaseEntry encrypted(DatabaseEntry key, byte[] content, int offset, int length) {
        int size = 1 + length + ValueCipher.OVERHEAD;
        byte[] target = scratch(size);
        target[0] = ENCRYPTED;
        cipher.seal(key.getData(), content, offset, length, target, 1);
        return new DatabaseEntry(target, 0, size);
    }

    private DatabaseEntry clear(DatabaseEntry key, byte[] content, int offset, int length) {
        byte[] target = scratch(HEADER + length);
        target[0] = VERSION;
        INT.set(target, 1, checksum(crc, key.getData(), content, offset, length));
        System.arraycopy(content, offset, target, HEADER, length);
        return new DatabaseEntry(target, 0, HEADER + length);
    }

    DatabaseEntry seal(DatabaseEntry key, byte[] content) {
        return seal(key, content, 0, content.length);
    }

    /** The content of a value, verified. */
    byte[] open(byte[] key, byte[] value) throws IOException {
        if (value.length > 0 && value[0] == ENCRYPTED) {
            if (cipher == null) {
                throw new IOException("is encrypted, and no storage keys are given");
            }
            return cipher.open(key, value, 1);
        }
        if (value.length < HEADER) {
            throw new IOException("is only " + value.length + " bytes long");
        }
        if (value[0] != VERSION) {
            throw new IOException("has format version " + value[0] + ", known are " + VERSION + " and " + ENCRYPTED);
        }
        int expected = (int) INT.get(value, 1);
        int actual = checksum(new CRC32C(), key, value, HEADER, value.length - HEADER);
        if (expected != actual) {
            throw new IOException(String.format("has checksum %08x instead of %08x", actual, expected));
        }
        return Arrays.copyOfRange(value, HEADER, value.length);
    }

    private byte[] scratch(int size) {
        if (size <= scratch.length) {
            return scratch;
        }
        if (size > KEPT_SCRATCH) {
            return new byte[size];
        }
        scratch = new byte[Math.min(KEPT_SCRATCH, Integer.highestOneBit(size) << 1)];
        return scratch;
    }

    private static int checksum(CRC32C crc, byte[] key, byte[] content, int offset, int length) {
        crc.reset();
        crc.update(key, 0, key.length);
        crc.update(content, offset, length);
        return (int) crc.getValue();
    }
}
