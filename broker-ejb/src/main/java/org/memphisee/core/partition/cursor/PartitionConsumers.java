package org.memphisee.core.partition.cursor;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.retention.InterestRetention;
import org.memphisee.core.partition.retention.Removals;
import org.memphisee.core.subject.ByteKeyMap;
import org.memphisee.core.wire.Ack;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.PullRequests;

/** The consumers of a partition. Shard's thread only. */
public final class PartitionConsumers implements StoredMessages.Watcher {

    private final long partition;
    private final ShardResources resources;
    private final StoredMessages messages;
    private final InterestRetention interest;
    private final ByteKeyMap<ConsumerSlot> slots = new ByteKeyMap<>();
    private final List<ConsumerSlot> order = new ArrayList<>();
    private final List<Consumer> consumers = new AbstractList<>() {
        @Override
        public Consumer get(int index) {
            return order.get(index).consumer();
        }

        @Override
        public int size() {
            return order.size();
        }
    };
    private final AckSubject ackSubject = new AckSubject();
    private final CursorWrites cursors;
    /** Consumers whose first messages are being looked for, by name. */
    private final Map<String, ConsumerSlot> adding = new HashMap<>();
    /** Who waits for consumers to have counted. */
    private final List<Runnable> uncounted = new ArrayList<>(0);
    private final Map<Long, byte[]> recovered = new HashMap<>();
    private final Letters letters;
    private boolean dataReady;

    /** Keeps what consumers give up. */
    public interface Letters extends StoredWithCursors {

        /** Whether what the consumer gives up is kept. */
        boolean takesFrom(ConsumerSlot slot);

        /** It gave up a message, which it holds until that is kept. */
        void gaveUp(ConsumerSlot slot, long sequence, int deliveries, boolean terminated, String reason);

        /** The consumer went for good. */
        void removed(String consumer);

        /** Records that were asked for may be there. */
        void dataReady();
    }

    /**
     * None yet.
     *
     * @param mayWrite whether the store may be changed for the partition
     * @param freeze told of a write that failed for another reason than a full disk
     * @param letters keeps what they give up
     */
    public PartitionConsumers(long partition, ShardResources resources, StoredMessages messages, Removals removals,
                       InterestRetention interest, BooleanSupplier mayWrite,
                       java.util.function.Consumer<StoreException> freeze, Letters letters) {
        this.partition = partition;
        this.resources = resources;
        this.messages = messages;
        this.interest = interest;
        this.letters = letters;
        this.cursors = new CursorWrites(partition, order, resources, messages, removals, mayWrite, freeze, letters);
    }

    /** All consumers are here: cursors that belong to none are left over from one whose removal was not finished. */
    public void opened() {
        boolean unfinished = !recovered.isEmpty();
        recovered.keySet().forEach(id -> cursors.drop(id));
        recovered.clear();
        interest.opened(unfinished);
        cursors.storeSoon();
    }

    /** A cursor that was found in the store; its consumer is added later. */
    public void recoveredCursor(long consumer, byte[] state) {
        recovered.put(consumer, state);
    }

    /** A cursor is stored no more. */
    public void droppedCursor(long consumer) {
        recovered.remove(consumer);
    }

    /** A command of the shard begins that works on this partition. */
    void entered() {
        messages.enter();
    }

    /** Number of the partition. */
    long partition() {
        return partition;
    }

    public int size() {
        return order.size();
    }

    List<ConsumerSlot> slots() {
        return order;
    }

    /** Adds a consumer, in place of one of that name; {@code done} is told once, later when it begins with messages that have to be found by reading. */
    public void add(long id, ConsumerConfig config, long createdNanos, long startSequence, Runnable done) {
        boolean replaces = find(config.name()).isPresent();
        find(config.name()).ifPresent(slot -> slot.consumer().replaced());
        remove(config.name(), false);
        ConsumerSlot slot = new ConsumerSlot(id, config.name(), resources, this, cursors);
        byte[] state = recovered.remove(id);
        if (state != null) {
            add(slot, config, Consumer.restore(config, createdNanos, startSequence, state, messages.view(), slot));
            done.run();
        } else if (Consumer.needsLasts(config, messages.view())) {
            adding.put(config.name(), slot);
            messages.view().lastPerSubject(SubjectFilter.of(config.filterSubjects()), new PartitionView.Answer<>() {
                @Override
                public void known(PartitionView.Lasts lasts) {
                    if (adding.remove(config.name(), slot)) { // else it was removed meanwhile
                        add(slot, config, new Consumer(config, createdNanos, startSequence, Optional.of(lasts),
                            messages.view(), slot));
                    }
                    done.run();
                }

                @Override
                public void unknown(String why) {
                    adding.remove(config.name(), slot);
                    done.run();
                }
            });
        } else {
            add(slot, config, new Consumer(config, createdNanos, startSequence, Optional.empty(), messages.view(),
                slot));
            if (replaces) {
                interest.reviewAll(); // what the other one needed may be needed by nobody now
            }
            done.run();
        }
    }

