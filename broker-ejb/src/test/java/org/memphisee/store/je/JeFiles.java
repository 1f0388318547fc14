package org.memphisee.store.je;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The store's files, seen from outside. */
public final class JeFiles {
    private JeFiles() { }

    public static List<Path> logs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jdb")).sorted().toList();
        }
    }

    /** Flips one bit in the middle of every copy of the content; at least one must be there. */
    public static void flip(Path directory, byte[] content) throws IOException {
        int found = 0;
        for (Path log : logs(directory)) {
            byte[] bytes = Files.readAllBytes(log);
            int at = indexOf(bytes, content, 0);
            while (at >= 0) {
                try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                    int position = at + content.length / 2;
                    file.seek(position);
                    file.write(bytes[position] ^ 0x10);
                }
                found++;
                at = indexOf(bytes, content, at + 1);
            }
        }
        if (found == 0) {
            throw new IOException("Content is not in the files of " + directory);
        }
    }

    private static int indexOf(byte[] bytes, byte[] content, int from) {
        for (int i = from; i <= bytes.length - content.length; i++) {
            if (bytes[i] == content[0] && bytes[i + content.length - 1] == content[content.length - 1]
                && Arrays.equals(bytes, i, i + content.length, content, 0, content.length)) {
                return i;
            }
        }
        return -1;
    }
}
