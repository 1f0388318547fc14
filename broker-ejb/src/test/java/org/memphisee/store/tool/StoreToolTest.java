package org.memphisee.store.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.store.je.JeFiles;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/** The tool on real stores, made as the formats are documented and not by the code that reads them. */
class StoreToolTest {

    private static final long TIME = 1_700_000_000_000_000_000L;
    private static final String EVENT = """
        {"v":1,"event":"setting_changed","key":"x","value":"y"}""";

    @TempDir
    Path data;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int tool(String... args) {
        out.reset();
        err.reset();
        return new StoreTool(new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8)).run(args, data.toString());
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private JeLogStore store() throws StoreException {
        return JeLogStore.open(new JeStoreSettings(data.resolve("log"), 16L << 20, 0, task -> new Thread(task, "drop")));
    }

    private void write(StoreChange... changes) throws StoreException {
        try (JeLogStore store = store()) {
            store.write(List.of(changes), true);
        }
    }

    private static byte[] record(long first, String... payloads) {
        ByteBuffer b = ByteBuffer.allocate(4096);
        b.put((byte) 1).put((byte) 0).putShort((short) 0).putInt(payloads.length).putInt(0).putLong(first).putInt(0);
        int[] offsets = new int[payloads.length];
        for (int i = 0; i < payloads.length; i++) {
            offsets[i] = b.position();
            byte[] payload = payloads[i].getBytes(StandardCharsets.UTF_8);
            b.putInt(i).putLong(TIME + i).putInt(0).putInt(payload.length).putShort((short) 6);
            b.put("orders".getBytes(StandardCharsets.US_ASCII)).put(payload);
        }
        b.putInt(8, b.position());
        for (int offset : offsets) {
            b.putInt(offset);
        }
        byte[] record = new byte[b.position()];
        b.flip().get(record);
        return record;
    }

    private static StoreChange batch(long partition, long first, byte[] record, int count) {
        long last = first + count - 1;
        return new StoreChange.PutBatch(partition, new BatchSummary(first, last, count, TIME, TIME + count - 1, 100L * count,
            record.length, List.of(new SubjectCount("orders", first, last, count)), List.of()), record, 0, record.length);
    }

    private static byte[] tombstones(int... distances) {
        BitSet bits = new BitSet();
        for (int distance : distances) {
            bits.set(distance);
        }
        byte[] words = bits.toByteArray();
        return ByteBuffer.allocate(13 + words.length).put((byte) 1).putLong(100L * distances.length)
            .putInt(distances.length).put(words).array();
    }

    private static byte[] state(long first, long last) {
        return ByteBuffer.allocate(25).put((byte) 1).putLong(first).putLong(last).putLong(TIME).array();
    }

    /** A cursor that has acknowledged up to a sequence below 128. */
    private static byte[] cursor(int floor) {
        byte[] body = {1, 0, 0, 0, 0, (byte) floor, 0, 0, 0, 0, 0};
        CRC32C crc = new CRC32C();
        crc.update(body, 0, body.length);
        return ByteBuffer.allocate(body.length + 4).put(body).putInt((int) crc.getValue()).array();
    }

