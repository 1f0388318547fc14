package org.memphisee.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import org.memphisee.core.Beginning;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.definitions.ConflictPolicy;
import org.memphisee.core.settings.RuntimeDefaults;

/**
 * All settings of a broker, validated. Immutable. Sizes are bytes, durations milliseconds.
 *
 * @param serverName name shown to clients
 * @param listen where to listen
 * @param webSocket what is particular to clients in browsers
 * @param tls encryption of the ports
 * @param cluster which nodes belong together
 * @param access who may come in
 * @param tokens tokens of the HTTP doors
 * @param gateway what is particular to the REST gateway
 * @param dashboard the management API
 * @param storage where and how data is kept
 * @param budgets limits of memory and threads
 * @param monitoring what monitors show
 * @param database where metadata for people and queries goes
 * @param life how the server ends
 * @param changeable what holds until somebody changes it while the broker runs
 * @param privateIntegrations whether alerts may be sent to addresses that not everybody can reach
 * @param records how long is kept who did what
 * @param beginning what a fresh installation begins with
 */
public record BrokerSettings(String serverName, Listen listen, WebSocket webSocket, Tls tls, ClusterSettings cluster, Access access,
                             Tokens tokens, Gateway gateway, Dashboard dashboard, Storage storage, Budgets budgets,
                             Monitoring monitoring, Database database, Life life, RuntimeDefaults changeable,
                             boolean privateIntegrations, Records records, Beginning beginning) {

    /** The root password of a fresh installation, known to everybody (D21). */
    public static final String WELL_KNOWN_PASSWORD = ControlSettings.WELL_KNOWN_PASSWORD;

    public BrokerSettings {
        Objects.requireNonNull(serverName, "serverName is required");
    }

    /** How clients prove who they are. */
    public enum AuthMode { PASSWORD, TOKEN }

    /** When a publish is acknowledged (P1). */
    public enum Durability { ALWAYS, INTERVAL }

    /** Whose database it is. */
    public enum DatabaseMode { EMBEDDED, EXTERNAL }

    /** TLS to the database. */
    public enum DatabaseTls { OFF, VERIFY, MUTUAL }

    /** TLS on the client port. */
    public enum ClientTls { OFF, OPTIONAL, REQUIRED, MUTUAL }

    /** Whether the handshake comes before INFO. */
    public enum HandshakeFirst { OFF, AUTO, ON }

    /**
     * Encryption of the ports.
     *
     * @param client the client port
     * @param first whether the handshake comes before INFO there
     * @param webSocket whether the WebSocket port is {@code wss}
     * @param gateway the gateway's port
     * @param http whether the container serves the dashboard by HTTPS
     * @param httpStore the container's key store when it is made of the PEM files, else empty
     * @param key where key and certificate come from
     */
    public record Tls(ClientTls client, HandshakeFirst first, boolean webSocket, boolean gateway, boolean http, String httpStore,
                      TlsKey key) {

        /** With a key store that is not ours to write. */
        public Tls(ClientTls client, HandshakeFirst first, boolean webSocket, boolean gateway, boolean http, TlsKey key) {
            this(client, first, webSocket, gateway, http, "", key);
        }

        /** Whether we need a key; HTTPS of the dashboard is the container's. */
        public boolean needsKey() {
            return client != ClientTls.OFF || webSocket || gateway;
        }
    }

    /**
     * Where key and certificate come from; one way of them is set.
     *
     * @param keystore PKCS12 file, else empty
     * @param keystorePassword its password
     * @param certificate PEM file with our certificate and what leads to its CA, else empty
     * @param key PEM file with the key
     * @param keyPassword its password, empty for none
     * @param ca PEM file with the CAs of clients, empty for those in the key store
     * @param libertySsl id of an {@code ssl} element of server.xml, else empty
     * @param selfSigned make our own
     */
    public record TlsKey(String keystore, String keystorePassword, String certificate, String key, String keyPassword,
                         String ca, String libertySsl, boolean selfSigned) {
        @Override
        public String toString() { // never print secrets
            return "TlsKey[keystore=" + keystore + ", certificate=" + certificate + ", ca=" + ca + ", libertySsl="
                + libertySsl + ", selfSigned=" + selfSigned + "]";
        }
    }

    /**
     * Where to listen.
     *
     * @param address address of every port
     * @param clientPort clients
     * @param webSocketPort clients by WebSocket, 0 for none
     * @param gatewayPort REST gateway
     * @param dashboardPort dashboard
     * @param monitorPort monitor
     * @param metricsPort metrics and health
     */
    public record Listen(String address, int clientPort, int webSocketPort, int gatewayPort, int dashboardPort,
                         int monitorPort, int metricsPort) {

        /** Whether only this machine reaches us. */
        public boolean loopback() {
            try {
                return InetAddress.getByName(address).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return false;
            }
        }
    }

    /**
     * What is particular to clients by WebSocket.
     *
     * @param compression whether frames may be compressed
     * @param origins web origins that may connect, {@code same-origin} among them for pages of our own address; empty
     *        for all
     */
    public record WebSocket(boolean compression, List<String> origins) {
        public WebSocket {
            origins = List.copyOf(origins);
        }
    }

    /**
     * What is particular to the REST gateway.
     *
     * @param maxBatchBytes body of a batch
     * @param idleMillis time after which unused producers are taken back
     * @param oldStatus whether failed produce requests are answered with 500
     * @param development whether the use of processor and memory is shown
     * @param accessLog directory of the log with a line for each request, empty for no such log
     */
    public record Gateway(int maxBatchBytes, long idleMillis, boolean oldStatus, boolean development,
                          Optional<Path> accessLog) { }

    /**
     * Who may come in.
     *
     * @param rootPassword password that root is made with
     * @param rootPasswordGiven whether somebody set it on purpose: then root gets it when it is another than before
     * @param mode how clients prove who they are
     * @param connectionToken shared token, empty for none
     */
    public record Access(String rootPassword, boolean rootPasswordGiven, AuthMode mode, String connectionToken) {

        /** Whether everybody knows the password that is set; root may have another one since. */
        boolean wellKnownPassword() {
            return rootPassword.equals(WELL_KNOWN_PASSWORD);
        }

        @Override
        public String toString() { // never print secrets
            return "Access[mode=" + mode + "]";
        }
    }

    /**
     * Tokens of the HTTP doors. Lives are minutes.
     *
     * @param gatewaySecret signs access tokens of the REST gateway; empty when it is to be generated, like the others
     * @param gatewayRefreshSecret signs its refresh tokens
     * @param managementSecret signs access tokens of the management API
     * @param managementRefreshSecret signs its refresh tokens
     * @param gatewayMinutes life of the gateway's access tokens
     * @param gatewayRefreshMinutes life of its refresh tokens
     * @param gatewayMaxMinutes the longest life a client may ask for, 0 for no limit
     * @param anonymousAllowed whether gateway tokens without a user name are taken
     * @param managementMinutes life of the management API's access tokens
     * @param managementRefreshMinutes life of its refresh tokens
     */
    public record Tokens(Optional<String> gatewaySecret, Optional<String> gatewayRefreshSecret,
                         Optional<String> managementSecret, Optional<String> managementRefreshSecret, int gatewayMinutes,
                         int gatewayRefreshMinutes, int gatewayMaxMinutes, boolean anonymousAllowed,
                         int managementMinutes, int managementRefreshMinutes) {

        /** Whether a configured secret is allowed but short enough to be found by trying hard. */
        public boolean weakSecret() {
            return Stream.of(gatewaySecret, gatewayRefreshSecret, managementSecret, managementRefreshSecret)
                .flatMap(Optional::stream).anyMatch(SigningSecretRule::weak);
        }

        @Override
        public String toString() { // never print secrets
            return "Tokens[]";
        }
    }

    /**
     * What monitors show.
     *
     * @param basePath what stands before every path of the monitor, empty for nothing
     * @param stacks whether {@code /stacksz} answers
     * @param metadataRequired whether a server without its metadata database is not ready
     * @param maxConsumers consumers that have series of their own in {@code /metrics}, at most
     * @param streamsAllow streams that have series of their own, as a regular expression
     * @param streamsDeny of those, streams that have none; empty to deny none
     * @param consumersAllow consumers that have series of their own, as a regular expression
     * @param consumersDeny of those, consumers that have none; empty to deny none
     * @param secondPrefix series are given under this prefix too, empty for none
     */
    public record Monitoring(String basePath, boolean stacks, boolean metadataRequired, int maxConsumers, String streamsAllow,
                             String streamsDeny, String consumersAllow, String consumersDeny, String secondPrefix) { }

    /**
     * The management API.
     *
     * @param origins web origins of other hosts that may call it; {@code *} for any
     * @param showableStatus status of answers whose text is for people, 406 or 666
     * @param emptying whether root may remove everything at once
     * @param namespace name space in Kubernetes, empty when the broker does not run there
     */
    public record Dashboard(List<String> origins, int showableStatus, boolean emptying, String namespace) {
        public Dashboard {
            origins = List.copyOf(origins);
        }

        /** Whether the broker runs in Kubernetes. */
        public boolean kubernetes() {
            return !namespace.isEmpty();
        }
    }

    /** When definitions are imported: at each start, or while nothing is defined. */
    public enum ImportTime { ALWAYS, EMPTY }

    /**
     * Definitions that are imported at the start.
     *
     * @param file the document; empty for none
     * @param time when they are
     * @param policy what happens with things that are there already and are otherwise
     */
    public record Definitions(Optional<Path> file, ImportTime time, ConflictPolicy policy) { }

    /**
     * Backups on a schedule.
     *
     * @param directory where they go; empty for none
     * @param intervalMillis time between two of them
     * @param keep how many stay
     */
    public record Backup(Optional<Path> directory, long intervalMillis, int keep) { }

    /**
     * Where and how data is kept.
     *
     * @param dataDir absolute directory
     * @param durability default of stations
     * @param syncIntervalMillis time between syncs in mode interval
     * @param maxBytes all stations together, 0 for no limit
     * @param minFreeBytes what must stay free on the disk
     * @param memberHours how long a producer or consumer may be without its connection
     * @param backup backups on a schedule
     * @param keyFile the file with the keys of storage encryption; empty for none
     * @param definitions what is imported at the start
     * @param tieredWaiting what may wait for tiered storage
     */
    public record Storage(Path dataDir, Durability durability, long syncIntervalMillis, long maxBytes, long minFreeBytes,
                          int memberHours, Backup backup, Optional<Path> keyFile, Definitions definitions, long tieredWaiting) {

        /** Where the log is. */
        public Path logDir() {
            return dataDir.resolve("log");
        }

        /** Where the embedded database is. */
        public Path postgresDir() {
            return dataDir.resolve("postgres");
        }

        /** Whether no broker has stored anything here yet. */
        boolean empty() {
            return Files.notExists(logDir());
        }
    }

    /**
     * Limits of memory and threads (D16).
     *
     * @param maxPayload largest message, headers included
     * @param maxConnections client connections at a time
     * @param outboundBytes waiting for one client
     * @param shardInboxBytes waiting for one shard
     * @param batchCacheBytes batches served from memory
     * @param storeCacheBytes the store's own cache
     * @param stationMemoryBytes what stations in memory may occupy
     * @param indexBytes message ids inside their windows, and subjects
     * @param deadLetterBytes what the dead letters of one partition may take
     * @param shards threads that own partitions, at least 1
     * @param ioThreads threads of the sockets, at least 1
     */
    public record Budgets(int maxPayload, int maxConnections, long outboundBytes, long shardInboxBytes,
                          long batchCacheBytes, long storeCacheBytes, long stationMemoryBytes, long indexBytes, long deadLetterBytes, int shards,
                          int ioThreads) { }

    /**
     * Where metadata for people and queries goes.
     *
     * @param mode whose database it is
     * @param host host of an external one
     * @param port its port
     * @param portChosen whether somebody set the port on purpose
     * @param name database name
     * @param user user name
     * @param password password
     * @param maxConnections connections at most
     * @param tls protection of the connection
     * @param tlsCa file of the CA certificate, empty for the JDK's own list
     * @param tlsCertificate file of our certificate, empty without mutual TLS
     * @param tlsKey file of our key, empty without mutual TLS
     * @param programs directory of the embedded one's programs, empty to unpack those that come with the broker
     */
    public record Database(DatabaseMode mode, String host, int port, boolean portChosen, String name, String user,
                           String password, int maxConnections, DatabaseTls tls, String tlsCa, String tlsCertificate,
                           String tlsKey, Optional<Path> programs) {
        @Override
        public String toString() { // never print secrets
            return "Database[" + mode + ", " + host + ":" + port + "/" + name + ", user=" + user + ", tls=" + tls + "]";
        }
    }

    /**
     * How the server ends.
     *
     * @param drainDelayMillis time between the request to stop and the moment when clients are asked to leave
     * @param handOverMillis so long others have to take over what this node leads
     * @param lameDuckMillis in which clients are sent to the others
     * @param lameDuckGraceMillis of it, before the first is disconnected
     */
    public record Life(long drainDelayMillis, long handOverMillis, long lameDuckMillis, long lameDuckGraceMillis) { }

    /**
     * How long is kept who did what.
     *
     * @param auditDays changes, days
     * @param auditBytes changes, bytes
     * @param activityDays what clients do all the time, days
     */
    public record Records(int auditDays, long auditBytes, int activityDays) { }
}
