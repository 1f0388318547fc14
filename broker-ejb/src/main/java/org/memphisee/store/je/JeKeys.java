package org.memphisee.store.je;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.memphisee.store.crypt.DataKeys;
import org.memphisee.store.crypt.StorageKeys;
import org.memphisee.store.crypt.StorageKeysException;

/** The data keys of a store, which lie in a database of their own: wrapped, and in an envelope that is not encrypted. */
final class JeKeys {
    private static final Envelope CLEAR = new Envelope(null);

    private JeKeys() { }

    /**
     * Those that are stored.
     *
     * @param storageKeys null for none
     * @return null when nothing is encrypted and nothing is to be
     * @throws IOException when the storage keys do not open them, or there are none; the text says what to do
     */
    static DataKeys load(JeDatabases databases, StorageKeys storageKeys) throws IOException {
        Map<Integer, byte[]> stored = stored(databases);
        if (storageKeys == null) {
            if (!stored.isEmpty()) {
                throw new StorageKeysException("it is encrypted, and no storage keys are given. Name the file with them: "
                    + "memphisee.storage.key.file, or the option --keys of memphis-store", null);
            }
            return null;
        }
        return DataKeys.of(storageKeys, stored);
    }

    private static Map<Integer, byte[]> stored(JeDatabases databases) throws IOException {
        Map<Integer, byte[]> stored = new TreeMap<>();
        if (databases.keys != null) {
            DatabaseEntry key = new DatabaseEntry();
            DatabaseEntry value = new DatabaseEntry();
            try (Cursor cursor = databases.keys.openCursor(null, null)) {
                while (cursor.getNext(key, value, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS) {
                    stored.put((int) Keys.first(key.getData()), CLEAR.open(key.getData(), value.getData()));
                }
            }
        }
        return stored;
    }

    /** Writes wrapped data keys in a transaction. Log-writer's place only. */
    static void put(JeDatabases databases, Transaction transaction, Map<Integer, byte[]> wrapped) {
        Envelope envelope = new Envelope(null);
        wrapped.forEach((number, bytes) -> {
            DatabaseEntry key = Keys.of(number);
            databases.keys.put(transaction, key, envelope.seal(key, bytes));
        });
    }
}
