package org.memphisee.ejb;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.eclipse.microprofile.config.ConfigProvider;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.InvalidSettingsException;
import org.memphisee.config.LoadedSettings;
import org.memphisee.config.SettingsLoader;
import org.memphisee.core.access.Users;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.core.log.StoreException;
import org.memphisee.message.OperatorMessage;
import org.memphisee.meta.jpa.MetadataService;
import org.memphisee.net.NetSettings;
import org.memphisee.net.TlsSettings;
import org.memphisee.net.WebSocketSettings;
import org.memphisee.net.http.HttpSettings;
import org.memphisee.net.listen.ListenException;
import org.memphisee.ra.RaControl;
import org.memphisee.run.FreePorts;
import org.memphisee.store.crypt.StorageKeys;
import org.memphisee.store.crypt.StorageKeysException;
import org.memphisee.tls.KeyWatch;
import org.memphisee.tls.TlsException;
import org.memphisee.wire.WireSettings;
import org.memphisee.token.SecretsFile;
import org.memphisee.token.SigningSecrets;

/**
 * The parts of a running broker, opened and closed in order. Opened by the starting thread; closed by another one after
 * that has ended.
 */
final class BrokerParts {

    private static final Logger LOG = Logger.getLogger(BrokerParts.class.getName());

    private static final WireSettings WIRE = NetSettings.DEFAULTS.wire();
    private static final long AFTER_HANDSHAKE_MILLIS = 1_000;
    /** Files that the server itself may have open: archives, log, database connections. */
    private static final int OWN_FILES = 4_096;

    private final ThreadFactory threads;
    private final RaControl adapter;
    private volatile BrokerSettings settings;
    private volatile CoreEngine engine;
    private final Runnable openAgain;
    private DataDirectory directory;
    private TlsSettings tls = TlsSettings.OFF;
    private volatile boolean clientPortOpen;
    private GatewayOpening gateway;
    private boolean gatewayMayOpen;
    private volatile KeyWatch keys;
    private volatile MetadataService metadata;

    /**
     * Parts that are not open yet.
     *
     * @param threads makes their threads
     * @param adapter opens the client port
     * @param openAgain told that {@link #openAgain()} is to be called; any thread, does not wait
     */
    BrokerParts(ThreadFactory threads, RaControl adapter, Runnable openAgain) {
        this.threads = threads;
        this.adapter = adapter;
        this.openAgain = openAgain;
    }

    /** What must be right before anything is opened; quick. Called while the application starts: see {@link FreePorts}. */
    void check() throws StartException {
        settings = load();
        List<String> conflicts = new FreePorts(settings).conflicts();
        if (!conflicts.isEmpty()) {
            throw new StartException(OperatorMessage.PORT_IN_USE, conflicts);
        }
    }

    /** Opens everything; after {@link #check()}. */
    void open() throws StartException, InterruptedException {
        OperatorMessage.STARTING.log(LOG, settings.storage().dataDir());
        checkFiles(settings.budgets().maxConnections());
        directory = DataDirectory.open(settings.storage().dataDir(), ProductVersion.current());
        tls = tls();
        engine = openEngine();
        checkRootPassword();
        int made = settings.beginning().users().size();
        if (engine.users().fresh() && made > 0) {
            OperatorMessage.INITIAL_USERS_MADE.log(LOG, made);
        }
        new StartDefinitions(engine.transfer()).run(settings.storage().definitions());
        openDoors();
    }

    private void openDoors() throws StartException {
        openClientPort(tls);
        engine.transport(adapter);
        metadata = new MetadataService(settings.database(), settings.storage().postgresDir(),
            engine.definitions(directory.id()), threads);
        metadata.start();
    }

    /**
     * Closes the broker and its doors, and opens them with what the store has now: the definitions were replaced in it. What does not
     * depend on them stays. Not while another thread opens or closes.
     */
    void openAgain() throws StartException, InterruptedException {
        refuseGateway();
        CoreEngine before = engine;
        closePart("waiting clients", before::stopping);
        closePart("the client port", adapter::unregister);
        clientPortOpen = false;
        engine = null;
        closePart("the metadata service", metadata::close); // before the feed that it follows
        metadata = null;
        closePart("the broker engine", before::close);
        engine = openEngine();
        openDoors();
        openGateway();
    }

    /** Lets the gateway in, now if it is known already; after {@link #open()}. */
    synchronized void openGateway() throws StartException {
        gatewayMayOpen = true;
        if (gateway != null) {
            openGatewayPort();
        }
    }

