package org.memphisee.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.memphisee.core.access.AuthResult;
import org.memphisee.core.access.LiveViewer;
import org.memphisee.core.access.Permissions;
import org.memphisee.core.access.User;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SideLogs;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.append.SystemLogWriter;
import org.memphisee.core.audit.AuditTrail;
import org.memphisee.core.client.LocalClient;
import org.memphisee.core.control.Claims;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.letters.LetterSource;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.observe.BrokerObserver;
import org.memphisee.core.observe.ServerLog;
import org.memphisee.core.observe.ShardProbe;
import org.memphisee.core.partition.Partition;
import org.memphisee.core.partition.PartitionLetters;
import org.memphisee.core.partition.PartitionTable;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.MemoryBudget;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.routing.CheckLoops;
import org.memphisee.core.routing.Lane;
import org.memphisee.core.routing.PeerRoutes;
import org.memphisee.core.routing.Router;
import org.memphisee.core.routing.RoutesOptions;
import org.memphisee.core.routing.SessionGate;
import org.memphisee.core.routing.Sessions;
import org.memphisee.core.schema.Rejections;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.status.StatusRequests;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.tier.TierRules;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Timings;
import org.memphisee.core.time.World;
import org.memphisee.core.topics.LiveTopics;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.SessionInfo;

/**
 * A running broker. {@link #open} recovers everything from the store and returns when clients may be served; {@link
 * #close} ends it after the transport was drained. The store is the caller's.
 */
public final class Broker implements AutoCloseable {

    private static final int READERS = 2;
    private static final long STOP_SECONDS = 10;
    private static final long MEMBER_SWEEP_NANOS = 60_000_000_000L;
    private static final long LETTER_POST_NANOS = 1_000_000_000L;
    private static final long TOPIC_PACE_NANOS = 1_000_000_000L;

    private final BrokerOptions options;
    private final LogStore store;
    private final BrokerEvents events;
    private final World world;
    private final Router router;
    private final StorageGuard guard;
    private final List<World.Running> running = new ArrayList<>();
    private final List<ShardResources> shards = new ArrayList<>();
    private final LogWriter writer;
    private final ExecutorService readers;
    private final PartitionTable partitions;
    private final SideLogs sideLogs;
    private final AuditTrail audit;
    private final ServerLog serverLog;
    private final ControlPlane control;
    private final Sessions sessions;
    private final StatusRequests status;
    private final LiveTopics topics;
    private final World.Running topicPace;
    private final LocalClient local;
    private final CheckLoops checks;
    private final DiskWatch diskWatch;
    /** The way to other nodes; null for a broker alone. */
    private final PeerRoutes routes;
    private final World.Running letterPost;
    private final Runnable letterHours;
    private final World.Running memberSweep;
    private final BrokerObserver observer;
    private final List<ShardProbe> probes;
    private final Timings timings = new Timings();

