package org.memphisee.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SubjectCount;

/** Changes and records for tests of stores. */
public final class Batches {
    private Batches() { }

    public static BatchSummary summary(long first, long last, int recordBytes) {
        int count = (int) (last - first + 1);
        return new BatchSummary(first, last, count, 1_700_000_000_000_000_000L + first,
            1_700_000_000_000_000_000L + last, 100L * count, recordBytes,
            List.of(new SubjectCount("orders.new", first, last, count)),
            List.of(new MessageId("id-" + first, first, 1_700_000_000_000_000_000L + first)));
    }

    public static StoreChange put(long partition, long first, long last, byte[] record) {
        return new StoreChange.PutBatch(partition, summary(first, last, record.length), record, 0, record.length);
    }

    public static StoreChange merge(long partition, List<Long> replaced, long first, long last, byte[] record) {
        return new StoreChange.MergeBatches(partition, replaced, summary(first, last, record.length), record, 0,
            record.length);
    }

    /** A record whose bytes follow from partition and sequence. */
    public static byte[] record(long partition, long first, int size) {
        byte[] bytes = new byte[size];
        new Random(partition * 31 + first).nextBytes(bytes);
        return bytes;
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
