package org.memphisee.core.backup;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes backups of this node. Any thread. */
public interface BackupMaker {

    /** A node that cannot be saved, for parts that have none. */
    BackupMaker NONE = new BackupMaker() {
        @Override
        public void check() {
            throw new BackupRefusal("This broker makes no backups");
        }

        @Override
        public Run begin() {
            throw new BackupRefusal("This broker makes no backups");
        }

        @Override
        public Made made() {
            throw new BackupRefusal("This broker makes no backups");
        }
    };

    /**
     * Looks whether one could be begun now; asks the disk.
     *
     * @throws BackupRefusal it could not
     */
    void check();

    /**
     * Begins one on a thread of its own; does not wait for the disk.
     *
     * @throws BackupRefusal one is being made, or there is no directory for it
     */
    Run begin();

    /**
     * The backups that there are; asks the disk.
     *
     * @throws BackupRefusal there is no directory for them, or it cannot be read
     */
    Made made();

    /** A backup that is being made. Any thread. */
    interface Run {

        /** Bytes that are copied. */
        long copied();

        /** Bytes that are to be copied, 0 while nobody knows. */
        long total();

        /** Its name when it is complete; fails when there is none, with a message for people. */
        CompletableFuture<String> name();

        /** It is not wanted any more; what was copied is removed, and {@link #name} fails, unless it is complete. */
        void stop();
    }

    /**
     * What there is.
     *
     * @param directory where
     * @param keep how many stay
     * @param running whether one is being made now
     * @param backups complete ones, the newest first
     */
    record Made(String directory, int keep, boolean running, List<Backup> backups) { }

    /**
     * One that is complete.
     *
     * @param name of its directory
     * @param at when it was begun
     * @param bytes of its files
     */
    record Backup(String name, Instant at, long bytes) { }
}
