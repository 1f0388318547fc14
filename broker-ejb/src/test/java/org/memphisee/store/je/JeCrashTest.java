package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;

/** What a process that was killed leaves, and two processes on one store. */
final class JeCrashTest {
    private static final int KILLS = 8;
    private static final int LEAST_KILLS = 3;
    /** On a slow or busy disk fewer kills must do. */
    private static final long ENOUGH_NANOS = 15_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void shouldKeepEverythingReportedDurableWhenKilled() throws Exception {
        Random random = new Random(20_260_401);
        long before = 0;
        long begin = System.nanoTime();
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill >= LEAST_KILLS && System.nanoTime() - begin > ENOUGH_NANOS) {
                break;
            }
            long reported = writeAndKill(before, 50 + random.nextInt(150));
            before = check(reported);
        }
        assertTrue(JeFiles.logs(directory).size() > 1, "kills must meet more than one log file");
    }

    @Test
    void shouldNameDirectoryWhenAnotherProcessHasIt() throws Exception {
        Process other = start();
        try (BufferedReader lines = other.inputReader(StandardCharsets.UTF_8)) {
            lines.readLine();
            StoreException failure = assertThrows(StoreException.class,
                () -> JeLogStore.open(JeLogStoreTest.settings(directory, 0)).close());
            assertTrue(failure.getMessage().contains(directory.toString()), failure.getMessage());
            assertTrue(failure.getMessage().contains("Another process"), failure.getMessage());
        } finally {
            kill(other);
        }
    }

    /** The last sequence that was reported as durable. */
    private long writeAndKill(long before, int count) throws Exception {
        Process writer = start();
        long last = before;
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                assertEquals(last + 1, Long.parseLong(line));
                last++;
                if (last - before == count) {
                    // Not Process.destroyForcibly: it closes the stream that holds the last reports.
                    writer.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        } catch (NumberFormatException e) {
            // a line that the kill cut
            return last;
        } finally {
            kill(writer);
        }
        assertTrue(last - before >= count, "writer ended early at " + last);
        return last;
    }

    private long check(long reported) throws StoreException {
        try (JeLogStore store = JeLogStore.open(JeLogStoreTest.settings(directory, 0))) {
            Last found = new Last();
            store.recoverPartition(CrashingWriter.PARTITION, found);
            assertTrue(found.batch == reported || found.batch == reported + 1,
                "reported " + reported + ", found " + found.batch);
            assertEquals(found.batch, found.cursor, "batch and cursor are one transaction");
            for (long sequence = 1; sequence <= found.batch; sequence++) {
                assertArrayEquals(CrashingWriter.record(sequence),
                    store.readBatch(CrashingWriter.PARTITION, sequence));
            }
            return found.batch;
        }
    }

    private Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), CrashingWriter.class.getName(), directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }

    /** Checks the order and keeps the last. */
    private static final class Last implements LogStore.PartitionVisitor {
        private long batch;
        private long cursor;

        @Override
        public void state(byte[] state) {
            throw new AssertionError("no state was written");
        }

        @Override
        public void batch(StoredSummary summary) {
            assertEquals(batch + 1, summary.firstSequence());
            batch = summary.lastSequence();
        }

        @Override
        public void tombstones(long firstSequence, byte[] tombstones) {
            throw new AssertionError("no tombstones were written");
        }

        @Override
        public void cursor(long consumer, byte[] state) {
            cursor = ByteBuffer.wrap(state).getLong();
        }
    }
}
