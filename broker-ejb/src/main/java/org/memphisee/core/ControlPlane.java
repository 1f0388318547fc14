package org.memphisee.core;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.Authenticator;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.backup.NodeBackups;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SystemEventListener;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.definitions.DefinitionsTransfer;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.core.jetstream.ApiCounters;
import org.memphisee.core.jetstream.JetStreamApi;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.memphis.MemphisApi;
import org.memphisee.core.notices.Notices;
import org.memphisee.core.notices.PacedAlerts;
import org.memphisee.core.partition.PartitionRegistry;
import org.memphisee.core.schema.SchemaGates;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.settings.RuntimeDefaults;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.settings.RuntimeSettings;
import org.memphisee.core.stations.DefaultContent;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.tasks.Tasks;
import org.memphisee.core.tier.TierRules;
import org.memphisee.core.tiering.TierFigures;
import org.memphisee.core.tiering.TieredPartitions;
import org.memphisee.core.tiering.TieredStorage;
import org.memphisee.core.time.TimedLoop;
import org.memphisee.core.time.World;

/**
 * The control plane. Order of life: construct, {@link #recovery()}, {@link #knownPartitions()}, {@link #start()},
 * {@link #close()}.
 */
public final class ControlPlane implements AutoCloseable {

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final ControlLoop loop;
    private final ControlEngine engine;
    private final Users users;
    private final TimedLoop background;
    private final Tasks tasks;
    private final Notices notices;
    private final NodeBackups backups;
    private final RuntimeSettings runtime;
    private final Authenticator authenticator;
    private final JetStreamApi jetStream;
    private final DeadLetters deadLetters;
    private final MemphisApi memphis;
    private final ApiRegistry api;
    private Beginning beginning = Beginning.EMPTY;
    private final DefinitionsTransfer transfer;
    private volatile Integrations integrations;
    private Optional<TieredPartitions> tiered = Optional.empty();
    private volatile TieredStorage tiering;
    private Presence presence = (connection, address, there) -> { };

    /** Told of SDKs' connections to this node. Any thread; hands over. */
    public interface Presence {
        /** It came, from that address, or went. */
        void changed(String connectionId, String address, boolean there);
    }

    /** Who tells other nodes which SDKs are connected here; before clients are served. */
    public void presence(Presence listener) {
        presence = listener;
    }

    /**
     * A control plane that is not yet running.
     *
     * @param loop not yet started; the system log hands outcomes over with {@link ControlLoop#resume}
     * @param world runs what hashes passwords
     */
    public ControlPlane(ControlSettings settings, SystemLog log, PartitionRegistry partitions, ApiRegistry api,
                        AnsweredPublisher publisher, World world, ControlLoop loop) {
        this(settings, RuntimeDefaults.NONE, log, partitions, api, publisher, world, loop, SchemaLanguages.NONE,
            SchemaGates.NONE);
    }

    /** The same, with what holds until somebody changes it, languages of schemas, and a place where messages are looked at. */
    public ControlPlane(ControlSettings settings, RuntimeDefaults defaults, SystemLog log, PartitionRegistry partitions,
                        ApiRegistry api, AnsweredPublisher publisher, World world, ControlLoop loop,
                        SchemaLanguages languages, SchemaGates gates) {
        this.loop = loop;
        this.api = api;
        this.engine = new ControlEngine(settings, log, partitions, publisher, world, loop, languages, gates);
        engine.api(api);
        this.users = new Users(engine, world);
        this.background = new TimedLoop(world.clock());
        this.tasks = new Tasks(engine, background);
        this.notices = new Notices(world.clock());
        tasks.whenEnded(notices::ended);
        this.backups = new NodeBackups(tasks, new StationAccess(users), engine, background);
        this.authenticator = new Authenticator(settings, users);
        this.jetStream = new JetStreamApi(engine, users::permissions, StationNames::ofStation);
        PacedAlerts alerts = new PacedAlerts(notices, world.clock());
        this.runtime = new RuntimeSettings(engine, defaults);
        this.deadLetters = new DeadLetters(engine, users, publisher, tasks, gates, alerts,
            () -> runtime.number(RuntimeSetting.DEAD_LETTER_HOURS));
        this.memphis = new MemphisApi(engine, users, publisher, deadLetters);
        memphis.memberAway(runtime::memberAwayNanos);
        memphis.alertBy(alerts);
        memphis.members().whenAssumed(connection -> presence.changed(connection, "", true));
        this.transfer = new DefinitionsTransfer(engine, users, runtime, memphis.administration(), memphis.schemas(),
            deadLetters.retries(), () -> Optional.ofNullable(integrations));
    }

    /** What there is at the end of {@link #start()} when the log knows of no root yet. Before that. */
    public void beginWith(Beginning wanted) {
        beginning = wanted;
        users.beginWith(wanted.users());
    }

    /** Partitions of tiered stations hold what their limits no longer allow, by these rules. Before {@link #start()}. */
    public void tier(TierRules rules) {
        tiered = Optional.of(new TieredPartitions(engine, rules));
    }

    /** Where the store's system log goes at recovery: {@code store.recoverSystemLog(plane.recovery())}. */
    public LogStore.SystemLogVisitor recovery() {
        return engine.recovery();
    }

    /** Partitions that exist, after recovery; all others in the store are leftovers. */
    public Set<Long> knownPartitions() {
        return engine.knownPartitions();
    }

