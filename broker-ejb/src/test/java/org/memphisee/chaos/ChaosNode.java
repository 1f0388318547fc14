package org.memphisee.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

import org.memphisee.cluster.broker.ClusterNode;
import org.memphisee.cluster.broker.ClusterOptions;
import org.memphisee.cluster.broker.SpokenReport;
import org.memphisee.cluster.data.RebuildSettings;
import org.memphisee.cluster.data.ScrubSettings;
import org.memphisee.cluster.jgroups.ChannelSettings;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.listen.ClientListener;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.journal.DiskJournalFiles;

/**
 * The main class of a node: core, client port, cluster, store and journal, and no container. It is told everything by system
 * properties ({@code chaos.*}); lines of its input are orders: {@code dump FILE} writes down what it thinks, {@code stop} ends
 * it in order. It ends when its input does, so that none outlives whoever started it.
 */
public final class ChaosNode {

    static final String SECRET = "secret-1";
    /** Status of a process that wants to be started again: it has taken all definitions anew. */
    static final int OPEN_AGAIN = 75;

    private static final int MIB = 1 << 20;
    /** Segments of 1 MiB in a journal of 8: it lets go what members that are away lack, which then are rebuilt. */
    private static final JournalSettings JOURNAL = new JournalSettings(MIB, 4096, MIB, 8L * MIB, MIB, 8L * MIB, 0, 32);

    private ChaosNode() { }

    private static String setting(String name) {
        return System.getProperty("chaos." + name, "");
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        try {
            return new InetSocketAddress(InetAddress.getByName(hostAndPort.substring(0, colon)),
                Integer.parseInt(hostAndPort.substring(colon + 1)));
        } catch (IOException e) {
            throw new IllegalArgumentException(hostAndPort, e);
        }
    }

    /** One node, until it is killed. */
    public static void main(String[] arguments) throws Exception {
        try {
            run();
        } catch (Exception | Error e) {
            say("does not start: " + e);
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run() throws Exception {
        String name = setting("name");
        Path directory = Path.of(setting("directory"));
        Map<String, InetSocketAddress> peers = new HashMap<>();
        for (String peer : setting("peers").split(",")) {
            int is = peer.indexOf('=');
            peers.put(peer.substring(0, is), address(peer.substring(is + 1)));
        }
        InetSocketAddress clients = address(setting("clients"));
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        };
        say("starts");
        JeLogStore store = JeLogStore.open(new JeStoreSettings(directory.resolve("log"), 16L * MIB, 2L * MIB, threads));
        ClusterOptions options = new ClusterOptions(new PeerIdentity("chaos", name, System.currentTimeMillis(), 1, 1,
            "nats://" + setting("clients"), Map.of()), List.of(setting("members").split(",")), 1, new ChannelSettings(
            address(setting("listen")), null, peers, "a secret of the test, of 32 characters".getBytes(StandardCharsets.US_ASCII),
            Optional.empty()), LinkSettings.DEFAULT, JOURNAL, ReplicaSettings.DEFAULT, RebuildSettings.DEFAULT, ScrubSettings.DEFAULT);
        BrokerOptions broker = new BrokerOptions(name, MIB, 2, 32 * MIB, 8 * MIB, 32 * MIB, 100_000_000, 100_000_000, 0, 0, false,
            ControlSettings.of(SECRET, ControlSettings.AuthMode.USER_PASSWORD, "", "chaos").withPasswordIterations(1000));
        Events events = new Events();
        ClusterNode node = ClusterNode.open(options, broker, Halt.around(store),
            () -> new SlowFiles(DiskJournalFiles.of(directory.resolve("raft")),
            Integer.getInteger("chaos.sync", 0)), new ShiftedWorld(threads, Long.getLong("chaos.clock", 0)), threads, events,
            events,
            SchemaLanguages.NONE);
        ClientListener listener = ClientListener.open(node.broker().port(), NetSettings.DEFAULTS
            .withAddress(clients.getHostString(), clients.getPort()).withLoops(1, true), new NetCounters(), threads);
        say("serves");
        orders(node, listener, store);
    }

    private static void orders(ClusterNode node, ClientListener listener, JeLogStore store) throws IOException, StoreException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("dump ")) {
                Path file = Path.of(line.substring("dump ".length()));
                Path part = Path.of(file + ".part");
                Files.writeString(part, NodeDump.of(node));
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } else if (line.equals("stop")) {
                node.broker().stopping();
                listener.close();
                node.close();
                store.close();
                say("stopped");
                System.exit(0);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static void say(String what) {
        System.out.println(Instant.now() + " " + what);
    }

    private static final class Events extends SpokenReport implements BrokerEvents {

        @Override
        protected void say(String what) {
            ChaosNode.say(what);
        }

        @Override
        protected void fault(String what, Throwable cause) {
            say("failed: " + what);
            if (cause != null) {
                cause.printStackTrace(System.out);
            }
        }

        @Override
        public void storageFull(boolean full) {
            say("storage full: " + full);
        }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            say("frozen: " + stream + ": " + cause);
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            say("DEFECT in " + where + ": " + cause);
            cause.printStackTrace(System.out);
        }

        @Override
        public void outdated() {
            super.outdated();
            Runtime.getRuntime().halt(OPEN_AGAIN);
        }
    }
}
