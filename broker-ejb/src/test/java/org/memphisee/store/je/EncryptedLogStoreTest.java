package org.memphisee.store.je;

import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.contract.LogStoreContract;
import org.memphisee.core.log.LogStore;

/** A store with storage keys does what every store must do. */
final class EncryptedLogStoreTest extends LogStoreContract {

    @TempDir
    Path directory;

    private Path log() {
        return directory.resolve("log");
    }

    private JeLogStore open(long minimumFree) throws Exception {
        return JeLogStore.open(JeLogStoreTest.settings(log(), minimumFree).withKeys(StorageEncryptionTest.keys(directory, "first")));
    }

    @Override
    protected LogStore create() throws Exception {
        return open(0);
    }

    @Override
    protected LogStore restart(LogStore running) throws Exception {
        running.close();
        return create();
    }

    @Override
    protected LogStore restartOnFullDisk(LogStore running) throws Exception {
        running.close();
        long free = directory.toFile().getUsableSpace();
        return open(free + free / 4);
    }

    @Override
    protected void damage(LogStore running, long partition, long first, byte[] record) throws Exception {
        JeLogStoreTest.pushOutOfBuffers(running);
        JeFiles.flip(log(), stored((JeLogStore) running, partition, first));
    }

    /** The value of a batch as it lies in the files, read from them as they were at one moment. */
    private byte[] stored(JeLogStore running, long partition, long first) throws Exception {
        Path copy = Files.createTempDirectory(directory, "copy");
        running.link(copy);
        EnvironmentConfig config = new EnvironmentConfig();
        config.setReadOnly(true);
        config.setTransactional(true);
        try (Environment environment = new Environment(copy.toFile(), config)) {
            JeDatabases databases = new JeDatabases(environment, true, false);
            DatabaseEntry value = new DatabaseEntry();
            databases.batches.get(null, Keys.of(partition, first), value, null);
            databases.close();
            return value.getData();
        }
    }
}