    /** The highest number of a partition that the store had something left of; before {@link #start()}. */
    public void leftovers(long highest) {
        engine.leftovers(highest);
    }

    /** Starts the loop, opens all partitions, sets root's password, then serves requests. Done when it serves. */
    public CompletableFuture<Void> start() {
        return start(true);
    }

    /**
     * The same.
     *
     * @param alone whether this node is no cluster's; else what is done once in a cluster is done with {@link #lead}
     */
    CompletableFuture<Void> start(boolean alone) {
        tiered.ifPresent(TieredPartitions::recovered);
        loop.start();
        background.start(engine.world(), "memphisee-background");
        CompletableFuture<Void> opened = engine.start();
        return opened.thenCombine(runtime.start().thenCompose(known -> users.know())
            .thenCompose(known -> alone ? users.ensureRoot() : DONE)
            .thenCompose(known -> alone ? tasks.start() : tasks.startAmong()), (partitions, known) -> {
                jetStream.bind(api);
                memphis.bind(api);
                return null;
            }).thenCompose(bound -> alone ? beginDefault() : DONE);
    }

    /**
     * Does what is done once in a cluster, when this node begins to lead: root and its password, and with a new root what there is
     * to try. Done when it is, or failed when this node leads no more; then the next one does it. Any thread.
     */
    public CompletableFuture<Void> lead() {
        return users.ensureRoot().thenCompose(root -> beginDefault());
    }

    private CompletableFuture<Void> beginDefault() {
        return beginning.defaultStation() && users.fresh()
            ? new DefaultContent(memphis.administration(), memphis.schemas()).make() : DONE;
    }

    /** Ends changes in flight and the threads. The system log must still answer meanwhile. */
    @Override
    public void close() {
        jetStream.close();
        background.close();
        engine.close();
        users.close();
    }

    /** Decides on CONNECT. */
    public Authenticator authenticator() {
        return authenticator;
    }

    /** Users, for doors that administer them. */
    public Users users() {
        return users;
    }

    /** Things that take long, for doors that show them and parts that do them. */
    public Tasks tasks() {
        return tasks;
    }

    /**
     * Has alerts sent to people elsewhere, and what leaves tiered stations stored elsewhere. Once, before clients are served.
     *
     * @param services the network
     * @param secrets seals what must not be read in the log
     * @param maxWaiting accounted bytes that may wait for tiered storage
     * @return the integrations, when they are there again after a restart
     */
    public CompletableFuture<Integrations> integrate(Integrations.Services services, SecretBox secrets, long maxWaiting) {
        Integrations made = new Integrations(engine, background, services, secrets, () -> runtime.text(RuntimeSetting.UI_HOST),
            this::tierFigures);
        notices.sendBy(made::alert);
        return made.start().thenApply(ready -> {
            integrations = made;
            tiered.ifPresent(partitions -> {
                TieredStorage storage = new TieredStorage(engine, background, partitions, services.objects(), made::bucket,
                    () -> (int) runtime.number(RuntimeSetting.TIERED_SECONDS), maxWaiting, made::stored);
                memphis.administration().messages().readBack(storage.reader());
                jetStream.readBack(storage.reader());
                storage.start();
                tiering = storage;
            });
            return made;
        });
    }

    /** What tiered storage has done. Any thread. */
    public TierFigures tierFigures() {
        TieredStorage storage = tiering;
        return storage == null ? TierFigures.NONE : storage.figures();
    }

    /** Definitions as documents: out, compared, in. */
    public DefinitionsTransfer transfer() {
        return transfer;
    }

    /** Settings that are changed while the broker runs. */
    public RuntimeSettings runtime() {
        return runtime;
    }

    /** What groups gave up and schemas refused. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** What people should hear of. */
    public Notices notices() {
        return notices;
    }

    /** Backups of this node that people ask for. */
    public NodeBackups backups() {
        return backups;
    }

    /** What every door works with. */
    public ControlEngine engine() {
        return engine;
    }

    /** Requests to the JetStream API so far. */
    public ApiCounters apiCounters() {
        return jetStream.counters();
    }

    /** The Memphis door, with its Java calls for others. */
    public MemphisApi memphis() {
        return memphis;
    }

    /**
     * An SDK connection was accepted; the id is empty for plain clients. Must be told of each one before its first
     * request: members of connections never told of count as inactive, and a group goes with its last active member.
     * Any thread.
     *
     * @param address where it comes from, empty when nobody knows
     */
    public void connectionOpened(String connectionId, String address) {
        memphis.connectionOpened(connectionId, address);
        if (!connectionId.isEmpty()) {
            presence.changed(connectionId, address, true);
        }
    }

    /** The same of one that has no address. */
    public void connectionOpened(String connectionId) {
        connectionOpened(connectionId, "");
    }

    /** A connection that was accepted is gone; the id is empty for plain clients. Any thread. */
    public void connectionClosed(String connectionId) {
        memphis.connectionClosed(connectionId);
        if (!connectionId.isEmpty()) {
            presence.changed(connectionId, "", false);
        }
    }

    /** A consumer was idle for longer than it may be. Any thread. */
    public void removeInactiveConsumer(long partitionId, String name) {
        engine.removeInactiveConsumer(partitionId, name);
    }

    /** Follows changes from here on; gives everything up to the first of them. Any thread. */
    public CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener) {
        return engine.follow(listener);
    }
}
