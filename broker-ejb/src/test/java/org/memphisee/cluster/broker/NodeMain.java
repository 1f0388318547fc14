package org.memphisee.cluster.broker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;

import org.memphisee.cluster.data.RebuildSettings;
import org.memphisee.cluster.data.ScrubSettings;
import org.memphisee.cluster.jgroups.ChannelSettings;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.time.World;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.listen.ClientListener;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.journal.DiskJournalFiles;

/**
 * A broker in a process of its own without a container, with store, journal, links and sockets as the server has them: one of three
 * nodes on this machine, or alone. For measuring and profiles; docs/benchmarks.md says how. Root's password is {@code memphis}. It
 * serves until it is killed.
 *
 * <p>Arguments: how many nodes (1 or 3), which one this is (from 0), a directory that all share, the client port of node 0 (those
 * of the others follow). Nodes link at ports 1 000 above.
 */
final class NodeMain {

    private static final long MIB = 1 << 20;
    private static final int LINKS_ABOVE = 1_000;
    private static final ThreadFactory THREADS = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    };

    private NodeMain() { }

    public static void main(String[] arguments) throws Exception {
        int nodes = Integer.parseInt(arguments[0]);
        int self = Integer.parseInt(arguments[1]);
        Path directory = Files.createDirectories(Path.of(arguments[2]).resolve("n" + self));
        int port = Integer.parseInt(arguments[3]);
        JeLogStore store = JeLogStore.open(new JeStoreSettings(directory.resolve("log"), 96 * MIB, MIB, THREADS));
        Broker broker = nodes == 1 ? Broker.open(options("n0"), store, THREADS, new Loud(), SchemaLanguages.NONE)
            : node(nodes, self, port, store, directory).broker();
        ClientListener.open(broker.port(), NetSettings.DEFAULTS.withAddress("127.0.0.1", port + self), new NetCounters(), THREADS);
        System.out.println("ready at " + (port + self));
        new CountDownLatch(1).await();
    }

    private static ClusterNode node(int nodes, int self, int port, JeLogStore store, Path directory) throws Exception {
        List<String> names = IntStream.range(0, nodes).mapToObj(i -> "n" + i).toList();
        Map<String, InetSocketAddress> peers = new HashMap<>();
        for (int i = 0; i < nodes; i++) {
            if (i != self) {
                peers.put(names.get(i), loopback(port + i));
            }
        }
        String name = names.get(self);
        ClusterOptions options = new ClusterOptions(new PeerIdentity("bench", name, System.nanoTime(), 1, 1,
            "nats://127.0.0.1:" + (port + self), Map.of()), names, 1, new ChannelSettings(loopback(port + self), null, peers,
            "a secret for measuring, 32 characters".getBytes(), Optional.empty()), LinkSettings.DEFAULT, JournalSettings.DEFAULT,
            ReplicaSettings.DEFAULT, RebuildSettings.DEFAULT,
            ScrubSettings.DEFAULT);
        return ClusterNode.open(options, options(name), store, () -> DiskJournalFiles.of(directory.resolve("raft")), World.of(THREADS),
            THREADS, new Loud(), new Silent(), SchemaLanguages.NONE);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port + LINKS_ABOVE);
    }

    /** As the server has them on a machine of two cores. */
    private static BrokerOptions options(String name) {
        long heap = Runtime.getRuntime().maxMemory();
        return new BrokerOptions(name, (int) MIB, Runtime.getRuntime().availableProcessors(), 32 * MIB, 32 * MIB, heap * 2 / 5,
            100_000_000, 100_000_000, MIB, 0, false, ControlSettings.of("memphis", ControlSettings.AuthMode.USER_PASSWORD, "", "bench"));
    }

    private static final class Loud implements BrokerEvents {
        @Override
        public void storageFull(boolean full) {
            System.out.println("storage full: " + full);
        }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            cause.printStackTrace();
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            cause.printStackTrace();
        }
    }

    private static final class Silent implements ClusterReport {
        @Override
        public void formed(String cluster) { }

        @Override
        public void waits(String why) { }

        @Override
        public void leads(String node) {
            System.out.println("definitions are led by " + node);
        }

        @Override
        public void outdated() { }

        @Override
        public void behind(String of) {
            System.out.println("behind: " + of);
        }

        @Override
        public void rebuilt(String what) { }

        @Override
        public void failed(String what, String why, Throwable cause) {
            System.out.println(what + " failed: " + why);
        }

        @Override
        public void notUnderstood(String peer, String why) {
            System.out.println(peer + " is not understood: " + why);
        }

        @Override
        public void interestRefused(String peer, int patterns) { }
    }
}
