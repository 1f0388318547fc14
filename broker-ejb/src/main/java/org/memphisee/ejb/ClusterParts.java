package org.memphisee.ejb;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
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
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.config.BrokerSettings;
import org.memphisee.config.ClusterSettings;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.log.StoreException;
import org.memphisee.message.OperatorMessage;
import org.memphisee.tls.ClusterTls;
import org.memphisee.tls.TlsException;

/** What the settings say about the cluster, as its node needs it, and what it says to people. */
final class ClusterParts {

    private static final Logger LOG = Logger.getLogger(ClusterParts.class.getName());
    private static final int LEVEL = 1;

    private ClusterParts() { }

    /** Where the journal is. */
    static Path journal(BrokerSettings settings) {
        return settings.storage().dataDir().resolve("raft");
    }

    /**
     * Of validated settings with a cluster.
     *
     * @param random what this life of the node is called
     * @throws StoreException when its address or its certificate cannot be used
     */
    static ClusterOptions options(BrokerSettings settings, long random) throws StoreException {
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
        InetSocketAddress listen = listen(cluster.bind().isEmpty() ? own.host() : cluster.bind(), own);
        InetSocketAddress advertised = listen.getAddress().isAnyLocalAddress() ? listen(own.host(), own) : null;
        PeerIdentity self = new PeerIdentity(cluster.name(), settings.serverName(), random, LEVEL, LEVEL,
            urls(own.host(), settings), Map.of());
        return new ClusterOptions(self, names, rings(settings), new ChannelSettings(listen, advertised, peers,
            cluster.secret().getBytes(java.nio.charset.StandardCharsets.UTF_8), tls(cluster, names)), LinkSettings.DEFAULT,
            journal, ReplicaSettings.DEFAULT, new RebuildSettings(cluster.limits().rebuildRate(), RebuildSettings.DEFAULT.littleBytes()),
            ScrubSettings.DEFAULT.at(cluster.limits().scrubRate()));
    }

    /** Where clients find this node. */
    private static String urls(String host, BrokerSettings settings) {
        int web = settings.listen().webSocketPort();
        return "nats://" + host + ":" + settings.listen().clientPort()
            + (web == 0 ? "" : (settings.tls().webSocket() ? ",wss://" : ",ws://") + host + ":" + web);
    }

    /** One group for two shards that a node prefers to lead, up to four (K6). */
    private static int rings(BrokerSettings settings) {
        return Math.max(1, Math.min(4, settings.budgets().shards() / 2));
    }

    private static InetSocketAddress listen(String host, ClusterSettings.Member own) throws StoreException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), own.port());
        } catch (UnknownHostException e) {
            throw new StoreException("this node's own address " + host + " is not known here. Correct it in memphisee.cluster.members, "
                + "or set memphisee.cluster.bind to an address of this machine", e, false);
        }
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
