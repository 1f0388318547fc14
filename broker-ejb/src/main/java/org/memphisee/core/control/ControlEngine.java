package org.memphisee.core.control;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.Author;
import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.GroupPlace;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.cluster.PlacementChoice;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.errand.Errands;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.PartitionRegistry;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.schema.SchemaBench;
import org.memphisee.core.schema.SchemaGates;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;

/**
 * What the doors work with: locks of names, definitions and changes that become durable, then effective. All methods on the
 * control loop unless they say otherwise.
 */
public final class ControlEngine {

    private static final long CLOSE_SECONDS = 10;
    /** The bench hands over one thing at a time. */
    private static final int SCHEMA_WORK = 2;
    /** Groups of partitions have numbers above that of the group of the definitions. */
    private static final long NOT_OF_DATA = 1;
    private static final int DEFAULT_REPLICAS = 3;

    private final ControlSettings settings;
    private final PartitionRegistry registry;
    private final Errands errands;
    private final AnsweredPublisher publisher;
    private final World world;
    private final ControlLoop loop;
    private final SystemLog systemLog;
    private final Definitions definitions = new Definitions();
    private final Claims claims;
    private final NameLocks locks;
    private final ChangeLog log;
    private final Effects effects;
    private final ExecutorService schemaWorker;
    private final SchemaBench schemaBench;
    private volatile boolean clustered;
    private volatile ApiRegistry api = (pattern, handler) -> { };
    private volatile ClusterView view = ClusterView.NONE;
    private int eventsSinceSnapshot;
    private long recoveredIndex;
    /** Completed when no change is in flight; null while nobody waits for that. */
    private CompletableFuture<Void> quiet;

    /** An engine with nothing defined; {@link #recovery()} comes next. */
    public ControlEngine(ControlSettings settings, SystemLog systemLog, PartitionRegistry registry,
                         AnsweredPublisher publisher, World world, ControlLoop loop) {
        this(settings, systemLog, registry, publisher, world, loop, SchemaLanguages.NONE, SchemaGates.NONE);
    }

    /** An engine with nothing defined that knows languages of schemas, and where messages are looked at. */
    public ControlEngine(ControlSettings settings, SystemLog systemLog, PartitionRegistry registry, AnsweredPublisher publisher,
                         World world, ControlLoop loop, SchemaLanguages languages, SchemaGates gates) {
        this.settings = settings;
        this.claims = new Claims(definitions, settings);
        this.registry = registry;
        this.errands = new Errands(registry, world.clock(), loop::resume);
        this.publisher = publisher;
        this.world = world;
        this.loop = loop;
        this.locks = new NameLocks(loop, systemLog);
        definitions.numbers().share(systemLog.numbers());
        this.systemLog = systemLog;
        this.log = new ChangeLog(systemLog, definitions, settings.snapshotEvery(), settings.keepEvents());
        this.schemaWorker = world.worker("memphisee-schemas", SCHEMA_WORK);
        this.schemaBench = new SchemaBench(languages, schemaWorker);
        this.effects = new Effects(registry, definitions, loop, new DefinitionAdvisories(publisher, world),
            new SchemaEffects(definitions, loop, schemaBench, gates));
        log.listen((index, event) -> clustered |= event instanceof ClusterEvent.ReplicationGroupsFormed);
        loop.atEndOfTurn(this::tellIfQuiet);
    }

    /** Publishes for the broker itself. Any thread. */
    public AnsweredPublisher publisher() {
        return publisher;
    }

    // ---- life cycle

    /** Receives snapshot and events from the store, before {@link #start}. Not on the loop, which must not run yet. */
    public LogStore.SystemLogVisitor recovery() {
        return new LogStore.SystemLogVisitor() {
            @Override
            public void snapshot(long index, byte[] snapshot) {
                definitions.restore(read("the system snapshot of index " + index,
                    () -> SystemEventCodec.decodeSnapshot(index, snapshot)));
                recoveredIndex = index;
            }

            @Override
            public void event(long index, byte[] event) {
                if (index > recoveredIndex) { // older ones are kept for projections
                    definitions.apply(read("system event " + index, () -> SystemEventCodec.decode(event)));
                    recoveredIndex = index;
                    eventsSinceSnapshot++;
                }
            }
        };
    }

    private interface Reading<T> {
        T read() throws FormatException;
    }

