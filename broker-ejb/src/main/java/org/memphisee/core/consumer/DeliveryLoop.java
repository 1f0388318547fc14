package org.memphisee.core.consumer;

import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.wire.AckSubjectWriter;
import org.memphisee.core.wire.ConsumerAdvisories;

/**
 * Brings messages to whoever wants them: first what has to come again, then new ones. A run is bounded, so that one
 * consumer cannot starve its shard.
 */
final class DeliveryLoop {

    /** Why a run ended. */
    enum Stop {
        /** Nobody wants or can take a message now. */
        NO_DEMAND,
        /** Nothing is left. */
        CAUGHT_UP,
        /** New messages wait for acknowledgements. */
        MAX_ACK_PENDING,
        /** The partition reads; it announces when it is done. */
        LOADING,
        /** What is next cannot be read: it is not passed over, for it would never be delivered. */
        UNREADABLE,
        /** The next message is not due before {@link #resumeAt}. */
        NOT_DUE,
        /** The share of this turn is used up; more is there. */
        TURN_USED
    }

    private static final int TURN_MESSAGES = 2_000;
    private static final long TURN_BYTES = 1L << 20;
    /** Empty header block and the name, colon, blank and line end of {@code Nats-Msg-Size}. */
    private static final int EMPTY_BLOCK = "NATS/1.0\r\n\r\n".length();
    private static final int SIZE_HEADER = "Nats-Msg-Size: \r\n".length();

    private final PartitionView view;
    private final ConsumerEnvironment env;
    private final Marks marks;
    private final PendingDeliveries pending;
    private final RedeliverySchedule schedule;
    private final Backlog backlog;
    private final Demand demand;
    private final ConsumerAdvisories advisories;
    private final AckSubjectWriter reply;
    private final MessageView message = new MessageView();
    private final Replay replay;
    private ConsumerConfig config;
    private long resumeAt;
    private Stop stop = Stop.NO_DEMAND;
    private boolean changed;

    DeliveryLoop(ConsumerConfig config, PartitionView view, ConsumerEnvironment env, Marks marks,
                 PendingDeliveries pending, RedeliverySchedule schedule, Backlog backlog, Demand demand,
                 ConsumerAdvisories advisories) {
        this.config = config;
        this.view = view;
        this.env = env;
        this.marks = marks;
        this.pending = pending;
        this.schedule = schedule;
        this.backlog = backlog;
        this.demand = demand;
        this.advisories = advisories;
        this.reply = new AckSubjectWriter(view.streamName(), config.name());
        this.replay = new Replay(config.replayOriginal());
    }

    void configure(ConsumerConfig newConfig) {
        config = newConfig;
    }

    /** When a run that ended with NOT_DUE should be repeated. */
    long resumeAt() {
        return stop == Stop.NOT_DUE ? resumeAt : RedeliverySchedule.NEVER;
    }

    /** Why the last run ended. */
    Stop stop() {
        return stop;
    }

    /** Delivers what can be delivered now. */
    Stop run(long now) {
        demand.beginTurn();
        long before = marks.deliveredConsumer;
        changed = false;
        stop = Stop.TURN_USED;
        long bytes = 0;
        for (int messages = 0; messages < TURN_MESSAGES && bytes < TURN_BYTES; messages++) {
            if (!demand.ready(now)) {
                stop = Stop.NO_DEMAND;
                break;
            }
            if (!backlog.counted()) {
                stop = Stop.LOADING; // each delivery tells how many are left
                break;
            }
            int slot = schedule.firstQueued();
            long sent = slot == DeliverySlots.NONE ? deliverNew(now) : deliverAgain(slot, now);
            if (sent < 0) {
                break;
            }
            bytes += sent;
        }
        if (marks.deliveredConsumer != before) {
            marks.deliveredAtNanos = env.wallNanos();
            env.delivered(marks.deliveredConsumer - before);
            changed = true;
        }
        if (changed) {
            env.stateChanged();
        }
        return stop;
    }

    /** Bytes sent, 0 when the message needs no delivery any more, negative when the run ends. */
    private long deliverAgain(int slot, long now) {
        long sequence = pending.slots.sequence[slot];
        int deliveries = pending.slots.deliveries[slot];
        if (config.maxDeliver() > 0 && deliveries >= config.maxDeliver()) {
            schedule.detach(slot);
            pending.exhaust(slot);
            marks.exhausted++;
            changed = true;
            env.gaveUp(sequence, deliveries, false, "");
            advisories.maxDeliveries(sequence, deliveries);
            return 0;
        }
        Lookup lookup = view.read(sequence, message);
        if (lookup == Lookup.LOADING) {
            return end(Stop.LOADING);
        }
        if (lookup == Lookup.UNREADABLE) {
            schedule.start(slot, now); // not delivered, so not counted; the others need not wait for it
            return 0;
        }
        if (lookup == Lookup.NONE) {
            schedule.detach(slot);
            pending.remove(slot);
            marks.raiseFloor(pending);
            changed = true;
            return 0;
        }
        int length = reply.write(deliveries + 1L, sequence, marks.deliveredConsumer + 1, message.timestampNanos,
            backlog.size());
        long size = size(length);
        Inbox inbox = demand.inboxFor(size, now);
        if (inbox == null) {
            return end(Stop.NO_DEMAND);
        }
        pending.deliverAgain(slot);
        marks.deliveredAgain();
        schedule.start(slot, now);
        inbox.deliver(message, config.headersOnly(), reply.bytes(), length);
        demand.sent(size, now);
        return size;
    }

    private long deliverNew(long now) {
        boolean tracked = config.ackPolicy() != AckPolicy.NONE;
        if (tracked && config.maxAckPending() > 0 && pending.size() >= config.maxAckPending()) {
            return end(Stop.MAX_ACK_PENDING);
        }
        Lookup lookup = backlog.peek(message);
        if (lookup == Lookup.LOADING) {
            return end(Stop.LOADING);
        }
        if (lookup == Lookup.UNREADABLE) {
            demand.unreadable();
            return end(Stop.UNREADABLE);
        }
        if (lookup == Lookup.NONE) {
            replay.caughtUp();
            demand.caughtUp(now);
            return end(Stop.CAUGHT_UP);
        }
        resumeAt = replay.dueAt(message.timestampNanos);
        if (resumeAt > now) {
            return end(Stop.NOT_DUE);
        }
        long sequence = message.sequence;
        int length = reply.write(1, sequence, marks.deliveredConsumer + 1, message.timestampNanos, backlog.size() - 1);
        long size = size(length);
        Inbox inbox = demand.inboxFor(size, now);
        if (inbox == null) {
            return end(Stop.NO_DEMAND);
        }
        backlog.take(message);
        long consumerSeq = marks.delivered(sequence);
        if (tracked) {
            schedule.start(pending.add(sequence, consumerSeq, 1), now);
        } else {
            marks.raiseFloor(pending);
        }
        inbox.deliver(message, config.headersOnly(), reply.bytes(), length);
        demand.sent(size, now);
        replay.delivered(message.timestampNanos, now);
        if (!tracked) {
            env.settled(sequence);
        }
        return size;
    }

    /** What the delivery takes: subject, ack subject, headers and payload. */
    private long size(int replyLength) {
        int head = message.subjectLength + replyLength;
        if (!config.headersOnly()) {
            return (long) head + message.headerLength + message.payloadLength;
        }
        int block = message.headerLength == 0 ? EMPTY_BLOCK : message.headerLength;
        return (long) head + block + SIZE_HEADER + AckSubjectWriter.width(message.payloadLength);
    }

    private long end(Stop why) {
        stop = why;
        return -1;
    }
}
