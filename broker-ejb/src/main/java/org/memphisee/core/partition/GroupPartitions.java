package org.memphisee.core.partition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.publish.EarlyPublishes;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.replication.ReplicatedState;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

/**
 * The partitions of a replication group on this node. While another broker decides, each copies what is decided, without
 * consumers and timers. When this one begins to decide, they get their consumers and serve. When it ceases, what they have in
 * memory may never be decided: each is left and read anew from the store (ADR 0141). Shard's thread only.
 */
public final class GroupPartitions implements ReplicatedState {

    private final ShardResources resources;
    private final LogStore store;
    private final PartitionTable.Listener listener;
    private final long patienceNanos;
    private final Map<Long, Place> places = new LinkedHashMap<>();
    /** Partitions with changes that the store has not got. */
    private final Set<Partition> applied = new LinkedHashSet<>();
    private final ShardTimer patience = new ShardTimer(this::refuseEarly);
    private Consumer<StoreException> broken = cause -> { };
    private boolean leading;
    private boolean elsewhere;
    private boolean failed;

    /** What is defined of a partition, and the object that has it now. */
    private static final class Place {
        private final long id;
        private final long createdNanos;
        private final StreamConfig config;
        private final Map<String, ConsumerDefinition> consumers = new LinkedHashMap<>();
        private final EarlyPublishes early;
        private Partition partition;

        private Place(long id, long createdNanos, StreamConfig config, Shard shard) {
            this.id = id;
            this.createdNanos = createdNanos;
            this.config = config;
            this.early = new EarlyPublishes(shard);
        }
    }

    /**
     * A group without partitions that does not decide.
     *
     * @param resources of its shard; their group is the replicated one
     * @param store what is read when partitions begin to copy
     * @param listener told of partitions that begin to serve, and cease
     * @param patienceNanos so long a publish waits for somebody to decide
     */
    public GroupPartitions(ShardResources resources, LogStore store, PartitionTable.Listener listener, long patienceNanos) {
        this.resources = resources;
        this.store = store;
        this.listener = listener;
        this.patienceNanos = patienceNanos;
    }

    @Override
    public void fail() {
        failed = true;
        refuseEarly();
    }

    @Override
    public void bind(Consumer<StoreException> whenBroken) {
        broken = whenBroken;
    }

    // ---- definitions

    /**
     * A partition of the group is defined, or was before this node started.
     *
     * @throws StoreException when what is stored of it cannot be read: then nothing of the group may be applied here
     */
    public void create(long id, long createdNanos, StreamConfig config) throws StoreException {
        Place place = new Place(id, createdNanos, config, shard());
        places.put(id, place);
        follow(place);
        if (leading) {
            lead(place);
        }
    }

    /** A consumer of a partition is defined. */
    public void define(long partition, ConsumerDefinition consumer) {
        Place place = places.get(partition);
        place.consumers.put(consumer.config().name(), consumer);
        if (leading) {
            add(place.partition, consumer);
        }
    }

    /** A partition is defined no more: it goes with all that is stored of it. */
    public void remove(long id, Runnable done) {
        Place place = places.remove(id);
        if (leading) {
            listener.closed(place.partition);
        }
        applied.remove(place.partition);
        place.partition.remove(done);
        place.early.handOn(place.partition::publish); // which says that it is gone
    }

    /** The partitions as they are now. */
    public Collection<Partition> all() {
        return places.values().stream().map(place -> place.partition).toList();
    }

    /** The object that has a partition now, null when it is not defined. */
    public Partition partition(long id) {
        Place place = places.get(id);
        return place == null ? null : place.partition;
    }

    // ---- the data path

    /** Takes one message, has it wait until somebody decides, or refuses it; the origin hears what came of it, once. */
    public void publish(long id, PublishRequest request, PublishOrigin origin) {
        Place place = places.get(id);
        if (place == null) {
            origin.ended(request, new PublishOutcome.Refused("", PublishRefusal.GONE, ""));
        } else if (leading) {
            place.partition.publish(request, origin);
        } else if (elsewhere || failed) {
            place.partition.refuse(request, origin, PublishRefusal.NO_LEADER);
        } else if (!place.early.add(request, origin)) {
            place.partition.refuse(request, origin, PublishRefusal.NO_ROOM_YET);
        } else if (!patience.set()) {
            shard().set(patience, shard().clock().nowNanos() + patienceNanos);
        }
    }

    private Shard shard() {
        return resources.shard();
    }

    private void refuseEarly() {
        places.values().forEach(place -> place.early.handOn((request, origin) ->
            place.partition.refuse(request, origin, PublishRefusal.NO_LEADER)));
    }

