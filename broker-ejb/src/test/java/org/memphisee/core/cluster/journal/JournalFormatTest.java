package org.memphisee.core.cluster.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.time.BrokerClock;
import org.memphisee.simulation.SimJournalFiles;

/** Journals of version 1 are read for ever: the golden files, made by another program, are never regenerated. */
class JournalFormatTest {

    private static final int SEGMENT = 16 << 10;
    private static final int BLOCK = 512;
    private static final long GENERATION = 0x0123456789abcdefL;
    private static final JournalSettings SETTINGS =
        new JournalSettings(SEGMENT, BLOCK, BLOCK, SEGMENT, 0, 4L * SEGMENT, 0, 4);

    private final SimJournalFiles disk = new SimJournalFiles(1);

    private RaftJournal open() throws JournalException {
        return RaftJournal.open(disk, SETTINGS, BrokerClock.SYSTEM, () -> GENERATION);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = JournalFormatTest.class.getResourceAsStream("/golden/journal-v1/" + name + ".hex")) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replace("\n", ""));
        }
    }

    @Test
    void shouldTakeATenthOfASmallDiskAndWhatIsAskedFor() {
        long gib = 1L << 30;
        assertEquals(JournalSettings.DEFAULT, JournalSettings.forDisk(0, 100 * gib));
        JournalSettings small = JournalSettings.forDisk(0, gib);
        assertEquals(gib / 10, small.maxBytes());
        assertEquals(16 << 20, small.segmentBytes());
        assertEquals(64L << 20, JournalSettings.forDisk(0, 1).maxBytes());
        assertEquals(5 * gib, JournalSettings.forDisk(5 * gib, gib).maxBytes());
        assertThrows(IllegalArgumentException.class, () -> JournalSettings.forDisk(1 << 20, gib));
    }

    @Test
    void shouldWriteTheGoldenSegmentAndMark() throws Exception {
        try (RaftJournal journal = open()) {
            JournalGroup group = journal.group(5);
            group.begin(3, 2, 4, "memphis-1");
            group.append(List.of(new JournalEntry(4, 4, "hello".getBytes(StandardCharsets.UTF_8))));
            journal.turn();
            group.vote(6, "");
            group.cut(4);
            group.append(List.of(new JournalEntry(4, 5, new byte[0])));
            group.vote(7, "köln");
            journal.turn();

            byte[] golden = golden("segment");
            byte[] written = disk.content("00000001-0123456789abcdef.raft");
            assertEquals(HexFormat.of().formatHex(golden), HexFormat.of().formatHex(written, 0, golden.length));
            assertArrayEquals(new byte[SEGMENT - golden.length], Arrays.copyOfRange(written, golden.length, SEGMENT));
            byte[] mark = golden("durable");
            assertEquals(HexFormat.of().formatHex(mark),
                HexFormat.of().formatHex(disk.content("durable"), BLOCK, BLOCK + mark.length));
        }
    }

    @Test
    void shouldReadTheGoldenSegment() throws Exception {
        put("00000001-0123456789abcdef.raft", SEGMENT, 0, golden("segment"));
        put("durable", 3 * BLOCK, BLOCK, golden("durable"));
        try (RaftJournal journal = open()) {
            assertEquals(List.of(), journal.report().damages());
            assertEquals(6, journal.report().records());
            JournalGroup group = journal.group(5);
            assertEquals("COMPLETE 3..4 7 köln", group.standing() + " " + group.baseIndex() + ".." + group.lastIndex() + " "
                + group.term() + " " + group.vote());
            assertEquals(2, group.termAt(3));
            assertEquals(5, group.termAt(4));
            assertEquals(0, group.entries(4, 1).get(0).length());
        }
    }

    private void put(String name, int bytes, int offset, byte[] content) throws IOException {
        try (JournalFile file = disk.create(name, bytes)) {
            file.write(offset, ByteBuffer.wrap(content));
            file.force();
        }
        disk.syncDirectory();
    }

    @Test
    void shouldRefuseSizesThatDoNotWork() {
        for (int[] sizes : new int[][] {{8 << 10, 512}, {SEGMENT, 256}, {SEGMENT, 4096}, {SEGMENT, 768}, {SEGMENT + 512, 1024}}) {
            assertThrows(IllegalArgumentException.class,
                () -> new JournalSettings(sizes[0], sizes[1], 4096, SEGMENT * 2L, 0, 8L * SEGMENT, 0, 4), Arrays.toString(sizes));
        }
        assertThrows(IllegalArgumentException.class, () -> new JournalSettings(SEGMENT, 512, 511, SEGMENT, 0, 4L * SEGMENT, 0, 4));
        assertThrows(IllegalArgumentException.class, () -> new JournalSettings(SEGMENT, 512, 512, 100, 0, 4L * SEGMENT, 0, 4));
        assertThrows(IllegalArgumentException.class, () -> new JournalSettings(SEGMENT, 512, 512, SEGMENT, 0, 3L * SEGMENT, 0, 4));
        for (int groups : new int[] {0, 20, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class,
                () -> new JournalSettings(SEGMENT, 512, 512, SEGMENT, 0, 4L * SEGMENT, 0, groups), groups + " groups");
        }
    }

    @Test
    void shouldReadNoHeaderWhereABitIsWrong() {
        ByteBuffer buffer = ByteBuffer.allocate(RecordHeader.BYTES);
        new RecordHeader(RecordKind.ENTRY, 17, GENERATION, 3, 5, 7, 9, 11, 13).write(buffer);
        RecordHeader read = RecordHeader.read(buffer, 0, GENERATION);
        assertEquals(new RecordHeader(RecordKind.ENTRY, 17, GENERATION, 3, 5, 7, 9, 11, 13), read);
        assertEquals(null, RecordHeader.read(buffer, 0, GENERATION + 1));
        for (int bit = 0; bit < 8 * RecordHeader.BYTES; bit++) {
            byte[] flipped = buffer.array().clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(null, RecordHeader.read(ByteBuffer.wrap(flipped), 0, GENERATION), "bit " + bit);
        }
    }
}
