package org.memphisee.ejb;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.memphisee.cluster.broker.ClusterNode;
import org.memphisee.config.BrokerSettings;
import org.memphisee.config.ClusterSettings;
import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.ControlPlane;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.PeerSubscriptions;
import org.memphisee.core.audit.AuditTrail;
import org.memphisee.core.backup.NodeBackups;
import org.memphisee.core.client.LocalClient;
import org.memphisee.core.client.LocalTraffic;
import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.definitions.DefinitionsTransfer;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.core.jetstream.ApiCounters;
import org.memphisee.core.leadership.Leaderships;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.letters.LetterSource;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.notices.Notices;
import org.memphisee.core.observe.BrokerObserver;
import org.memphisee.core.observe.FlowHistory;
import org.memphisee.core.observe.ServerLog;
import org.memphisee.core.routing.PeerRoutes;
import org.memphisee.core.schema.Rejections;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.settings.RuntimeSettings;
import org.memphisee.core.stations.SchemaAdministration;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.status.StatusPages;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.tasks.Tasks;
import org.memphisee.core.tiering.TierFigures;
import org.memphisee.core.time.Repeater;
import org.memphisee.core.time.World;
import org.memphisee.core.topics.TopicSource;
import org.memphisee.integration.S3Client;
import org.memphisee.integration.SlackMessenger;
import org.memphisee.message.OperatorMessage;
import org.memphisee.meta.jpa.MetadataFeed;
import org.memphisee.net.ConnectionFigures;
import org.memphisee.net.NetStatistics;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.SessionInfo;
import org.memphisee.ra.RaControl;
import org.memphisee.schema.Languages;
import org.memphisee.store.backup.OnlineBackup;
import org.memphisee.store.crypt.DataKeys;
import org.memphisee.store.crypt.StorageKeys;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.journal.DiskJournalFiles;
import org.memphisee.token.Lifetimes;
import org.memphisee.token.SigningSecrets;
import org.memphisee.token.TokenOptions;
import org.memphisee.token.Tokens;

/** The core on its store, opened from the settings. */
final class CoreEngine implements BrokerEngine {

    private static final Logger LOG = Logger.getLogger(CoreEngine.class.getName());
    private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_HAND_OVER_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long CURSOR_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How much of what the server says is kept. */
    private static final long SERVER_LOG_BYTES = 64L << 20;

    private final TimedLogStore store;
    private final Broker broker;
    private final Tokens tokens;
    private final Reports reports;
    private final Latencies latencies;
    private final Outside outside;
    private final Integrations integrations;
    private final TierWatch tier = new TierWatch((message, values) -> message.log(LOG, values));
    private final FlowHistory history = new FlowHistory();
    private final Repeater sampler;
    private final LogCapture capture;
    private final Saving saving;
    private final Optional<ClusterNode> node;
    private final Leaderships leaderships;
    private final NodeUses uses;
    private volatile RaControl adapter;

    private CoreEngine(TimedLogStore store, Broker broker, Tokens tokens, Reports reports, ThreadFactory threads,
                       Outside outside, Integrations integrations, Saving saving,
                       Optional<ClusterNode> node, NodeUses uses) {
        this.saving = saving;
        broker.control().backups().madeBy(saving.backups());
        this.uses = uses;
        this.leaderships = new Leaderships(broker.control().engine());
        this.node = node;
        this.reports = reports;
        this.outside = outside;
        this.integrations = integrations;
        this.latencies = new Latencies(broker.timings(), store.synced(), new RequestTimings(), new RequestTimings());
        this.store = store;
        this.broker = broker;
        this.tokens = tokens;
        this.capture = LogCapture.begin(broker.serverLog());
        this.sampler = new Repeater("memphisee-history", SAMPLE_NANOS, this::sample, threads);
    }

    /** Ways to services elsewhere. */
    private record Outside(SlackMessenger messenger, S3Client objects) { }

