package org.memphisee.cluster.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.log.SummaryCodec;

/** Batches of a store in the form of entries, which have a checksum: as one node gives them to another. Stateless. */
final class BatchEntries {

    private BatchEntries() { }

    /** Changes as they travel. */
    static byte[] of(long group, List<EntryChange> changes) {
        return EntryCodec.encode(new Entry(EntryKind.CHANGES, group, 1, 2, 0, 0, List.of(), changes));
    }

    /** A batch with its record. */
    static byte[] read(LogStore store, long group, RebuildFrames.Key key) throws StoreException {
        BatchSummary summary = whole(store.readSummary(key.partition(), key.first()));
        byte[] record = store.readBatch(key.partition(), key.first());
        if (record.length != summary.recordBytes()) {
            throw new StoreException("batch " + key + " was merged meanwhile", null, false);
        }
        return of(group, List.of(EntryChange.of(new StoreChange.PutBatch(key.partition(), summary, record, 0, record.length),
            new SummaryCodec())));
    }

    private static BatchSummary whole(StoredSummary s) throws StoreException {
        List<SubjectCount> subjects = new ArrayList<>();
        List<MessageId> ids = new ArrayList<>();
        s.visitSubjects((bytes, offset, length, first, last, count, lastBytes) ->
            subjects.add(new SubjectCount(new String(bytes, offset, length, UTF_8), first, last, count, lastBytes)));
        s.visitIds((bytes, offset, length, sequence, time) ->
            ids.add(new MessageId(new String(bytes, offset, length, UTF_8), sequence, time)));
        return new BatchSummary(s.firstSequence(), s.lastSequence(), s.count(), s.firstTimestampNanos(), s.lastTimestampNanos(),
            s.storedBytes(), s.recordBytes(), subjects, ids);
    }
}
