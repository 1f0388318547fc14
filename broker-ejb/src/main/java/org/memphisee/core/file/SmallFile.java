package org.memphisee.core.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files that are known to be small, so that a wrong name takes no memory: not even that of a device or a pipe, which tells no
 * size. Any thread.
 */
public final class SmallFile {

    private SmallFile() {
    }

    /**
     * The bytes of a file.
     *
     * @param limit the most that it may have, bytes, from 0
     * @throws FileTooLargeException when it has more
     * @throws IOException when it cannot be read, {@link java.nio.file.NoSuchFileException} when it is not there
     */
    public static byte[] bytes(Path file, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw new FileTooLargeException(file, limit);
            }
            return bytes;
        }
    }

    /**
     * The text of a file in UTF-8.
     *
     * @param limit the most bytes that it may have, from 0
     * @throws FileTooLargeException when it has more
     * @throws java.nio.charset.CharacterCodingException when it is not UTF-8
     * @throws IOException when it cannot be read, {@link java.nio.file.NoSuchFileException} when it is not there
     */
    public static String text(Path file, int limit) throws IOException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file, limit))).toString();
    }
}
