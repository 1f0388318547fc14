package org.memphisee.store.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.memphisee.core.log.StoreException;
import org.memphisee.store.version.DataVersion;

/**
 * Makes backups of a running broker: first all log files are linked, in a moment, then they are copied at leisure into a
 * directory of their own, named by the time. What is not complete ends in {@value #PARTIAL} and is no backup; the next one
 * removes it. One at a time.
 */
public final class OnlineBackup {

    static final String PARTIAL = ".partial";
    private static final String STAGE = "backup-stage";
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** Beside the log, what a data directory cannot do without: made once and nowhere else. */
    private static final List<String> BESIDE = List.of(DataVersion.FILE, "signing.secrets", "tls");

    /** A running store. */
    public interface Source {

        /**
         * Links all files that the store consists of at one moment into an empty directory of the same disk. They do not change
         * up to their length.
         *
         * @return the last entry of the log, which is durable
         */
        long link(Path directory) throws StoreException;
    }

    /** What is told at each step; tests stop there. */
    enum Step { STAGED, LINKED, COPIED, DESCRIBED, NAMED, DONE }

    /** Hears of steps. */
    interface Steps {
        void reached(Step step) throws IOException;
    }

    /** Hears how far copying is, on the thread that copies. */
    public interface Progress {

        /** Nobody cares. */
        Progress NONE = (copied, total) -> { };

        /**
         * Some were copied.
         *
         * @throws IOException it is not to go on; what was copied is removed
         */
        void copied(long copied, long total) throws IOException;
    }

    private final Path data;
    private final Source source;
    private final String product;
    private final Steps steps;

    /**
     * Backups of one data directory.
     *
     * @param product version of the broker
     */
    public OnlineBackup(Path data, Source source, String product) {
        this(data, source, product, step -> { });
    }

    OnlineBackup(Path data, Source source, String product, Steps steps) {
        this.data = data;
        this.source = source;
        this.product = product;
        this.steps = steps;
    }

    /**
     * Makes one.
     *
     * @param into directory that holds backups, made when needed
     * @param now its time
     * @return the directory of the backup
     */
    public Path run(Path into, Instant now) throws IOException, StoreException {
        return run(into, now, Progress.NONE);
    }

    /** The same, telling how far it is. */
    public Path run(Path into, Instant now, Progress progress) throws IOException, StoreException {
        Path stage = data.resolve(STAGE);
        clean(into);
        Path done = free(into, now);
        Path partial = into.resolve(done.getFileName() + PARTIAL);
        Files.createDirectory(stage);
        try {
            steps.reached(Step.STAGED);
            long mark = source.link(stage);
            steps.reached(Step.LINKED);
            ownDirectory(partial);
            Manifest manifest = copy(stage, partial, mark, now, progress);
            steps.reached(Step.COPIED);
            Path described = partial.resolve(Manifest.FILE);
            Files.writeString(described, manifest.text(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            Hashing.force(described);
            Hashing.force(partial.resolve("log"));
            Hashing.force(partial);
            steps.reached(Step.DESCRIBED);
            Files.move(partial, done, StandardCopyOption.ATOMIC_MOVE);
            Hashing.force(into);
            steps.reached(Step.NAMED);
        } finally {
            Trees.remove(stage);
            Trees.remove(partial);
        }
        steps.reached(Step.DONE);
        return done;
    }

    /** Removes what a backup left that did not end. */
    public void clean(Path into) throws IOException {
        Trees.remove(data.resolve(STAGE));
        Files.createDirectories(into);
        for (Path left : list(into, true)) {
            Trees.remove(left);
        }
    }

    /** Removes all but the newest so many. */
    public static void prune(Path into, int keep) throws IOException {
        List<Path> all = list(into, false);
        for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
            remove(old);
        }
    }

    /** Removes one. */
    static void remove(Path backup) throws IOException {
        Path partial = backup.resolveSibling(backup.getFileName() + PARTIAL); // not a backup any more while it goes
        Trees.remove(partial);
        Files.move(backup, partial, StandardCopyOption.ATOMIC_MOVE);
        Trees.remove(partial);
    }

    /** Bytes of all files of a backup. */
    public static long bytes(Path backup) throws IOException {
        return Trees.bytes(backup);
    }

    /** Two of one second, one on schedule and one that was asked for, have the names of two seconds: the newer one is named later. */
    private static Path free(Path into, Instant now) {
        Instant named = now;
        while (Files.exists(into.resolve(NAME.format(named)))) {
            named = named.plusSeconds(1);
        }
        return into.resolve(NAME.format(named));
    }

    /** When a backup was begun, by its name: perhaps a moment earlier. */
    public static Instant begun(Path backup) {
        try {
            return NAME.parse(backup.getFileName().toString(), Instant::from);
        } catch (DateTimeException e) {
            return Instant.EPOCH; // looks like one of ours and is none
        }
    }

    /** The backups in a directory, the oldest first. */
    public static List<Path> list(Path into) throws IOException {
        return list(into, false);
    }

    private static List<Path> list(Path into, boolean partial) throws IOException {
        if (!Files.isDirectory(into)) {
            return List.of();
        }
        String pattern = "\\d{8}T\\d{6}Z" + (partial ? "\\.partial" : "");
        try (Stream<Path> files = Files.list(into)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                .sorted(Comparator.comparing(file -> file.getFileName().toString())).toList();
        }
    }

    /** Secrets are in it: nobody else may look. */
    private static void ownDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (UnsupportedOperationException e) {
            Files.createDirectory(directory);
        }
    }

