package org.memphisee.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.log.SubjectCount;

/** What a store recovers of one partition. */
public final class StoredPartition implements LogStore.PartitionVisitor {
    private final List<String> order = new ArrayList<>();
    private final List<BatchSummary> batches = new ArrayList<>();
    private final Map<Long, String> tombstones = new TreeMap<>();
    private final Map<Long, String> cursors = new TreeMap<>();
    private String state = "";

    private StoredPartition() { }

    public static StoredPartition of(LogStore store, long partition) throws StoreException {
        StoredPartition found = new StoredPartition();
        store.recoverPartition(partition, found);
        return found;
    }

    @Override
    public void state(byte[] bytes) {
        order.add("state");
        state = text(bytes);
    }

    @Override
    public void batch(StoredSummary summary) throws StoreException {
        order.add("batch");
        batches.add(collected(summary));
    }

    /** All of a summary. */
    public static BatchSummary collected(StoredSummary s) throws StoreException {
        List<SubjectCount> subjects = new ArrayList<>();
        s.visitSubjects((b, offset, length, first, last, count, lastBytes) -> subjects.add(new SubjectCount(
            new String(b, offset, length, StandardCharsets.UTF_8), first, last, count, lastBytes)));
        List<MessageId> ids = new ArrayList<>();
        s.visitIds((b, offset, length, sequence, time) -> ids.add(new MessageId(
            new String(b, offset, length, StandardCharsets.UTF_8), sequence, time)));
        return new BatchSummary(s.firstSequence(), s.lastSequence(), s.count(), s.firstTimestampNanos(),
            s.lastTimestampNanos(), s.storedBytes(), s.recordBytes(), subjects, ids);
    }

    @Override
    public void tombstones(long firstSequence, byte[] bytes) {
        order.add("tombstones");
        tombstones.put(firstSequence, text(bytes));
    }

    @Override
    public void cursor(long consumer, byte[] bytes) {
        order.add("cursor");
        cursors.put(consumer, text(bytes));
    }

    public List<BatchSummary> batches() {
        return batches;
    }

    public List<Long> firstSequences() {
        return batches.stream().map(BatchSummary::firstSequence).toList();
    }

    public Map<Long, String> tombstones() {
        return tombstones;
    }

    public Map<Long, String> cursors() {
        return cursors;
    }

    public String state() {
        return state;
    }

    /** Kinds in the order of their arrival. */
    public List<String> order() {
        return order;
    }

    public boolean isEmpty() {
        return order.isEmpty();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