    private void add(ConsumerSlot slot, ConsumerConfig config, Consumer consumer) {
        slots.put(slot.name, slot);
        order.add(slot);
        slot.bind(consumer, config);
        // at the end of the turn, so that whoever asked for the consumer hears of it before its first message
        resources.shard().atEndOfTurn(() -> {
            if (slots.get(slot.name) == slot) {
                consumer.interestChanged();
                consumer.committed();
            }
        });
        interest.consumersChanged(consumers);
    }

    public void update(String name, ConsumerConfig config) {
        find(name).ifPresent(slot -> {
            slot.consumer().update(config);
            slot.rewatch(config);
            slot.consumer().interestChanged();
            interest.consumersChanged(consumers);
        });
    }

    /** Removes a consumer with its cursor. */
    public void remove(String name) {
        remove(name, true);
        letters.removed(name);
        interest.consumersChanged(consumers);
        interest.reviewAll();
        counted(); // nobody waits for what it would have counted
    }

    private void remove(String name, boolean tellClients) {
        adding.remove(name);
        find(name).ifPresent(slot -> {
            slots.remove(slot.name);
            order.remove(slot);
            slot.close();
            if (tellClients) {
                slot.consumer().deleted();
            }
            slot.takeWaiting();
            if (messages.file()) {
                cursors.drop(slot.id);
                cursors.storeSoon();
            }
        });
    }

