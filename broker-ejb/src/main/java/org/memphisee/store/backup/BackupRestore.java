package org.memphisee.store.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.version.DataVersion;
import org.memphisee.store.version.DataVersionException;

/** Looks whether a backup is what it was, and puts it into a data directory. The broker of that directory does not run. */
public final class BackupRestore {

    private static final String LOG = "log";
    /** Becomes {@value #LOG} when everything in it is there. */
    private static final String RESTORING = "log.restoring";
    /** The journal of a node of a cluster, which goes on where another log ended. */
    private static final String JOURNAL = "raft";

    private BackupRestore() { }

    /**
     * Reads all of a backup.
     *
     * @return what is wrong, a line each; nothing when all is well
     */
    public static List<String> verify(Path backup) throws IOException, BackupException {
        List<String> wrong = new ArrayList<>();
        for (Manifest.Entry entry : Manifest.read(backup).files()) {
            Path file = backup.resolve(entry.name());
            if (!Files.isRegularFile(file)) {
                wrong.add(entry.name() + " is missing");
            } else if (Files.size(file) < entry.bytes()) {
                wrong.add(entry.name() + " has " + Files.size(file) + " bytes instead of " + entry.bytes());
            } else if (!Hashing.of(file, entry.bytes()).equals(entry.sha256())) {
                wrong.add(entry.name() + " has another checksum");
            }
        }
        return wrong;
    }

    /**
     * Puts a backup into a data directory. A log that is there stays beside it, under another name, and so does a cluster's journal: the
     * directory is in no cluster then. What a start makes anew, as the projection of the definitions, is removed. Interrupted anywhere, it
     * can be done again.
     *
     * @param replace whether a log may be there
     * @param same whether the directory is to count as the one that the backup was made of, which must not come back
     * @return what was put there
     * @throws BackupException when a broker uses the directory, a log is there and may not be, or the backup is damaged
     */
    public static Manifest restore(Path backup, Path data, boolean replace, boolean same) throws IOException, BackupException {
        Manifest manifest = Manifest.read(backup);
        requireKnown(backup);
        Files.createDirectories(data);
        try (FileChannel channel = FileChannel.open(data.resolve("broker.lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock lock = lock(channel)) {
            if (lock == null) {
                throw new BackupException("a broker uses " + data + ": stop it first");
            }
            if (!replace && !Trees.empty(data.resolve(LOG))) {
                throw new BackupException(data + " holds a log already: name an empty directory, or say that it is to be replaced");
            }
            Path log = data.resolve(RESTORING);
            Trees.remove(log);
            Files.createDirectory(log);
            for (Manifest.Entry entry : manifest.files()) {
                put(backup, entry, entry.name().startsWith(LOG + "/") ? log.resolve(entry.name().substring(LOG.length() + 1))
                    : data.resolve(entry.name()));
            }
            JeLogStore.writeMark(log, manifest.mark());
            Hashing.force(log);
            aside(data.resolve(JOURNAL)); // first: a log that is older than its journal would lack what the node has promised
            aside(data.resolve(LOG));
            Files.move(log, data.resolve(LOG), StandardCopyOption.ATOMIC_MOVE);
            Trees.remove(data.resolve("postgres"));
            Path identity = data.resolve("identity");
            Files.deleteIfExists(identity);
            if (same) {
                Files.writeString(identity, manifest.identity() + "\n");
            }
            Hashing.force(data);
        }
        return manifest;
    }

    private static void requireKnown(Path backup) throws IOException, BackupException {
        try {
            DataVersion.read(backup);
        } catch (DataVersionException e) {
            throw new BackupException("the backup " + backup + " is not for this release: " + e.getMessage());
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process
        }
    }

    private static void put(Path backup, Manifest.Entry entry, Path to) throws IOException, BackupException {
        Path from = backup.resolve(entry.name());
        if (!Files.isRegularFile(from) || Files.size(from) < entry.bytes()) {
            throw new BackupException("the backup is damaged: " + entry.name() + " is missing or too short; nothing was replaced");
        }
        Files.createDirectories(to.getParent());
        Path fresh = to.resolveSibling(to.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        if (!Hashing.copy(from, entry.bytes(), fresh).equals(entry.sha256())) {
            Files.delete(fresh);
            throw new BackupException("the backup is damaged: " + entry.name() + " has another checksum; nothing was replaced");
        }
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void aside(Path directory) throws IOException {
        if (Trees.empty(directory)) {
            Files.deleteIfExists(directory);
            return;
        }
        Path before = directory.resolveSibling(directory.getFileName() + ".before-restore");
        for (int i = 2; Files.exists(before); i++) {
            before = directory.resolveSibling(directory.getFileName() + ".before-restore-" + i);
        }
        Files.move(directory, before, StandardCopyOption.ATOMIC_MOVE);
    }
}
