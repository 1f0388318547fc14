package org.memphisee.store.je;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.memphisee.contract.Batches;
import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.StoreChange;

/** Writes synced batches until it is killed, and prints each sequence when it is durable. Runs in a JVM of its own. */
final class CrashingWriter {
    static final long PARTITION = 3;
    static final long CONSUMER = 1;
    /** Small, so that kills meet changes of the log file too. */
    static final long LOG_FILE_BYTES = 1_000_000;

    private CrashingWriter() { }

    public static void main(String[] arguments) throws IOException {
        try (JeLogStore store = JeLogStore.open(JeLogStoreTest.settings(Path.of(arguments[0]), 0), LOG_FILE_BYTES)) {
            long sequence = StoredPartition.of(store, PARTITION).batches().size() + 1;
            while (sequence > 0) {
                byte[] record = record(sequence);
                byte[] cursor = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
                store.write(List.of(Batches.put(PARTITION, sequence, sequence, record),
                    new StoreChange.PutCursor(PARTITION, CONSUMER, cursor)), true);
                System.out.println(sequence);
                sequence++;
            }
        }
    }

    /** Mostly small ones, and some that are larger than a page, and larger than a log buffer. */
    static byte[] record(long sequence) {
        int size = sequence % 97 == 0 ? 3 << 20 : sequence % 7 == 0 ? 60_000 : 300;
        return Batches.record(PARTITION, sequence, size);
    }
}
