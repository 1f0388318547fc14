package org.memphisee.core.partition.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SubjectCount;

/**
 * Makes few large batches of many small ones (D8): a slow producer writes a batch per message, which would cost memory
 * and reading speed for ever. Neighbours of one size class are merged while their records are still in memory, so it
 * never reads; each message is rewritten at most twice. Shard's thread only.
 */
public final class Merger {

    /** Record bytes below which a batch is of class 0, 1; larger ones stay as they are. */
    private static final int[] CLASS_BYTES = {4 << 10, 64 << 10};
    private static final int[] RUN = {32, 16};
    private static final int CHECK_EVERY = 16;

    private final long partition;
    private final StoredMessages messages;
    private final AppliedBatches applied;
    private final ShardResources resources;
    private final MessageIdReader ids;
    private final Consumer<StoreException> freeze;
    private final Runnable done;
    private int commits;
    private boolean stopped;
    private boolean writing;
    /** What is being written: the batches it replaces, their one record, and the fence of what must not come before it. */
    private List<StoredBatch> merging = List.of();
    private byte[] mergingRecord = {};
    private WriteFence fence = WriteFence.NONE;

    /** Finds the message id in a header block; null when there is none. */
    public interface MessageIdReader {
        String messageId(byte[] bytes, int offset, int length);
    }

    /**
     * Merges batches of one partition.
     *
     * @param freeze told of a write that failed for another reason than a full disk
     * @param done told after each merge
     */
    public Merger(long partition, StoredMessages messages, ShardResources resources, MessageIdReader ids,
           Consumer<StoreException> freeze, Runnable done) {
        this.partition = partition;
        this.messages = messages;
        this.applied = messages.applied();
        this.resources = resources;
        this.ids = ids;
        this.freeze = freeze;
        this.done = done;
    }

    /** After a commit. */
    public void committed() {
        if (++commits % CHECK_EVERY == 0 && !writing) {
            int end = messages.batches().size();
            for (int c = 0; c < CLASS_BYTES.length && !writing; c++) {
                int start = end;
                while (start > 0 && mergeable(messages.batches().get(start - 1), c)) {
                    start--;
                }
                if (end - start >= RUN[c]) {
                    merge(start, end);
                }
                end = start;
            }
        }
    }

    private static boolean mergeable(StoredBatch b, int sizeClass) {
        return b.record != null && b.removed == null && !b.merging && sizeClass(b) == sizeClass;
    }

    private static int sizeClass(StoredBatch b) {
        int c = 0;
        while (c < CLASS_BYTES.length && b.recordBytes() >= CLASS_BYTES[c]) {
            c++;
        }
        return c;
    }

    private void merge(int start, int end) {
        List<StoredBatch> old = new ArrayList<>(end - start);
        int bytes = 0;
        for (int i = start; i < end && bytes < MessageBatch.FULL; i++) {
            StoredBatch b = messages.batches().get(i);
            if (b.last() - messages.batches().get(start).first() > Integer.MAX_VALUE / 2) {
                break;
            }
            old.add(b);
            bytes += b.recordBytes();
        }
        if (old.size() < 2) {
            return;
        }
        byte[] record = join(old);
        BatchSummary summary = summary(old, record);
        old.forEach(b -> b.merging = true);
        if (!messages.file()) {
            finish(old, summary, record);
            return;
        }
        writing = true;
        merging = old;
        mergingRecord = record;
        fence = new WriteFence();
        List<Long> keys = old.stream().map(StoredBatch::first).toList();
        StoreChange change = new StoreChange.MergeBatches(partition, keys, summary, record, 0, record.length);
        resources.group().propose(new Proposal(List.of(change), false, record.length, fence,
            outcome -> resources.shard().execute(() -> {
                if (stopped) {
                    return;
                }
                messages.enter();
                if (outcome instanceof WriteOutcome.Failed failure) {
                    abandon(old, failure);
                } else {
                    finish(old, summary, record);
                }
            })));
    }

    /** The batches stay as they are; another merge takes them when the disk has room again. */
    private void abandon(List<StoredBatch> old, WriteOutcome.Failed why) {
        ended();
        for (StoredBatch b : old) {
            b.merging = false;
            b.removedDirty |= b.removed != null; // what was stored of it is not where it belongs
        }
        if (!(why instanceof WriteOutcome.Refused)) {
            freeze.accept(why.cause());
        }
        done.run(); // what waited for the merge goes on: retention frees the disk
    }

    private void ended() {
        writing = false;
        merging = List.of();
        mergingRecord = new byte[0];
        fence = WriteFence.NONE;
    }

