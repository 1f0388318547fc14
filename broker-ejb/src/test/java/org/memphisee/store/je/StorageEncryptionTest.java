package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.bytes;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.store.crypt.StorageKeys;
import org.memphisee.store.crypt.StorageKeysException;

/** F-171: the files of an encrypted store tell nothing of what is stored; keys come, change and are missing. */
final class StorageEncryptionTest {

    @TempDir
    Path directory;

    static Optional<StorageKeys> keys(Path directory, String... names) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            byte[] key = new byte[32];
            Arrays.fill(key, (byte) name.hashCode());
            lines.add(name + ' ' + Base64.getEncoder().encodeToString(key));
        }
        return names.length == 0 ? Optional.empty()
            : Optional.of(StorageKeys.read(Files.write(directory.resolve("keys"), lines)));
    }

    private Path log() {
        return directory.resolve("log");
    }

    private JeLogStore open(long minimumFree, String... names) throws Exception {
        return JeLogStore.open(JeLogStoreTest.settings(log(), minimumFree).withKeys(keys(directory, names)));
    }

    /** Something of each kind, all of it with the same word in it. */
    private static List<StoreChange> everything(String word) {
        BatchSummary summary = new BatchSummary(1, 1, 1, 5, 5, 10, 600, List.of(new SubjectCount(word + ".subject", 1, 1, 1)),
            List.of(new MessageId(word + "-id", 1, 5)));
        byte[] record = (word + " payload ").repeat(60).getBytes(StandardCharsets.UTF_8);
        return List.of(new StoreChange.PutBatch(21, summary, record, 0, record.length),
            new StoreChange.PutTombstones(21, 1, bytes(word + " tombstones")), new StoreChange.PutPartitionState(21, bytes(word + " state")),
            new StoreChange.PutCursor(21, 9, bytes(word + " cursor")), new StoreChange.PutSystemEvent(5, bytes(word + " event")),
            new StoreChange.PutSystemSnapshot(4, bytes(word + " snapshot")),
            new StoreChange.PutSideRecord(SideLog.AUDIT, 1, 5, bytes(word + " record")));
    }

    private boolean filesContain(String word) throws IOException {
        boolean found = false;
        for (Path file : JeFiles.logs(log())) {
            found |= new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word);
        }
        return found;
    }

    @Test
    void shouldLeaveNothingReadableInTheFiles() throws Exception {
        try (JeLogStore store = open(0, "first")) {
            store.write(everything("xylophone"), true);
        }
        assertFalse(filesContain("xylophone"));
        StoreException refused = assertThrows(StoreException.class, () -> open(0));
        assertTrue(StorageKeysException.causes(refused), refused.toString());
        assertTrue(refused.getMessage().contains("memphisee.storage.key.file"), refused.getMessage());
        try (JeLogStore store = open(0, "first")) {
            assertEquals("xylophone state", StoredPartition.of(store, 21).state());
            assertTrue(new String(store.readBatch(21, 1), StandardCharsets.UTF_8).startsWith("xylophone payload"));
            assertEquals("xylophone record",
                new String(store.readSideLog(SideLog.AUDIT, 1, true, 9).get(0).bytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldEncryptFromNowOnWhatWasInTheClearBefore() throws Exception {
        Path plain = directory.resolve("plain");
        try (JeLogStore store = JeLogStore.open(JeLogStoreTest.settings(plain, 0))) {
            store.write(List.of(put(1, 1, 1, record(1, 1, 50))), true);
            assertTrue(store.encryption().isEmpty());
        }
        JeStoreSettings settings = JeLogStoreTest.settings(plain, 0).withKeys(keys(directory, "first"));
        try (JeLogStore store = JeLogStore.open(settings)) {
            store.write(List.of(put(1, 2, 2, bytes("xylophone"))), true);
        }
        try (JeLogStore store = JeLogStore.open(settings)) {
            assertArrayEquals(record(1, 1, 50), store.readBatch(1, 1));
            assertArrayEquals(bytes("xylophone"), store.readBatch(1, 2));
        }
        assertThrows(StoreException.class, () -> JeLogStore.open(JeLogStoreTest.settings(plain, 0)));
    }

    @Test
    void shouldNeedOnlyTheNewStorageKeyOnceItWasOpenedWithBoth() throws Exception {
        for (int opening = 1; opening <= 3; opening++) {
            try (JeLogStore store = open(0, "first")) {
                store.write(List.of(put(1, opening, opening, record(1, opening, 50))), true);
            }
        }
        try (JeLogStore store = open(0, "second", "first")) {
            assertEquals(3, store.encryption().orElseThrow().wrappedAgain().size());
        }
        try (JeLogStore store = open(0, "second")) {
            assertTrue(store.encryption().orElseThrow().wrappedAgain().isEmpty());
            for (int i = 1; i <= 3; i++) {
                assertArrayEquals(record(1, i, 50), store.readBatch(1, i));
            }
        }
        assertThrows(StoreException.class, () -> open(0, "first"));
    }

    @Test
    void shouldBeInspectedWithTheKeysOnly() throws Exception {
        try (JeLogStore store = open(0, "first")) {
            store.write(everything("xylophone"), true);
        }
        StoreException refused = assertThrows(StoreException.class, () -> JeInspection.open(log(), Optional.empty()));
        assertTrue(refused.getMessage().contains("--keys"), refused.getMessage());
        try (JeInspection inspection = JeInspection.open(log(), keys(directory, "first"))) {
            assertArrayEquals(bytes("xylophone cursor"), inspection.find(JeInspection.Kind.CURSOR, 21, 9).orElseThrow());
        }
    }

    @Test
    void shouldStoreTheDataKeyWithTheFirstValueAlsoWhenItWasRefusedBefore() throws Exception {
        long free = directory.toFile().getUsableSpace();
        try (JeLogStore store = open(free + free / 4, "first")) {
            assertTrue(assertThrows(StoreException.class, () -> store.write(List.of(put(1, 1, 1, record(1, 1, 50))), true)).full());
            store.write(List.of(new StoreChange.PutCursor(1, 2, bytes("cursor"))), true);
        }
        try (JeLogStore store = open(0, "first")) {
            assertEquals("cursor", StoredPartition.of(store, 1).cursors().get(2L));
        }
    }
}