    private Manifest copy(Path stage, Path to, long mark, Instant now, Progress progress) throws IOException {
        List<Manifest.Entry> files = new ArrayList<>();
        Files.createDirectory(to.resolve("log"));
        List<Path> logs;
        try (Stream<Path> linked = Files.list(stage)) {
            logs = linked.sorted().toList();
        }
        Counted counted = new Counted(bytes(logs), progress);
        for (Path log : logs) {
            add(log, "log/" + log.getFileName(), to, files, counted);
        }
        for (String name : BESIDE) {
            Path beside = data.resolve(name);
            if (Files.isDirectory(beside)) {
                Files.createDirectory(to.resolve(name));
                try (Stream<Path> inside = Files.list(beside)) {
                    for (Path file : inside.filter(Files::isRegularFile).sorted().toList()) {
                        add(file, name + "/" + file.getFileName(), to, files, bytes -> { });
                    }
                }
            } else if (Files.isRegularFile(beside)) {
                add(beside, name, to, files, bytes -> { });
            }
        }
        Path identity = data.resolve("identity");
        return new Manifest(product, Files.exists(identity) ? Files.readString(identity).strip() : "none", now.toString(), mark,
            files);
    }

    private static void add(Path file, String name, Path to, List<Manifest.Entry> files, Hashing.Moved moved) throws IOException {
        long bytes = Files.size(file);
        files.add(new Manifest.Entry(name, bytes, Hashing.copy(file, bytes, to.resolve(name), moved)));
    }

    private static long bytes(List<Path> files) throws IOException {
        long sum = 0;
        for (Path file : files) {
            sum += Files.size(file);
        }
        return sum;
    }

    /** About how many bytes one made now would have. */
    public long estimate() throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.list(data.resolve("log"))) {
            for (Path file : files.toList()) {
                try {
                    sum += Files.size(file);
                } catch (NoSuchFileException e) {
                    continue; // files go while one looks
                }
            }
        }
        return sum;
    }

    /** Adds up. One backup's. */
    private static final class Counted implements Hashing.Moved {
        private final long total;
        private final Progress progress;
        private long copied;

        private Counted(long total, Progress progress) {
            this.total = total;
            this.progress = progress;
        }

        @Override
        public void bytes(int more) throws IOException {
            copied += more;
            progress.copied(copied, total);
        }
    }
}
