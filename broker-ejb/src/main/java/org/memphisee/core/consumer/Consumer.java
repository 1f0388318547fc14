package org.memphisee.core.consumer;

import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;
import org.memphisee.core.consumer.DeliveryLoop.Stop;
import org.memphisee.core.wire.Ack;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.ConsumerAdvisories;
import org.memphisee.core.wire.GoDuration;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.core.wire.PullRequests;
import org.memphisee.core.wire.StatusBlocks;

/**
 * One consumer of a partition: the cursor of JetStream and of a Memphis consumer group. Shard's thread only; every
 * call returns without blocking and leaves its effects in the environment it was given.
 *
 * <p>Nothing is delivered while it is constructed. Whoever creates a push consumer answers the creator first and then
 * calls {@link #interestChanged()}; without that call it begins by its own timer a moment later.
 */
public final class Consumer {

    private static final byte[] EMPTY = new byte[0];
    /** How long a push consumer waits for the first call before it looks for interest itself. */
    private static final long PUSH_START_NANOS = 20_000_000;

    private final PartitionView view;
    private final ConsumerEnvironment env;
    private final long createdNanos;
    private final Marks marks;
    private final PendingDeliveries pending;
    private final RedeliverySchedule schedule;
    private final Backlog backlog;
    private final Demand demand;
    private final Acknowledgements acknowledgements;
    private final DeliveryLoop loop;
    private final RemovedMessages removals;
    private ConsumerConfig config;
    private boolean loading;
    private boolean running;
    private boolean runAgain;
    private boolean closed;
    private boolean removalAsked;
    private long activeAt;
    /** Of messages in this range it is not known yet whether they are gone. */
    private long uncheckedFrom = Long.MAX_VALUE;
    private long uncheckedTo;
    /** The earliest timer asked for; a timer that fires early only costs a look. */
    private long wish = RedeliverySchedule.NEVER;

    /**
     * A new consumer.
     *
     * @param config its configuration
     * @param createdNanos when it was defined, nanoseconds since the epoch
     * @param startSequence what {@link #resolveStart} told when it was defined
     * @param lasts the messages it begins with when it {@link #needsLasts}; empty otherwise
     * @param view messages of the partition
     * @param env what it needs besides
     */
    public Consumer(ConsumerConfig config, long createdNanos, long startSequence, Optional<PartitionView.Lasts> lasts,
                    PartitionView view, ConsumerEnvironment env) {
        this(config, createdNanos, view, env, begin(startSequence, lasts));
        env.stateChanged();
    }

    /** Whether a new consumer begins with the last message of each subject, which have to be found first. */
    public static boolean needsLasts(ConsumerConfig config, PartitionView view) {
        return config.deliverPolicy() == DeliverPolicy.LAST_PER_SUBJECT && !view.onePerSubject();
    }

    private Consumer(ConsumerConfig config, long createdNanos, PartitionView view, ConsumerEnvironment env,
                     ConsumerState.Restored state) {
        this.config = config;
        this.createdNanos = createdNanos;
        this.view = view;
        this.env = env;
        this.marks = state.marks();
        this.pending = state.pending();
        this.schedule = new RedeliverySchedule(pending, config.ackWaitNanos(), config.backoffNanos());
        this.backlog = new Backlog(view, SubjectFilter.of(config.filterSubjects()), state.next(), state.chosen(),
            this::counted);
        this.demand = config.push() ? new PushDelivery(config, view.streamName(), marks, env) : new PullQueue(marks, env,
            this::interestChanged);
        ConsumerAdvisories advisories = new ConsumerAdvisories(env, view.streamName(), config.name());
        this.acknowledgements = new Acknowledgements(config, env, marks, pending, schedule, advisories);
        this.loop = new DeliveryLoop(config, view, env, marks, pending, schedule, backlog, demand, advisories);
        this.removals = new RemovedMessages(view, pending, schedule);
        long now = env.nowNanos();
        this.activeAt = now;
        startClocks(now);
        arm(config.push() ? now + PUSH_START_NANOS : RedeliverySchedule.NEVER);
    }

    private static ConsumerState.Restored begin(long startSequence, Optional<PartitionView.Lasts> lasts) {
        long start = Math.max(1, startSequence);
        Marks marks = new Marks();
        marks.startAt(start);
        return new ConsumerState.Restored(marks, new PendingDeliveries(), lasts.map(l -> l.upTo() + 1).orElse(start),
            lasts.map(PartitionView.Lasts::sequences).orElse(new long[0]));
    }

    /** Deliveries from before the restart come again one ack wait from now, unless their message is gone. */
    private void startClocks(long now) {
        for (int slot = pending.first(); slot != DeliverySlots.NONE; slot = pending.after(slot)) {
            schedule.start(slot, now);
        }
        forget(1, Long.MAX_VALUE);
    }