    /** Backups, and when they are made unasked. */
    private record Saving(Backups backups, Optional<BackupSchedule> schedule) { }

    private static Saving saving(BrokerSettings.Storage storage, OnlineBackup.Source source, ThreadFactory threads,
                                 Optional<ClusterNode> node) {
        Backups backups = new Backups(new OnlineBackup(storage.dataDir(), source, ProductVersion.current()), storage, Instant::now,
            threads, () -> node.flatMap(ClusterNode::problem));
        return new Saving(backups, BackupSchedule.start(storage, backups, threads));
    }

    private void sample() {
        node.ifPresent(of -> of.uses(uses.now(counters())));
        tier.look(broker.control().tierFigures(), System.nanoTime());
        RaControl source = adapter;
        NetStatistics.Traffic http = traffic(Way.HTTP);
        history.sample(System.currentTimeMillis(), new FlowHistory.Flow(broker.timings().stored(),
            broker.timings().deliveries().sum(), (source == null ? 0 : source.counters().inBytes()) + http.inBytes(),
            (source == null ? 0 : source.counters().outBytes()) + http.outBytes()));
    }

    /**
     * Opens store and core; takes as long as recovery takes.
     *
     * @param settings validated settings
     * @param secrets what tokens are signed with
     * @param box seals secrets that have to be used again
     * @param storageKeys what the log is encrypted with; empty for nothing
     * @param threads makes the threads of shards and loops; they are interrupted before the adapter stops
     * @param openAgain told when this has to be closed and opened again; does not wait
     */
    static CoreEngine open(BrokerSettings settings, SigningSecrets secrets, SecretBox box,
                           Optional<StorageKeys> storageKeys, ThreadFactory threads, Runnable openAgain)
        throws StoreException, InterruptedException {
        BrokerSettings.Storage storage = settings.storage();
        Path directory = storage.logDir();
        // the gate for publishes closes first; the store's own limit is the last reserve, for acks and retention
        JeLogStore files = JeLogStore.open(new JeStoreSettings(directory, settings.budgets().storeCacheBytes(),
            storage.minFreeBytes() / 2, threads, storageKeys));
        files.encryption().ifPresent(CoreEngine::tell);
        TimedLogStore store = new TimedLogStore(files);
        try {
            BrokerOptions options = options(settings);
            Reports reports = new Reports();
            Optional<ClusterNode> node = settings.cluster().mode() == ClusterSettings.Mode.OFF ? Optional.empty()
                : Optional.of(node(settings, options, store, threads, reports, openAgain));
            Broker broker = node.isPresent() ? node.get().broker()
                : Broker.open(options, store, threads, reports, new Languages());
            BrokerSettings.Records records = settings.records();
            broker.sideLogs().limit(SideLog.AUDIT, records.auditDays(), records.auditBytes());
            broker.sideLogs().limit(SideLog.ACTIVITY, records.activityDays(), records.auditBytes() / 4);
            ControlPlane control = broker.control();
            Runnable serverLog = () -> broker.sideLogs().limit(SideLog.SERVER, control.runtime().number(RuntimeSetting.LOG_DAYS),
                SERVER_LOG_BYTES);
            serverLog.run();
            control.runtime().whenChanged(setting -> serverLog.run());
            control.authenticator().viewerPassword(secrets.topicPassword());
            SlackMessenger messenger = new SlackMessenger(threads, settings.privateIntegrations());
            S3Client objects = new S3Client(threads, settings.privateIntegrations());
            Integrations integrations = control.integrate(new Integrations.Services(messenger, objects), box,
                settings.storage().tieredWaiting()).join();
            return new CoreEngine(store, broker, new Tokens(secrets, tokenOptions(settings), control.users(),
                control.authenticator(), options.control().tenant(), () -> System.currentTimeMillis() / 1000), reports, threads,
                new Outside(messenger, objects), integrations, saving(storage, files::link, threads, node), node,
                new NodeUses(storage));
        } catch (StoreException | RuntimeException | InterruptedException e) {
            store.close();
            throw e;
        }
    }

