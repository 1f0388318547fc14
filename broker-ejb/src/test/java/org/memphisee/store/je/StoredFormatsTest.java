package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.bytes;

import com.sleepycat.je.DatabaseEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.contract.GoldenFiles;
import org.memphisee.contract.GoldenFiles;
import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.log.SummaryCodec;

/** Stored formats stay readable (D18): bytes of each version are kept under golden/store. */
final class StoredFormatsTest {
    static final long PARTITION = 0x0102030405L;
    static final BatchSummary SUMMARY = new BatchSummary(1_000, 1_004, 4, 1_700_000_000_123_456_789L,
        1_700_000_000_223_456_789L, 4_321, 600,
        List.of(new SubjectCount("orders.new", 1_000, 1_003, 3), new SubjectCount("aufträge.ü", 1_004, 1_004, 1)),
        List.of(new MessageId("id-1", 1_000, 1_700_000_000_123_456_789L),
            new MessageId("id-2", 1_004, 1_700_000_000_223_456_789L)));

    @TempDir
    Path directory;

    static byte[] record() {
        byte[] record = new byte[600];
        for (int i = 0; i < record.length; i++) {
            record[i] = (byte) (i * 7);
        }
        return record;
    }

    static List<StoreChange> everything() {
        return List.of(
            new StoreChange.PutBatch(PARTITION, SUMMARY, record(), 0, 600),
            new StoreChange.PutTombstones(PARTITION, 1_000, bytes("tombstones")),
            new StoreChange.PutPartitionState(PARTITION, bytes("state")),
            new StoreChange.PutCursor(PARTITION, 9, bytes("cursor")),
            new StoreChange.PutSystemEvent(5, bytes("event 5")),
            new StoreChange.PutSystemEvent(6, bytes("event 6")),
            new StoreChange.PutSystemSnapshot(5, bytes("snapshot")));
    }

    @Test
    void shouldEncodeSummaryAsVersion1() throws Exception {
        byte[] golden = golden("summary-1.bin");

        assertArrayEquals(golden, new SummaryCodec().encode(SUMMARY));
        assertEquals(SUMMARY, SummaryCodec.decode(golden));
    }

    @Test
    void shouldEncodeSummaryAsVersion2() throws Exception {
        byte[] golden = golden("summary-2.bin");
        BatchSummary summary = new BatchSummary(SUMMARY.firstSequence(), SUMMARY.lastSequence(), SUMMARY.count(),
            SUMMARY.firstTimestampNanos(), SUMMARY.lastTimestampNanos(), SUMMARY.storedBytes(), SUMMARY.recordBytes(),
            List.of(new SubjectCount("orders.new", 1_000, 1_003, 3, 321),
                new SubjectCount("aufträge.ü", 1_004, 1_004, 1, 70_000)), SUMMARY.messageIds());

        assertArrayEquals(golden, new SummaryCodec().encode(summary));
        assertEquals(summary, SummaryCodec.decode(golden));
        for (int length = golden("summary-1.bin").length + 1; length < golden.length; length++) {
            byte[] cut = Arrays.copyOf(golden, length);
            assertThrows(IOException.class, () -> SummaryCodec.decode(cut), "length " + length);
        }
    }

    @Test
    void shouldSealValueAsVersion1() throws Exception {
        byte[] golden = golden("envelope-1.bin");
        DatabaseEntry key = Keys.of(PARTITION, 1_000);

        DatabaseEntry sealed = new Envelope(null).seal(key, record());

        assertArrayEquals(golden, Arrays.copyOfRange(sealed.getData(), sealed.getOffset(),
            sealed.getOffset() + sealed.getSize()));
        assertArrayEquals(record(), new Envelope(null).open(key.getData(), golden));
        assertArrayEquals(golden("key-1.bin"), key.getData());
    }

    @Test
    void shouldEncodeDurableMarkAsVersion1() throws Exception {
        byte[] golden = golden("durable-1.bin");
        Files.write(directory.resolve(DurableMark.FILE), golden);

        assertArrayEquals(golden, DurableMark.encode(0x12_3456_789aL));
        assertEquals(new DurableMark.Position(0x12, 0x3456_789aL), DurableMark.read(directory).orElseThrow());
    }