    private Broker(BrokerOptions options, LogStore store, World world, BrokerEvents events, SchemaLanguages languages,
                   RoutesOptions among, Membership membership) throws StoreException {
        this.options = options;
        this.store = store;
        this.events = events;
        this.world = world;
        router = new Router(world.random());
        Shard between = among == null ? null : new Shard(options.shards(), world.clock(), () -> Lane.ofLoop().flush(),
            (s, e) -> events.unexpected("routes to other nodes", e), among.budget());
        routes = among == null ? null : new PeerRoutes(router, between, world.newId().replace('.', '-'), among.settings(),
            among.report());
        checks = new CheckLoops(world, e -> events.unexpected("a check of a message", e), options.shardBytes());
        router.partitions().checkOn(checks);
        guard = new StorageGuard(new MemoryBudget(options.memoryBytes()));
        BrokerClock clock = world.clock();
        writer = new LogWriter(store, clock, options.syncIntervalNanos());
        readers = world.readers(READERS);
        BatchLoader loader = new BatchLoader(store, readers);
        IndexBudget index = new IndexBudget(options.indexBytes());
        LetterRules letters = options.letters();
        TierRules tier = new TierRules();
        for (int i = 0; i < options.shards(); i++) {
            Shard shard = new Shard(i, clock, () -> Lane.ofLoop().flush(),
                (s, e) -> events.unexpected("shard " + s.number(), e), options.shardBytes());
            shards.add(new ShardResources(shard, new SoloGroup(shard, writer),
                new BatchCache(options.cacheBytes() / options.shards()), index, loader, guard, router, router,
                world.random()::nextLong, options.cursorIntervalNanos(), this::removeInactive,
                options.defaultIntervalDurability(), timings, letters, tier));
        }
        Opened opened = new Opened();
        partitions = new PartitionTable(shards, store, opened);
        if (membership != null) {
            partitions.homes(membership.homes(new Membership.Rooms(shards, store, writer, opened, clock)));
        }
        sideLogs = new SideLogs(store, writer, readers, clock);
        sideLogs.recover();
        SystemLogWriter systemLog = new SystemLogWriter(writer, sideLogs);
        ControlLoop loop = new ControlLoop(world, options.control().loopCapacity(),
            e -> events.unexpected("control loop", e));
        SystemLog definitions = membership == null ? systemLog : membership.definitions(systemLog, loop::resume);
        control = new ControlPlane(options.control().withMaxMemory(options.memoryBytes()).withMaxPayload(options.maxPayload()),
            options.runtime(), definitions, partitions, router, router, world, loop, languages, router.partitions());
        control.tier(tier);
        control.beginWith(options.beginning());
        LastIndex recovered = new LastIndex(control.recovery());
        store.recoverSystemLog(recovered);
        systemLog.begin(loop::resume, recovered.last);
        Set<Long> kept = new HashSet<>(LetterRules.withLetters(control.knownPartitions()));
        kept.add(GroupPosition.partition(GroupPosition.DEFINITIONS));
        control.leftovers(store.retainPartitions(kept).stream()
            .mapToLong(LetterRules::owner).max().orElse(0));
        if (membership != null) {
            membership.recovered(recovered.last, control, routes);
        }
        audit = new AuditTrail(sideLogs, control.engine(), control.users());
        serverLog = new ServerLog(sideLogs, control.users(), clock, options.serverName());
        sessions = new Sessions(router, new Gate(), options.serverName(), world.newId(), options.maxPayload());
        local = new LocalClient(router, control, sessions, world, options.shardBytes());
        control.runtime().whenChanged(setting -> {
            if (setting == RuntimeSetting.MESSAGE_MIB) {
                sessions.limitMessages(control.runtime().maxMessageBytes());
            }
        });
        control.users().whenRevoked(user -> {
            sessions.cut(user);
            local.cut(user);
        });
        status = new StatusRequests(sessions.identity(), options.control().tenant(), this::administers, world);
        topics = new LiveTopics(options.serverName(), client -> client.user().equals(LiveViewer.NAME) || administers(client), router,
            () -> sessions.identity().maxPayload(), clock);
        probes = shards.stream().map(s -> new ShardProbe(s.shard(), clock::nowNanos)).toList();
        observer = new BrokerObserver(router, partitions::all, sessions::subscriptions);
        writer.start(world);
        shards.forEach(s -> running.add(world.run("memphisee-shard-" + s.shard().number(), s.shard())));
        if (between != null) {
            running.add(world.run("memphisee-routes", between));
        }
        diskWatch = new DiskWatch(store, guard, options.minFreeBytes(), options.maxStoreBytes(), events::storageFull,
            world);
        letterHours = () -> letters.hours((int) control.runtime().number(RuntimeSetting.DEAD_LETTER_HOURS));
        control.runtime().whenChanged(setting -> letterHours.run());
        letterPost = world.repeat("memphisee-dead-letters", LETTER_POST_NANOS, control.deadLetters()::look);
        memberSweep = world.repeat("memphisee-member-sweep", MEMBER_SWEEP_NANOS, () -> {
            if (membership == null || membership.leads()) {
                control.memphis().sweepMembers();
            }
            if (membership != null) {
                control.memphis().rememberMembers();
            }
            sideLogs.trim();
        });
        topicPace = world.repeat("memphisee-live-topics", TOPIC_PACE_NANOS, topics::look);
        sideLogs.countEarlier();
    }

