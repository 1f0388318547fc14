package org.memphisee.store.je;

import com.sleepycat.je.DatabaseException;
import com.sleepycat.je.DiskLimitException;
import com.sleepycat.je.EnvironmentFailureException;
import com.sleepycat.je.EnvironmentLockedException;
import java.nio.file.Path;
import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.crypt.StorageKeysException;

/** Turns exceptions of JE into the store's, with what failed and what helps; remembers the one that ended writing. */
final class JeFailures {
    private final Path directory;
    private volatile StoreException first;

    JeFailures(Path directory) {
        this.directory = directory;
    }

    /** Refuses when an earlier failure ended writing (P3). */
    void check() throws StoreException {
        StoreException cause = first;
        if (cause != null) {
            throw new StoreException("Store " + directory + " accepts no changes since an earlier failure: "
                + cause.getMessage() + ". Restart the broker to recover it", cause, false);
        }
    }

    boolean failed() {
        return first != null;
    }

    /** Nothing is accepted any more, whatever the cause. */
    StoreException gaveUp(String what, Exception cause) {
        StoreException failure = new StoreException("Could not " + what + " in store " + directory + ": "
            + cause.getMessage() + ". " + remedy(cause), cause, false);
        remember(failure);
        return failure;
    }

    /** A failed write or sync: nothing is accepted any more, unless only the disk was full. */
    StoreException ended(String what, Exception cause) {
        StoreException failure = of(what, cause);
        if (!failure.full()) {
            remember(failure);
        }
        return failure;
    }

    /** A failed read: ends writing only when it cost the environment. */
    StoreException of(String what, Exception cause) {
        if (cause instanceof DiskLimitException || NoRoomException.causes(cause)) {
            return new StoreException("Disk full: " + what + " in store " + directory + ": " + cause.getMessage()
                + ". Free space or lower retention; nothing was changed", cause, true);
        }
        StoreException failure = new StoreException("Could not " + what + " in store " + directory + ": "
            + cause.getMessage() + ". " + remedy(cause), cause, false);
        if (cause instanceof EnvironmentFailureException) {
            remember(failure);
        }
        return failure;
    }

    /** Damaged data: named, not touched. */
    StoreException corrupt(String what, Exception cause) {
        return new DamagedException("Damaged data: " + what + " in store " + directory + " " + cause.getMessage()
            + ". Nothing was removed; repair the node from its peers or restore the directory from a backup", cause);
    }

    private synchronized void remember(StoreException failure) {
        if (first == null) {
            first = failure;
        }
    }

    private static String remedy(Exception cause) {
        if (cause instanceof StorageKeysException) {
            return "Nothing was changed";
        }
        if (cause instanceof EnvironmentLockedException) {
            return "Another process has it open; stop that process or configure another directory";
        }
        if (cause instanceof EnvironmentFailureException failure && failure.isCorrupted()) {
            return "The files are damaged; keep them, and repair the node from its peers or from a backup";
        }
        if (cause instanceof EnvironmentFailureException) {
            return "The store stopped itself; check the disk and its space, then restart the broker";
        }
        if (cause instanceof DatabaseException) {
            return "Restart the broker; if it happens again, keep the files and check the disk";
        }
        return "Check that the directory exists, is writable and its disk is healthy";
    }
}