    private static ClusterNode node(BrokerSettings settings, BrokerOptions options, TimedLogStore store, ThreadFactory threads,
                                    Reports reports, Runnable openAgain) throws StoreException, InterruptedException {
        World world = World.of(threads);
        return ClusterNode.open(ClusterParts.options(settings, ClusterParts.fingerprints(settings), world.random().nextLong()), options, store,
            () -> DiskJournalFiles.of(ClusterParts.journal(settings)), world, threads, reports, new ClusterParts.Report(openAgain),
            new Languages());
    }

    private static void tell(DataKeys keys) {
        OperatorMessage.STORAGE_ENCRYPTED.log(LOG, keys.storageKey());
        if (!keys.wrappedAgain().isEmpty()) {
            OperatorMessage.STORAGE_KEY_CHANGED.log(LOG, keys.storageKey(), keys.wrappedAgain().size());
        }
    }

    private static BrokerOptions options(BrokerSettings settings) {
        BrokerSettings.Budgets budgets = settings.budgets();
        BrokerSettings.Storage storage = settings.storage();
        BrokerSettings.Access access = settings.access();
        ControlSettings.AuthMode mode = access.mode() == BrokerSettings.AuthMode.TOKEN
            ? ControlSettings.AuthMode.TOKEN : ControlSettings.AuthMode.USER_PASSWORD;
        return new BrokerOptions(settings.serverName(), budgets.maxPayload(), budgets.shards(),
            budgets.shardInboxBytes(), budgets.batchCacheBytes(), budgets.indexBytes(),
            TimeUnit.MILLISECONDS.toNanos(storage.syncIntervalMillis()), CURSOR_INTERVAL_NANOS, storage.minFreeBytes(),
            storage.maxBytes(), budgets.stationMemoryBytes(), storage.durability() == BrokerSettings.Durability.INTERVAL,
            new LetterRules(LetterRules.DEFAULT_HOURS, budgets.deadLetterBytes(), LetterRules.MOST_LETTERS),
            control(access, mode, settings.serverName()).withDefaultReplicas(settings.cluster().limits().defaultReplicas())
                .withMemberAway(TimeUnit.HOURS.toNanos(storage.memberHours())),
            settings.changeable(), settings.beginning());
    }

    private static ControlSettings control(BrokerSettings.Access access, ControlSettings.AuthMode mode, String name) {
        ControlSettings control = ControlSettings.of(access.rootPassword(), mode, access.connectionToken(), name);
        return access.rootPasswordGiven() ? control.withGivenRootPassword(access.rootPassword()) : control;
    }

    private static TokenOptions tokenOptions(BrokerSettings settings) {
        BrokerSettings.Tokens tokens = settings.tokens();
        BrokerSettings.Access access = settings.access();
        return new TokenOptions(
            new Lifetimes(tokens.gatewayMinutes(), tokens.gatewayRefreshMinutes(), tokens.gatewayMaxMinutes()),
            new Lifetimes(tokens.managementMinutes(), tokens.managementRefreshMinutes(), 0), tokens.anonymousAllowed(),
            access.mode() == BrokerSettings.AuthMode.TOKEN ? access.connectionToken() : "");
    }

    /** Where the figures of the sockets come from. */
    void transport(RaControl control) {
        adapter = control;
    }

    Broker broker() {
        return broker;
    }

