package org.memphisee.store.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.version.DataVersion;

/** Backups of real stores: what is in them, what is left of those that were interrupted, what a restore refuses. */
class BackupTest {

    private static final Instant TIME = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path root;

    private Path data() {
        return root.resolve("data");
    }

    private Path into() {
        return root.resolve("backups");
    }

    private JeLogStore open(Path data) throws Exception {
        Files.createDirectories(data.resolve("log"));
        return JeLogStore.open(new JeStoreSettings(data.resolve("log"), 16L << 20, 0, task -> new Thread(task, "drop")));
    }

    private OnlineBackup backup(JeLogStore store) {
        return new OnlineBackup(data(), store::link, "1.2.3");
    }

    private static void write(JeLogStore store, long first) throws StoreException {
        store.write(List.of(put(1, first, first, record(1, first, 900)),
            new StoreChange.PutSystemEvent(first, ("event " + first).getBytes())), true);
    }

    private List<String> names(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void assertHolds(Path data, long last) throws Exception {
        try (JeLogStore store = open(data)) {
            List<Long> firsts = StoredPartition.of(store, 1).firstSequences();
            assertEquals(last, firsts.size());
            for (long i = 1; i <= last; i++) {
                assertArrayEquals(record(1, i, 900), store.readBatch(1, i));
            }
            write(store, last + 1); // it goes on
        }
    }

    @Test
    void shouldHoldTheStoreAsItWasAndGoOnFromThere() throws Exception {
        Path made;
        try (JeLogStore store = open(data())) {
            Files.writeString(data().resolve("signing.secrets"), "secret");
            Files.writeString(data().resolve("identity"), "one\n");
            for (int i = 1; i <= 20; i++) {
                write(store, i);
            }
            made = backup(store).run(into(), TIME);
            for (int i = 21; i <= 40; i++) {
                write(store, i);
            }
            assertEquals(made, into().resolve("20261130T120000Z"));
            assertEquals(List.of(), BackupRestore.verify(made));
            assertFalse(Files.exists(data().resolve("backup-stage")));
        }
        Path other = root.resolve("other");
        Manifest manifest = BackupRestore.restore(made, other, false, false);
        assertEquals("1.2.3", manifest.product());
        assertEquals("one", manifest.identity());
        assertEquals("secret", Files.readString(other.resolve("signing.secrets")));
        assertFalse(Files.exists(other.resolve("identity")));
        assertHolds(other, 20);
        assertHolds(data(), 40); // and the source lacks nothing
        BackupRestore.restore(made, root.resolve("third"), false, true);
        assertEquals("one\n", Files.readString(root.resolve("third").resolve("identity")));
        assertHolds(root.resolve("third"), 20);
    }

    @Test
    void shouldHaveTheFormatOfItsDataAndRestoreNoneThatIsNewer() throws Exception {
        Path made;
        try (JeLogStore store = open(data())) {
            write(store, 1);
            DataVersion.write(data(), "1.2.3");
            made = backup(store).run(into(), TIME);
        }
        Path other = root.resolve("other");
        BackupRestore.restore(made, other, false, false);
        assertEquals("1.2.3", DataVersion.read(other).orElseThrow().product());
        Files.writeString(made.resolve(DataVersion.FILE), "memphisee-data 2\nproduct 2.0.0\n");
        Path third = root.resolve("third");
        assertTrue(assertThrows(BackupException.class, () -> BackupRestore.restore(made, third, false, false)).getMessage()
            .contains("release 2.0.0"));
        assertFalse(Files.exists(third));
    }

    /** JE's forced change of file meets our room ahead of its end, again and again, beside writes and syncs. */
    @Test
    void shouldBeOneMomentUnderLoadAndLeaveTheLogInOrder() throws Exception {
        AtomicLong acknowledged = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        List<Throwable> failures = new ArrayList<>();
        List<long[]> bounds = new ArrayList<>();
        List<Path> made = new ArrayList<>();
        try (JeLogStore store = open(data())) {
            write(store, 1);
            acknowledged.set(1);
            Thread writer = new Thread(() -> {
                try {
                    for (long i = 2; !stop.get(); i++) {
                        write(store, i);
                        acknowledged.set(i);
                    }
                } catch (StoreException | RuntimeException e) {
                    failures.add(e);
                }
            });
            writer.start();
            for (int k = 0; k < 5; k++) {
                long before = acknowledged.get();
                made.add(backup(store).run(into(), TIME.plusSeconds(k)));
                bounds.add(new long[] {before, acknowledged.get() + 1});
            }
            stop.set(true);
            writer.join();
            assertEquals(List.of(), failures);
        }
        assertHolds(data(), acknowledged.get()); // opened again after all those files
        for (int k = 0; k < made.size(); k++) {
            Path other = root.resolve("restored" + k);
            BackupRestore.restore(made.get(k), other, false, false);
            long held;
            try (JeLogStore store = open(other)) {
                List<Long> firsts = StoredPartition.of(store, 1).firstSequences();
                held = firsts.size();
                assertEquals(held, firsts.get(firsts.size() - 1)); // no gap
                long[] events = {0};
                store.recoverSystemLog(new org.memphisee.core.log.LogStore.SystemLogVisitor() {
                    @Override
                    public void snapshot(long index, byte[] snapshot) { }

                    @Override
                    public void event(long index, byte[] event) {
                        events[0]++;
                    }
                });
                assertEquals(held, events[0]); // and messages and definitions are of the same moment
            }
            assertTrue(held >= bounds.get(k)[0] && held <= bounds.get(k)[1],
                held + " of " + bounds.get(k)[0] + " to " + bounds.get(k)[1]);
        }
    }

    @Test
    void shouldLeaveNothingHalfWhereverItIsInterrupted() throws Exception {
        try (JeLogStore store = open(data())) {
            for (int i = 1; i <= 5; i++) {
                write(store, i);
            }
            for (OnlineBackup.Step at : OnlineBackup.Step.values()) {
                OnlineBackup interrupted = new OnlineBackup(data(), store::link, "1", step -> {
                    if (step == at) {
                        throw new IOException("interrupted at " + at);
                    }
                });
                Instant time = TIME.plusSeconds(60 * at.ordinal());
                assertThrows(IOException.class, () -> interrupted.run(into(), time));
                boolean complete = at.compareTo(OnlineBackup.Step.NAMED) >= 0;
                assertEquals(complete ? at.ordinal() - OnlineBackup.Step.NAMED.ordinal() + 1 : 0, OnlineBackup.list(into()).size());
                assertTrue(names(into()).stream().noneMatch(name -> name.endsWith(".partial")), names(into()).toString());
                assertFalse(Files.exists(data().resolve("backup-stage")));
            }
            // what a process that died left is removed by the next one
            Files.createDirectories(data().resolve("backup-stage"));
            Files.writeString(data().resolve("backup-stage").resolve("00000000.jdb"), "left");
            Files.createDirectories(into().resolve("20200101T000000Z.partial/log"));
            Path made = backup(store).run(into(), TIME.plusSeconds(3600));
            assertEquals(List.of(), BackupRestore.verify(made));
            assertEquals(List.of(), names(into()).stream().filter(name -> name.endsWith(".partial")).toList());
            OnlineBackup.prune(into(), 1);
            assertEquals(List.of(made), OnlineBackup.list(into()));
        }
        assertHolds(data(), 5);
    }

    private Path made() throws Exception {
        try (JeLogStore store = open(data())) {
            for (int i = 1; i <= 5; i++) {
                write(store, i);
            }
            return backup(store).run(into(), TIME);
        }
    }

    @Test
    void shouldNameWhatIsDamagedAndRestoreNothingOfIt() throws Exception {
        Path made = made();
        Path log = made.resolve("log").resolve(names(made.resolve("log")).get(0));
        byte[] good = Files.readAllBytes(log);
        byte[] bad = good.clone();
        bad[bad.length / 2] ^= 1;
        Files.write(log, bad);
        assertTrue(BackupRestore.verify(made).get(0).endsWith("has another checksum"));
        Path other = root.resolve("other");
        assertRefused("another checksum", made, other);
        assertFalse(Files.exists(other.resolve("log")));
        Files.write(log, java.util.Arrays.copyOf(good, good.length - 1));
        assertRefused("too short", made, other);
        assertTrue(BackupRestore.verify(made).get(0).contains("instead of"));
        Files.delete(log);
        assertTrue(BackupRestore.verify(made).get(0).endsWith("is missing"));
        Files.write(log, good);
        Files.write(log, new byte[] {1, 2, 3}, java.nio.file.StandardOpenOption.APPEND); // does not belong to it
        BackupRestore.restore(made, other, false, false);
        assertHolds(other, 5);
    }

    private void assertRefused(String part, Path backup, Path data) {
        String said = assertThrows(BackupException.class, () -> BackupRestore.restore(backup, data, false, false)).getMessage();
        assertTrue(said.contains(part), said);
    }

    @Test
    void shouldRefuseManifestsThatAreCutNewerOrPointOutside() throws Exception {
        Path made = made();
        Path file = made.resolve(Manifest.FILE);
        String text = Files.readString(file);
        Path other = root.resolve("other");
        Files.writeString(file, text.substring(0, text.length() - 10));
        assertRefused("cut or altered", made, other);
        Files.writeString(file, text.replace("product 1.2.3", "product 1.2.4"));
        assertRefused("cut or altered", made, other);
        Files.writeString(file, text.replace("memphisee-backup 1", "memphisee-backup 2"));
        assertRefused("newer release", made, other);
        for (String name : List.of("../../etc/passwd", "/etc/passwd", "log/../../x", "a//b", "log\\..\\x")) {
            Files.writeString(file, new Manifest("1", "i", "t", 0, List.of(new Manifest.Entry(name, 1, "00"))).text());
            assertRefused("outside", made, other);
        }
        Files.delete(file);
        assertRefused("is no backup", made, other);
        assertFalse(Files.exists(other));
    }

    @Test
    void shouldRefuseADirectoryThatIsInUseOrHoldsALogUnlessItIsToBeReplaced() throws Exception {
        Path made = made();
        assertRefused("holds a log already", made, data());
        try (java.nio.channels.FileChannel channel = java.nio.channels.FileChannel.open(data().resolve("broker.lock"),
                java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE);
                java.nio.channels.FileLock lock = channel.lock()) {
            assertTrue(lock.isValid());
            assertThrows(BackupException.class, () -> BackupRestore.restore(made, data(), true, false));
        }
        try (JeLogStore store = open(data())) {
            write(store, 6);
        }
        Files.createDirectories(data().resolve("postgres"));
        BackupRestore.restore(made, data(), true, false);
        assertTrue(Files.isDirectory(data().resolve("log.before-restore")));
        assertFalse(Files.exists(data().resolve("postgres")));
        assertHolds(data(), 5);
    }

    @Test
    void shouldLeaveTheClusterWhoseJournalGoesOnWhereAnotherLogEnded() throws Exception {
        Path made;
        try (JeLogStore store = open(data())) {
            write(store, 1);
            made = backup(store).run(into(), TIME);
            write(store, 2);
        }
        Files.createDirectories(data().resolve("raft"));
        Files.writeString(data().resolve("raft/0000.journal"), "promised");
        BackupRestore.restore(made, data(), true, true);
        assertFalse(Files.exists(data().resolve("raft")));
        assertEquals("promised", Files.readString(data().resolve("raft.before-restore/0000.journal")));
        assertHolds(data(), 1);
    }
}