    /**
     * Recovers and starts a broker in the real world.
     *
     * @param threads makes all its threads
     * @see #open(BrokerOptions, LogStore, World, BrokerEvents)
     */
    public static Broker open(BrokerOptions options, LogStore store, ThreadFactory threads, BrokerEvents events)
        throws StoreException {
        return open(options, store, World.of(threads), events);
    }

    /** Same, with languages of schemas. */
    public static Broker open(BrokerOptions options, LogStore store, ThreadFactory threads, BrokerEvents events,
                              SchemaLanguages languages) throws StoreException {
        return open(options, store, World.of(threads), events, languages, null, null);
    }

    /**
     * Recovers and starts a broker.
     *
     * @param options what it needs to know
     * @param store an open store, to be closed by the caller after {@link #close}
     * @param world time, chance, and whatever runs its loops
     * @param events told what an operator should know
     * @throws StoreException when the definitions cannot be recovered; a damaged partition alone is only reported
     */
    public static Broker open(BrokerOptions options, LogStore store, World world, BrokerEvents events)
        throws StoreException {
        return open(options, store, world, events, SchemaLanguages.NONE, null, null);
    }

    /**
     * Recovers and starts a broker that is one of several.
     *
     * @param among how it talks to the others, once {@link PeerRoutes#over} says over what; null for a broker alone
     */
    public static Broker open(BrokerOptions options, LogStore store, World world, BrokerEvents events,
                              SchemaLanguages languages, RoutesOptions among) throws StoreException {
        return open(options, store, world, events, languages, among, null);
    }

    /** Recovers and starts a broker that is one of a cluster. */
    public static Broker open(BrokerOptions options, LogStore store, World world, BrokerEvents events,
                              SchemaLanguages languages, Membership membership) throws StoreException {
        return open(options, store, world, events, languages, membership.routes(), membership);
    }

