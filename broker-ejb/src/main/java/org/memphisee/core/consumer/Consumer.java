package org.memphisee.core.consumer;

import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;
import org.memphisee.core.consumer.DeliveryLoop.Stop;
import org.memphisee.core.wire.Ack;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.ConsumerAdvisories;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.core.wire.PullRequests;

/**
 * One consumer of a partition: the cursor of JetStream and of a Memphis consumer group. Shard's thread only; every
 * call returns without blocking and leaves its effects in the environment it was given.
 *
 * <p>Nothing is delivered while it is constructed. Whoever creates a push consumer answers the creator first and then
 * calls {@link #interestChanged()}; without that call it begins by its own timer a moment later.
 */
public final class Consumer {

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
    private final Idleness idleness;
    private final DeliveryTurns turns;
    private final PullIntake pulls;
    private ConsumerConfig config;

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
        this(config, createdNanos, view, env, ConsumerState.beginning(startSequence, lasts));
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
        this.removals = new RemovedMessages(view, marks, pending, schedule, backlog);
        long now = env.nowNanos();
        this.idleness = new Idleness(demand, config.inactiveThresholdNanos(), now);
        this.turns = new DeliveryTurns(env, loop, schedule, demand, idleness);
        this.pulls = new PullIntake(config, env, demand, backlog, schedule, idleness, turns);
        startClocks(now);
        turns.arm(config.push() ? now + PUSH_START_NANOS : RedeliverySchedule.NEVER);
    }

    /** Deliveries from before the restart come again one ack wait from now, unless their message is gone. */
    private void startClocks(long now) {
        for (int slot = pending.first(); slot != DeliverySlots.NONE; slot = pending.after(slot)) {
            schedule.start(slot, now);
        }
        removals.forget(1, Long.MAX_VALUE);
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
        return new Consumer(config, createdNanos, view, env,
            restored.within(Math.max(view.lastSequence() + 1, startSequence)));
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
        pulls.take(request);
    }

    /** A request that {@link PullRequests} refused. */
    public void badPull(String inbox, byte[] status) {
        pulls.refuse(inbox, status);
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
        if (turns.closed()) {
            return true;
        }
        if (idleness.matters()) {
            idleness.used(env.nowNanos());
        }
        boolean known = acknowledgements.apply(subject, ack);
        if (ack instanceof Ack.AcknowledgeAndNext next) {
            if (!reply.isEmpty()) {
                pulls.takeNext(next, reply);
            }
        } else if (!reply.isEmpty()) {
            if (!known) {
                return false; // an answer would promise that the message does not come again
            }
            env.confirm(reply);
        }
        // Nearly all acks end here: they neither free a held message nor bring one back.
        if (loop.stop() == Stop.MAX_ACK_PENDING || schedule.queued() > 0) {
            turns.turn(env.nowNanos());
        } else if (!(ack instanceof Ack.Acknowledge)) {
            turns.arm(RedeliverySchedule.NEVER);
        }
        return true;
    }

    /** A client answered a flow control question. */
    public void flowControlAnswered(String replySubject) {
        if (!turns.closed() && demand instanceof PushDelivery push && push.flowControlAnswered(replySubject)) {
            turns.turn(env.nowNanos());
        }
    }

    /** Messages were committed. */
    public void committed() {
        if (!turns.closed()) {
            turns.turn(env.nowNanos());
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
        return turns.closed() || backlog.counted();
    }

    /** Messages of the range are gone; of each, or of its batch, this consumer has been told. */
    public void removalsAnnounced(long from, long to) {
        if (turns.closed()) {
            return;
        }
        backlog.removed(from, to);
        if (removals.forget(from, to)) {
            env.stateChanged();
        }
        if (loop.stop() == Stop.MAX_ACK_PENDING || turns.loading()) {
            turns.loaded();
            turns.turn(env.nowNanos());
        }
    }

    /** Somebody came to or left an inbox or the deliver subject. */
    public void interestChanged() {
        if (!turns.closed()) {
            long now = env.nowNanos();
            if (config.push()) {
                idleness.used(now);
            }
            turns.turn(now);
        }
    }

    /** What was LOADING is there. */
    public void dataReady() {
        if (!turns.closed()) {
            turns.loaded();
            if (removals.forgetUnchecked()) {
                env.stateChanged();
            }
            turns.turn(env.nowNanos());
        }
    }

    /** The time asked for with {@code wakeAt} has come. */
    public void onTimer() {
        if (turns.closed()) {
            return;
        }
        turns.timerFired();
        long now = env.nowNanos();
        idleness.look(now);
        schedule.expire(now);
        demand.onTimer(now);
        turns.turn(now);
        if (idleness.over(now)) {
            env.removeInactive();
        }
    }

    /** Changes the configuration; what was delivered and acknowledged stays. */
    public void update(ConsumerConfig newConfig) {
        if (turns.closed()) {
            return;
        }
        ConsumerConfig old = config;
        config = newConfig;
        loop.configure(newConfig);
        acknowledgements.configure(newConfig);
        pulls.configure(newConfig);
        idleness.threshold(newConfig.inactiveThresholdNanos());
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
        idleness.used(now);
        turns.turn(now);
    }

    /** What CONSUMER.INFO tells. A question: nothing changes by it. */
    public ConsumerInfo info() {
        int waiting = 0;
        boolean bound = false;
        if (demand instanceof PullQueue queue) {
            waiting = queue.waiting(env.nowNanos());
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

    /** The lowest message from a sequence on that it gave up and holds still, negative when there is none. */
    public long nextGivenUp(long from) {
        long next = pending.nextExhausted(from);
        return next == SequenceSet.NONE ? -1 : next;
    }

    /** Gives a message up for a client that did not say so by its ack subject. False when it does not have it. */
    public boolean terminate(long sequence, String reason) {
        return !turns.closed() && acknowledgements.terminate(sequence, reason);
    }

    /** What it gave up is kept elsewhere: it needs the message no more. */
    public void letGo(long sequence) {
        if (pending.forgetExhausted(sequence)) {
            env.settled(sequence);
        }
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

    /** The state to store when some of what it gave up is kept elsewhere by the same write. */
    public byte[] encodeStateWithout(long[] givenUp) {
        boolean[] again = new boolean[givenUp.length];
        boolean[] held = new boolean[givenUp.length];
        for (int i = 0; i < givenUp.length; i++) {
            again[i] = pending.exhausted(true).contains(givenUp[i]);
            held[i] = pending.forgetExhausted(givenUp[i]);
        }
        byte[] state = encodeState();
        for (int i = 0; i < givenUp.length; i++) {
            if (held[i]) {
                pending.exhausted(givenUp[i], again[i]);
            }
        }
        return state;
    }

    /** The consumer is deleted: ends its requests; later calls do nothing. */
    public void deleted() {
        if (!turns.closed() && demand instanceof PullQueue queue) {
            queue.consumerDeleted();
        }
        turns.close();
    }

    /** Another consumer takes its place: its requests end as if their time was over, and come again; later calls do nothing. */
    public void replaced() {
        if (!turns.closed() && demand instanceof PullQueue queue) {
            queue.replaced();
        }
        turns.close();
    }

    /**
     * Another broker is about to serve it, and is to know of all that was delivered: nothing is delivered for a moment. Or it is
     * not after all, and everything goes on.
     */
    public void pause(boolean now) {
        turns.pause(now);
        if (!now && !turns.closed()) {
            turns.turn(env.nowNanos());
        }
    }

    /** Another broker serves it from now on, and gets its requests; later calls do nothing. */
    public void leaderChanged() {
        if (!turns.closed() && demand instanceof PullQueue queue) {
            queue.leaderChanges();
        }
        turns.close();
    }

    /** The server stops: ends its requests; later calls do nothing. */
    public void shutdown() {
        if (!turns.closed() && demand instanceof PullQueue queue) {
            queue.serverStops();
        }
        turns.close();
    }
}
