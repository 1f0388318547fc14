package org.memphisee.store.je;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import java.util.OptionalLong;

/** Walks over keys of one partition without reading values. */
final class KeyScan {
    private KeyScan() { }

    /**
     * Removes keys of a partition, at most so many.
     *
     * @return how many were removed; less than the limit means that none is left
     */
    static int remove(Database database, Transaction transaction, long partition, int limit) {
        int removed = 0;
        DatabaseEntry key = Keys.of(partition);
        DatabaseEntry nothing = keyOnly();
        try (Cursor cursor = database.openCursor(transaction, null)) {
            OperationStatus status = cursor.getSearchKeyRange(key, nothing, LockMode.READ_UNCOMMITTED);
            while (removed < limit && status == OperationStatus.SUCCESS && Keys.first(key.getData()) == partition) {
                cursor.delete();
                removed++;
                status = cursor.getNext(key, nothing, LockMode.READ_UNCOMMITTED);
            }
        }
        return removed;
    }

    /** The lowest partition that has a key here and is not below the given one. */
    static OptionalLong nextPartition(Database database, long from) {
        DatabaseEntry key = Keys.of(from);
        try (Cursor cursor = database.openCursor(null, null)) {
            OperationStatus status = cursor.getSearchKeyRange(key, keyOnly(), LockMode.READ_UNCOMMITTED);
            return status == OperationStatus.SUCCESS
                ? OptionalLong.of(Keys.first(key.getData())) : OptionalLong.empty();
        }
    }

    private static DatabaseEntry keyOnly() {
        DatabaseEntry entry = new DatabaseEntry();
        entry.setPartial(0, 0, true);
        return entry;
    }
}