    /** Lets go of what is gone of the range; where a record must tell, that is asked for, and the rest waits for it. */
    private boolean forget(long from, long to) {
        long unknown = backlog.forgetChosen(from, to);
        boolean changed = false;
        long delivered = Math.min(to, marks.deliveredStream);
        if (pending.size() + pending.exhaustedSize() > 0 && from <= delivered) {
            changed = removals.forget(from, delivered);
            unknown = Math.min(unknown, removals.unknown());
        }
        if (unknown < Long.MAX_VALUE) {
            uncheckedFrom = Math.min(uncheckedFrom, unknown);
            uncheckedTo = Math.max(uncheckedTo, to);
        }
        if (changed) {
            marks.raiseFloor(pending);
        }
        return changed;
    }

    /**
     * Reads a stored state without making a consumer of it.
     *
     * @return the acknowledged floor, a stream sequence
     * @throws CorruptConsumerStateException when it cannot be read
     */
    public static long storedFloor(byte[] state) {
        return ConsumerState.decode(state).marks().floorStream;
    }

    /**
     * A consumer from its stored state.
     *
     * @throws CorruptConsumerStateException when the state cannot be read
     */
    public static Consumer restore(ConsumerConfig config, long createdNanos, long startSequence, byte[] state,
                                   PartitionView view, ConsumerEnvironment env) {
        ConsumerState.Restored restored = ConsumerState.decode(state);
        // A cursor must not be ahead of the messages: numbers it has seen would be given to messages it has not.
        long next = Math.min(Math.max(restored.next(), 1), Math.max(view.lastSequence() + 1, startSequence));
        return new Consumer(config, createdNanos, view, env,
            new ConsumerState.Restored(restored.marks(), restored.pending(), next, restored.chosen()));
    }

    /**
     * Whether a stored state can be restored.
     *
     * @throws CorruptConsumerStateException when it cannot be read
     */
    public static void check(byte[] state) {
        ConsumerState.decode(state);
    }

    /** Finds the first sequence a new consumer has to look at; recorded with its definition, so that replicas agree. */
    public static void resolveStart(ConsumerConfig config, PartitionView view, PartitionView.Answer<Long> answer) {
        StartPosition.resolve(config, view, answer);
    }

    /** A request for messages; answered as jetstream-api.md 6.9 says. */
    public void pull(PullRequest request) {
        if (closed) {
            return;
        }
        Inbox inbox = env.inbox(request.inbox(), "");
        if (!(demand instanceof PullQueue pulls)) {
            inbox.status(StatusBlocks.PUSH_BASED, "");
            return;
        }
        long now = env.nowNanos();
        activeAt = now;
        byte[] refusal = refusal(request, pulls, now);
        if (refusal.length > 0) {
            inbox.status(refusal, "");
            arm(RedeliverySchedule.NEVER);
            return;
        }
        pulls.add(new WaitingPull(request, inbox, now));
        turn(now);
    }

    /** The status that a request is refused with, empty when it is accepted; in the order of the table. */
    private byte[] refusal(PullRequest request, PullQueue pulls, long now) {
        if (config.maxBatch() > 0 && request.batch() > config.maxBatch()) {
            return StatusBlocks.of("409 Exceeded MaxRequestBatch of " + config.maxBatch());
        }
        if (config.maxExpiresNanos() > 0 && request.expiresNanos() > config.maxExpiresNanos()) {
            return StatusBlocks.of("409 Exceeded MaxRequestExpires of " + GoDuration.format(config.maxExpiresNanos()));
        }
        if (config.maxBytes() > 0 && request.maxBytes() > config.maxBytes()) {
            return StatusBlocks.of("409 Exceeded MaxRequestMaxBytes of " + config.maxBytes());
        }
        if (request.noWait() && backlog.counted()) { // else there may be some
            long available = backlog.size() + schedule.queued();
            if (available == 0 && request.expiresNanos() == 0) {
                return StatusBlocks.NO_MESSAGES;
            }
            if (available > 0 && pulls.size() > 0) {
                pulls.prune(now);
                if (available < pulls.wanted()) {
                    return StatusBlocks.REQUESTS_PENDING;
                }
            }
        }
        if (pulls.size() >= config.maxWaiting() && config.maxWaiting() > 0) {
            pulls.prune(now);
            if (pulls.size() >= config.maxWaiting()) {
                return StatusBlocks.EXCEEDED_MAX_WAITING;
            }
        }
        return EMPTY;
    }

    /** A request that {@link PullRequests} refused. */
    public void badPull(String inbox, byte[] status) {
        if (!closed) {
            env.inbox(inbox, "").status(config.push() ? StatusBlocks.PUSH_BASED : status, "");
        }
    }

