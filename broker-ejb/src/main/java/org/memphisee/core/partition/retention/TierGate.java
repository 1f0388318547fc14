package org.memphisee.core.partition.retention;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.partition.log.BatchWalk;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.tier.Retirement;
import org.memphisee.core.tier.TieredMessage;

/**
 * Stands before the removal by limits while a partition has a second tier (ADR 0190): only what is there may go. Where it is
 * nobody remembers over a restart: the first message that is still stored is then the first that is sent again. Shard's
 * thread only.
 */
final class TierGate implements Retirement {

    /** With less of the memory for messages left, stations in memory count as full. */
    private static final long MEMORY_SHARE = 10;

    private final Trimmer trimmer;
    private final StoredMessages messages;
    private final ShardResources resources;
    private final MessageView view = new MessageView();
    private boolean holds;
    /** What is stored up to here is in the second tier, or was given up. */
    private long passed;

    TierGate(Trimmer trimmer, StoredMessages messages, ShardResources resources, boolean holds) {
        this.trimmer = trimmer;
        this.messages = messages;
        this.resources = resources;
        this.holds = holds;
    }

    /** Whether nothing of what begins with this sequence may go yet. */
    boolean shuts(long first) {
        return holds && first > passed;
    }

    /** Whether limits wait at all. */
    boolean holds() {
        return holds;
    }

    @Override
    public void hold(boolean wanted) {
        if (holds != wanted) {
            holds = wanted;
            trimmer.run();
        }
    }

    @Override
    public void done(long upTo) {
        passed = Math.max(passed, upTo);
        trimmer.run();
    }

    @Override
    public void due(int maxMessages, long maxBytes, Consumer<Due> whenRead) {
        if (!holds || !trimmer.decides()) {
            whenRead.accept(Due.NOTHING);
            return;
        }
        Taking taking = new Taking(maxMessages, maxBytes);
        BatchWalk.up(messages, 1, (batch, from, to, summary) -> taking.look(batch, from),
            all -> whenRead.accept(new Due(taking.taken, taking.more)));
    }

    @Override
    public Held held() {
        long bytes = 0;
        if (holds && trimmer.decides()) {
            long[] sum = new long[2];
            whole(Long.MAX_VALUE, sum);
            bytes = sum[1];
        }
        return new Held(bytes, bytes > 0 && noRoom());
    }

    private boolean noRoom() {
        return messages.file() ? resources.guard().full()
            : !resources.guard().memory().admits(resources.guard().memory().limit() / MEMORY_SHARE);
    }

    @Override
    public Lost giveUp(long bytes) {
        if (!holds || !trimmer.decides()) {
            return new Lost(0, 0);
        }
        long[] sum = new long[2];
        long last = whole(bytes, sum);
        done(last);
        return new Lost(sum[0], sum[1]);
    }

    /**
     * The last sequence of the first batches that are due as a whole and have so many bytes; their messages and bytes are added.
     */
    private long whole(long bytes, long[] sum) {
        Limits limits = new Limits();
        long last = passed;
        for (int i = 0; i < messages.batches().size() && sum[1] < bytes; i++) {
            StoredBatch b = messages.batches().get(i);
            if (!limits.takeWhole(b)) {
                break;
            }
            if (b.last() > passed) {
                sum[0] += b.live();
                sum[1] += b.liveBytes();
                last = b.last();
            }
        }
        return last;
    }

    /** Follows what the limits would leave if they did not wait. */
    private final class Limits {
        private final long cutoff = trimmer.cutoff();
        private long gone;
        private long goneBytes;

        /** Whether all of the batch is due; then it counts as gone. */
        boolean takeWhole(StoredBatch b) {
            boolean due = b.live() == 0 || trimmer.tooMany(gone + b.live() - 1) || trimmer.tooLarge(goneBytes + b.liveBytes() - 1)
                || b.lastTimeNanos() <= cutoff;
            if (due) {
                gone += b.live();
                goneBytes += b.liveBytes();
            }
            return due;
        }

        /** Whether the message in the view is due; then it counts as gone. */
        boolean take() {
            boolean due = trimmer.tooMany(gone) || trimmer.tooLarge(goneBytes) || view.timestampNanos <= cutoff;
            if (due) {
                gone++;
                goneBytes += MessageBatch.accounted(messages.file(), view);
            }
            return due;
        }
    }

    /** Copies what is due, batch by batch. */
    private final class Taking {
        private final Limits limits = new Limits();
        private final List<TieredMessage> taken = new ArrayList<>();
        private final int maxMessages;
        private final long maxBytes;
        private long bytes;
        private boolean more;

        Taking(int maxMessages, long maxBytes) {
            this.maxMessages = maxMessages;
            this.maxBytes = maxBytes;
        }

        BatchWalk.Next look(StoredBatch b, long from) {
            if (b.last() <= passed && b.first() >= from && limits.takeWhole(b)) {
                return BatchWalk.Next.GO_ON;
            }
            if (b.record == null) {
                return BatchWalk.Next.RECORD;
            }
            for (int k = MessageBatch.indexOf(b.record, from); k < b.count(); k++) {
                MessageBatch.view(b.record, k, view);
                if (b.removed(view.sequence)) {
                    continue;
                }
                if (!limits.take()) {
                    return BatchWalk.Next.ENOUGH;
                }
                if (view.sequence > passed) {
                    more = taken.size() == maxMessages || bytes >= maxBytes;
                    if (more) {
                        return BatchWalk.Next.ENOUGH;
                    }
                    bytes += view.headerLength + view.payloadLength;
                    taken.add(copy());
                }
            }
            return BatchWalk.Next.GO_ON;
        }

        private TieredMessage copy() {
            int payload = view.bodyOffset + view.headerLength;
            return new TieredMessage(new String(view.bytes, view.subjectOffset, view.subjectLength, StandardCharsets.UTF_8),
                view.sequence, view.timestampNanos, Arrays.copyOfRange(view.bytes, view.bodyOffset, payload),
                Arrays.copyOfRange(view.bytes, payload, payload + view.payloadLength));
        }
    }
}
