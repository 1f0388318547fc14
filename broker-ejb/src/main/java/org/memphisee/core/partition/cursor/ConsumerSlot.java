package org.memphisee.core.partition.cursor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerEnvironment;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.wire.PullRequest;

/** A consumer in its partition: its timer, its cursor's way to the disk, its listeners. Shard's thread only. */
public final class ConsumerSlot implements ConsumerEnvironment {

    final long id;
    final byte[] name;
    private final String text;
    private final ShardResources resources;
    private final PartitionConsumers owner;
    private final CursorWrites cursors;
    private final ShardTimer timer = new ShardTimer(this::onTimer);
    private final List<Runnable> whenDurable = new ArrayList<>(0);
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

    @Override
    public void whenDurable(Runnable action) {
        if (!cursors.durable(this)) {
            action.run();
            return;
        }
        dirty = true;
        whenDurable.add(action);
        cursors.storeNow();
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
