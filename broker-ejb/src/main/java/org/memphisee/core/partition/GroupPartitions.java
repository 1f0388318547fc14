package org.memphisee.core.partition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.partition.publish.StationWindow;
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
    private final Map<Long, GroupedPartition> places = new LinkedHashMap<>();
    /** Message ids of stations with several partitions, all of which are in this group; new ones after each leadership. */
    private final Map<Long, StationWindow> windows = new HashMap<>();
    /** Partitions with changes that the store has not got. */
    private final Set<Partition> applied = new LinkedHashSet<>();
    private final ShardTimer patience = new ShardTimer(this::refuseEarly);
    private Consumer<StoreException> broken = cause -> { };
    private boolean leading;
    private boolean elsewhere;
    private boolean failed;
    /** What the store has is being replaced, and not to be read. */
    private boolean left;

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
        create(handle(id, 0, createdNanos, config));
    }

    /** The way to a partition that is about to be created. Any thread. */
    GroupedPartition handle(long id, long station, long createdNanos, StreamConfig config) {
        return new GroupedPartition(id, station, createdNanos, config, shard());
    }

    /** As {@link #create(long, long, StreamConfig)}. */
    void create(GroupedPartition place) throws StoreException {
        places.put(place.id(), place);
        listener.elsewhere(place.id(), place.config());
        follow(place);
        if (leading) {
            lead(place);
        }
    }

    /** The same; what cannot be read ends the part that this node takes in the group. */
    void createOrFail(GroupedPartition place) {
        try {
            create(place);
        } catch (StoreException e) {
            broken.accept(e);
        }
    }

    /** A consumer of a partition is defined. */
    public void define(long partition, ConsumerDefinition consumer) {
        places.get(partition).define(consumer);
    }

    /** A partition has another configuration from now on. */
    public void update(long id, StreamConfig config) {
        GroupedPartition place = places.get(id);
        if (place == null) {
            return;
        }
        StreamConfig before = place.configure(config);
        if (leading) {
            listener.changed(place.partition(), before);
        } else {
            listener.elsewhere(id, config);
        }
    }

    /** A partition shares message ids with others of its station from now on, which are in this group too. */
    void share(long id, long station, Runnable done) {
        GroupedPartition place = places.get(id);
        if (place == null || place.station > 0) {
            done.run();
            return;
        }
        place.station = station;
        place.partition().enter();
        place.partition().share(window(station), done);
    }

    private StationWindow window(long station) {
        return windows.computeIfAbsent(station, s -> new StationWindow(resources.index()));
    }

    /** A partition is defined no more: it goes with all that is stored of it. */
    public void remove(long id, Runnable done) {
        GroupedPartition place = places.remove(id);
        if (leading) {
            listener.closed(place.partition());
        } else {
            listener.gone(id);
        }
        applied.remove(place.partition());
        place.partition().remove(done);
        place.early.handOn(place.partition()::publish); // which says that it is gone
        if (places.values().stream().noneMatch(other -> other.station == place.station)) {
            windows.remove(place.station);
        }
    }

    /** The way to a partition for what is defined of it. */
    PartitionDefiner defining(long id) {
        return places.get(id);
    }

    /** The partitions as they are now. */
    public Collection<Partition> all() {
        return places.values().stream().map(GroupedPartition::partition).toList();
    }

    /** The object that has a partition now, null when it is not defined. */
    public Partition partition(long id) {
        GroupedPartition place = places.get(id);
        return place == null ? null : place.partition();
    }

    // ---- the data path

    /** Takes one message, has it wait until somebody decides, or refuses it; the origin hears what came of it, once. */
    public void publish(long id, PublishRequest request, PublishOrigin origin) {
        GroupedPartition place = places.get(id);
        if (place == null) {
            origin.ended(request, new PublishOutcome.Refused("", PublishRefusal.GONE, ""));
        } else if (leading) {
            place.partition().publish(request, origin);
        } else if (elsewhere || failed) {
            place.partition().refuse(request, origin, PublishRefusal.NO_LEADER);
        } else if (!place.early.add(request, origin)) {
            place.partition().refuse(request, origin, PublishRefusal.NO_ROOM_YET);
        } else if (!patience.set()) {
            shard().set(patience, shard().clock().nowNanos() + patienceNanos);
        }
    }

    /** Its thread. Any thread. */
    public Shard thread() {
        return shard();
    }

    /** The same. */
    Shard shard() {
        return resources.shard();
    }

    private void refuseEarly() {
        places.values().forEach(place -> place.early.handOn((request, origin) ->
            place.partition().refuse(request, origin, PublishRefusal.NO_LEADER)));
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

    private void follow(GroupedPartition place) throws StoreException {
        Optional<StationWindow> ids = place.station == 0 ? Optional.empty() : Optional.of(window(place.station));
        Partition partition = new Partition(place.id(), place.createdNanos(), GroupedPartition.stored(place.config()), resources,
            new Told(), ids);
        place.is(partition);
        if (left) {
            return;
        }
        try {
            partition.follow(store);
        } catch (StoreException | RuntimeException e) {
            StoreException why = e instanceof StoreException known ? known
                : new StoreException("partition " + place.id() + ": " + e, e, false);
            partition.failedRecovery(why);
            throw why;
        }
    }

    @Override
    public void lead() throws StoreException {
        leading = true;
        shard().cancel(patience);
        for (GroupedPartition place : places.values()) {
            lead(place);
        }
    }

    private void lead(GroupedPartition place) throws StoreException {
        if (place.outdated()) { // the store has everything, and what is made anew knows the configuration from its beginning
            place.partition().cease();
            follow(place);
        }
        place.partition().lead(store);
        shard().enter(null);
        place.lead();
        listener.opened(place.partition());
        place.early.handOn(place.partition()::publish);
    }

    @Override
    public void handsOver(boolean now) {
        places.keySet().forEach(id -> listener.handsOver(id, now));
        places.values().forEach(place -> place.partition().pause(now));
    }

    @Override
    public boolean idle() {
        return places.values().stream().allMatch(place -> place.partition().idle());
    }

    @Override
    public void storeSoon() {
        places.values().forEach(place -> place.partition().storeCursors());
    }

    @Override
    public void cease() {
        leading = false;
        elsewhere = false;
        for (GroupedPartition place : places.values()) {
            place.cease();
            listener.elsewhere(place.id(), place.config());
            place.partition().cease();
        }
    }

    @Override
    public void leave() {
        if (!left) {
            left = true;
            applied.clear();
            places.values().forEach(place -> place.partition().cease());
        }
    }

    /** Before any partition is defined: what the store has is being rebuilt, and read when that is over. */
    public void unread() {
        left = true;
    }

    /** Numbers under which something of the defined partitions is stored. */
    public Set<Long> storedNumbers() {
        return LetterRules.withLetters(places.keySet());
    }

    @Override
    public void follow() throws StoreException {
        left = false;
        windows.clear();
        for (GroupedPartition place : places.values()) {
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
