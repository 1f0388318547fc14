package org.memphisee.meta.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks PostgreSQL's programs once; an archive with other content gets a directory of its own. */
final class PostgresBinaries {

    private static final String COMPLETE = ".complete";
    /** Number of the system's error, as Java words it. */
    private static final String NOT_PERMITTED = "error=13";

    private PostgresBinaries() { }

    /**
     * The directory with {@code bin}, {@code lib} and {@code share}.
     *
     * @param root where unpacked programs are kept
     * @param elsewhere where they are kept when none may be run there
     * @param loader class loader that sees the archive
     * @throws PostgresException if programs may be run nowhere
     */
    static Path unpacked(Path root, List<Path> elsewhere, ClassLoader loader) throws IOException, PostgresException {
        if (mayRun(root)) {
            return unpacked(root, loader);
        }
        for (Path other : elsewhere) {
            if (Files.isWritable(other) && mayRun(other)) {
                return unpacked(other.resolve("postgres-programs"), loader);
            }
        }
        throw new PostgresException("programs may not be run from " + root + " (mounted noexec, probably), nor from " + elsewhere
            + ": name a directory with a PostgreSQL with MEMPHISEE_METADATA_PROGRAMS, mount the data directory with exec, or set "
            + "MEMPHISEE_METADATA_MODE=external");
    }

    /** Whether the file system lets programs be run: tried with one of a line. */
    private static boolean mayRun(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path probe = Files.createTempFile(directory, "may-run", ".sh");
        try {
            Files.writeString(probe, "#!/bin/sh\nexit 0\n");
            if (probe.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("rwx------"));
            }
            new ProcessBuilder(probe.toString()).start().onExit().join();
            return true;
        } catch (IOException e) {
            return !String.valueOf(e.getMessage()).contains(NOT_PERMITTED); // whatever else it is shows with the real ones
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static Path unpacked(Path root, ClassLoader loader) throws IOException, PostgresException {
        String archive = archive();
        Path directory = root.resolve("programs-" + fingerprint(archive, loader));
        if (Files.exists(directory.resolve(COMPLETE))) {
            return directory;
        }
        Files.createDirectories(root);
        removeOthers(root);
        Files.createDirectories(directory);
        try (InputStream in = open(archive, loader)) {
            unpack(in, directory);
        }
        Files.createFile(directory.resolve(COMPLETE)); // an interrupted unpacking is done again
        return directory;
    }

    /** Unpacks the programs into a directory, which is made. */
    static void unpack(ClassLoader loader, Path directory) throws IOException, PostgresException {
        Files.createDirectories(directory);
        try (InputStream in = open(archive(), loader)) {
            unpack(in, directory);
        }
    }

    private static String archive() {
        return "postgres-" + system() + "-" + architecture() + ".txz";
    }

    private static InputStream open(String archive, ClassLoader loader) throws PostgresException {
        InputStream in = loader.getResourceAsStream(archive);
        if (in == null) {
            throw new PostgresException("this build holds no PostgreSQL for this platform (" + archive
                + "); add its binaries to the ear, or set MEMPHISEE_METADATA_MODE=external");
        }
        return in;
    }

    private static String fingerprint(String archive, ClassLoader loader) throws IOException, PostgresException {
        try (InputStream in = open(archive, loader);
             DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void unpack(InputStream in, Path directory) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("entry outside of the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(target.getParent());
                    Files.deleteIfExists(target);
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x"
                        : "rw-r--r--"));
                }
            }
        }
    }

    /** Programs of earlier builds would only take space. */
    private static void removeOthers(Path root) throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            for (Path old : entries.filter(p -> p.getFileName().toString().startsWith("programs-")).toList()) {
                try (Stream<Path> files = Files.walk(old)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return "darwin";
        }
        return name.startsWith("windows") ? "windows" : "linux";
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }
}