    private static <T> T read(String what, Reading<T> reading) {
        try {
            return reading.read();
        } catch (FormatException e) {
            throw new IllegalStateException("the definitions cannot be recovered, " + what + " is refused: " + e.getMessage(), e);
        }
    }

    /** Partitions that the recovered definitions know, and where positions of replication groups are stored; all others in the store are leftovers. Before the loop runs. */
    public Set<Long> knownPartitions() {
        Set<Long> known = new HashSet<>(definitions.partitionIds());
        definitions.replicationGroups().groups().forEach(group -> known.add(GroupPosition.partition(group.id())));
        return known;
    }

    /** Numbers of partitions up to here are those of leftovers in the store: none of them is given again. Before the loop runs. */
    public void leftovers(long highest) {
        definitions.numbers().seen(highest);
    }

    /** Opens all partitions with their consumers. Any thread; the result completes on a shard's thread. */
    public CompletableFuture<Void> start() {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        loop.resume(() -> {
            clustered = definitions.replicationGroups().clustered();
            log.recovered(recoveredIndex, eventsSinceSnapshot);
            systemLog.follow(new Others());
            effects.recovered(recoveredIndex);
            effects.performAll(() -> opened.complete(null));
        });
        return opened;
    }

    /** Lets changes in flight end, for a bounded time, then ends the loop. Not on the loop. */
    public void close() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        loop.resume(() -> quiet = ended);
        try {
            world.await(ended, TimeUnit.SECONDS.toNanos(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // what is still in flight is not waited for: it is durable or was not answered
        }
        loop.close();
        schemaWorker.shutdown();
    }

    private void tellIfQuiet() {
        if (quiet != null && log.inFlight() == 0 && locks.idle()) {
            quiet.complete(null);
        }
    }

    // ---- reading

    /** Hands over work from any thread; refused with {@link ControlLoop.LoopFullException}. */
    public void submit(Runnable task) {
        loop.execute(task);
    }

    /**
     * Asks something on the control loop. From any thread.
     *
     * @return what the question says or throws, told on the loop; or the {@link ControlLoop.LoopFullException}
     */
    public <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            submit(() -> {
                try {
                    answer.complete(question.get());
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (ControlLoop.LoopFullException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** Goes on with accepted work. Any thread. */
    public void resume(Runnable continuation) {
        loop.resume(continuation);
    }

    public ControlSettings settings() {
        return settings;
    }

    public Definitions definitions() {
        return definitions;
    }

    /** Partitions for look-ups. Any thread. */
    public PartitionRegistry registry() {
        return registry;
    }

    /** Whatever is to be done on partitions, wherever that is. Any thread. */
    public Errands errands() {
        return errands;
    }

    /** Any thread. */
    public BrokerClock clock() {
        return world.clock();
    }

    /** Time, chance and loops. Any thread. */
    public World world() {
        return world;
    }

    /** Whether a failed write stopped all changes until a restart. Any thread. */
    public boolean frozen() {
        return log.frozen();
    }

    /** Everything defined, as one moment's immutable copy. Any thread. */
    public CompletableFuture<DefinitionsSnapshot> snapshot() {
        CompletableFuture<DefinitionsSnapshot> copy = new CompletableFuture<>();
        loop.resume(() -> copy.complete(definitions.snapshot(log.durableIndex())));
        return copy;
    }

    /** What makes a thing as it is now; empty when it is not there. Any thread. */
    public CompletableFuture<Optional<SystemEvent>> present(String kind, String object) {
        CompletableFuture<Optional<SystemEvent>> found = new CompletableFuture<>();
        loop.resume(() -> found.complete(log.subjects().present(kind, object)));
        return found;
    }

    /** Adds a listener for events from now on. */
    public void listen(SystemEventListener listener) {
        log.listen(listener);
    }

    /**
     * Adds a listener and copies what was before its first event. Any thread.
     *
     * @return everything up to the listener's first event
     */
    public CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener) {
        CompletableFuture<DefinitionsSnapshot> copy = new CompletableFuture<>();
        loop.resume(() -> {
            log.listen(listener);
            copy.complete(definitions.snapshot(log.durableIndex()));
        });
        return copy;
    }

    /**
     * Has somebody told when what follows from an event is handed to the partitions, and up to which event everything was. Before
     * {@link #start}; told on the control loop.
     */
    public void whenHandedOver(LongConsumer begins, LongConsumer ended) {
        effects.whenHandedOver(begins, ended);
    }

    // ---- placing

    /** The doors of the broker, for what another node has to be asked; before they serve. */
    public void api(ApiRegistry doors) {
        api = doors;
    }

    /** The doors of the broker. Any thread. */
    public ApiRegistry api() {
        return api;
    }

    /** The cluster as this node sees it; before {@link #start}. */
    public void view(ClusterView cluster) {
        view = cluster;
    }

    /** The cluster as this node sees it. Any thread. */
    public ClusterView view() {
        return view;
    }

    /** Whether this node is one of a cluster. Any thread. */
    public boolean clustered() {
        return clustered;
    }

    /**
     * Where new partitions go: for each of them the replication group.
     *
     * @param replicas 1, 3 or 5
     * @return empty when fewer nodes are there
     */
    public Optional<List<Long>> place(int replicas, int partitions) {
        return new PlacementChoice(definitions.replicationGroups(), view.live(), view.fit())
            .place(replicas, partitions, definitions.placements());
    }

    /** How many copies something has that nobody said it of: as configured, or three where that many nodes are there. */
    public int defaultReplicas() {
        if (settings.defaultReplicas() > 0 && definitions.replicationGroups().clustered()) {
            return settings.defaultReplicas();
        }
        return view.live().size() >= DEFAULT_REPLICAS && definitions.replicationGroups().nodes().size() >= DEFAULT_REPLICAS
            ? DEFAULT_REPLICAS : 1;
    }

    /** Where partitions go whose messages are on this node already. */
    public long placeHere() {
        return definitions.replicationGroups().of(1).stream().filter(group -> group.preferred().equals(view.self()))
            .findFirst().map(GroupPlace::id).orElse(Placement.ALONE);
    }

    /**
     * Gives a new cluster its groups, unless it has them. At the leader of the definitions only.
     *
     * @param nodes names of all nodes, in the order that all of them know
     * @param seed the node that had definitions before; empty for none
     * @param rings groups that a node prefers to lead, at least 1
     */
    public void formGroups(List<String> nodes, String seed, int rings, ChangeResult result) {
        if (definitions.replicationGroups().clustered()) {
            result.effective();
            return;
        }
        definitions.numbers().seen(NOT_OF_DATA);
        GroupMap groups = GroupMap.formed(nodes, seed, rings, allocateIds(0));
        allocateIds(groups.groups().size());
        change(Author.BROKER, new ClusterEvent.ReplicationGroupsFormed(groups), result);
    }

    // ---- changing

    /** A number never used before, for a station, partition, consumer or user. */
    public long allocateId() {
        return definitions.numbers().allocate(1);
    }

    /** The first of so many consecutive numbers. */
    public long allocateIds(int count) {
        return definitions.numbers().allocate(count);
    }

    /** Whether a number is one of those that this node gives out: what has it was begun here. */
    public boolean own(long id) {
        return definitions.numbers().own(id);
    }

    /**
     * Runs the task when all earlier changes of the same station or stream are done. Stations and the streams of their
     * partitions share a lock, whatever the case of their names.
     *
     * @param name a station's external or internal name or a stream's name
     */
    public void lock(String name, Consumer<NameLock> task) {
        String station = StationLayout.internalName(StationLayout.stationPart(name));
        locks.take(station.toLowerCase(Locale.ROOT), task);
    }

    /** Where schemas are read. Any thread. */
    public SchemaBench schemaBench() {
        return schemaBench;
    }

    /**
     * Runs the task when all earlier changes of the schema of that name are done, whatever its case. Who needs a station's lock
     * too takes that first.
     */
    public void lockSchema(String name, Consumer<NameLock> task) {
        locks.take(".schema:" + name.toLowerCase(Locale.ROOT), task); // no station or stream begins with a dot
    }

    /** Runs the task when all earlier changes of users are done. */
    public void lockUsers(Consumer<NameLock> task) {
        locks.take(".users", task); // no station or stream begins with a dot
    }

    /** Runs the task when all earlier definitions of tags are done. */
    public void lockTags(Consumer<NameLock> task) {
        locks.take(".tags", task);
    }

    /** What streams take, those included that are about to be made. */
    public Claims claims() {
        return claims;
    }

    /**
     * Appends the event; when it is durable, folds it and makes it effective. The event and the record of who made it are
     * one commit.
     *
     * @param by who wants it
     */
    public void change(Author by, SystemEvent event, ChangeResult result) {
        change(event, result, (before, durable, failed) -> log.append(by, world.clock().wallNanos(), event, before, durable, failed));
    }

    /**
     * Appends an event that another node decided and wrote, which has its names to itself: in effect when it is so here. It is
     * refused when something else has its subjects by now.
     *
     * @param stored as it is to be in the log
     * @throws IllegalStateException when it cannot be read: it is of a newer release
     */
    public void changeOf(byte[] stored, ChangeResult result) {
        SystemEvent event = read("an event that another node asks for", () -> SystemEventCodec.decode(stored));
        long atNanos = read("an event that another node asks for", () -> SystemEventCodec.note(stored)).atNanos();
        if (claims.taken(event)) {
            result.failed(new UndecidedException(UndecidedException.Outcome.REFUSED, "the change was not made: another node was asked "
                + "for a station or stream with the same subjects at the same time, and it was first; ask again to see it"));
            return;
        }
        change(event, result, (before, durable, failed) -> log.append(stored, atNanos, event, before, durable, failed));
    }

    private interface Appending {
        void append(Runnable before, Runnable durable, Consumer<StoreException> failed);
    }

    private void change(SystemEvent event, ChangeResult result, Appending appending) {
        Runnable release = claims.claim(event);
        Effects.Plan[] plan = new Effects.Plan[1];
        appending.append(() -> plan[0] = effects.before(event), () -> {
            release.run();
            effects.perform(event, plan[0], result);
        }, cause -> {
            release.run();
            result.failed(cause);
        });
    }

    /** What other nodes decided comes true here as well; nobody here waits for it. */
    private final class Others implements SystemLog.Follower {

        @Override
        public SystemEventStore.Stored kept(byte[] event) {
            return read("an event of another node", () -> log.kept(event, SystemEventCodec.decode(event),
                SystemEventCodec.note(event)));
        }

        @Override
        public void followed(long index, byte[] bytes) {
            SystemEvent event = read("event " + index + " of another node", () -> SystemEventCodec.decode(bytes));
            Effects.Plan plan = effects.before(event);
            log.followed(index, event);
            effects.perform(event, plan, ChangeResult.IGNORED);
        }
    }

    /** Adds a consumer that lives until the broker stops; its start is resolved when it is added. */
    public void addUnlogged(ConsumerDefinition consumer, ChangeResult result) {
        definitions.addUnlogged(consumer);
        effects.addUnlogged(consumer, result);
    }

    /** Changes such a consumer. */
    public void updateUnlogged(ConsumerDefinition consumer, ChangeResult result) {
        definitions.updateUnlogged(consumer);
        effects.updateUnlogged(consumer, result);
    }

    /** Removes a consumer, whether events record it or not. */
    public void removeConsumer(Author by, ConsumerDefinition consumer, ChangeResult result) {
        if (consumer.logged()) {
            change(by, new SystemEvent.ConsumerRemoved(consumer.partitionId(), consumer.consumerId()), result);
        } else {
            definitions.removeUnlogged(consumer.partitionId(), consumer.name());
            effects.removeUnlogged(consumer.partitionId(), consumer.name(), result);
        }
    }

    /** A consumer was idle for longer than it may be. Any thread; nothing happens if it is gone by then. */
    public void removeInactiveConsumer(long partitionId, String name) {
        loop.resume(() -> definitions.streamById(partitionId).ifPresent(stream -> lock(stream.name(), lock ->
            definitions.consumer(partitionId, name).ifPresentOrElse(
                consumer -> removeConsumer(Author.BROKER, consumer, ending(lock, ChangeResult.IGNORED)), lock::release))));
    }

    /** The result, and afterwards the release of the lock. */
    public static ChangeResult ending(NameLock lock, ChangeResult result) {
        return new ChangeResult() {
            @Override
            public void effective() {
                result.effective();
                lock.release();
            }

            @Override
            public void effectiveOn(PartitionOperations partition) {
                result.effectiveOn(partition);
                lock.release();
            }

            @Override
            public void failed(StoreException cause) {
                result.failed(cause);
                lock.release();
            }
        };
    }
}
