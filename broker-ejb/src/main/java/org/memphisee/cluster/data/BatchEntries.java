package org.memphisee.cluster.data;

import java.util.List;

import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
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
        BatchSummary summary = BatchSummary.of(store.readSummary(key.partition(), key.first()));
        byte[] record = store.readBatch(key.partition(), key.first());
        if (record.length != summary.recordBytes()) {
            throw new StoreException("batch " + key + " was merged meanwhile", null, false);
        }
        return of(group, List.of(EntryChange.of(new StoreChange.PutBatch(key.partition(), summary, record, 0, record.length),
            new SummaryCodec())));
    }
}
