package org.memphisee.core.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;

import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SummaryCodec;

/** Entries of version 1 are read for ever: the golden files, made by another program, are never regenerated. */
class EntryCodecTest {

    @Test
    void shouldWriteAndReadTheGoldenFileOfEachKind() throws Exception {
        for (Map.Entry<String, Entry> sample : SampleEntries.all().entrySet()) {
            byte[] golden = SampleEntries.golden(sample.getKey());
            assertEquals(HexFormat.of().formatHex(golden), HexFormat.of().formatHex(EntryCodec.encode(sample.getValue())),
                sample.getKey());
            assertSameEntry(sample.getValue(), EntryCodec.decode(golden));
        }
    }

    @Test
    void shouldReadAnEntryInsideALargerArrayAndLeaveRecordsThere() throws Exception {
        byte[] entry = SampleEntries.golden("changes-all");
        byte[] frame = new byte[entry.length + 30];
        System.arraycopy(entry, 0, frame, 20, entry.length);
        Entry read = EntryCodec.decode(frame, 20, entry.length);
        assertSameEntry(SampleEntries.all().get("changes-all"), read);
        assertSame(frame, ((EntryChange.Batch) read.changes().get(0)).record());
    }

    private static void assertSameEntry(Entry expected, Entry read) throws Exception {
        assertEquals(expected.kind(), read.kind());
        assertEquals(expected.group(), read.group());
        assertEquals(expected.epoch(), read.epoch());
        assertEquals(expected.ordinal(), read.ordinal());
        assertEquals(expected.definitionsIndex(), read.definitionsIndex());
        assertEquals(expected.wallNanos(), read.wallNanos());
        assertEquals(expected.hopRuns(), read.hopRuns());
        assertEquals(expected.changes().size(), read.changes().size());
        for (int i = 0; i < expected.changes().size(); i++) {
            assertSameChange(expected.changes().get(i), read.changes().get(i));
        }
    }

    private static void assertSameChange(EntryChange expected, EntryChange read) throws Exception {
        assertEquals(expected.getClass(), read.getClass());
        if (read instanceof EntryChange.Batch batch) {
            assertEquals(SampleEntries.PARTITION, batch.partition());
            assertEquals(SampleEntries.SUMMARY, SummaryCodec.decode(batch.summary().bytes()));
            assertArrayEquals(SampleEntries.RECORD,
                Arrays.copyOfRange(batch.record(), batch.offset(), batch.offset() + batch.length()));
        } else if (read instanceof EntryChange.Definition definition) {
            assertArrayEquals(((EntryChange.Definition) expected).event(), definition.event());
        } else if (read instanceof EntryChange.Stored stored) {
            assertSameChange(((EntryChange.Stored) expected).change(), stored.change());
        } else {
            assertEquals(expected, read);
        }
    }

    private static void assertSameChange(StoreChange expected, StoreChange read) {
        if (read instanceof StoreChange.PutTombstones c) {
            StoreChange.PutTombstones e = (StoreChange.PutTombstones) expected;
            assertEquals(e.partition() + " " + e.firstSequence(), c.partition() + " " + c.firstSequence());
            assertArrayEquals(e.tombstones(), c.tombstones());
        } else if (read instanceof StoreChange.PutPartitionState c) {
            assertEquals(((StoreChange.PutPartitionState) expected).partition(), c.partition());
            assertArrayEquals(((StoreChange.PutPartitionState) expected).state(), c.state());
        } else if (read instanceof StoreChange.PutCursor c) {
            StoreChange.PutCursor e = (StoreChange.PutCursor) expected;
            assertEquals(e.partition() + " " + e.consumer(), c.partition() + " " + c.consumer());
            assertArrayEquals(e.state(), c.state());
        } else {
            assertEquals(expected, read);
        }
    }

    @Test
    void shouldNotCarryTheRecordOfAMerge() {
        EntryChange.Merge merge = (EntryChange.Merge) SampleEntries.carried(SampleEntries.changes().get("merge"));
        CRC32C crc = new CRC32C();
        crc.update(SampleEntries.RECORD);
        assertEquals((int) crc.getValue(), merge.resultCrc());
        assertEquals(List.of(1_000L, 1_005L, 1_010L), merge.replaced());
    }

    @Test
    void shouldRefuseToCarryWhatEachNodeDoesForItself() {
        for (StoreChange change : List.of(new StoreChange.DropPartition(1), new StoreChange.PutSystemSnapshot(1, new byte[1]),
            new StoreChange.TruncateSystemLog(1), new StoreChange.PutSideRecord(SideLog.AUDIT, 1, 1, new byte[1]),
            new StoreChange.TruncateSideLog(SideLog.AUDIT, 1))) {
            assertThrows(IllegalArgumentException.class, () -> SampleEntries.carried(change));
        }
        assertThrows(IllegalArgumentException.class,
            () -> new EntryChange.Stored(SampleEntries.changes().get("batch")));
    }

    @Test
    void shouldCarryEveryKindOfChangeOrRefuseItKnowingly() {
        Class<?>[] kinds = StoreChange.class.getPermittedSubclasses();
        assertEquals(SampleEntries.changes().size() + 5, kinds.length,
            "a new kind of change: give it a number in ChangeCodec and a golden file, or refuse it above");
    }