    private Map<Path, byte[]> files() throws IOException {
        Map<Path, byte[]> all = new TreeMap<>();
        try (var files = Files.list(data.resolve("log"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jdb") || f.endsWith("durable")).toList()) {
                all.put(file, Files.readAllBytes(file));
            }
        }
        return all;
    }

    private List<JsonNode> exported() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static List<Long> sequences(List<JsonNode> messages) {
        return messages.stream().map(m -> m.get("seq").asLong()).toList();
    }

    @Test
    void shouldFindASoundStoreSoundAndChangeNothing() throws Exception {
        write(batch(1, 1, record(1, "a", "b", "c"), 3), new StoreChange.PutTombstones(1, 1, tombstones(1)),
            new StoreChange.PutPartitionState(1, state(1, 3)), new StoreChange.PutCursor(1, 9, cursor(2)),
            new StoreChange.PutSystemEvent(1, EVENT.getBytes(StandardCharsets.UTF_8)));
        Map<Path, byte[]> before = files();

        assertEquals(StoreTool.GOOD, tool("verify"), err());

        assertTrue(out().contains("1 events since the snapshot, 0 streams; 1 batches with 3 messages"), out());
        assertTrue(out().contains("everything is readable and agrees"), out());
        Map<Path, byte[]> after = files();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((file, bytes) -> assertArrayEquals(bytes, after.get(file), file.toString()));
    }

    @Test
    void shouldReadAStoreWhoseBrokerWasKilledWithRoomAhead() throws Exception {
        write(batch(1, 1, record(1, "a", "b"), 2));
        Path last = JeFiles.logs(data.resolve("log")).get(0);
        long length = Files.size(last);
        try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
            file.setLength(length + (1 << 20)); // zeros, as the room ahead leaves them
        }

        assertEquals(StoreTool.GOOD, tool("verify"), err());
        assertEquals(StoreTool.GOOD, tool("export", "1"), err());

        assertEquals(List.of(1L, 2L), sequences(exported()));
        assertEquals(length + (1 << 20), Files.size(last));
    }

    @Test
    void shouldNameADamagedRecordWithFileAndOffsetAndExportTheOthers() throws Exception {
        byte[] damaged = record(3, "damaged-1", "damaged-2");
        write(batch(1, 1, record(1, "a", "b"), 2), batch(1, 3, damaged, 2), batch(1, 5, record(5, "e"), 1));
        JeFiles.flip(data.resolve("log"), damaged);

        assertEquals(StoreTool.DAMAGED, tool("verify"), () -> err());
        assertTrue(err().contains("the record of batch 3 (messages 3 to 4) of partition 1 has checksum"), err());
        assertTrue(err().matches("(?s).*\\(file 00000000\\.jdb, offset \\d+\\).*"), err());

        assertEquals(StoreTool.DAMAGED, tool("export", "1"), () -> err());
        assertEquals(List.of(1L, 2L, 5L), sequences(exported()));
        assertTrue(err().contains("exported 3 messages"), err());
    }

    @Test
    void shouldExportMessagesThoughTheirSummaryIsDamaged() throws Exception {
        write(new StoreChange.PutBatch(1, new BatchSummary(1, 2, 2, TIME, TIME + 1, 200, record(1, "a", "b").length,
            List.of(new SubjectCount("a-subject-that-is-found-in-the-files", 1, 2, 2)), List.of()), record(1, "a", "b"), 0,
            record(1, "a", "b").length));
        JeFiles.flip(data.resolve("log"), "a-subject-that-is-found-in-the-files".getBytes(StandardCharsets.US_ASCII));

        assertEquals(StoreTool.DAMAGED, tool("verify"), () -> err());
        assertTrue(err().contains("the summary of batch 1 of partition 1"), err());
        assertEquals(StoreTool.GOOD, tool("export", "1"), err());
        assertEquals(List.of(1L, 2L), sequences(exported()));
    }

    @Test
    void shouldLeaveOutRemovedMessagesAndMarkThoseThatMayBe() throws Exception {
        byte[] lost = tombstones(0, 63, 127, 191, 255, 319);
        write(batch(1, 1, record(1, "a", "b", "c"), 3), new StoreChange.PutTombstones(1, 1, tombstones(1)),
            batch(1, 4, record(4, "d"), 1), new StoreChange.PutTombstones(1, 4, lost));
        JeFiles.flip(data.resolve("log"), lost);

        assertEquals(StoreTool.DAMAGED, tool("export", "1"), () -> err());

        List<JsonNode> messages = exported();
        assertEquals(List.of(1L, 3L, 4L), sequences(messages));
        assertFalse(messages.get(0).has("maybe_removed"));
        assertTrue(messages.get(2).get("maybe_removed").asBoolean());
        assertEquals("c", new String(messages.get(1).get("data").binaryValue(), StandardCharsets.UTF_8));
        assertEquals("orders", messages.get(1).get("subject").asText());
        assertEquals("2023-11-14T22:13:20.000000002Z", messages.get(1).get("time").asText());
    }

