package org.memphisee.core.partition.cursor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerEnvironment;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.wire.Ack;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.PullRequest;

/** A consumer in its partition: its timer, its cursor's way to the disk, its listeners. Shard's thread only. */
public final class ConsumerSlot implements ConsumerEnvironment {

    private static final byte[] NOTHING = {};

    final long id;
    final byte[] name;
    private final String text;
    private final ShardResources resources;
    private final PartitionConsumers owner;
    private final CursorWrites cursors;
    private final ShardTimer timer = new ShardTimer(this::onTimer);
    private final List<Runnable> whenDurable = new ArrayList<>(0);
    /** Acknowledgements whose clients wait for an answer, in the order in which they came. */
    private final Set<Confirmation> unanswered = new LinkedHashSet<>(0);
    /** The one that is being taken; null when nobody waits for its answer. */
    private Confirmation taking;
    private AutoCloseable watch = () -> { };
    /** On inboxes of pull requests. */
    private final Set<AutoCloseable> watches = Collections.newSetFromMap(new IdentityHashMap<>(0));
    private Consumer consumer;
    /** What the next write takes from it, ascending. */
    private long[] away = {};
    private boolean dirty;
    private boolean gone;

    ConsumerSlot(long id, String name, ShardResources resources, PartitionConsumers owner, CursorWrites cursors) {
        this.id = id;
        this.name = name.getBytes(StandardCharsets.UTF_8);
        this.text = name;
        this.resources = resources;
        this.owner = owner;
        this.cursors = cursors;
    }

    /** An acknowledgement, kept until it is durable, for the broker that may have to answer it in place of this one. */
    private final class Confirmation implements Runnable {
        private final byte[] subject;
        private final byte[] payload;
        private final String reply;

        private Confirmation(byte[] subject, byte[] payload, String reply) {
            this.subject = subject;
            this.payload = payload;
            this.reply = reply;
        }

        @Override
        public void run() {
            if (unanswered.remove(this)) { // else it is another broker's by now
                publish(reply, NOTHING);
            }
        }
    }

    void bind(Consumer bound, ConsumerConfig config) {
        consumer = bound;
        rewatch(config);
    }

    /** Follows who listens on the deliver subject. */
    void rewatch(ConsumerConfig config) {
        unwatch();
        if (config.push()) {
            watch = resources.inboxes().watch(config.deliverSubject(), resources.shard(), () -> {
                owner.entered();
                if (!gone) {
                    consumer.interestChanged();
                }
            });
        }
    }

    private void unwatch() {
        close(watch);
        watch = () -> { };
    }

    private static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("a watch does not fail to close", e);
        }
    }

    public Consumer consumer() {
        return consumer;
    }

    boolean dirty() {
        return dirty;
    }

    void stored() {
        dirty = false;
    }

    /** The state must be stored (again). */
    void markDirty() {
        dirty = true;
    }

    /** Name of the consumer. */
    public String name() {
        return text;
    }

    /** Messages that it gave up are kept elsewhere with the write that is being made: its cursor is stored without them. */
    public void givesAway(long[] sequences) {
        away = sequences;
        dirty = true;
    }

    /** The write has ended: they are gone from here, or stay. */
    void givenAway(boolean done) {
        long[] sequences = away;
        away = new long[] {};
        if (done) {
            for (long sequence : sequences) {
                consumer.letGo(sequence);
            }
        }
    }

    byte[] encodeState() {
        return away.length == 0 ? consumer.encodeState() : consumer.encodeStateWithout(away);
    }

    List<Runnable> takeWaiting() {
        List<Runnable> actions = List.copyOf(whenDurable);
        whenDurable.clear();
        return actions;
    }

    boolean waiting() {
        return !whenDurable.isEmpty();
    }

    void close() {
        gone = true;
        resources.shard().cancel(timer);
        unwatch();
        watches.forEach(ConsumerSlot::close);
        watches.clear();
    }

    private void onTimer() {
        if (!gone) {
            consumer.onTimer();
        }
    }

    @Override
    public long wallNanos() {
        return resources.shard().wallNanos(); // once for all acknowledgements of one read from a socket
    }

    @Override
    public void served(long waitedNanos) {
        resources.timings().fetch().record(waitedNanos);
    }

    @Override
    public void delivered(long messages) {
        resources.timings().deliveries().add(messages);
    }

    @Override
    public long nowNanos() {
        return resources.shard().clock().nowNanos();
    }

    @Override
    public long random() {
        return resources.random().getAsLong();
    }

    @Override
    public boolean handOn(PullRequest rest) {
        return resources.inboxes().handOn(owner.partition(), name, rest);
    }

    @Override
    public Inbox inbox(String subject, String queueGroup) {
        return resources.inboxes().inbox(subject, queueGroup);
    }

    @Override
    public AutoCloseable watch(String subject, Runnable changed) {
        AutoCloseable inner = resources.inboxes().watch(subject, resources.shard(), () -> unlessGone(changed));
        watches.add(inner);
        return () -> {
            watches.remove(inner);
            inner.close();
        };
    }

    @Override
    public void soon(Runnable action) {
        resources.shard().execute(() -> unlessGone(action));
    }

    private void unlessGone(Runnable action) {
        if (!gone) {
            action.run();
        }
    }

    @Override
    public void publish(String subject, byte[] payload) {
        resources.publisher().publish(subject, payload);
    }

    @Override
    public boolean heard(String subject) {
        return resources.publisher().heard(subject);
    }

    @Override
    public void wakeAt(long atNanos) {
        if (!gone) {
            resources.shard().set(timer, atNanos);
        }
    }

    @Override
    public void stateChanged() {
        dirty = true;
        cursors.storeSoon();
    }

    /** Takes an acknowledgement; false when its client is to be told that nobody asked for it. */
    boolean acknowledge(AckSubject delivery, byte[] subject, byte[] payload, String reply) {
        taking = new Confirmation(subject, payload, reply);
        try {
            return consumer.acknowledge(delivery, Ack.parse(payload, 0, payload.length), reply);
        } finally {
            taking = null;
        }
    }

    @Override
    public void confirm(String reply) {
        if (!cursors.durable(this)) {
            publish(reply, NOTHING);
            return;
        }
        dirty = true;
        unanswered.add(taking);
        whenDurable.add(taking);
        cursors.storeNow();
    }

    /** Another broker serves the consumer from now on: it gets the acknowledgements that nobody has answered, and answers them. */
    void handOnUnanswered() {
        for (Confirmation each : unanswered) {
            resources.inboxes().acknowledge(owner.partition(), each.subject, each.payload, each.reply);
        }
        unanswered.clear();
    }

    @Override
    public void settled(long sequence) {
        owner.settled(sequence);
    }

    @Override
    public boolean keepsTerminated() {
        return owner.keepsTerminated(this);
    }

    @Override
    public void gaveUp(long sequence, int deliveries, boolean terminated, String reason) {
        owner.gaveUp(this, sequence, deliveries, terminated, reason);
    }

    @Override
    public void counted() {
        owner.counted();
    }

    @Override
    public void removeInactive() {
        owner.inactive(this);
    }
}