    private void finish(List<StoredBatch> old, BatchSummary summary, byte[] record) {
        ended();
        StoredBatch merged = applied.merged(old, summary, record);
        for (StoredBatch b : old) {
            b.merging = false;
            merged.removedDirty |= b.removedDirty; // removed while the merge was being written, and not stored since
        }
        done.run();
    }

    /**
     * Adds the tombstones of what was removed since the merge that is being written began: they are those of the record
     * that the merge makes, so that they may be written only behind it.
     *
     * @return orders them behind the merge; {@link WriteFence#NONE} when there is nothing to add
     */
    public WriteFence collectRemoved(List<StoreChange> changes) {
        boolean some = false;
        for (StoredBatch b : merging) {
            some |= b.removedDirty;
            b.removedDirty = false;
        }
        if (!some) {
            return WriteFence.NONE;
        }
        changes.add(new StoreChange.PutTombstones(partition, merging.get(0).first(),
            applied.removed(merging, mergingRecord).encode()));
        return fence;
    }

    /** What is being written is of no concern any more. */
    public void stop() {
        stopped = true;
    }

    /**
     * What another broker merged is merged here too: from the same batches comes the same record.
     *
     * @param keys first sequences of the batches
     * @param crc CRC32C of the record there
     * @param merged told once the change to apply, later when records must be read; null when one cannot be read
     * @throws IllegalStateException when another record comes of it
     */
    public void follow(List<Long> keys, int crc, Consumer<StoreChange.MergeBatches> merged) {
        applied.read(keys, old -> {
            if (old == null) {
                merged.accept(null);
                return;
            }
            byte[] record = join(old);
            CRC32C own = new CRC32C();
            own.update(record);
            if ((int) own.getValue() != crc) {
                throw new IllegalStateException(String.format("batches %d to %d of partition %d merge into a record with "
                    + "checksum %08x, and into %08x where that was decided", keys.get(0), keys.get(keys.size() - 1), partition,
                    own.getValue(), crc));
            }
            merged.accept(new StoreChange.MergeBatches(partition, keys, summary(old, record), record, 0, record.length));
        });
    }

    /** One record with the entries of all. */
    static byte[] join(List<StoredBatch> old) {
        int count = 0;
        int length = MessageBatch.HEADER;
        for (StoredBatch b : old) {
            int n = MessageBatch.count(b.record);
            count += n;
            for (int k = 0; k < n; k++) {
                length += MessageBatch.length(b.record, k);
            }
        }
        byte[] record = new byte[length + 4 * count];
        long first = old.get(0).first();
        int at = MessageBatch.HEADER;
        int index = 0;
        MessageView v = new MessageView();
        for (StoredBatch b : old) {
            int n = MessageBatch.count(b.record);
            for (int k = 0; k < n; k++) {
                MessageBatch.view(b.record, k, v);
                MessageBatch.putEntry(record, at, (int) (v.sequence - first), v.timestampNanos, v.headerLength,
                    v.payloadLength, v.subjectLength);
                int body = v.subjectLength + v.headerLength + v.payloadLength;
                System.arraycopy(b.record, v.subjectOffset, record, at + MessageBatch.ENTRY, body);
                MessageBatch.putInt(record, length + 4 * index++, at);
                at += MessageBatch.ENTRY + body;
            }
        }
        MessageBatch.putHeader(record, count, length, first);
        return record;
    }

    /** The summary of a merged record; what each message says of itself is read from the record. */
    private BatchSummary summary(List<StoredBatch> old, byte[] record) {
        Map<String, SubjectCount> subjects = new LinkedHashMap<>();
        List<MessageId> known = new ArrayList<>();
        MessageView v = new MessageView();
        int count = MessageBatch.count(record);
        long bytes = 0;
        for (int k = 0; k < count; k++) {
            MessageBatch.view(record, k, v);
            int accounted = (int) Math.min(Integer.MAX_VALUE, MessageBatch.accounted(messages.file(), v));
            bytes += accounted;
            String subject = new String(record, v.subjectOffset, v.subjectLength, StandardCharsets.UTF_8);
            subjects.merge(subject, new SubjectCount(subject, v.sequence, v.sequence, 1, accounted),
                (x, y) -> new SubjectCount(subject, x.first(), y.last(), x.count() + 1, y.lastBytes()));
            if (v.headerLength > 0) {
                String id = ids.messageId(record, v.bodyOffset, v.headerLength);
                if (id != null) {
                    known.add(new MessageId(id, v.sequence, v.timestampNanos));
                }
            }
        }
        StoredBatch first = old.get(0);
        StoredBatch last = old.get(old.size() - 1);
        return new BatchSummary(first.first(), last.last(), count, first.firstTimeNanos(), last.lastTimeNanos(), bytes,
            record.length, List.copyOf(subjects.values()), known);
    }
}