    /** The definitions as the metadata database follows them. */
    MetadataFeed definitions(String logId) {
        return new MetadataFeed() {
            @Override
            public String logId() {
                return logId;
            }

            @Override
            public CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener) {
                return broker.control().follow(listener);
            }

            @Override
            public List<LetterSource> letters() {
                return broker.letters();
            }

            @Override
            public CompletableFuture<DefinitionsSnapshot> snapshot() {
                return broker.control().engine().snapshot();
            }
        };
    }

    @Override
    public BrokerPort port() {
        return broker.port();
    }

    @Override
    public String tenant() {
        return broker.control().engine().settings().tenant();
    }

    @Override
    public Users users() {
        return broker.control().users();
    }

    @Override
    public StationAdministration stations() {
        return broker.control().memphis().administration();
    }

    @Override
    public RuntimeSettings runtime() {
        return broker.control().runtime();
    }

    @Override
    public Integrations integrations() {
        return integrations;
    }

    @Override
    public TierFigures tieredStorage() {
        return broker.control().tierFigures();
    }

    @Override
    public DeadLetters deadLetters() {
        return broker.control().deadLetters();
    }

    @Override
    public Tasks tasks() {
        return broker.control().tasks();
    }

    @Override
    public Instant lastBackup() {
        return saving.backups().last();
    }

    @Override
    public NodeBackups backups() {
        return broker.control().backups();
    }

    @Override
    public Notices notices() {
        return broker.control().notices();
    }

    @Override
    public ServerLog serverLog() {
        return broker.serverLog();
    }

    @Override
    public AuditTrail audit() {
        return broker.audit();
    }

    @Override
    public SchemaAdministration schemas() {
        return broker.control().memphis().schemas();
    }

    @Override
    public DefinitionsTransfer transfer() {
        return broker.control().transfer();
    }

    @Override
    public List<Rejections> rejections() {
        return broker.rejections();
    }

    @Override
    public LocalClient local() {
        return broker.local();
    }

    @Override
    public void showTopics(TopicSource source) {
        broker.topics().show(source);
    }

    @Override
    public String topicPassword() {
        return broker.control().authenticator().viewerPassword();
    }

    @Override
    public void showPages(StatusPages pages) {
        broker.status().show(pages);
    }

    @Override
    public Tokens tokens() {
        return tokens;
    }

    @Override
    public Latencies latencies() {
        return latencies;
    }

    @Override
    public NetStatistics.Traffic traffic(Way way) {
        RaControl control = adapter;
        if (control == null) {
            return NetStatistics.Traffic.NONE;
        }
        return switch (way) {
            case TCP -> control.counters().traffic(SessionInfo.Transport.TCP);
            case WEBSOCKET -> control.counters().traffic(SessionInfo.Transport.WEBSOCKET);
            case IN_PROCESS -> control.counters().traffic(SessionInfo.Transport.IN_PROCESS);
            case HTTP -> {
                LocalTraffic local = broker.local().traffic();
                yield new NetStatistics.Traffic(local.inMessages(), local.inBytes(), local.outMessages(),
                    local.outBytes(), 0);
            }
        };
    }

    @Override
    public List<PeerSubscriptions> peerSubscriptions(boolean list) {
        PeerRoutes routes = broker.routes();
        return routes == null ? List.of() : routes.subscriptions(list);
    }

    @Override
    public BrokerObserver observer() {
        return broker.observer();
    }

    @Override
    public List<ConnectionFigures> openConnections() {
        RaControl control = adapter;
        return control == null ? List.of() : control.openConnections();
    }

    @Override
    public List<ConnectionFigures> closedConnections() {
        RaControl control = adapter;
        return control == null ? List.of() : control.closedConnections();
    }

    @Override
    public boolean listening() {
        RaControl control = adapter;
        return control != null && control.boundPort().isPresent();
    }

    @Override
    public boolean storageFull() {
        return broker.storageFull();
    }

    @Override
    public int storagePercent() {
        return broker.storagePercent();
    }

    @Override
    public SortedMap<String, String> streamFaults() {
        return broker.streamFaults();
    }

    @Override
    public Optional<String> fault() {
        return reports.outOfMemory ? Optional.of("the process ran out of memory")
            : broker.fault();
    }

    @Override
    public Counters counters() {
        RaControl source = adapter;
        ApiCounters api = broker.control().apiCounters();
        long stored = broker.storedBytes(StreamConfig.Storage.FILE);
        long memory = broker.memory().used();
        long storedMessages = broker.timings().stored();
        long delivered = broker.timings().deliveries().sum();
        if (source == null) {
            return new Counters(0, 0, 0, 0, 0, 0, 0, 0, stored, memory, storedMessages, delivered, api.total(), api.errors());
        }
        NetStatistics net = source.counters();
        NetStatistics.Traffic http = traffic(Way.HTTP);
        return new Counters(net.connections(), net.totalConnections(), broker.subscriptions(), net.slowConsumers(),
            net.inMessages() + http.inMessages(), net.inBytes() + http.inBytes(),
            net.outMessages() + http.outMessages(), net.outBytes() + http.outBytes(), stored, memory,
            storedMessages, delivered, api.total(), api.errors());
    }

    @Override
    public FlowHistory history() {
        return history;
    }

    @Override
    public long reservedMemory() {
        return broker.reservedMemory();
    }

    @Override
    public long reservedStorage() {
        return broker.reservedStorage();
    }

    @Override
    public void handOver(long millis, Drain.Hurry hurry) throws InterruptedException {
        if (node.isEmpty()) {
            return;
        }
        broker.leaving();
        long begin = System.nanoTime();
        boolean done = node.get().handOver(TimeUnit.MILLISECONDS.toNanos(millis), () -> hurry.within(0));
        if (done) {
            OperatorMessage.HANDED_OVER.log(LOG, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        } else {
            OperatorMessage.NOT_HANDED_OVER.log(LOG);
        }
    }

    @Override
    public int otherBrokers() {
        return node.map(one -> one.others().size()).orElse(0);
    }

    @Override
    public void stopping() {
        integrations.mute(); // all clients are about to leave, and nobody needs to hear of each
        try {
            if (node.isPresent()) { // in a server that is not ours nobody did before; and it may have been elected since
                node.get().handOver(LAST_HAND_OVER_NANOS, () -> false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        broker.stopping();
    }

    @Override
    public Optional<String> clusterProblem() {
        return node.flatMap(ClusterNode::problem);
    }

    @Override
    public Optional<ClusterStatus> cluster() {
        return node.map(ClusterNode::status);
    }

    @Override
    public ClusterView clusterView() {
        return broker.control().engine().view();
    }

    @Override
    public Leaderships leaderships() {
        return leaderships;
    }

    @Override
    public int brokers() {
        return Math.max(1, broker.control().engine().view().nodes().size());
    }

    @Override
    public int liveBrokers() {
        return Math.max(1, broker.control().engine().view().live().size());
    }

    @Override
    public void close() {
        sampler.close();
        capture.close();
        saving.schedule().ifPresent(BackupSchedule::close);
        saving.backups().close();
        node.ifPresentOrElse(ClusterNode::close, broker::close);
        outside.messenger().close();
        outside.objects().close();
        try {
            store.close();
        } catch (StoreException e) {
            LOG.log(Level.WARNING, OperatorMessage.STOP_FAILED.line("the store", e.getMessage()), e);
        }
    }

    /** Tells the operator what the core noticed. */
    private static final class Reports implements BrokerEvents {
        private volatile boolean outOfMemory;

        @Override
        public void storageFull(boolean full) {
            (full ? OperatorMessage.STORAGE_FULL : OperatorMessage.STORAGE_HAS_ROOM).log(LOG);
        }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            outOfMemory |= cause.getCause() instanceof OutOfMemoryError;
            OperatorMessage.PARTITION_FROZEN.log(LOG, cause, stream, cause.getMessage());
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            outOfMemory |= cause instanceof OutOfMemoryError;
            OperatorMessage.UNEXPECTED.log(LOG, cause, where, cause);
        }
    }
}
