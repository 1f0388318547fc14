package org.memphisee.ejb;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Logger;

import javax.net.ssl.SSLContext;

import org.memphisee.cluster.broker.ClusterOptions;
import org.memphisee.cluster.broker.ClusterReport;
import org.memphisee.cluster.data.RebuildSettings;
import org.memphisee.cluster.data.ScrubSettings;
import org.memphisee.cluster.jgroups.ChannelSettings;
import org.memphisee.cluster.jgroups.NameLookup;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.config.BrokerSettings;
import org.memphisee.config.ClusterSettings;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.message.OperatorMessage;
import org.memphisee.tls.ClusterTls;
import org.memphisee.tls.TlsException;
import org.memphisee.token.SharedSecrets;
import org.memphisee.token.SigningSecrets;

/** What the settings say about the cluster, as its node needs it, and what it says to people. */
final class ClusterParts {

    private static final Logger LOG = Logger.getLogger(ClusterParts.class.getName());
    private static final int LEVEL = 1;

    private ClusterParts() { }

    /** Where the journal is. */
    static Path journal(BrokerSettings settings) {
        return settings.storage().dataDir().resolve("raft");
    }

    /** Secrets of tokens as far as they are configured; in a cluster with a secret all are. */
    static SigningSecrets.Configured secrets(BrokerSettings settings) {
        BrokerSettings.Tokens tokens = settings.tokens();
        return SharedSecrets.completed(new SigningSecrets.Configured(tokens.gatewaySecret(), tokens.gatewayRefreshSecret(),
            tokens.managementSecret(), tokens.managementRefreshSecret()), sharedSecret(settings));
    }

    /** What a node shows the others of its secrets. */
    static Map<String, String> fingerprints(BrokerSettings settings) {
        return SharedSecrets.fingerprints(secrets(settings), settings.cluster().name(), sharedSecret(settings));
    }

    /** @param own this node's key, with which it sealed what it has from before it was one of a cluster */
    static SecretBox secretBox(BrokerSettings settings, byte[] own) {
        String shared = sharedSecret(settings);
        return shared.isEmpty() ? new SecretBox(own) : new SecretBox(SharedSecrets.sealingKey(shared), List.of(own));
    }

    private static String sharedSecret(BrokerSettings settings) {
        return settings.cluster().mode() == ClusterSettings.Mode.OFF ? "" : settings.cluster().secret();
    }

    /**
     * Of validated settings with a cluster.
     *
     * @param fingerprints of secrets that nodes must have alike
     * @param random what this life of the node is called
     * @throws StoreException when its address or its certificate cannot be used
     */
    static ClusterOptions options(BrokerSettings settings, Map<String, String> fingerprints, long random)
        throws StoreException, InterruptedException {
        return options(settings, fingerprints, random, new OwnAddress(NameLookup.SYSTEM));
    }

    static ClusterOptions options(BrokerSettings settings, Map<String, String> fingerprints, long random, OwnAddress addresses)
        throws StoreException, InterruptedException {
        ClusterSettings cluster = settings.cluster();
        ClusterSettings.Member own = cluster.own(settings.serverName());
        List<String> names = cluster.members().stream().map(ClusterSettings.Member::node).toList();
        Map<String, InetSocketAddress> peers = new HashMap<>();
        for (ClusterSettings.Member member : cluster.members()) {
            if (!member.equals(own)) {
                peers.put(member.node(), InetSocketAddress.createUnresolved(member.host(), member.port()));
            }
        }
        JournalSettings journal = JournalSettings.forDisk(cluster.limits().journalBytes(),
            settings.storage().dataDir().toFile().getTotalSpace());
        InetAddress at = addresses.of(cluster.bind().isEmpty() ? own.host() : cluster.bind(), own.node());
        InetSocketAddress listen = new InetSocketAddress(at, own.port());
        InetSocketAddress advertised = at.isAnyLocalAddress() ? new InetSocketAddress(addresses.of(own.host(), own.node()), own.port()) : null;
        PeerIdentity self = new PeerIdentity(cluster.name(), settings.serverName(), random, LEVEL, LEVEL,
            urls(own.host(), settings), fingerprints);
        return new ClusterOptions(self, names, rings(settings), new ChannelSettings(listen, advertised, peers,
            cluster.secret().getBytes(java.nio.charset.StandardCharsets.UTF_8), tls(cluster, names), NameLookup.SYSTEM),
            LinkSettings.DEFAULT,
            journal, ReplicaSettings.DEFAULT, new RebuildSettings(cluster.limits().rebuildRate(), RebuildSettings.DEFAULT.littleBytes()),
            ScrubSettings.DEFAULT.at(cluster.limits().scrubRate()));
    }