    /** Who the gateway is; opens its port now if it may. Any thread. */
    synchronized void serveGateway(GatewayOpening known) throws StartException {
        gateway = known;
        if (gatewayMayOpen) {
            openGatewayPort();
        }
    }

    /** The gateway goes. Any thread. */
    synchronized void closeGateway() {
        gateway = null;
        adapter.closeHttp();
    }

    private void openGatewayPort() throws StartException {
        try {
            adapter.openHttp(gateway.open(engine, settings), HttpSettings.on(settings.listen().gatewayPort())
                .withTls(settings.tls().gateway()).withMaxConnections(settings.budgets().maxConnections()));
        } catch (ListenException e) {
            throw new StartException(OperatorMessage.START_FAILED, e, e.getMessage());
        }
    }

    private synchronized void refuseGateway() {
        gatewayMayOpen = false;
    }

    /** Whether clients have been let in. Any thread. */
    boolean accepting() {
        return clientPortOpen;
    }

    Optional<BrokerSettings> settings() {
        return Optional.ofNullable(settings);
    }

    Optional<BrokerEngine> engine() {
        return Optional.ofNullable(engine);
    }

    /** How the metadata database is; as if never tried before it is opened. */
    MetadataHealth metadata() {
        MetadataService service = metadata;
        boolean required = settings != null && settings.monitoring().metadataRequired();
        return service == null ? new MetadataHealth(false, false, 0, required)
            : new MetadataHealth(service.settled(), service.available(), service.unavailableSeconds(), required);
    }

    /** Hands over to other nodes, if there are some; clients are served meanwhile. */
    void leave(Drain.Hurry hurry) throws InterruptedException {
        CoreEngine led = engine;
        if (led == null) {
            return; // it is being opened again, and leads nothing
        }
        BrokerSettings.Life life = settings.life();
        led.handOver(life.handOverMillis(), hurry);
        int clients = clientsThatMayMove();
        if (clients > 0 && life.lameDuckMillis() > 0) {
            OperatorMessage.CLIENTS_SENT_AWAY.log(LOG, clients, led.otherBrokers(), life.lameDuckMillis());
            new LameDuck(life.lameDuckMillis(), life.lameDuckGraceMillis()).send(new LameDuck.Clients() {
                @Override
                public int count() {
                    return clientsThatMayMove();
                }

                @Override
                public void tell() {
                    adapter.leave();
                }

                @Override
                public void dismiss(int most) {
                    adapter.dismiss(most);
                }
            }, hurry);
        }
    }

    /** None when all nodes stop at the same time. */
    private int clientsThatMayMove() {
        CoreEngine now = engine;
        return now == null || now.otherBrokers() == 0 ? 0 : adapter.counters().connections();
    }

    /** Closes what is open, the newest first; a failure of one does not keep the others from closing. */
    void close() {
        refuseGateway();
        if (clientPortOpen) {
            closePart("waiting clients", engine::stopping);
            closePart("the client port", adapter::unregister); // first: nothing may reach a closing engine
        }
        if (engine != null) {
            closePart("the broker engine", engine::close);
        }
        if (keys != null) {
            closePart("the watch of the certificate", keys);
        }
        if (metadata != null) {
            closePart("the metadata service", metadata::close);
        }
        if (directory != null) {
            closePart("the data directory", directory);
        }
    }

    private BrokerSettings load() throws StartException {
        try {
            LoadedSettings loaded = new SettingsLoader(new ContainerSettings(ConfigProvider.getConfig()), System.getenv(),
                SettingsLoader.Machine.here(), new LibertySecrets()).load();
            loaded.notes().forEach(note -> OperatorMessage.SETTING_WITHOUT_EFFECT.log(LOG, note));
            loaded.unknown().forEach(name -> OperatorMessage.UNKNOWN_SETTING.log(LOG, name));
            return loaded.settings();
        } catch (InvalidSettingsException e) {
            throw new StartException(OperatorMessage.WRONG_SETTING,
                e.problems().stream().map(OperatorMessage.WRONG_SETTING::line).toList());
        }
    }

    /** Not refused: who has few clients has room enough. */
    private static void checkFiles(int connections) {
        long files = ProcessFigures.maxFiles();
        if (files > 0 && files < (long) connections + OWN_FILES) {
            OperatorMessage.FEW_FILES.log(LOG, files, connections, 2L * connections + OWN_FILES); // and as many of the gateway
        }
    }

