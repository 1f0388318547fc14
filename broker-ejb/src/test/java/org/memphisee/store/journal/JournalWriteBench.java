package org.memphisee.store.journal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.memphisee.contract.Batches;
import org.memphisee.contract.WriteRows;
import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalListener;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/**
 * Synced sync groups of the journal against raw overwriting with a sync each, and against synced commits of the store, in turn in
 * one run; started by hand: {@code java -cp ... org.memphisee.store.journal.JournalWriteBench <directory> [seconds per row]
 * [rounds]}. Figures: docs/design/journal.md.
 */
public final class JournalWriteBench {

    private static final int[] SIZES = {200, 3_900, 64 << 10, 1 << 20};
    private static final int SEGMENT = 64 << 20;
    private static final int BLOCK = 4096;
    private static final int HEADERS = 128;
    private static final int GROUPS = 4;
    private static final long RECLAIM_BYTES = 64L << 20;

    private final PrintStream out = System.out;
    private final WriteRows rows;

    private JournalWriteBench(long nanosPerRow) {
        rows = new WriteRows(nanosPerRow);
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 3;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
        JournalWriteBench bench = new JournalWriteBench(seconds * 1_000_000_000L);
        bench.rows.head();
        for (int round = 0; round < rounds; round++) {
            for (int size : SIZES) {
                bench.raw(directory.resolve("raw"), size);
                bench.journal(directory.resolve("journal" + round + "-" + size), size, false);
                bench.journal(directory.resolve("thread" + round + "-" + size), size, true);
                bench.store(directory.resolve("je" + round + "-" + size), size);
            }
            bench.open(directory.resolve("open" + round));
        }
    }

    /** The same bytes as the journal's sync group has, over a file that was written before. */
    private void raw(Path file, int size) throws IOException {
        int length = size + HEADERS + BLOCK - 1 & -BLOCK;
        ByteBuffer buffer = ByteBuffer.allocateDirect(length).put(random(size));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (int at = 0; at < SEGMENT; at += zeros.capacity()) {
                channel.write(zeros.clear(), at);
            }
            channel.force(true);
            long[] at = {0};
            rows.measure("raw overwrite " + size, size, sequence -> {
                at[0] = at[0] + 2L * length > SEGMENT ? 0 : at[0] + length;
                channel.write(buffer.clear(), at[0]);
                channel.force(false);
            });
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void journal(Path directory, int size, boolean thread) throws IOException {
        byte[] body = random(size);
        JournalSettings settings = new JournalSettings(SEGMENT, BLOCK, 4 << 20, SEGMENT, 0, 4L * SEGMENT, 0, GROUPS);
        try (RaftJournal journal = RaftJournal.open(DiskJournalFiles.of(directory), settings, BrokerClock.SYSTEM, new Random())) {
            JournalGroup group = journal.group(1);
            Waiting waiting = new Waiting(Thread.currentThread());
            group.attach(waiting);
            long begun = group.begin(0, 0, 1, "");
            if (thread) {
                journal.start(World.of(Thread::new));
                waiting.await(begun);
            } else {
                journal.turn();
            }
            long[] bytes = {0};
            rows.measure((thread ? "journal, its thread " : "journal ") + size, size, index -> {
                long ticket = group.append(List.of(new JournalEntry(index, 1, body)));
                if (thread) {
                    waiting.await(ticket);
                } else {
                    journal.turn();
                }
                bytes[0] += size + BLOCK;
                if (bytes[0] > RECLAIM_BYTES) {
                    bytes[0] = 0;
                    group.applied(index);
                    journal.reclaim();
                }
            });
        }
        delete(directory);
    }

    /** How long it takes to read a journal of several segments when it is opened, and its entries afterwards. */
    private void open(Path directory) throws IOException {
        int size = 4_000;
        long all = 256L << 20;
        byte[] body = random(size);
        JournalSettings settings = new JournalSettings(SEGMENT, BLOCK, 4 << 20, SEGMENT, 0, 8L * SEGMENT, 0, GROUPS);
        long entries = all / size;
        try (RaftJournal journal = RaftJournal.open(DiskJournalFiles.of(directory), settings, BrokerClock.SYSTEM, new Random())) {
            JournalGroup group = journal.group(1);
            group.begin(0, 0, 1, "");
            for (long index = 1; index <= entries; index++) {
                group.append(List.of(new JournalEntry(index, 1, body)));
                if (index % 1_000 == 0) {
                    journal.turn();
                }
            }
        }
        long begin = System.nanoTime();
        try (RaftJournal journal = RaftJournal.open(DiskJournalFiles.of(directory), settings, BrokerClock.SYSTEM, new Random())) {
            long opened = System.nanoTime();
            JournalGroup group = journal.group(1);
            long read = 0;
            for (long index = 1; index <= entries; index += read) {
                read = group.entries(index, 1 << 20).size();
            }
            long end = System.nanoTime();
            out.printf("open 256 MiB %.2f s, read its entries %.2f s%n", (opened - begin) / 1e9, (end - opened) / 1e9);
        }
        delete(directory);
    }

    private void store(Path directory, int size) throws IOException {
        byte[] record = random(size);
        Files.createDirectories(directory);
        JeStoreSettings settings = JeStoreSettings.of(directory, task -> new Thread(task, "store-drop"));
        try (JeLogStore store = JeLogStore.open(settings)) {
            rows.measure("JE synced write " + size, size, sequence -> store.write(
                List.<StoreChange>of(Batches.put(1 + sequence % 8, sequence, sequence, record)), true));
        }
        delete(directory);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** Wakes the one who waits. */
    private static final class Waiting implements JournalListener {

        private final Thread thread;
        private volatile long durable;
        private volatile JournalException failure;

        private Waiting(Thread thread) {
            this.thread = thread;
        }

        private void await(long ticket) throws JournalException {
            while (durable < ticket) {
                if (failure != null) {
                    throw failure;
                }
                LockSupport.park(this);
            }
        }

        @Override
        public void durable(long ticket) {
            durable = ticket;
            LockSupport.unpark(thread);
        }

        @Override
        public void refused(long ticket, JournalException why) {
            failed(why);
        }

        @Override
        public void failed(JournalException why) {
            failure = why;
            LockSupport.unpark(thread);
        }
    }
}
