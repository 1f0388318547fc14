package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import com.sleepycat.je.EnvironmentConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/** One write whose transaction JE refuses in the middle. */
class JeOpenedTest {

    @TempDir
    private Path directory;
    private JeEnvironmentOwner owner;
    private JeOpened opened;
    private JeFailures failures;

    @BeforeEach
    void open() throws Exception {
        failures = new JeFailures(directory);
        owner = new JeEnvironmentOwner(JeLogStoreTest.settings(directory, 0), 4 << 20, failures);
        openAgain();
    }

    private void openAgain() throws IOException {
        opened = JeOpened.open(directory, owner.environment(), null, failures, task -> new Thread(task, "store-drop"));
    }

    @AfterEach
    void close() throws Exception {
        opened.close();
        owner.close();
    }

    @Test
    void shouldLeaveNothingOpenWhenItCannotBeOpened() throws Exception {
        opened.close();
        Files.delete(directory.resolve(DurableMark.FILE));
        Files.createDirectory(directory.resolve(DurableMark.FILE));

        assertThrows(IOException.class, this::openAgain);

        Files.delete(directory.resolve(DurableMark.FILE));
        owner.environment().close(); // refuses while a database is open
        owner.close();
        owner = new JeEnvironmentOwner(JeLogStoreTest.settings(directory, 0), 4 << 20, failures);
        openAgain();
    }

    private void mustBeFree(long bytes) {
        owner.environment().setMutableConfig(owner.environment().getMutableConfig()
            .setConfigParam(EnvironmentConfig.FREE_DISK, Long.toString(bytes)));
        do {
            owner.lookAtDisk(); // without effect while a thread of JE looks, perhaps still with the old limit
        } while (owner.refusing() != bytes > 0);
    }

    /** Two changes; before JE sees the second, the disk has less free than it must have. */
    private List<StoreChange> endingInTheMiddle(StoreChange first, StoreChange second) {
        return new AbstractList<>() {
            @Override
            public StoreChange get(int index) {
                if (index == 1) {
                    mustBeFree(Long.MAX_VALUE / 2);
                }
                return index == 0 ? first : second;
            }

            @Override
            public int size() {
                return 2;
            }
        };
    }

    @Test
    void shouldUndoTheBeginningOfAWriteWhoseEndDidNotFit() throws Exception {
        StoreChange first = put(1, 1, 1, record(1, 1, 50));
        StoreChange second = put(1, 2, 2, record(1, 2, 50));

        StoreException refused = assertThrows(StoreException.class,
            () -> opened.write(endingInTheMiddle(first, second), true));

        assertTrue(refused.full(), refused.toString());
        assertFalse(opened.recovery().hasBatch(1, 1), "nothing of it is there");
        mustBeFree(0);
        opened.write(List.of(first, second), true);
        assertTrue(opened.recovery().hasBatch(1, 1) && opened.recovery().hasBatch(1, 2));
        assertEquals(0, owner.environment().getTransactionStats(null).getNActive());
    }
}
