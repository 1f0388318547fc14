package org.memphisee.store.je;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.memphisee.contract.Batches;
import org.memphisee.core.log.StoreChange;

/**
 * Synced commits of the store against raw appends with a sync each, in turn in one run; started by hand:
 * {@code java -cp ... org.memphisee.store.je.JeWriteBench <directory> [seconds per row]}.
 * Figures: docs/design/store.md.
 */
public final class JeWriteBench {
    private static final int[] SIZES = {200, 64 << 10, 1 << 20};
    private static final int ROUNDS = 2;

    private final PrintStream out = System.out;
    private final long nanosPerRow;

    private JeWriteBench(long nanosPerRow) {
        this.nanosPerRow = nanosPerRow;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 3;
        new JeWriteBench(seconds * 1_000_000_000L).run(directory);
    }

    private void run(Path directory) throws IOException {
        out.printf("%-28s %8s %8s %8s %8s %8s%n", "ms", "p50", "p99", "p99.9", "max", "MB/s");
        for (int round = 0; round < ROUNDS; round++) {
            for (int size : SIZES) {
                raw(directory.resolve("raw"), size);
                store(directory.resolve("je" + round + "-" + size), size);
            }
        }
    }

    private void raw(Path file, int size) throws IOException {
        byte[] record = new byte[size];
        new Random(1).nextBytes(record);
        ByteBuffer buffer = ByteBuffer.allocateDirect(size).put(record);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
            measure("raw append+force " + size, size, sequence -> {
                buffer.clear();
                channel.write(buffer);
                channel.force(false);
            });
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void store(Path directory, int size) throws IOException {
        byte[] record = new byte[size];
        new Random(1).nextBytes(record);
        JeStoreSettings settings = JeStoreSettings.of(directory, task -> new Thread(task, "store-drop"));
        try (JeLogStore store = JeLogStore.open(settings)) {
            measure("store synced write " + size, size, sequence -> store.write(
                List.<StoreChange>of(Batches.put(1 + sequence % 8, sequence, sequence, record)), true));
        }
    }

    private void measure(String name, int size, Step step) throws IOException {
        long[] nanos = new long[1 << 16];
        int count = 0;
        long sequence = 1;
        long warm = System.nanoTime() + nanosPerRow / 4;
        while (System.nanoTime() < warm) {
            step.run(sequence++);
        }
        long begin = System.nanoTime();
        long end = begin + nanosPerRow;
        long now = begin;
        while (now < end && count < nanos.length) {
            step.run(sequence++);
            long after = System.nanoTime();
            nanos[count++] = after - now;
            now = after;
        }
        Arrays.sort(nanos, 0, count);
        out.printf("%-28s %8.3f %8.3f %8.3f %8.3f %8.1f%n", name, nanos[count / 2] / 1e6,
            nanos[(int) (count * 0.99)] / 1e6, nanos[(int) (count * 0.999)] / 1e6, nanos[count - 1] / 1e6,
            (double) size * count / (now - begin) * 1e3);
    }

    private interface Step {
        void run(long sequence) throws IOException;
    }
}
