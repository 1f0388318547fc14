package org.memphisee.core.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.contract.GoldenFiles;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.log.SummaryCodec;

/** The entries whose bytes are kept under golden/entry-v1, by the name of the file. */
final class SampleEntries {

    static final long PARTITION = 0x0102030405L;
    static final long TIME = 1_700_000_000_123_456_789L;
    static final byte[] RECORD = new byte[600];

    static {
        for (int i = 0; i < RECORD.length; i++) {
            RECORD[i] = (byte) (i * 7);
        }
    }

    static final BatchSummary SUMMARY = new BatchSummary(1_000, 1_004, 4, TIME, TIME + 100_000_000, 4_321, 600,
        List.of(new SubjectCount("orders.new", 1_000, 1_003, 3, 321), new SubjectCount("aufträge.ü", 1_004, 1_004, 1, 70_000)),
        List.of(new MessageId("id-1", 1_000, TIME), new MessageId("id-2", 1_004, TIME + 100_000_000)));

    private static final HopRun FIRST_RUN = new HopRun(PARTITION, 77, 1_001, 3, 1_000);
    private static final HopRun SECOND_RUN = new HopRun(PARTITION, 78, 1, 1, 1_004);

    private SampleEntries() { }

    /** One change of each kind that entries of changes may have, as the store is told. */
    static Map<String, StoreChange> changes() {
        byte[] larger = new byte[700]; // the record is a slice of what it was built in
        System.arraycopy(RECORD, 0, larger, 50, 600);
        Map<String, StoreChange> changes = new LinkedHashMap<>();
        changes.put("batch", new StoreChange.PutBatch(PARTITION, SUMMARY, larger, 50, 600));
        changes.put("merge",
            new StoreChange.MergeBatches(PARTITION, List.of(1_000L, 1_005L, 1_010L), SUMMARY, larger, 50, 600));
        changes.put("drop-batches", new StoreChange.DropBatches(PARTITION, List.of(1L, 900L)));
        changes.put("tombstones", new StoreChange.PutTombstones(PARTITION, 1_000, bytes("tombstones")));
        changes.put("partition-state", new StoreChange.PutPartitionState(PARTITION, bytes("state")));
        changes.put("cursor", new StoreChange.PutCursor(PARTITION, 9, bytes("cursor")));
        changes.put("drop-cursor", new StoreChange.DropCursor(PARTITION, 9));
        changes.put("definition",
            new StoreChange.PutSystemEvent(5, bytes("{\"v\":1,\"event\":\"stream_deleted\",\"partitionId\":7}")));
        return changes;
    }

    static Map<String, Entry> all() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("lead", entry(EntryKind.LEAD, 1, List.of(), List.of(new EntryChange.Leader("memphis-ü"))));
        changes().forEach((name, change) ->
            entries.put("changes-" + name, entry(EntryKind.CHANGES, 2, List.of(), List.of(carried(change)))));
        List<EntryChange> each = new ArrayList<>();
        changes().values().forEach(change -> each.add(carried(change)));
        entries.put("changes-all", entry(EntryKind.CHANGES, 3, List.of(FIRST_RUN, SECOND_RUN), each));
        entries.put("changes-none", entry(EntryKind.CHANGES, 4, List.of(), List.of()));
        EntryChange state = carried(changes().get("partition-state"));
        entries.put("handoff", entry(EntryKind.HANDOFF, 5, List.of(), List.of(state)));
        entries.put("adopt",
            entry(EntryKind.ADOPT, 6, List.of(FIRST_RUN), List.of(state, carried(changes().get("cursor")))));
        return entries;
    }

    static EntryChange carried(StoreChange change) {
        return EntryChange.of(change, new SummaryCodec());
    }

    static Entry entry(EntryKind kind, long ordinal, List<HopRun> runs, List<EntryChange> changes) {
        return new Entry(kind, 3, (7 << 16) + 1, ordinal, 42, TIME, runs, changes);
    }

    static byte[] golden(String name) {
        return GoldenFiles.hex("/golden/entry-v1/" + name + ".hex");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