    /**
     * What a client says about a delivery. False, as if nobody listened, when this consumer asks for no acks, or when an answer
     * is wanted and the delivery is not known here: a crash may have forgotten it, and the message comes again.
     *
     * @param subject the parsed ack subject; not kept
     * @param ack the parsed payload
     * @param reply where the answer goes once the change is durable, empty for none
     */
    public boolean acknowledge(AckSubject subject, Ack ack, String reply) {
        if (config.ackPolicy() == ConsumerConfig.AckPolicy.NONE) {
            return false;
        }
        if (closed) {
            return true;
        }
        if (config.inactiveThresholdNanos() > 0) {
            activeAt = env.nowNanos();
        }
        boolean known = acknowledgements.apply(subject, ack);
        if (ack instanceof Ack.AcknowledgeAndNext next) {
            if (!reply.isEmpty()) {
                pullNext(next, reply);
            }
        } else if (!reply.isEmpty()) {
            if (!known) {
                return false; // an answer would promise that the message does not come again
            }
            env.whenDurable(() -> env.publish(reply, EMPTY));
        }
        // Nearly all acks end here: they neither free a held message nor bring one back.
        if (loop.stop() == Stop.MAX_ACK_PENDING || schedule.queued() > 0) {
            turn(env.nowNanos());
        } else if (!(ack instanceof Ack.Acknowledge)) {
            arm(RedeliverySchedule.NEVER);
        }
        return true;
    }

    private void pullNext(Ack.AcknowledgeAndNext next, String reply) {
        PullRequests.Parsed parsed = PullRequests.parse(next.pull(), reply);
        if (parsed instanceof PullRequests.Accepted accepted) {
            pull(accepted.request());
        } else if (parsed instanceof PullRequests.Refused refused) {
            badPull(reply, refused.status());
        }
    }

    /** A client answered a flow control question. */
    public void flowControlAnswered(String replySubject) {
        if (!closed && demand instanceof PushDelivery push && push.flowControlAnswered(replySubject)) {
            turn(env.nowNanos());
        }
    }

    /** Messages were committed. */
    public void committed() {
        if (!closed) {
            turn(env.nowNanos());
        }
    }

    /** One message is gone; {@link #removalsAnnounced} follows. */
    public void messageRemoved(long sequence, byte[] subject) {
        backlog.messageRemoved(sequence, subject);
    }

    /**
     * A whole batch is gone; {@link #removalsAnnounced} follows.
     *
     * @param first first sequence that it had
     * @param last last one
     * @param matching tells how many of its messages matched a filter, negative when that is not known
     */
    public void batchDropped(long first, long last, ToLongFunction<SubjectFilter> matching) {
        backlog.dropped(first, last, matching);
    }

    private void counted() {
        env.counted();
        dataReady();
    }

    /** Whether {@link #info} tells all that is not delivered; else something is read to count it. */
    public boolean isCounted() {
        return closed || backlog.counted();
    }

    /** Messages of the range are gone; of each, or of its batch, this consumer has been told. */
    public void removalsAnnounced(long from, long to) {
        if (closed) {
            return;
        }
        backlog.removed(from, to);
        if (forget(from, to)) {
            env.stateChanged();
        }
        if (loop.stop() == Stop.MAX_ACK_PENDING || loading) {
            loading = false;
            turn(env.nowNanos());
        }
    }

    /** Somebody came to or left an inbox or the deliver subject. */
    public void interestChanged() {
        if (!closed) {
            long now = env.nowNanos();
            if (config.push()) {
                activeAt = now;
            }
            turn(now);
        }
    }

    /** What was LOADING is there. */
    public void dataReady() {
        if (!closed) {
            loading = false;
            if (uncheckedTo > 0) {
                long from = uncheckedFrom;
                long to = uncheckedTo;
                uncheckedFrom = Long.MAX_VALUE;
                uncheckedTo = 0;
                if (forget(from, to)) {
                    env.stateChanged();
                }
            }
            turn(env.nowNanos());
        }
    }

    /** The time asked for with {@code wakeAt} has come. */
    public void onTimer() {
        if (closed) {
            return;
        }
        wish = RedeliverySchedule.NEVER;
        long now = env.nowNanos();
        touch(now);
        schedule.expire(now);
        demand.onTimer(now);
        turn(now);
        if (config.inactiveThresholdNanos() > 0 && !removalAsked && now >= inactiveAt()) {
            removalAsked = true;
            env.removeInactive();
        }
    }

