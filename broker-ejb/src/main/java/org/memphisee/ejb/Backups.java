package org.memphisee.ejb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Logger;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.backup.BackupMaker;
import org.memphisee.core.backup.BackupRefusal;
import org.memphisee.message.OperatorMessage;
import org.memphisee.store.backup.OnlineBackup;

/**
 * Makes backups of this node into the directory of the settings, one at a time: on the schedule's thread, or on one of its own for
 * somebody who asked. Refuses when it is known beforehand that there is no room, so that a backup does not close the gate for publishes.
 */
final class Backups implements BackupMaker, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Backups.class.getName());
    private static final String NO_DIRECTORY = "This broker has no directory for backups: name one with memphisee.backup.dir "
        + "(MEMPHISEE_BACKUP_DIR) and start the broker again";

    private final OnlineBackup backup;
    private final BrokerSettings.Storage storage;
    private final Optional<Path> into;
    private final int keep;
    private final Supplier<Instant> clock;
    private final ThreadFactory threads;
    private final Supplier<Optional<String>> lacking;
    private final AtomicReference<Making> current = new AtomicReference<>();
    private volatile boolean closed;
    /** When the newest one was begun; null until somebody asks. */
    private volatile Instant last;

    /** @param lacking what this node of a cluster is, in words that go on behind its name, when it has not all that it should */
    Backups(OnlineBackup backup, BrokerSettings.Storage storage, Supplier<Instant> clock, ThreadFactory threads,
            Supplier<Optional<String>> lacking) {
        this.lacking = lacking;
        this.backup = backup;
        this.storage = storage;
        this.into = storage.backup().directory();
        this.keep = storage.backup().keep();
        this.clock = clock;
        this.threads = threads;
    }

    // ---- for the schedule

    /**
     * Makes one on the caller's thread, and removes those that are too many.
     *
     * @return whether it was made; not when another is being made
     * @throws IOException there is none, and why
     */
    boolean makeNow(Instant now) throws IOException {
        Making making = new Making();
        if (!current.compareAndSet(null, making)) {
            return false;
        }
        try {
            make(making, now);
            return true;
        } finally {
            current.set(null);
        }
    }

    /** When the newest backup was made, long ago when there is none. */
    Instant newest() throws IOException {
        List<Path> all = into.isEmpty() ? List.of() : OnlineBackup.list(into.get());
        return all.isEmpty() ? Instant.EPOCH : OnlineBackup.begun(all.get(all.size() - 1));
    }

    /** The same as it is remembered: asks the disk the first time only. */
    Instant last() {
        Instant known = last;
        if (known == null) {
            try {
                known = newest();
            } catch (IOException e) {
                known = Instant.EPOCH; // nobody can read it, so nobody can restore it
            }
            last = known;
        }
        return known;
    }

    private Path make(Making making, Instant now) throws IOException {
        Path directory = into.orElseThrow(() -> new IOException(NO_DIRECTORY));
        Optional<String> lacks = lacks();
        if (lacks.isPresent()) {
            throw new IOException(lacks.get());
        }
        room(directory);
        long began = System.nanoTime();
        Path made = backup.run(directory, now, making);
        last = now;
        OnlineBackup.prune(directory, keep);
        OperatorMessage.BACKUP_MADE.log(LOG, made, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
        return made;
    }

    /** A node that is behind or being rebuilt would count as saved, and push out what was. */
    private Optional<String> lacks() {
        return lacking.get().map(what -> "This node " + what + ", so its backup would lack what others have: look at /healthz, and wait, or "
            + "make one at a node that is ready");
    }

    /** What is on the disk of the log must leave what publishes need free. */
    private void room(Path directory) throws IOException {
        Files.createDirectories(directory);
        long needed = backup.estimate();
        long reserve = Files.getFileStore(directory).equals(Files.getFileStore(storage.dataDir())) ? storage.minFreeBytes() : 0;
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < needed + reserve) {
            throw new IOException("There is no room for a backup in " + directory + ": it takes about " + megabytes(needed)
                + (reserve > 0 ? ", " + megabytes(reserve) + " have to stay free for the log," : "") + " and " + megabytes(free)
                + " are free. Remove old backups, lower memphisee.backup.keep, or name a directory on another disk");
        }
    }

    private static String megabytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }

    // ---- for those who ask

    @Override
    public void check() {
        Path directory = directory();
        if (current.get() != null) {
            throw busy();
        }
        lacks().ifPresent(why -> {
            throw new BackupRefusal(why);
        });
        try {
            room(directory);
        } catch (IOException e) {
            throw new BackupRefusal(e.getMessage() != null && e.getMessage().startsWith("There is no room") ? e.getMessage()
                : "The directory for backups, " + directory + ", cannot be written (" + e + "): give the user of the broker the right to, "
                    + "or name another with memphisee.backup.dir");
        }
        if (!Files.isWritable(directory)) {
            throw new BackupRefusal("The directory for backups, " + directory + ", cannot be written: give the user of the broker the "
                + "right to, or name another with memphisee.backup.dir");
        }
    }

    private Path directory() {
        return into.orElseThrow(() -> new BackupRefusal(NO_DIRECTORY));
    }

    private static BackupRefusal busy() {
        return new BackupRefusal("A backup is being made already, wait until it is complete");
    }

    @Override
    public Run begin() {
        directory();
        Making making = new Making();
        if (closed || !current.compareAndSet(null, making)) {
            throw busy();
        }
        making.thread = threads.newThread(() -> {
            try {
                making.name.complete(make(making, clock.get()).getFileName().toString());
            } catch (IOException | RuntimeException e) {
                if (!making.stopped) {
                    OperatorMessage.BACKUP_FAILED.log(LOG, e);
                }
                making.name.completeExceptionally(e.getMessage() == null ? new IOException(e.toString(), e) : e);
            } finally {
                current.set(null);
            }
        });
        making.thread.setName("memphisee-backup-asked");
        making.thread.start();
        return making;
    }

    @Override
    public Made made() {
        Path directory = directory();
        try {
            List<Backup> found = new ArrayList<>();
            for (Path one : OnlineBackup.list(directory)) {
                found.add(0, new Backup(one.getFileName().toString(), OnlineBackup.begun(one), OnlineBackup.bytes(one)));
            }
            return new Made(directory.toString(), keep, current.get() != null, found);
        } catch (IOException e) {
            throw new BackupRefusal("The directory for backups, " + directory + ", cannot be read (" + e + ")");
        }
    }

    /** What somebody asked for is given up: the broker stops, and the next start says that it was interrupted. */
    @Override
    public void close() {
        closed = true;
        Making making = current.get();
        if (making != null && making.thread != null) {
            making.stop();
            try {
                making.thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One that is being made. */
    private static final class Making implements Run, OnlineBackup.Progress {
        private final CompletableFuture<String> name = new CompletableFuture<>();
        private volatile Thread thread;
        private volatile long copied;
        private volatile long total;
        private volatile boolean stopped;

        @Override
        public void copied(long sofar, long of) throws IOException {
            total = of;
            copied = sofar;
            if (stopped) {
                throw new IOException("the backup was stopped");
            }
        }

        @Override
        public long copied() {
            return copied;
        }

        @Override
        public long total() {
            return total;
        }

        @Override
        public CompletableFuture<String> name() {
            return name;
        }

        @Override
        public void stop() {
            stopped = true;
        }
    }
}
