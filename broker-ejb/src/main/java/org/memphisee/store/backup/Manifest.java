package org.memphisee.store.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.memphisee.core.file.FileTooLargeException;
import org.memphisee.core.file.SmallFile;

/**
 * What a backup consists of, as its file {@value #FILE}: a line for each thing, closed by the checksum of all lines before it,
 * so that a manifest that is cut is none. Names are relative, with slashes, and stay inside. Immutable.
 *
 * @param product version of the broker that made it
 * @param identity the data directory it was made of
 * @param time when, as text
 * @param mark the entry of the log up to which it was durable, as the store's own mark
 * @param files all files but the manifest, in the order of their names
 */
public record Manifest(String product, String identity, String time, long mark, List<Entry> files) {

    /** Its name. */
    public static final String FILE = "MANIFEST";

    private static final String HEAD = "memphisee-backup ";
    private static final int VERSION = 1;
    private static final int MAX_BYTES = 64 << 20;

    /**
     * A file.
     *
     * @param name where it is in the backup and in the data directory
     * @param bytes its length; what a file has behind that does not belong to the backup
     * @param sha256 in hexadecimal digits
     */
    public record Entry(String name, long bytes, String sha256) { }

    public Manifest {
        files = List.copyOf(files);
    }

    /** Bytes of all files. */
    public long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    String text() {
        StringBuilder text = new StringBuilder(HEAD).append(VERSION).append('\n');
        text.append("product ").append(product).append('\n').append("identity ").append(identity).append('\n')
            .append("time ").append(time).append('\n').append("mark ").append(mark).append('\n');
        files.forEach(f -> text.append("file ").append(f.sha256()).append(' ').append(f.bytes()).append(' ').append(f.name())
            .append('\n'));
        return text + "sum " + Hashing.of(text.toString().getBytes(StandardCharsets.UTF_8)) + '\n';
    }

    /**
     * Reads the manifest in a directory.
     *
     * @throws BackupException when there is none, it is not whole, newer than this release, or names what is outside
     */
    public static Manifest read(Path directory) throws IOException, BackupException {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new BackupException(directory + " is no backup: it has no file " + FILE);
        }
        String text = text(directory, file);
        if (!text.startsWith(HEAD)) {
            throw new BackupException(directory + " is no backup: its file " + FILE + " begins otherwise");
        }
        List<String> lines = text.lines().toList();
        if (!lines.get(0).equals(HEAD + VERSION)) {
            throw new BackupException("the backup was made by a newer release: " + lines.get(0) + ", readable is " + VERSION);
        }
        int sum = text.lastIndexOf("sum ");
        if (sum < 0 || !text.substring(sum).strip().equals("sum "
            + Hashing.of(text.substring(0, sum).getBytes(StandardCharsets.UTF_8)))) {
            throw new BackupException("the manifest of " + directory + " is cut or altered");
        }
        return parse(lines);
    }

    private static String text(Path directory, Path file) throws IOException, BackupException {
        try {
            return SmallFile.text(file, MAX_BYTES);
        } catch (FileTooLargeException e) {
            throw new BackupException("the manifest of " + directory + " is too large to be one");
        }
    }

    private static Manifest parse(List<String> lines) throws BackupException {
        String[] heads = new String[4];
        String[] names = {"product ", "identity ", "time ", "mark "};
        for (int i = 0; i < names.length; i++) {
            if (lines.size() <= i + 1 || !lines.get(i + 1).startsWith(names[i])) {
                throw new BackupException("the manifest lacks its line \"" + names[i].strip() + "\"");
            }
            heads[i] = lines.get(i + 1).substring(names[i].length());
        }
        List<Entry> files = new ArrayList<>();
        try {
            for (String line : lines.subList(names.length + 1, lines.size() - 1)) {
                String[] words = line.split(" ", 4);
                if (words.length != 4 || !words[0].equals("file")) {
                    throw new BackupException("the manifest has a line that is none: " + line);
                }
                files.add(new Entry(inside(words[3]), Long.parseLong(words[2]), words[1]));
            }
            return new Manifest(heads[0], heads[1], heads[2], Long.parseLong(heads[3]), files);
        } catch (NumberFormatException e) {
            throw new BackupException("the manifest has a number that is none: " + e.getMessage());
        }
    }

    private static String inside(String name) throws BackupException {
        boolean fine = !name.isEmpty() && !name.startsWith("/") && name.indexOf('\\') < 0 && name.indexOf('\0') < 0;
        for (String part : name.split("/", -1)) {
            fine &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        if (!fine) {
            throw new BackupException("the manifest names what is outside of the backup: " + name);
        }
        return name;
    }
}