    @Test
    void shouldReadWholeStoreOfVersion1() throws Exception {
        Files.write(directory.resolve("00000000.jdb"), golden("store-1.jdb"));
        try (JeLogStore store = JeLogStore.open(JeLogStoreTest.settings(directory, 0))) {
            StoredPartition found = StoredPartition.of(store, PARTITION);

            assertEquals(List.of(SUMMARY), found.batches());
            assertEquals("{1000=tombstones}", found.tombstones().toString());
            assertEquals("{9=cursor}", found.cursors().toString());
            assertEquals("state", found.state());
            assertArrayEquals(record(), store.readBatch(PARTITION, 1_000));
            assertEquals(List.of("5 snapshot", "6 event 6"), systemLog(store));
        }
    }

    @Test
    void shouldRefuseDamagedForeignAndNewerValues() throws Exception {
        byte[] golden = golden("envelope-1.bin");
        byte[] key = Keys.of(PARTITION, 1_000).getData();
        for (int i = 0; i < golden.length; i++) {
            byte[] damaged = golden.clone();
            damaged[i] ^= 1;
            assertThrows(IOException.class, () -> new Envelope(null).open(key, damaged), "byte " + i);
        }
        assertThrows(IOException.class, () -> new Envelope(null).open(Keys.of(PARTITION, 1_001).getData(), golden));
        assertThrows(IOException.class, () -> new Envelope(null).open(key, new byte[4]));
        byte[] newer = golden.clone();
        newer[0] = 3;
        IOException failure = assertThrows(IOException.class, () -> new Envelope(null).open(key, newer));
        assertTrue(failure.getMessage().contains("version 3"), failure.getMessage());
    }

    @Test
    void shouldKeepAnySummary() throws Exception {
        Random random = new Random(42);
        SummaryCodec codec = new SummaryCodec();
        for (int round = 0; round < 2_000; round++) {
            BatchSummary summary = anySummary(random);
            assertEquals(summary, SummaryCodec.decode(codec.encode(summary)));
        }
    }

    @Test
    void shouldRefuseCutAndDamagedSummariesWithoutHarm() throws Exception {
        byte[] golden = golden("summary-1.bin");
        for (int length = 0; length < golden.length; length++) {
            byte[] cut = Arrays.copyOf(golden, length);
            assertThrows(IOException.class, () -> SummaryCodec.decode(cut), "length " + length);
        }
        assertThrows(IOException.class, () -> SummaryCodec.decode(Arrays.copyOf(golden, golden.length + 1)));
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = golden.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                SummaryCodec.decode(damaged);
            } catch (IOException e) {
                assertTrue(e.getMessage().length() > 5);
            }
        }
    }

    private static BatchSummary anySummary(Random random) {
        long first = random.nextLong() >>> 1 + random.nextInt(60);
        List<SubjectCount> subjects = new ArrayList<>();
        List<MessageId> ids = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            long from = first + random.nextInt(1_000);
            subjects.add(new SubjectCount("s.".repeat(random.nextInt(200)), from, from + random.nextInt(50), i));
            ids.add(new MessageId("ü" + random.nextInt(), from, random.nextLong()));
        }
        return new BatchSummary(first, first + random.nextInt(1 << 20), random.nextInt(1 << 20), random.nextLong(),
            random.nextLong(), random.nextLong() >>> 1, random.nextInt(1 << 30), subjects, ids);
    }

    private static List<String> systemLog(LogStore store) throws IOException {
        List<String> found = new ArrayList<>();
        store.recoverSystemLog(new LogStore.SystemLogVisitor() {
            @Override
            public void snapshot(long index, byte[] snapshot) {
                found.add(index + " " + new String(snapshot, StandardCharsets.UTF_8));
            }

            @Override
            public void event(long index, byte[] event) {
                found.add(index + " " + new String(event, StandardCharsets.UTF_8));
            }
        });
        return found;
    }

    private static byte[] golden(String name) {
        return GoldenFiles.bytes("/golden/store/" + name);
    }
}
