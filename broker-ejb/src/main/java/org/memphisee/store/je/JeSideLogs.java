package org.memphisee.store.je;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;

import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;

/** How side logs lie in their database: under log and number the time, 8 bytes, and the record. */
final class JeSideLogs {

    private JeSideLogs() { }

    static byte[] value(StoreChange.PutSideRecord put) {
        return ByteBuffer.allocate(Long.BYTES + put.bytes().length).putLong(put.atNanos()).put(put.bytes()).array();
    }

    static void truncate(Database database, Transaction transaction, StoreChange.TruncateSideLog change) {
        DatabaseEntry key = Keys.of(change.log().number(), 0);
        DatabaseEntry nothing = new DatabaseEntry();
        nothing.setPartial(0, 0, true);
        try (Cursor cursor = database.openCursor(transaction, null)) {
            OperationStatus status = cursor.getSearchKeyRange(key, nothing, LockMode.READ_UNCOMMITTED);
            while (status == OperationStatus.SUCCESS && Keys.first(key.getData()) == change.log().number()
                && Keys.second(key.getData()) <= change.upTo()) {
                cursor.delete();
                status = cursor.getNext(key, nothing, LockMode.READ_UNCOMMITTED);
            }
        }
    }

    static List<SideRecord> read(Database database, Envelope envelope, SideLog log, long from, boolean upwards, int max) {
        List<SideRecord> found = new ArrayList<>();
        DatabaseEntry key = Keys.of(log.number(), from);
        DatabaseEntry value = new DatabaseEntry();
        try (Cursor cursor = database.openCursor(null, null)) {
            OperationStatus status = cursor.getSearchKeyRange(key, value, LockMode.READ_UNCOMMITTED);
            if (!upwards && (status != OperationStatus.SUCCESS || Keys.first(key.getData()) != log.number()
                || Keys.second(key.getData()) != from)) { // it stands behind the wanted one
                status = status == OperationStatus.SUCCESS ? cursor.getPrev(key, value, LockMode.READ_UNCOMMITTED)
                    : cursor.getLast(key, value, LockMode.READ_UNCOMMITTED);
            }
            while (found.size() < max && status == OperationStatus.SUCCESS && Keys.first(key.getData()) == log.number()) {
                found.add(record(envelope, key.getData(), value.getData()));
                status = upwards ? cursor.getNext(key, value, LockMode.READ_UNCOMMITTED)
                    : cursor.getPrev(key, value, LockMode.READ_UNCOMMITTED);
            }
        }
        return found;
    }

    private static SideRecord record(Envelope envelope, byte[] key, byte[] value) {
        long number = Keys.second(key);
        try {
            ByteBuffer content = ByteBuffer.wrap(envelope.open(key, value));
            long at = content.getLong();
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            return new SideRecord(number, at, bytes, "");
        } catch (IOException damaged) {
            return new SideRecord(number, 0, new byte[0], "record " + number + " is damaged: " + damaged.getMessage());
        }
    }
}