    private CoreEngine openEngine() throws StartException, InterruptedException {
        try {
            return CoreEngine.open(settings, secrets(), secretBox(), storageKeys(), threads, openAgain);
        } catch (StoreException | RuntimeException e) {
            if (StorageKeysException.causes(e)) {
                throw new StartException(OperatorMessage.STORAGE_KEYS_UNUSABLE, e, e.getMessage());
            }
            LOG.log(Level.SEVERE, OperatorMessage.START_FAILED.line(e.getMessage()), e);
            throw new StartException(OperatorMessage.START_FAILED, e, e.getMessage());
        }
    }

    private Optional<StorageKeys> storageKeys() throws StartException {
        Optional<Path> file = settings.storage().keyFile();
        try {
            return file.isEmpty() ? Optional.empty() : Optional.of(StorageKeys.read(file.get()));
        } catch (StorageKeysException e) {
            throw new StartException(OperatorMessage.STORAGE_KEYS_UNUSABLE, e, e.getMessage());
        }
    }

    /** The stored password is known only now; nothing listens yet. */
    private void checkRootPassword() throws StartException {
        Users users = engine.users();
        if (users.wellKnownPassword() && !settings.listen().loopback()) {
            throw new StartException(OperatorMessage.WRONG_SETTING,
                SettingsLoader.wellKnownPasswordOn(settings.listen().address()));
        }
        if (users.rootPasswordReplaced()) {
            OperatorMessage.ROOT_PASSWORD_REPLACED.log(LOG);
        }
    }

    private SigningSecrets secrets() throws StartException {
        BrokerSettings.Tokens tokens = settings.tokens();
        if (tokens.weakSecret()) {
            OperatorMessage.SHORT_SECRET.log(LOG);
        }
        try {
            return SecretsFile.open(settings.storage().dataDir(), ClusterParts.secrets(settings));
        } catch (IOException e) {
            throw new StartException(OperatorMessage.SECRETS_UNUSABLE, e, e.getMessage());
        }
    }

    private SecretBox secretBox() throws StartException {
        try {
            return ClusterParts.secretBox(settings, SecretsFile.sealingKey(settings.storage().dataDir()));
        } catch (IOException e) {
            throw new StartException(OperatorMessage.SECRETS_UNUSABLE, e, e.getMessage());
        }
    }

    private void openClientPort(TlsSettings with) throws StartException {
        try {
            adapter.register(engine.port(), netSettings(with));
            clientPortOpen = true;
        } catch (ListenException e) {
            throw new StartException(OperatorMessage.START_FAILED, e, e.getMessage());
        }
    }

    /** Before anything is opened: a wrong key is found at once. */
    private TlsSettings tls() throws StartException {
        BrokerSettings.Tls wanted = settings.tls();
        if (!wanted.needsKey()) {
            return TlsSettings.OFF;
        }
        try {
            keys = CertificateReport.watch(wanted, settings.listen().address(), settings.storage().dataDir());
            if (!wanted.key().selfSigned()) { // our own is renewed at a start
                keys.start(threads);
            }
            return new TlsSettings(keys.engines(), TlsSettings.Mode.valueOf(wanted.client().name()),
                TlsSettings.First.valueOf(wanted.first().name()), wanted.webSocket(),
                TlsSettings.OFF.autoMillis(), TlsSettings.OFF.handshakeMillis());
        } catch (TlsException e) {
            throw new StartException(OperatorMessage.TLS_UNUSABLE, e, e.getMessage(), e.remedy());
        }
    }

    /** When the certificate that clients see ends. */
    Optional<Instant> certificateEnds() {
        KeyWatch watch = keys;
        return watch == null ? Optional.empty()
            : watch.current().certificate().map(certificate -> certificate.getNotAfter().toInstant());
    }

    private NetSettings netSettings(TlsSettings with) {
        BrokerSettings.Budgets budgets = settings.budgets();
        BrokerSettings.Listen listen = settings.listen();
        WebSocketSettings webSocket = listen.webSocketPort() == 0 ? WebSocketSettings.OFF
            : WebSocketSettings.on(listen.webSocketPort()).withCompression(settings.webSocket().compression())
                .withOrigins(settings.webSocket().origins());
        return NetSettings.DEFAULTS.withAddress(listen.address(), listen.clientPort()).withWebSocket(webSocket)
            .withTls(with).withWire(WIRE.withAuthTimeout(with.client() == TlsSettings.Mode.OFF ? WIRE.authTimeoutMillis()
                : with.handshakeMillis() + AFTER_HANDSHAKE_MILLIS))
            .withLoops(budgets.ioThreads(), true)
            .withBudgets(budgets.maxConnections(), budgets.outboundBytes(),
                NetSettings.DEFAULTS.writeDeadlineMillis());
    }

    private static void closePart(String name, AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            ServerProcess.print(OperatorMessage.STOP_FAILED.line(name, e));
        }
    }
}