    @Test
    void shouldStopBeforeAnUnknownKindOfEntryAndSayWhatToDo() throws Exception {
        UnknownEntryException refusal = unknown(with("changes-none", 3, 9));
        assertEquals(UnknownEntryException.Part.KIND, refusal.part());
        assertEquals(1, refusal.version());
        assertEquals(9, refusal.number());
        assertEquals("the entry, of format version 1, is of the unknown kind 9; a newer release wrote it. This node stops before "
            + "it and applies nothing of it: start it with the release of the group's leader or a later one",
            refusal.getMessage());
    }

    @Test
    void shouldStopBeforeAnUnknownKindOfChangeAndSayWhatToDo() throws Exception {
        UnknownEntryException refusal = unknown(with("changes-drop-cursor", 52, 200));
        assertEquals(UnknownEntryException.Part.CHANGE, refusal.part());
        assertEquals(1, refusal.version());
        assertEquals(200, refusal.number());
        assertTrue(refusal.getMessage().startsWith("the entry, of format version 1, has a change of the unknown kind 200; "));
        assertEquals(10, unknown(with("changes-drop-cursor", 52, 10)).number());
    }

    @Test
    void shouldStopBeforeANewerVersionAndTellItFromDamage() throws Exception {
        byte[] newer = with("lead", 2, 2);
        UnknownEntryException refusal = unknown(newer);
        assertEquals(UnknownEntryException.Part.VERSION, refusal.part());
        assertEquals(2, refusal.number());
        assertTrue(refusal.getMessage().startsWith("the entry has format version 2, readable is 1; "));
        newer[10] ^= 1;
        assertDamaged(newer, "checksum");
    }

    @Test
    void shouldSayThatDamagedEntriesAreOnOtherReplicas() throws Exception {
        byte[] entry = SampleEntries.golden("lead");
        entry[30] ^= 1;
        assertDamaged(entry, "take it from another replica");
        assertDamaged(new byte[0], "only 0 bytes");
        assertDamaged(new byte[100], "does not begin as one");
        assertDamaged(with("lead", 2, 0), "no version");
    }

    @Test
    void shouldRefuseLengthsAndNumbersThatAreNotThere() throws Exception {
        assertDamaged(withInt("changes-all", 44, Integer.MAX_VALUE), "claims 2147483647 hop runs");
        assertDamaged(withInt("changes-all", 44, -1), "claims -1 hop runs");
        assertDamaged(withInt("changes-batch", 48, Integer.MAX_VALUE), "claims 2147483647 changes");
        assertDamaged(withInt("changes-batch", 61, Integer.MAX_VALUE), "claims 2147483647 bytes of a change");
        assertDamaged(withInt("changes-batch", 61, -5), "claims -5 bytes of a change");
        assertDamaged(withInt("changes-batch", 65, Integer.MAX_VALUE), "claims 2147483647 bytes");
        assertDamaged(withInt("changes-batch", 65, -1), "claims -1 bytes");
        assertDamaged(withInt("changes-batch", 65, 5), "has a summary that");
        assertDamaged(withInt("changes-none", 48, 1), "claims 1 changes");
        assertDamaged(withInt("changes-drop-cursor", 48, 0), "21 bytes too many");
    }

    @Test
    void shouldRefuseWhatContradictsItself() throws Exception {
        assertDamaged(with("changes-none", 11, 0), "names group 0");
        assertDamaged(with("changes-none", 3, 1), "epoch is opened at its ordinal 4");
        assertDamaged(with("lead", 3, 2), "1 leaders are named");
        assertDamaged(with("lead", 27, 0), "ordinals count from 1");
        assertDamaged(with("changes-cursor", 52, 8), "a change of kind 8 to partition");
        assertDamaged(with("lead", 60, 1), "a change of kind 9 to partition 1");
        assertDamaged(with("changes-tombstones", 52, 7), "10 bytes too many in a change of kind 7");
        assertDamaged(with("changes-partition-state", 52, 3), "keys of 5 bytes");
        assertDamaged(with("lead", 73, 0xff), "no text");
        assertThrows(IllegalArgumentException.class, () -> new HopRun(1, 1, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> EntryCodec.encode(SampleEntries.entry(EntryKind.CHANGES, 2, List.of(),
            List.of(SampleEntries.carried(new StoreChange.DropCursor(0, 1))))));
    }

    private static UnknownEntryException unknown(byte[] entry) {
        return assertThrows(UnknownEntryException.class, () -> EntryCodec.decode(entry));
    }

    private static void assertDamaged(byte[] entry, String why) {
        String refusal = assertThrows(DamagedEntryException.class, () -> EntryCodec.decode(entry)).getMessage();
        assertTrue(refusal.contains(why), refusal);
    }

    /** A golden entry with another byte and the checksum that fits. */
    private static byte[] with(String golden, int at, int value) throws Exception {
        byte[] entry = SampleEntries.golden(golden);
        entry[at] = (byte) value;
        return sealed(entry);
    }

    private static byte[] withInt(String golden, int at, int value) throws Exception {
        byte[] entry = SampleEntries.golden(golden);
        ByteBuffer.wrap(entry).putInt(at, value);
        return sealed(entry);
    }

    /** Gives an entry the checksum of what it holds. */
    static byte[] sealed(byte[] entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry, 0, entry.length - 4);
        ByteBuffer.wrap(entry).putInt(entry.length - 4, (int) crc.getValue());
        return entry;
    }
}
