package org.memphisee.core.routing;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.schema.Rejections;
import org.memphisee.core.schema.StationCheck;
import org.memphisee.port.PublishRequest;

/**
 * A partition of a station that has a schema, or had one: what is published is looked at by a {@link CheckLoop} and then goes
 * on to the partition, in the order in which it came. Made with the first schema, so that stations without one pay nothing;
 * without a schema again, messages pass at once as soon as none waits here.
 */
final class CheckedPartition implements PartitionRef {

    /** Messages of one turn of one thread. */
    static final class Batch {
        private final java.util.ArrayList<Message> messages = new java.util.ArrayList<>();
        private long bytes;
        private ShardCommand.Reader paused = ShardCommand.Reader.NONE;

        long bytes() {
            return bytes;
        }
    }

    private record Message(PublishRequest request, PublishOrigin origin, int bytes) { }

    private final PartitionRef target;
    private final String stream;
    private final CheckLoop loop;
    private final ConcurrentLinkedQueue<Batch> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Messages that were gathered and not yet handed on. */
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final LongAdder warned = new LongAdder();
    private volatile StationCheck check;
    private volatile StationCheck last;
    private volatile String lastProblem = "";
    /** What the loop looks at, and how far it is. The loop's thread only. */
    private Batch current;
    private int next;

    CheckedPartition(PartitionRef target, String stream, CheckLoop loop) {
        this.target = target;
        this.stream = stream;
        this.loop = loop;
    }

    /** From now on this is done; null for nothing. Any thread. */
    void check(StationCheck now) {
        check = now;
        last = now == null ? last : now;
    }

    /** Counts so far; null while there was never a schema. Any thread. */
    Rejections rejections() {
        StationCheck known = last;
        return known == null ? null
            : new Rejections(stream, known.schema(), known.type(), refused.sum(), warned.sum(), lastProblem);
    }

    CheckLoop loop() {
        return loop;
    }

    @Override
    public boolean acknowledges() {
        return target.acknowledges();
    }

    @Override
    public void publish(Lane lane, PublishRequest r, PublishOrigin origin, int bytes) {
        if (check == null && waiting.get() == 0) {
            target.publish(lane, r, origin, bytes);
            return;
        }
        waiting.incrementAndGet();
        Batch batch = lane.unchecked(this);
        batch.messages.add(new Message(r, origin, bytes));
        batch.bytes += bytes;
    }

    @Override
    public void refuse(Lane lane, PublishRequest r, PublishOrigin origin, PublishOutcome.Refused outcome, int bytes) {
        target.refuse(lane, r, origin, outcome, bytes);
    }

    @Override
    public void failed(Lane lane, PublishRequest r, String problem) {
        target.failed(lane, r, problem);
    }

    @Override
    public void acknowledge(Lane lane, PublishRequest r, String reply, int bytes, Runnable unknown) {
        target.acknowledge(lane, r, reply, bytes, unknown);
    }

    @Override
    public void pull(Lane lane, PublishRequest r, int consumerOffset, int consumerLength, String inbox, int bytes,
                     Runnable unknown) {
        target.pull(lane, r, consumerOffset, consumerLength, inbox, bytes, unknown);
    }

    @Override
    public void flowControl(Lane lane, String consumer, String subject, int bytes) {
        target.flowControl(lane, consumer, subject, bytes);
    }

    /** Hands over what a lane has gathered; its reader is paused while the loop is over its budget. Any thread. */
    void submit(Batch batch, ShardCommand.Reader reader) {
        if (loop.hold(batch.bytes) && reader != ShardCommand.Reader.NONE) {
            batch.paused = reader;
            reader.pauseReading();
        }
        queue.add(batch);
        if (scheduled.compareAndSet(false, true)) {
            loop.add(this);
        }
    }

    // ---- the loop's thread

    /**
     * Looks at messages, at most until the time that the loop allows.
     *
     * @return whether more wait
     */
    boolean turn(Lane lane, CheckLoop.Slice slice) {
        while (slice.more()) {
            if (current == null) {
                current = queue.poll();
                next = 0;
                if (current == null) {
                    scheduled.set(false);
                    return !queue.isEmpty() && scheduled.compareAndSet(false, true);
                }
            }
            Message message = current.messages.get(next++);
            try {
                look(lane, message);
            } finally {
                slice.looked(this);
                if (next == current.messages.size()) {
                    loop.release(current.bytes, current.paused);
                    current = null;
                }
            }
        }
        return true;
    }

    /** So many messages were handed over for good. */
    void handedOn(int messages) {
        waiting.addAndGet(-messages);
    }

    private void look(Lane lane, Message message) {
        StationCheck now = check;
        PublishRequest r = message.request();
        String problem = now == null ? "" : now.check().problem(r.bytes(), r.bodyOffset() + r.headerLength(), r.payloadLength());
        if (problem.isEmpty()) {
            target.publish(lane, r, message.origin(), message.bytes());
            return;
        }
        lastProblem = problem;
        if (!message.origin().deadLetter()) {
            target.failed(lane, r, problem);
        }
        if (now.refuse()) {
            refused.increment();
            target.refuse(lane, r, message.origin(), new PublishOutcome.Refused(stream, PublishRefusal.SCHEMA, problem),
                message.bytes());
        } else {
            warned.increment();
            target.publish(lane, r, message.origin(), message.bytes());
        }
    }
}
