package org.memphisee.store.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.contract.JournalProbe;
import org.memphisee.contract.NeverFails;
import org.memphisee.contract.RaftJournalContract;
import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalFile;
import org.memphisee.core.cluster.journal.JournalFiles;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.NoRoomException;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;
import org.memphisee.store.je.TinyDisk;

/** On real files, with its own threads. */
final class DiskRaftJournalTest extends RaftJournalContract {

    private static final long WAIT_SECONDS = 20;

    @TempDir
    Path directory;

    @Override
    protected JournalFiles files() throws IOException {
        return DiskJournalFiles.of(directory.resolve("raft"));
    }

    @Test
    void shouldKeepOthersOut() {
        IOException refusal = assertThrows(IOException.class, () -> files().close());
        assertTrue(refusal.getMessage().contains(directory.toString()), refusal.getMessage());
    }

    @Test
    void shouldMakeEverythingDurableThatGroupsSubmitAtOnce() throws Exception {
        journal.start(World.of(Thread::new));
        int groups = 4;
        int entries = 300;
        CountDownLatch done = new CountDownLatch(groups);
        ExecutorService runners = Executors.newFixedThreadPool(groups);
        List<Future<?>> ends = new ArrayList<>();
        try {
            for (int g = 1; g <= groups; g++) {
                JournalGroup group = journal.group(g);
                ends.add(runners.submit(() -> run(group, entries, done)));
            }
            for (Future<?> end : ends) {
                end.get(WAIT_SECONDS, TimeUnit.SECONDS);
            }
            assertTrue(done.await(WAIT_SECONDS, TimeUnit.SECONDS));
        } finally {
            runners.shutdownNow();
        }
        restart();
        for (int g = 1; g <= groups; g++) {
            JournalGroup group = journal.group(g);
            assertEquals(entries, group.lastIndex());
            assertEntries(group, Math.max(1, group.baseIndex() + 1), entries, 1, 120);
        }
    }

    private static Void run(JournalGroup group, int entries, CountDownLatch done) throws Exception {
        group.attach(new Counting(group, entries, done));
        group.begin(0, 0, 1, "");
        for (int i = 1; i <= entries; i++) {
            boolean taken = false;
            while (!taken) {
                try {
                    group.append(List.of(entry(i, 1, 120)));
                    taken = true;
                } catch (JournalException e) {
                    assertEquals(JournalException.Reason.BUSY, e.reason());
                    Thread.onSpinWait();
                }
            }
        }
        return null;
    }

    /** Applies what is durable, and says when all is. */
    private record Counting(JournalGroup group, int entries, CountDownLatch done) implements NeverFails {
        @Override
        public void durable(long ticket) {
            long durable = group.durableIndex();
            group.applied(durable);
            if (durable == entries) {
                done.countDown();
            }
        }
    }

    @Test
    void shouldMakeFilesOfZerosAndSayWhenThereIsNoRoom() throws Exception {
        Path mounted = Files.createDirectory(directory.resolve("tiny"));
        try (TinyDisk tiny = TinyDisk.mount(mounted, 1); DiskJournalFiles files = DiskJournalFiles.of(tiny.root())) {
            try (JournalFile file = files.create("a", 300_000)) {
                assertEquals(300_000, file.bytes());
            }
            assertThrows(NoRoomException.class, () -> files.create("b", 3 << 20).close());
            assertEquals(List.of("a"), files.list(), "nothing is left of it");
        }
    }

    @Test
    void shouldGoOnWhenAFullDiskHasRoomAgain() throws Exception {
        Path mounted = Files.createDirectory(directory.resolve("tiny"));
        JournalSettings settings = new JournalSettings(128 << 10, 512, 64 << 10, 256 << 10, 0, 8 << 20, 0, 4);
        try (TinyDisk tiny = TinyDisk.mount(mounted, 1);
            RaftJournal full = RaftJournal.open(DiskJournalFiles.of(tiny.root()), settings, BrokerClock.SYSTEM, new Random(1))) {
            tiny.fillUpTo(200 << 10);
            JournalGroup group = full.group(1);
            JournalProbe probe = new JournalProbe();
            group.attach(probe);
            group.begin(0, 0, 1, "");
            long last = 0;
            while (probe.refused() == 0) {
                group.append(List.of(new JournalEntry(++last, 1, new byte[10_000])));
                full.turn();
            }
            assertEquals(JournalException.Reason.FULL, probe.why().reason());
            last = group.takeBack();
            probe.again();
            tiny.free();
            group.append(List.of(new JournalEntry(last + 1, 1, new byte[10_000])));
            full.turn();
            assertEquals(last + 1, group.durableIndex());
        }
    }
}
