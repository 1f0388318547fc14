package org.memphisee.store.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of bytes, of files and of files on their way. */
final class Hashing {

    private static final int BUFFER = 1 << 20;

    private Hashing() { }

    /** Hears of bytes on their way. */
    interface Moved {
        void bytes(int more) throws IOException;
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Of the beginning of a file. */
    static String of(Path file, long bytes) throws IOException {
        return pass(file, bytes, OutputStream.nullOutputStream(), more -> { });
    }

    /** Copies the beginning of a file to a new one, which is on the disk when this returns; the checksum of what was copied. */
    static String copy(Path file, long bytes, Path to) throws IOException {
        return copy(file, bytes, to, more -> { });
    }

    /** The same, telling of what is copied. */
    static String copy(Path file, long bytes, Path to, Moved moved) throws IOException {
        String sum;
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            sum = pass(file, bytes, out, moved);
        }
        force(to);
        return sum;
    }

    /** Makes a file or directory durable. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String pass(Path file, long bytes, OutputStream out, Moved moved) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        long left = bytes;
        try (InputStream in = Files.newInputStream(file)) {
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    throw new EOFException(file + " has " + (bytes - left) + " of " + bytes + " bytes");
                }
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
                left -= n;
                moved.bytes(n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}
