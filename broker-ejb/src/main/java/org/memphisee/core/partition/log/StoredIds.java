package org.memphisee.core.partition.log;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.log.Merger.MessageIdReader;

/** Finds the message ids of what was stored since some time, the newest batches first. Shard's thread only. */
public final class StoredIds {

    private final StoredMessages messages;
    private final MessageIdReader reader;
    private final long since;
    private final StoredSummary.IdVisitor visitor;
    private final MessageView view = new MessageView();

    private StoredIds(StoredMessages messages, MessageIdReader reader, long since, StoredSummary.IdVisitor visitor) {
        this.messages = messages;
        this.reader = reader;
        this.since = since;
        this.visitor = visitor;
    }

    /**
     * Visits them.
     *
     * @param reader tells the id in a header block
     * @param sinceNanos only messages stored after this time
     * @param done told once at the end; false when the partition gives out nothing any more
     */
    public static void visit(StoredMessages messages, MessageIdReader reader, long sinceNanos,
                             StoredSummary.IdVisitor visitor, Consumer<Boolean> done) {
        StoredIds ids = new StoredIds(messages, reader, sinceNanos, visitor);
        BatchWalk.down(messages, messages.lastSequence(), 1, (batch, from, to, summary) -> ids.look(batch, summary), done);
    }

    private BatchWalk.Next look(StoredBatch batch, StoredSummary summary)
        throws StoreException {
        if (batch.lastTimeNanos() <= since) {
            return BatchWalk.Next.ENOUGH;
        }
        if (batch.record != null) {
            fromRecord(batch);
        } else if (summary == null) {
            return BatchWalk.Next.SUMMARY;
        } else {
            summary.visitIds((bytes, offset, length, sequence, time) -> {
                if (time > since) {
                    visitor.id(bytes, offset, length, sequence, time);
                }
            });
        }
        return BatchWalk.Next.GO_ON;
    }

    private void fromRecord(StoredBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            MessageBatch.view(batch.record, i, view);
            if (view.headerLength > 0 && view.timestampNanos > since) {
                String id = reader.messageId(view.bytes, view.bodyOffset, view.headerLength);
                if (id != null) {
                    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
                    visitor.id(bytes, 0, bytes.length, view.sequence, view.timestampNanos);
                }
            }
        }
    }
}
