package org.memphisee.ejb;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

import org.memphisee.core.access.Users;
import org.memphisee.core.api.PeerSubscriptions;
import org.memphisee.core.audit.AuditTrail;
import org.memphisee.core.backup.NodeBackups;
import org.memphisee.core.client.LocalClient;
import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.definitions.DefinitionsTransfer;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.leadership.Leaderships;
import org.memphisee.core.notices.Notices;
import org.memphisee.core.observe.BrokerObserver;
import org.memphisee.core.observe.FlowHistory;
import org.memphisee.core.observe.ServerLog;
import org.memphisee.core.schema.Rejections;
import org.memphisee.core.settings.RuntimeSettings;
import org.memphisee.core.stations.SchemaAdministration;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.status.StatusPages;
import org.memphisee.core.tasks.Tasks;
import org.memphisee.core.tiering.TierFigures;
import org.memphisee.core.time.LatencyHistogram;
import org.memphisee.core.time.Timings;
import org.memphisee.core.topics.TopicSource;
import org.memphisee.net.ConnectionFigures;
import org.memphisee.net.NetStatistics;
import org.memphisee.port.BrokerPort;
import org.memphisee.token.Tokens;

/** The broker proper as its life cycle and its monitors see it. Thread-safe. */
public interface BrokerEngine {

    /** What the resource adapter serves clients with. */
    BrokerPort port();

    /** Name of the one account. */
    String tenant();

    /** Users, for the doors that administer them. */
    Users users();

    /** Stations with their groups and messages, for the doors that show and administer them. */
    StationAdministration stations();

    /** Settings that are changed while the broker runs. */
    RuntimeSettings runtime();

    /** What groups gave up and schemas refused, for the doors that show and administer it. */
    DeadLetters deadLetters();

    /** Schemas, for the doors that show and administer them. */
    SchemaAdministration schemas();

    /** Definitions as documents: out, compared, in. */
    DefinitionsTransfer transfer();

    /** Messages that did not fit the schemas of their stations, by stream. */
    List<Rejections> rejections();

    /** Things that take long. */
    Tasks tasks();

    /** Where alerts are sent to. */
    Integrations integrations();

    /** What tiered storage has done. */
    TierFigures tieredStorage();

    /** Backups of this node that people ask for. */
    NodeBackups backups();

    /** When the newest backup of this node was begun, long ago when there is none. */
    Instant lastBackup();

    /** What people should hear of. */
    Notices notices();

    /** What the server said. */
    ServerLog serverLog();

    /** Who changed what. */
    AuditTrail audit();

    /** Publishing and consuming, for the doors that do so without a socket. */
    LocalClient local();

    /** Tokens of the HTTP doors. */
    Tokens tokens();

    /** What monitors may ask. */
    BrokerObserver observer();

    /**
     * What clients of linked nodes listen to; empty of a broker alone.
     *
     * @param list whether their patterns are asked for too
     */
    List<PeerSubscriptions> peerSubscriptions(boolean list);

    /** Where the pages come from that clients may ask for by subject; null when they are not shown any more. */
    void showPages(StatusPages pages);

    /** Where the figures come from that dashboards of Memphis follow; null when they are not shown any more. */
    void showTopics(TopicSource source);

    /** Password of the one who follows them, see {@link org.memphisee.core.access.LiveViewer}. */
    String topicPassword();

    /** How long things took. */
    Latencies latencies();

    /** Messages that came and went by one way; all ways together are those of {@link #counters}. */
    NetStatistics.Traffic traffic(Way way);

    /** Clients that are connected, in no particular order. */
    List<ConnectionFigures> openConnections();

    /** Clients that left lately, the last to leave at the end. */
    List<ConnectionFigures> closedConnections();

    /** Whether the client ports are open. */
    boolean listening();

    /** Whether publishes are refused because the disk or the store's budget is nearly full. */
    boolean storageFull();

    /** How near publishes are to being refused for lack of space, 0 to 100. */
    int storagePercent();

    /** What keeps this node from being one of its cluster as the others are; empty for a broker alone. */
    Optional<String> clusterProblem();

    /** All that is known here of the cluster; empty for a broker alone. */
    Optional<ClusterStatus> cluster();

    /** Where partitions are, as clients are told. */
    ClusterView clusterView();

    /** Who decides about which partitions, and having others do so. */
    Leaderships leaderships();

    /** Brokers of the cluster as configured; 1 for a broker alone. */
    int brokers();

    /** Those of them that are there now, this one included. */
    int liveBrokers();

    /** What keeps streams from serving as they should, by name of stream. */
    SortedMap<String, String> streamFaults();

    /**
     * Why only a restart of the process helps, empty when all is well; asks the broker's threads, and may be asked
     * often.
     */
    Optional<String> fault();

    /** Counters now. */
    Counters counters();

    /** What went through lately. */
    FlowHistory history();

    /** What stations in memory reserve with their limits of bytes; {@link Counters#memoryBytes} is what they occupy. */
    long reservedMemory();

    /** What stations on disk may take by their limits of bytes. */
    long reservedStorage();

    /**
     * Has other nodes lead what this one leads, and tells clients of the others only; nothing for a broker alone.
     *
     * @param millis so long at most
     * @param hurry ends it before
     */
    void handOver(long millis, Drain.Hurry hurry) throws InterruptedException;

    /** Other nodes of the cluster that are there and not about to stop: clients may go to them. */
    int otherBrokers();

    /** The server is about to stop: tells waiting clients, stores cursors. The adapter is drained after it. */
    void stopping();

    /** Stops taking work, writes what waits, closes the store. Called once, after the adapter has been drained. */
    void close();

    /** Ways by which messages of clients come and go. */
    enum Way {
        TCP("tcp"), WEBSOCKET("ws"), HTTP("http"), IN_PROCESS("in-process");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        /** As monitors name it. */
        public String label() {
            return label;
        }
    }

    /**
     * How long things took since the start.
     *
     * @param broker recorded by the shards
     * @param sync synced writes, the time that acknowledgements wait for
     * @param rest requests to the REST gateway
     * @param api requests to the management API
     */
    record Latencies(Timings broker, LatencyHistogram sync, RequestTimings rest, RequestTimings api) { }

    /**
     * Counters of the whole server since its start, as {@code /varz} shows them (monitoring.md 1.3).
     *
     * @param connections open client connections
     * @param totalConnections connections ever opened
     * @param subscriptions subscriptions of all clients
     * @param slowConsumers clients closed because they read too slowly
     * @param inMessages messages from clients
     * @param inBytes their bytes
     * @param outMessages messages to clients
     * @param outBytes their bytes
     * @param storedBytes bytes of all stations on disk
     * @param memoryBytes what all stations in memory occupy
     * @param storedMessages messages that stations and streams stored
     * @param deliveredMessages deliveries of stored messages to consumers
     * @param apiTotal requests to the JetStream API
     * @param apiErrors of those, answered with an error
     */
    record Counters(long connections, long totalConnections, long subscriptions, long slowConsumers, long inMessages,
                    long inBytes, long outMessages, long outBytes, long storedBytes, long memoryBytes,
                    long storedMessages, long deliveredMessages, long apiTotal, long apiErrors) { }
}
