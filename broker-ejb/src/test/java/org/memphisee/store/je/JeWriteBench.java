package org.memphisee.store.je;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.memphisee.contract.Batches;
import org.memphisee.contract.WriteRows;
import org.memphisee.core.log.StoreChange;
import org.memphisee.store.crypt.StorageKeys;

/**
 * Synced commits of the store, in the clear and encrypted, against raw appends with a sync each, in turn in one run; started by hand:
 * {@code java -cp ... org.memphisee.store.je.JeWriteBench <directory> [seconds per row]}.
 * Figures: docs/design/store.md.
 */
public final class JeWriteBench {
    private static final int[] SIZES = {200, 64 << 10, 1 << 20};
    private static final int ROUNDS = 2;

    private final WriteRows rows;

    private JeWriteBench(long nanosPerRow) {
        rows = new WriteRows(nanosPerRow);
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 3;
        new JeWriteBench(seconds * 1_000_000_000L).run(directory);
    }

    private void run(Path directory) throws IOException {
        rows.head();
        for (int round = 0; round < ROUNDS; round++) {
            for (int size : SIZES) {
                raw(directory.resolve("raw"), size);
                store(directory.resolve("je" + round + "-" + size), size, "store synced write " + size, Optional.empty());
                Path encrypted = Files.createDirectories(directory.resolve("encrypted" + round + "-" + size));
                store(encrypted, size, "encrypted synced write " + size, StorageEncryptionTest.keys(encrypted, "bench"));
            }
        }
    }

    private void raw(Path file, int size) throws IOException {
        byte[] record = new byte[size];
        new Random(1).nextBytes(record);
        ByteBuffer buffer = ByteBuffer.allocateDirect(size).put(record);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
            rows.measure("raw append+force " + size, size, sequence -> {
                buffer.clear();
                channel.write(buffer);
                channel.force(false);
            });
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void store(Path directory, int size, String row, Optional<StorageKeys> keys) throws IOException {
        byte[] record = new byte[size];
        new Random(1).nextBytes(record);
        JeStoreSettings settings = JeStoreSettings.of(directory, task -> new Thread(task, "store-drop")).withKeys(keys);
        try (JeLogStore store = JeLogStore.open(settings)) {
            rows.measure(row, size, sequence -> store.write(
                List.<StoreChange>of(Batches.put(1 + sequence % 8, sequence, sequence, record)), true));
        }
    }
}
