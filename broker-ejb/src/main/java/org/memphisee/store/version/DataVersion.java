package org.memphisee.store.version;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@value #FILE} of a data directory: a line with the format of everything in it, and one with the release that wrote last. The
 * format grows when a release writes what the releases before it must not open; records inside have versions of their own. Immutable.
 *
 * @param format format of the directory, from 1
 * @param product the release that wrote last
 */
public record DataVersion(int format, String product) {

    /** Its name. */
    public static final String FILE = "version";
    /** The format that this release writes, and the newest that it reads. */
    public static final int FORMAT = 1;

    private static final String HEAD = "memphisee-data ";
    private static final String PRODUCT = "product ";
    private static final int MAX_BYTES = 4096;
    private static final Pattern FIRST = Pattern.compile("memphisee-data ([1-9]\\d{0,8})");

    /**
     * Reads the file of a data directory, or of a backup.
     *
     * @return empty where there is none: nothing is there yet, or a release wrote it that made no such file, whose format is 1
     * @throws DataVersionException when the format is newer than this release knows, or the file is not understood
     */
    public static Optional<DataVersion> read(Path directory) throws IOException, DataVersionException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = text(file).lines().toList();
        Matcher first = FIRST.matcher(lines.isEmpty() ? "" : lines.get(0));
        String product = lines.stream().filter(line -> line.startsWith(PRODUCT)).map(line -> line.substring(PRODUCT.length()).strip())
            .findFirst().orElse("unknown");
        if (!first.matches()) {
            throw new DataVersionException("its file " + file + " does not begin with \"" + HEAD + "\" and a number; restore it from a "
                + "backup, or write the line that the release has that wrote the data");
        }
        int format = Integer.parseInt(first.group(1));
        if (format > FORMAT) {
            throw new DataVersionException("it has format " + format + ", written by release " + product + ", and this release knows formats "
                + "up to " + FORMAT + "; start release " + product + " or a newer one, or restore a backup that was made before the upgrade");
        }
        return Optional.of(new DataVersion(format, product));
    }

    private static String text(Path file) throws IOException, DataVersionException {
        if (!Files.isRegularFile(file)) {
            throw new DataVersionException("its " + file + " is no file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8); // what a later release adds behind does not matter
        }
    }

    /** Writes the file for a release of this format; complete and durable when this returns. */
    public static void write(Path directory, String product) throws IOException {
        Path fresh = directory.resolve(FILE + ".new"); // renamed when complete
        byte[] bytes = (HEAD + FORMAT + "\n" + PRODUCT + product + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