    @Test
    void shouldNameDamagedCursorsStatesAndValuesThatDoNotBelongTogether() throws Exception {
        byte[] wrongCursor = cursor(3);
        wrongCursor[5] = 4; // its own checksum, not the store's
        write(batch(1, 1, record(1, "a", "b"), 3), new StoreChange.PutCursor(1, 9, wrongCursor),
            new StoreChange.PutPartitionState(1, new byte[] {7}), new StoreChange.PutTombstones(1, 77, tombstones(0)),
            new StoreChange.PutSystemEvent(5, "{\"v\":1,\"event\":\"of_tomorrow\"}".getBytes(StandardCharsets.UTF_8)));

        assertEquals(StoreTool.DAMAGED, tool("verify"), () -> err());

        assertTrue(err().contains("the record of batch 1 of partition 1 holds 2 messages"), err());
        assertTrue(err().contains("the cursor of consumer 9 of partition 1 cannot be read"), err());
        assertTrue(err().contains("the state of partition 1 cannot be read"), err());
        assertTrue(err().contains("the tombstones of batch 77 of partition 1 belong to no batch"), err());
        assertTrue(err().contains("system event 5 cannot be understood"), err());
        assertTrue(out().contains("5 damaged; nothing was changed"), out());
    }

    @Test
    void shouldNameALogFileThatBreaksInTheMiddle() throws Exception {
        byte[] first = record(1, "written first");
        try (JeLogStore store = store()) {
            store.write(List.of(batch(1, 1, first, 1)), true);
            for (long at = 2; at < 140; at++) { // until a second log file has begun
                byte[] large = record(at, "x".repeat(3_000));
                byte[] padded = Arrays.copyOf(large, 1 << 20);
                store.write(List.of(batch(2, at, padded, 1)), false);
            }
            store.sync();
        }
        assertTrue(JeFiles.logs(data.resolve("log")).size() > 1);
        JeFiles.flip(data.resolve("log"), first);

        assertEquals(StoreTool.DAMAGED, tool("verify"), () -> err());
        assertTrue(err().matches("(?s).*log file 00000000\\.jdb breaks at offset \\d+ of \\d+.*"), err());
        assertTrue(err().contains("the record of batch 1 "), err());
    }

    @Test
    void shouldDumpOnePartitionAndListAll() throws Exception {
        write(batch(3, 1, record(1, "a", "b"), 2), new StoreChange.PutTombstones(3, 1, tombstones(0)),
            new StoreChange.PutPartitionState(3, state(2, 2)), new StoreChange.PutCursor(3, 9, cursor(2)),
            batch(4, 1, record(1, "other"), 1));

        assertEquals(StoreTool.GOOD, tool("dump", "3"), err());
        assertTrue(out().contains("state: first sequence 2, last 2"), out());
        assertTrue(out().contains("  1\t2\t2\t1\t"), out());
        assertTrue(out().contains("number 9 (not defined any more)\t2"), out());
        assertEquals(StoreTool.GOOD, tool("list"), err());
        assertTrue(out().contains("3\t(not defined)\t1\t2\t"), out());
        assertTrue(out().contains("4\t(not defined)\t1\t1\t"), out());
    }