    /** Where clients find this node. */
    private static String urls(String member, BrokerSettings settings) {
        String given = settings.cluster().clientAdvertise();
        if (given.contains(",") || given.contains("://") || given.matches(".*[^:]:\\d+")) {
            return given;
        }
        String host = given.isEmpty() ? member : given;
        int web = settings.listen().webSocketPort();
        return "nats://" + host + ":" + settings.listen().clientPort()
            + (web == 0 ? "" : (settings.tls().webSocket() ? ",wss://" : ",ws://") + host + ":" + web);
    }

    /** One group for two shards that a node prefers to lead, up to four (K6). */
    private static int rings(BrokerSettings settings) {
        return Math.max(1, Math.min(4, settings.budgets().shards() / 2));
    }

    private static Optional<Supplier<SSLContext>> tls(ClusterSettings cluster, List<String> names) throws StoreException {
        if (!cluster.tls().given()) {
            return Optional.empty();
        }
        try {
            SSLContext context = ClusterTls.load(cluster.tls(), names);
            return Optional.of(() -> context);
        } catch (TlsException e) {
            throw new StoreException(e.getMessage() + ". " + e.remedy(), e, false);
        }
    }

    /** Says what happens in numbered messages, and on the console what keeps the node from serving. */
    static final class Report implements ClusterReport {

        private final Runnable openAgain;

        /** Told at which time the broker is to be closed and opened again; does not wait. */
        Report(Runnable openAgain) {
            this.openAgain = openAgain;
        }

        @Override
        public void formed(String cluster) {
            OperatorMessage.CLUSTER_FORMED.log(LOG, cluster);
        }

        @Override
        public void waits(String why) {
            ServerProcess.print(OperatorMessage.CLUSTER_WAITS.line(why));
            OperatorMessage.CLUSTER_WAITS.log(LOG, why);
        }

        @Override
        public void leads(String node) {
            if (node.isEmpty()) {
                OperatorMessage.CLUSTER_NO_LEADER.log(LOG);
            } else {
                OperatorMessage.CLUSTER_LEADER.log(LOG, node);
            }
        }

        @Override
        public void outdated() {
            OperatorMessage.CLUSTER_OUTDATED.log(LOG);
            openAgain.run();
        }

        @Override
        public void behind(String of) {
            OperatorMessage.CLUSTER_REBUILDS.log(LOG, of);
        }

        @Override
        public void damaged(String what) {
            OperatorMessage.STORED_DAMAGED.log(LOG, what);
        }

        @Override
        public void mended(String what, String from) {
            OperatorMessage.STORED_MENDED.log(LOG, what, from);
        }

        @Override
        public void differs(String what, String nodes, boolean decided) {
            if (decided) {
                OperatorMessage.STORED_DIFFERS.log(LOG, what, nodes);
            } else {
                OperatorMessage.STORED_UNDECIDED.log(LOG, what, nodes);
            }
        }

        @Override
        public void notMended(String why) {
            OperatorMessage.STORED_NOT_MENDED.log(LOG, why);
        }

        @Override
        public void full(boolean now) {
            if (now) {
                OperatorMessage.CLUSTER_NODE_FULL.log(LOG);
            }
        }

        @Override
        public void failed(String what, String why, Throwable cause) {
            if (cause == null) {
                OperatorMessage.CLUSTER_PART_FAILED.log(LOG, what, why);
            } else {
                OperatorMessage.CLUSTER_PART_FAILED.log(LOG, cause, what, why);
            }
        }

        @Override
        public void notUnderstood(String peer, String why) {
            OperatorMessage.PEER_NOT_UNDERSTOOD.log(LOG, peer, why);
        }

        @Override
        public void interestRefused(String peer, int patterns) {
            OperatorMessage.PEER_INTEREST_REFUSED.log(LOG, peer, patterns);
        }
    }
}