    /** One that copies and cannot read what it must is of no use to the group on this node. */
    private final class Told implements PartitionTable.Listener {
        @Override
        public void opened(Partition partition) {
            listener.opened(partition);
        }

        @Override
        public void changed(Partition partition, StreamConfig before) {
            listener.changed(partition, before);
        }

        @Override
        public void closed(Partition partition) {
            listener.closed(partition);
        }

        @Override
        public void frozen(Partition partition, StoreException cause) {
            listener.frozen(partition, cause);
            if (!leading) {
                broken.accept(cause);
            }
        }
    }

    // ---- who decides

    private void follow(Place place) throws StoreException {
        place.partition = new Partition(place.id, place.createdNanos, place.config, resources, new Told());
        try {
            place.partition.follow(store);
        } catch (StoreException | RuntimeException e) {
            StoreException why = e instanceof StoreException known ? known
                : new StoreException("partition " + place.id + ": " + e, e, false);
            place.partition.failedRecovery(why);
            throw why;
        }
    }

    @Override
    public void lead() throws StoreException {
        leading = true;
        shard().cancel(patience);
        for (Place place : places.values()) {
            lead(place);
        }
    }

    private void lead(Place place) throws StoreException {
        place.partition.lead(store);
        shard().enter(null);
        place.consumers.values().forEach(consumer -> add(place.partition, consumer));
        place.partition.run(PartitionOperations::opened); // behind what the consumers asked for
        listener.opened(place.partition);
        place.early.handOn(place.partition::publish);
    }

    private static void add(Partition partition, ConsumerDefinition consumer) {
        partition.run(operations -> operations.addConsumer(consumer.id(), consumer.config(), consumer.createdNanos(),
            consumer.startSequence(), () -> { }));
    }

    @Override
    public void cease() {
        leading = false;
        elsewhere = false;
        for (Place place : places.values()) {
            listener.closed(place.partition);
            place.partition.cease();
        }
    }

    @Override
    public void follow() throws StoreException {
        for (Place place : places.values()) {
            follow(place);
        }
    }

    @Override
    public void ledElsewhere(boolean known) {
        elsewhere = known;
        if (known) {
            shard().cancel(patience);
            refuseEarly();
        }
    }

    // ---- what another broker decided

    @Override
    public void apply(List<EntryChange> changes, Consumer<List<StoreChange>> done) throws StoreException {
        Map<Long, List<EntryChange>> byPartition = new LinkedHashMap<>();
        for (EntryChange change : changes) {
            if (there(number(change))) {
                byPartition.computeIfAbsent(number(change), number -> new ArrayList<>()).add(change);
            }
        }
        List<ApplyingEntry.Step> steps = new ArrayList<>();
        byPartition.forEach((number, all) -> {
            boolean letters = LetterRules.holdsLetters(number);
            Partition partition = partition(LetterRules.owner(number));
            if (!letters) {
                applied.add(partition);
            }
            ApplyingEntry.steps(letters ? null : partition, all, steps);
        });
        new ApplyingEntry(steps, done).goOn();
    }

    @Override
    public List<StoreChange> stillThere(List<StoreChange> changes) {
        return changes.stream().filter(change -> there(number(change))).toList();
    }

    @Override
    public void stored() {
        applied.forEach(Partition::copied);
        applied.clear();
    }

    private boolean there(long number) {
        return places.containsKey(LetterRules.owner(number));
    }

    private static long number(EntryChange change) {
        if (change instanceof EntryChange.Batch c) {
            return c.partition();
        }
        if (change instanceof EntryChange.Merge c) {
            return c.partition();
        }
        if (change instanceof EntryChange.Stored c) {
            return number(c.change());
        }
        throw new IllegalArgumentException("not of a partition: " + change.getClass().getSimpleName());
    }

    private static long number(StoreChange change) {
        if (change instanceof StoreChange.PutBatch c) {
            return c.partition();
        }
        if (change instanceof StoreChange.MergeBatches c) {
            return c.partition();
        }
        if (change instanceof StoreChange.DropBatches c) {
            return c.partition();
        }
        if (change instanceof StoreChange.PutTombstones c) {
            return c.partition();
        }
        if (change instanceof StoreChange.PutPartitionState c) {
            return c.partition();
        }
        if (change instanceof StoreChange.PutCursor c) {
            return c.partition();
        }
        if (change instanceof StoreChange.DropCursor c) {
            return c.partition();
        }
        throw new IllegalArgumentException("not of a partition: " + change.getClass().getSimpleName());
    }
}