    @Test
    void shouldTellWhatIsWrongWithACall() throws Exception {
        assertEquals(StoreTool.REFUSED, tool());
        assertTrue(err().contains("memphis-store verify"), err());
        assertEquals(StoreTool.REFUSED, tool("repair"));
        assertTrue(err().contains("unknown command repair"), err());
        assertEquals(StoreTool.REFUSED, tool("dump"));
        assertTrue(err().contains("dump needs one stream"), err());
        assertEquals(StoreTool.REFUSED, tool("verify", "--data", data.resolve("absent").toString()));
        assertTrue(err().contains("no such directory"), err());
        Files.createDirectories(data.resolve("empty").resolve("log"));
        assertEquals(StoreTool.REFUSED, tool("verify", "--data", data.resolve("empty").toString()));
        assertTrue(err().contains("the directory holds no store"), err());
        write(batch(1, 1, record(1, "a"), 1));
        assertEquals(StoreTool.REFUSED, tool("dump", "nothing"));
        assertTrue(err().contains("no stream is called nothing"), err());
    }

    @Test
    void shouldRefuseAStoreThatABrokerHasOpenAndLeaveItToTheBroker() throws Exception {
        try (JeLogStore store = store()) {
            store.write(List.of(batch(1, 1, record(1, "a"), 1)), true);

            assertEquals(StoreTool.REFUSED, tool("verify"));

            assertTrue(err().contains("has it open"), err());
            store.write(List.of(batch(1, 2, record(2, "b"), 1)), true);
        }
        assertEquals(StoreTool.GOOD, tool("verify"), err());
        try (JeLogStore store = store()) { // and the broker goes on after the tool
            store.write(List.of(batch(1, 3, record(3, "c"), 1)), true);
        }
    }

    @Test
    void shouldNeverWriteOverAFile() throws Exception {
        write(batch(1, 1, record(1, "a"), 1));
        Path file = data.resolve("saved.json");

        assertEquals(StoreTool.GOOD, tool("export", "1", "--out", file.toString()), err());
        String saved = Files.readString(file);
        assertEquals(StoreTool.REFUSED, tool("export", "1", "--out", file.toString()));

        assertTrue(err().contains("is there already"), err());
        assertEquals(saved, Files.readString(file));
        assertEquals(1, new ObjectMapper().readTree(saved).get("seq").asLong());
    }

    @Test
    void shouldReadAroundABreakThatTheBrokerRefuses() throws Exception {
        byte[] lost = record(2, "lost in the damage");
        try (JeLogStore store = store()) {
            store.write(List.of(batch(1, 1, record(1, "kept"), 1)), true);
        }
        Path mark = data.resolve("log").resolve("durable");
        try (JeLogStore store = store()) {
            store.write(List.of(batch(1, 2, lost, 1)), true);
            byte[] old = Files.readAllBytes(mark);
            for (long state = 0; Arrays.equals(old, Files.readAllBytes(mark)); state++) { // the mark follows with a delay
                store.write(List.of(new StoreChange.PutPartitionState(2, state(state, state))), true);
            }
            store.write(List.of(batch(1, 3, record(3, "after"), 1)), true);
        }
        JeFiles.flip(data.resolve("log"), lost);
        assertThrows(StoreException.class, () -> store().close());

        assertEquals(StoreTool.DAMAGED, tool("verify"), () -> err());

        assertTrue(err().contains("the log breaks in file 00000000.jdb at offset"), err());
        assertTrue(err().contains("the record of batch 2 "), err());
        assertEquals(StoreTool.DAMAGED, tool("export", "1"), () -> err());
        assertEquals(List.of(1L, 3L), sequences(exported()));
    }

    @Test
    void shouldLeaveNothingBehindWhereTemporaryFilesAre() throws Exception {
        write(batch(1, 1, record(1, "a"), 1));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        List<Path> before = scratch(temporary);

        tool("verify");
        tool("verify", "--data", data.resolve("absent").toString());

        assertEquals(before, scratch(temporary));
    }

    private static List<Path> scratch(Path temporary) throws IOException {
        try (var files = Files.list(temporary)) {
            return files.filter(f -> f.getFileName().toString().startsWith("memphis-store-")).sorted().toList();
        }
    }
}
