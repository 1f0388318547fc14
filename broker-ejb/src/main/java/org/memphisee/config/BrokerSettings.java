package org.memphisee.config;

import java.nio.file.Path;
import java.util.Objects;

/**
 * All settings of a broker, validated. Immutable. Sizes are bytes, durations milliseconds.
 *
 * @param serverName name shown to clients
 * @param listen where to listen
 * @param access who may come in
 * @param storage where and how data is kept
 * @param budgets limits of memory and threads
 * @param database where metadata for people and queries goes
 */
public record BrokerSettings(String serverName, Listen listen, Access access, Storage storage, Budgets budgets,
                             Database database) {

    /** The root password of a fresh installation, known to everybody (D21). */
    public static final String WELL_KNOWN_PASSWORD = "memphis";

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

    /**
     * Where to listen.
     *
     * @param address address of every port
     * @param clientPort clients
     * @param gatewayPort REST gateway
     * @param dashboardPort dashboard
     * @param monitorPort monitor
     * @param metricsPort MicroProfile Health
     */
    public record Listen(String address, int clientPort, int gatewayPort, int dashboardPort, int monitorPort,
                         int metricsPort) { }

    /**
     * Who may come in.
     *
     * @param rootPassword password of root
     * @param mode how clients prove who they are
     * @param connectionToken shared token, empty for none
     */
    public record Access(String rootPassword, AuthMode mode, String connectionToken) {

        /** Whether everybody knows the root password. */
        public boolean wellKnownPassword() {
            return rootPassword.equals(WELL_KNOWN_PASSWORD);
        }

        @Override
        public String toString() { // never print secrets
            return "Access[mode=" + mode + "]";
        }
    }

    /**
     * Where and how data is kept.
     *
     * @param dataDir absolute directory
     * @param durability default of stations
     * @param syncIntervalMillis time between syncs in mode interval
     * @param maxBytes all stations together, 0 for no limit
     * @param minFreeBytes what must stay free on the disk
     */
    public record Storage(Path dataDir, Durability durability, long syncIntervalMillis, long maxBytes,
                          long minFreeBytes) { }

    /**
     * Limits of memory and threads (D16).
     *
     * @param maxPayload largest message, headers included
     * @param maxConnections client connections at a time
     * @param outboundBytes waiting for one client
     * @param shardInboxBytes waiting for one shard
     * @param batchCacheBytes batches served from memory
     * @param storeCacheBytes the store's own cache
     * @param shards threads that own partitions, at least 1
     * @param ioThreads threads of the sockets, at least 1
     */
    public record Budgets(int maxPayload, int maxConnections, long outboundBytes, long shardInboxBytes,
                          long batchCacheBytes, long storeCacheBytes, int shards, int ioThreads) { }

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
     */
    public record Database(DatabaseMode mode, String host, int port, boolean portChosen, String name, String user,
                           String password, int maxConnections, DatabaseTls tls, String tlsCa, String tlsCertificate,
                           String tlsKey) {
        @Override
        public String toString() { // never print secrets
            return "Database[" + mode + ", " + host + ":" + port + "/" + name + ", user=" + user + ", tls=" + tls + "]";
        }
    }
}