    public Optional<ConsumerSlot> find(String name) {
        return Optional.ofNullable(slots.get(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    public ConsumerSlot find(byte[] bytes, int offset, int length) {
        return slots.get(bytes, offset, length);
    }

    /** Their states as they would be stored now, by name. */
    public Map<String, byte[]> states() {
        Map<String, byte[]> states = new TreeMap<>();
        order.forEach(slot -> states.put(new String(slot.name, java.nio.charset.StandardCharsets.UTF_8),
            slot.consumer().encodeState()));
        return states;
    }

    public List<ConsumerInfo> infos() {
        Map<String, ConsumerInfo> sorted = new TreeMap<>();
        for (ConsumerSlot slot : order) {
            ConsumerInfo info = slot.consumer().info();
            sorted.put(info.config().name(), info);
        }
        return List.copyOf(sorted.values());
    }

    // ---- the data path

    public void committed() {
        for (int i = 0; i < order.size(); i++) {
            order.get(i).consumer().committed();
        }
    }

    public void dataReady() {
        if (!dataReady) {
            dataReady = true;
            resources.shard().atEndOfTurn(() -> {
                dataReady = false;
                for (int i = 0; i < order.size(); i++) {
                    order.get(i).consumer().dataReady();
                }
                letters.dataReady();
            });
        }
    }

    public void pull(ConsumerSlot slot, byte[] bytes, int offset, int length, String inbox) {
        PullRequests.Parsed parsed = PullRequests.parse(bytes, offset, length, inbox);
        if (parsed instanceof PullRequests.Accepted a) {
            slot.consumer().pull(a.request());
        } else if (parsed instanceof PullRequests.Refused r) {
            slot.consumer().badPull(inbox, r.status());
        }
    }

    /** An ack; false when its consumer is not here or asks for none. */
    public boolean acknowledge(byte[] bytes, int subjectOffset, int subjectLength, int payloadOffset, int payloadLength,
                        String reply) {
        if (!ackSubject.parse(bytes, subjectOffset, subjectLength)) {
            return true;
        }
        ConsumerSlot slot = find(bytes, ackSubject.consumerOffset, ackSubject.consumerLength);
        if (slot == null) {
            return false;
        }
        if (reply.isEmpty()) {
            return slot.consumer().acknowledge(ackSubject, Ack.parse(bytes, payloadOffset, payloadLength), reply);
        }
        return slot.acknowledge(ackSubject, Arrays.copyOfRange(bytes, subjectOffset, subjectOffset + subjectLength),
            Arrays.copyOfRange(bytes, payloadOffset, payloadOffset + payloadLength), reply);
    }

    // ---- cursors

    /** Cursors, and what was removed, are stored after the interval at the latest. */
    public void storeSoon() {
        cursors.storeSoon();
    }

    /** The same at the end of this turn, or when the write ends that is being made. */
    public void storeNow() {
        cursors.storeNow();
    }

    /** Whether a cursor has changed since it was last made durable. */
    public boolean unstored() {
        return cursors.unstored();
    }

    /** Whether nobody waits for an acknowledgement to be durable. */
    public boolean idle() {
        return cursors.idle();
    }

    /** Runs once all that changed so far is durable. */
    public void whenStored(Runnable action) {
        cursors.whenStored(action);
    }

    // ---- what consumers ask for

    void settled(long sequence) {
        interest.settled(sequence);
    }

    boolean keepsTerminated(ConsumerSlot slot) {
        return interest.keepsTerminated() || letters.takesFrom(slot);
    }

    void gaveUp(ConsumerSlot slot, long sequence, int deliveries, boolean terminated, String reason) {
        if (letters.takesFrom(slot)) {
            letters.gaveUp(slot, sequence, deliveries, terminated, reason);
        }
    }

    void inactive(ConsumerSlot slot) {
        resources.housekeeper().removeInactiveConsumer(partition, new String(slot.name,
            java.nio.charset.StandardCharsets.UTF_8));
    }

    public void messagesRemoved(long from, long to) {
        for (int i = 0; i < order.size(); i++) {
            order.get(i).consumer().removalsAnnounced(from, to);
        }
    }

    @Override
    public void removed(long sequence, byte[] subject) {
        for (int i = 0; i < order.size(); i++) {
            order.get(i).consumer().messageRemoved(sequence, subject);
        }
    }

    @Override
    public void dropped(long first, long last, ToLongFunction<SubjectFilter> matching) {
        for (int i = 0; i < order.size(); i++) {
            order.get(i).consumer().batchDropped(first, last, matching);
        }
    }

    /** Runs once all consumers can tell how much they have not delivered: mostly at once. */
    public void whenCounted(Runnable action) {
        boolean counted = true;
        for (int i = 0; i < order.size(); i++) {
            counted &= order.get(i).consumer().isCounted(); // each that is not begins to count
        }
        if (counted) {
            action.run();
        } else {
            uncounted.add(action);
        }
    }

    /** A consumer has counted. */
    void counted() {
        if (!uncounted.isEmpty()) {
            List<Runnable> again = List.copyOf(uncounted);
            uncounted.clear();
            again.forEach(this::whenCounted);
        }
    }

    private void endCounting() {
        List<Runnable> waiting = List.copyOf(uncounted);
        uncounted.clear();
        waiting.forEach(Runnable::run);
    }

    public void shutdown() {
        order.forEach(s -> s.consumer().shutdown());
    }

    /** Another broker is about to serve them, or is not after all: see {@link Consumer#pause}. */
    public void pause(boolean now) {
        order.forEach(s -> s.consumer().pause(now));
    }

    /**
     * Another broker serves them from now on, and gets their requests, and acknowledgements that nobody has answered. What is stored
     * of them takes no effect here any more.
     */
    public void ceased() {
        order.forEach(s -> {
            s.consumer().leaderChanged();
            s.handOnUnanswered();
        });
        stop();
    }

    /** Nothing of them is sure any more: their timers end. */
    public void stop() {
        order.forEach(ConsumerSlot::close);
        cursors.stop();
        endCounting();
    }

    /** The stream goes, and with it all of them: nobody finds one any more. */
    public void deleted() {
        for (ConsumerSlot slot : order) {
            slots.remove(slot.name);
            slot.close();
            slot.consumer().deleted();
        }
        order.clear();
        cursors.stop();
        endCounting();
    }
}