    /** Changes the configuration; what was delivered and acknowledged stays. */
    public void update(ConsumerConfig newConfig) {
        if (closed) {
            return;
        }
        ConsumerConfig old = config;
        config = newConfig;
        loop.configure(newConfig);
        acknowledgements.configure(newConfig);
        if (old.ackWaitNanos() != newConfig.ackWaitNanos() || !old.backoffNanos().equals(newConfig.backoffNanos())) {
            schedule.configure(newConfig.ackWaitNanos(), newConfig.backoffNanos());
        }
        if (!old.filterSubjects().equals(newConfig.filterSubjects())) {
            backlog.filter(SubjectFilter.of(newConfig.filterSubjects()));
        }
        if (demand instanceof PushDelivery push) {
            push.configure(newConfig);
        }
        long now = env.nowNanos();
        activeAt = now;
        turn(now);
    }

    /** What CONSUMER.INFO tells. A question: nothing changes by it. */
    public ConsumerInfo info() {
        int waiting = 0;
        boolean bound = false;
        if (demand instanceof PullQueue pulls) {
            waiting = pulls.waiting(env.nowNanos());
        } else if (demand instanceof PushDelivery push) {
            bound = push.hasInterest();
        }
        return new ConsumerInfo(view.streamName(), config, createdNanos, marks.deliveredConsumer,
            marks.deliveredStream, marks.deliveredAtNanos, marks.floorConsumer, marks.floorStream, marks.floorAtNanos,
            pending.size(), pending.redelivered(), waiting, backlog.size(), marks.exhausted,
            marks.terminated, bound);
    }

    /**
     * Whether the consumer still needs a message: it matches and is not delivered, or is delivered and neither
     * acknowledged nor terminated. A message that ran out of deliveries is still needed, as in JetStream, and on an
     * ack-based station a terminated one too.
     *
     * @param sequence of the message
     * @param subject array with its subject
     * @param offset where the subject begins
     * @param length its length
     */
    public boolean unsettled(long sequence, byte[] subject, int offset, int length) {
        return pending.holds(sequence) || backlog.holds(sequence, subject, offset, length);
    }

    /** Below this sequence every message was delivered or is not wanted: of those, only what is held is unsettled. */
    public long passed() {
        long[] chosen = backlog.chosen();
        return chosen.length == 0 ? backlog.next() : Math.min(backlog.next(), chosen[0]);
    }

    /** Whether a message was delivered and is unsettled. */
    public boolean holds(long sequence) {
        return pending.holds(sequence);
    }

    /** Visits every message that it holds, in no particular order. */
    public void visitHeld(LongConsumer visitor) {
        pending.visit(visitor);
    }

    /** Whether its state is kept in memory only. */
    public boolean inMemory() {
        return config.memoryStorage();
    }

    /** What it wants. */
    public SubjectFilter filter() {
        return backlog.filter();
    }

    /** The state to store; versioned and checksummed. */
    public byte[] encodeState() {
        return ConsumerState.encode(marks, pending, backlog.next(), backlog.chosen());
    }

    /** The consumer is deleted: ends its requests; later calls do nothing. */
    public void deleted() {
        if (!closed && demand instanceof PullQueue pulls) {
            pulls.consumerDeleted();
        }
        closed = true;
    }

    /** The server stops: ends its requests; later calls do nothing. */
    public void shutdown() {
        if (!closed && demand instanceof PullQueue pulls) {
            pulls.serverStops();
        }
        closed = true;
    }

    /** Delivers what can be delivered. What happens inside may call back into this consumer, hence the guard. */
    private void turn(long now) {
        if (running) {
            runAgain = true;
            return;
        }
        touch(now);
        if (!loading) {
            running = true;
            try {
                do {
                    runAgain = false;
                    loading = loop.run(now) == Stop.LOADING;
                } while (runAgain && loop.stop() != Stop.TURN_USED && !loading && !closed);
            } finally {
                running = false;
            }
        }
        arm(!loading && loop.stop() == Stop.TURN_USED ? now : RedeliverySchedule.NEVER);
    }

    /** Waiting requests, or a listener, keep the consumer from being idle. */
    private void touch(long now) {
        if (config.inactiveThresholdNanos() == 0) {
            return;
        }
        boolean active;
        if (demand instanceof PullQueue pulls) {
            if (now >= inactiveAt()) {
                // A request without expiry may wait for an inbox that is long gone.
                pulls.prune(now);
            }
            active = pulls.size() > 0;
        } else {
            active = demand instanceof PushDelivery push && push.hasInterest();
        }
        if (active) {
            activeAt = now;
        }
    }

    private long inactiveAt() {
        return config.inactiveThresholdNanos() > 0 && !removalAsked ? activeAt + config.inactiveThresholdNanos()
            : RedeliverySchedule.NEVER;
    }

    /** Asks for a timer when something is due before the one already asked for. */
    private void arm(long atLatest) {
        if (closed) {
            return;
        }
        long next = Math.min(Math.min(atLatest, loop.resumeAt()), Math.min(schedule.nextDeadline(), demand.nextWake()));
        next = Math.min(next, inactiveAt());
        if (next < wish) {
            wish = next;
            env.wakeAt(next);
        }
    }
}