    private static Broker open(BrokerOptions options, LogStore store, World world, BrokerEvents events,
                               SchemaLanguages languages, RoutesOptions among, Membership membership) throws StoreException {
        Broker broker = new Broker(options, store, world, events, languages, among, membership);
        CompletableFuture<Void> opened = broker.control.start(membership == null).thenRun(() -> {
            broker.letterHours.run();
            broker.status.bind(broker.router);
            broker.topics.bind(broker.router);
        });
        try {
            world.await(opened, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broker.close();
            throw new StoreException("interrupted while recovering", e, false);
        } catch (ExecutionException | TimeoutException e) {
            broker.close();
            throw new StoreException("the definitions could not be recovered: " + e.getCause(), e.getCause(), false);
        }
        return broker;
    }

    /** What transports serve clients with. */
    public BrokerPort port() {
        return sessions;
    }

    /** The way of clients' messages to other nodes; null for a broker alone. */
    public PeerRoutes routes() {
        return routes;
    }

    /**
     * Tells clients of the cluster from now on.
     *
     * @param name of the cluster
     * @param urls where clients find this node, as {@link PeerRoutes#announce} has it
     */
    public void announce(String name, String urls) {
        routes.announce(name, urls, sessions::cluster);
    }

    Router router() {
        return router;
    }

    Collection<Partition> partitions() {
        return partitions.all();
    }

    /** Dead letters of partitions that are decided here. What happens to them is remembered from the first call on. Any thread. */
    public List<LetterSource> letters() {
        options.letters().follow();
        return partitions.all().stream().flatMap(p -> PartitionLetters.of(p).stream()).toList();
    }

    /** Publishing and consuming for doors in this process. */
    public LocalClient local() {
        return local;
    }

    /** The control plane, for other doors and projections. */
    public ControlPlane control() {
        return control;
    }

    /** Who changed what. */
    public AuditTrail audit() {
        return audit;
    }

    /** What the server said. */
    public ServerLog serverLog() {
        return serverLog;
    }

    /** Logs beside messages and definitions. */
    public SideLogs sideLogs() {
        return sideLogs;
    }

    /** Subscriptions of all clients. */
    public long subscriptions() {
        return sessions.subscriptions();
    }

    /** Accounted bytes of stored messages, on disk or in memory. */
    public long storedBytes(StreamConfig.Storage storage) {
        return partitions.all().stream().filter(p -> p.config().storage() == storage)
            .mapToLong(p -> p.state().bytes()).sum();
    }

    /** Answers questions about the server that clients ask; what is shown comes from the monitor. */
    public StatusRequests status() {
        return status;
    }

    /** What dashboards of Memphis follow; what is shown comes from the management API. */
    public LiveTopics topics() {
        return topics;
    }

    private boolean administers(ClientIdentity client) {
        return control.users().find(client.user()).filter(User::maySignIn).isPresent();
    }

    /** Messages that did not fit the schemas of their stations, by stream. Any thread. */
    public List<Rejections> rejections() {
        return router.partitions().rejections();
    }

    /** What monitors may know. */
    public BrokerObserver observer() {
        return observer;
    }

    /** What the messages of stations in memory occupy, and may. */
    public MemoryBudget memory() {
        return guard.memory();
    }

    /** What stations in memory have reserved with their limits of bytes. Any thread, a moment old. */
    public long reservedMemory() {
        return partitions.all().stream().map(Partition::config)
            .filter(c -> c.storage() == StreamConfig.Storage.MEMORY && c.maxBytes() > 0)
            .mapToLong(StreamConfig::maxBytes).sum();
    }

    /** What stations on disk may take by their limits of bytes. Any thread, a moment old. */
    public long reservedStorage() {
        return partitions.all().stream().map(Partition::config)
            .filter(c -> c.storage() == StreamConfig.Storage.FILE && c.maxBytes() > 0)
            .mapToLong(StreamConfig::maxBytes).reduce(0, Claims::sumUpToTheLargest);
    }

    /** Whether publishes are refused because the disk or the store's budget is nearly full. */
    public boolean storageFull() {
        return guard.full();
    }

    /** What keeps streams from serving as they should, by name of stream: frozen, or not recovered. */
    public SortedMap<String, String> streamFaults() {
        SortedMap<String, String> faults = new TreeMap<>();
        for (Partition p : partitions.all()) {
            String fault = p.fault();
            if (!fault.isEmpty()) {
                faults.put(p.name(), fault);
            }
        }
        return faults;
    }

    /** Share of the data disk, or of the store's budget if that is nearer, that is used; 0 to 100. */
    public int storagePercent() {
        LogStore.Usage usage = store.usage();
        return DiskWatch.percent(usage, options.minFreeBytes(), options.maxStoreBytes());
    }

    /**
     * Why only a restart helps: a shard or a write to the log that has not moved for 30 seconds, or a store that failed for
     * good. Empty when all is well. Asks the shards; any thread.
     */
    public Optional<String> fault() {
        boolean stuck = false;
        for (ShardProbe probe : probes) {
            stuck |= probe.stuck();
        }
        return stuck ? Optional.of("a thread that owns partitions has not moved for 30 s")
            : writer.fault(ShardProbe.LIMIT_NANOS);
    }

    /** How long things took. */
    public Timings timings() {
        return timings;
    }

    private void removeInactive(long partition, String consumer) {
        control.removeInactiveConsumer(partition, consumer);
    }

    /** This node is about to stop: its clients are told of the others only. */
    public void leaving() {
        if (routes != null) {
            routes.leaving();
        }
    }

    /**
     * The server is about to stop: waiting pull requests are told so and cursors are stored. The transport is drained
     * after this, then {@link #close} follows.
     */
    public void stopping() {
        leaving();
        List<Partition> all = List.copyOf(partitions.all());
        AtomicInteger left = new AtomicInteger(all.size());
        CompletableFuture<Void> stored = new CompletableFuture<>();
        if (all.isEmpty()) {
            return;
        }
        all.forEach(p -> p.shutdown(() -> {
            if (left.decrementAndGet() == 0) {
                stored.complete(null);
            }
        }));
        try {
            world.await(stored, TimeUnit.SECONDS.toNanos(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // cursors that could not be stored in time: their messages may come again
        }
    }

    /** Ends control loop, shards and writer, in this order. What was submitted before is written. */
    @Override
    public void close() {
        status.close();
        diskWatch.close();
        letterPost.close();
        topicPace.close();
        memberSweep.close();
        local.close();
        control.close();
        checks.close();
        if (routes != null) {
            routes.close();
        }
        running.forEach(World.Running::close);
        writer.close();
        readers.shutdown();
    }

    /** Asks the control plane. */
    private final class Gate implements SessionGate {
        @Override
        public void authenticate(ConnectOptions options, SessionInfo session, Consumer<Decision> whenDone) {
            control.authenticator().authenticate(options, session.transport(), result -> {
                if (result instanceof AuthResult.Accepted a) {
                    control.connectionOpened(a.identity().connectionId(), session.address());
                    whenDone.accept(new Decision.Admitted(a.identity(), control.users().permissions(a.user().name()),
                        a.user().maySignIn() ? LiveViewer.Access.ALSO : LiveViewer.Access.NONE,
                        () -> control.users().current(a.user())));
                } else if (result instanceof AuthResult.Viewer viewer) {
                    whenDone.accept(new Decision.Admitted(viewer.identity(), Permissions.NOTHING, LiveViewer.Access.ONLY, () -> true));
                } else if (result instanceof AuthResult.Refused r) {
                    whenDone.accept(new Decision.Rejected(r.error()));
                }
            });
        }

        @Override
        public void left(ClientIdentity client) {
            control.connectionClosed(client.connectionId());
        }
    }

    /** Passes the system log on and remembers where it ends. */
    private static final class LastIndex implements LogStore.SystemLogVisitor {
        private final LogStore.SystemLogVisitor to;
        private long last;

        private LastIndex(LogStore.SystemLogVisitor to) {
            this.to = to;
        }

        @Override
        public void snapshot(long index, byte[] snapshot) {
            last = Math.max(last, index);
            to.snapshot(index, snapshot);
        }

        @Override
        public void event(long index, byte[] event) {
            last = Math.max(last, index);
            to.event(index, event);
        }
    }

    /** Makes partitions known to the router. */
    private final class Opened implements PartitionTable.Listener {
        @Override
        public void opened(Partition partition) {
            router.partitions().open(partition);
        }

        @Override
        public void changed(Partition partition, StreamConfig before) {
            router.partitions().rebind(partition, before.subjects(), partition.config().subjects());
        }

        @Override
        public void closed(Partition partition) {
            router.partitions().close(partition);
        }

        @Override
        public void elsewhere(long id, StreamConfig config) {
            router.partitions().openElsewhere(id, config);
        }

        @Override
        public void handsOver(long id, boolean now) {
            router.partitions().handsOver(id, now);
        }

        @Override
        public void gone(long id) {
            router.partitions().closeElsewhere(id);
        }

        @Override
        public void frozen(Partition partition, StoreException cause) {
            events.partitionFrozen(partition.name(), cause);
        }
    }
}
