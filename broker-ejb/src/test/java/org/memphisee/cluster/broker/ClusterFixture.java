package org.memphisee.cluster.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.memphisee.chaos.NodeDump;
import org.memphisee.cluster.data.RebuildSettings;
import org.memphisee.cluster.data.ScrubSettings;
import org.memphisee.cluster.jgroups.ChannelSettings;
import org.memphisee.cluster.jgroups.LinkProxy;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.CoreClient;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.time.World;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.journal.DiskJournalFiles;
import org.memphisee.support.Await;
import org.memphisee.support.FreePort;

/**
 * Nodes of a cluster in one JVM, with stores and journals in directories and links over loopback, and no container. They are called
 * n0, n1 and so on; root's password is {@value #SECRET}. One thread uses it.
 */
public final class ClusterFixture implements AutoCloseable {

    public static final String SECRET = "secret-1";
    private static final int MIB = 1 << 20;
    private static final long SECONDS = 1_000_000_000L;
    private static final AtomicLong CLIENTS = new AtomicLong();
    private static final AtomicLong LIVES = new AtomicLong(System.nanoTime());
    /** A machine that builds other things too may hold up a thread for a second. */
    private static final LinkSettings PATIENT = new LinkSettings(LinkSettings.DEFAULT.beatNanos(), 3 * SECONDS,
        LinkSettings.DEFAULT.retryNanos(), LinkSettings.DEFAULT.maxFrame(), LinkSettings.DEFAULT.pipe(),
        LinkSettings.DEFAULT.budgets());
    private static final JournalSettings JOURNAL = new JournalSettings(4 * MIB, 4096, MIB, 8L * MIB, MIB, 64L * MIB, 0, 64);

    private final Path directory;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Life> lives = new ConcurrentHashMap<>();
    private final Map<String, LinkProxy> proxies = new HashMap<>();
    private final Map<String, Set<String>> damages = new ConcurrentHashMap<>();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private final Set<String> opensAgain = ConcurrentHashMap.newKeySet();
    private JournalSettings journal = JOURNAL;
    private ScrubSettings scrub = ScrubSettings.DEFAULT;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> reports = new ConcurrentHashMap<>();

    /** One life of a node. */
    private record Life(ClusterNode node, DamagedStore store) { }

    /** So many nodes, none of which is started. */
    public ClusterFixture(Path directory, int nodes) throws IOException {
        this.directory = directory;
        for (int i = 0; i < nodes; i++) {
            ports.put("n" + i, FreePort.any());
        }
    }

    /** Sizes of the journals of nodes that are started from now on. */
    public ClusterFixture journal(JournalSettings sizes) {
        journal = sizes;
        return this;
    }

    /** How nodes that are started from now on look through what they store. */
    public ClusterFixture scrub(ScrubSettings settings) {
        scrub = settings;
        return this;
    }

    /** Nodes can be {@link #cut} off; before any is started. */
    public ClusterFixture cuttable() throws IOException {
        for (String from : names()) {
            for (String to : names()) {
                if (!from.equals(to)) {
                    proxies.put(from + ">" + to, new LinkProxy(() -> ports.get(to), () -> cut.contains(from) || cut.contains(to)));
                }
            }
        }
        return this;
    }

    /** Nothing reaches a node from the others, nor them from it, until {@link #join}. */
    public void cut(String name) {
        cut.add(name);
    }

    /** It reaches the others again. */
    public void join(String name) {
        cut.remove(name);
    }

    /** So many nodes that are a cluster when this returns, each of which sees root and a leader. */
    public static ClusterFixture formed(Path directory, int nodes) throws Exception {
        ClusterFixture cluster = new ClusterFixture(directory, nodes);
        cluster.startAll();
        return cluster;
    }

    /** Names of all nodes, whether they live or not. */
    public List<String> names() {
        return List.copyOf(ports.keySet());
    }

    /** Starts all nodes that do not live, at the same time. */
    public void startAll() throws Exception {
        Map<String, CompletableFuture<Void>> starting = new HashMap<>();
        for (String name : names()) {
            if (!lives.containsKey(name)) {
                starting.put(name, CompletableFuture.runAsync(() -> startNow(name), task -> thread(task).start()));
            }
        }
        for (CompletableFuture<Void> each : starting.values()) {
            each.get(60, TimeUnit.SECONDS);
        }
        until("all see the leader", () -> names().stream().allMatch(name -> !node(name).leader().isEmpty()
            && node(name).current()));
    }

    private void startNow(String name) {
        try {
            start(name);
        } catch (Exception e) {
            throw new IllegalStateException(name + " does not start, " + reports.get(name), e);
        }
    }

    /** Starts a node, and waits until it serves. */
    public void start(String name) throws Exception {
        DamagedStore store = new DamagedStore(JeLogStore.open(new JeStoreSettings(directory.resolve(name + "-log"), 16L << 20, 0,
            task -> new Thread(task, "drop"))), damages.computeIfAbsent(name, key -> ConcurrentHashMap.newKeySet()));
        try {
            Map<String, InetSocketAddress> peers = new HashMap<>();
            ports.forEach((peer, port) -> {
                if (!peer.equals(name)) {
                    LinkProxy between = proxies.get(name + ">" + peer);
                    peers.put(peer, loopback(between == null ? port : between.port()));
                }
            });
            ClusterOptions options = new ClusterOptions(new PeerIdentity("test", name, LIVES.incrementAndGet(), 1, 1,
                "nats://" + name + ":6666", Map.of()), names(), 1, new ChannelSettings(loopback(ports.get(name)), null, peers,
                "a secret of the test, of 32 characters".getBytes(), Optional.empty()), PATIENT, journal, ReplicaSettings.DEFAULT,
                RebuildSettings.DEFAULT, scrub);
            BrokerOptions broker = new BrokerOptions(name, MIB, 2, 32 * MIB, 8 * MIB, 32 * MIB, 100_000_000, 100_000_000, 1, 0,
                false, ControlSettings.of(SECRET, ControlSettings.AuthMode.USER_PASSWORD, "", "test")
                    .withPasswordIterations(1000));
            ThreadFactory threads = ClusterFixture::thread;
            ClusterNode node = ClusterNode.open(options, broker, store, () -> DiskJournalFiles.of(directory.resolve(name + "-raft")),
                World.of(threads), threads, new Events(name), new Reports(name), SchemaLanguages.NONE);
            lives.put(name, new Life(node, store));
        } catch (Exception e) {
            store.close();
            throw e;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Stops a node in order. */
    public void stop(String name) throws StoreException {
        Life life = lives.remove(name);
        life.node().broker().stopping();
        life.node().close();
        life.store().close();
    }

    /** Has others lead what a node leads, as before it is stopped; true when it leads nothing any more. */
    public boolean handOver(String name) throws InterruptedException {
        return node(name).handOver(20 * SECONDS, () -> false);
    }

    /** Ends a node of which the others know at once that its process is gone; it syncs nothing of what it had not. */
    public void kill(String name) throws StoreException {
        Life life = lives.remove(name);
        life.node().links().close(); // nobody hears of it from now on
        life.node().close();
        life.store().close();
    }

    /** A node that does not live has nothing any more. */
    public void loseDisk(String name) throws IOException {
        for (String part : List.of("-log", "-raft")) {
            try (Stream<Path> files = Files.walk(directory.resolve(name + part))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** A node that lives. */
    public ClusterNode node(String name) {
        return lives.get(name).node();
    }

    /** Its broker. */
    public Broker broker(String name) {
        return node(name).broker();
    }

    /** Root, connected to a node. */
    public CoreClient client(String name) {
        return new CoreClient(broker(name), SECRET, "c" + CLIENTS.incrementAndGet() + "."); // answers go to one client of all nodes
    }

    /** Root, connected to a node, with inboxes that no other client has. */
    public CoreClient client(String name, String own) {
        return new CoreClient(broker(name), SECRET, own + ".");
    }

    /** Names of the nodes that live. */
    public List<String> living() {
        return names().stream().filter(lives::containsKey).toList();
    }

    /** The node that leads the definitions, as all that live see it. */
    public String leader() {
        String[] leader = {""};
        until("all see one leader", () -> {
            List<String> seen = living().stream().map(name -> node(name).leader()).distinct().toList();
            leader[0] = seen.get(0);
            return seen.size() == 1 && !leader[0].isEmpty();
        });
        return leader[0];
    }

    /** Its store. */
    public DamagedStore store(String name) {
        return lives.get(name).store();
    }

    /** What a node reported. */
    public List<String> reports(String name) {
        return reports.getOrDefault(name, List.of());
    }

    /** What no test expects to happen. */
    public List<String> failures() {
        return failures;
    }

    /** Waits; fails when it takes too long. */
    public void until(String what, BooleanSupplier condition) {
        try {
            Await.until(what, condition);
        } catch (AssertionError e) {
            StringBuilder thought = new StringBuilder(e.getMessage());
            lives.forEach((name, life) -> thought.append("\n== ").append(name).append(": ").append(reports(name)).append('\n')
                .append(NodeDump.of(life.node())));
            throw new AssertionError(thought.toString(), e);
        }
    }

    @Override
    public void close() throws StoreException {
        cut.clear();
        until("no node is being opened again", opensAgain::isEmpty);
        for (String name : living()) {
            stop(name);
        }
        for (LinkProxy proxy : proxies.values()) {
            try {
                proxy.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What the server does with a node whose definitions were replaced. */
    private void openAgain(String name) {
        try {
            until("it was started", () -> lives.containsKey(name));
            stop(name);
            start(name);
        } catch (Exception e) {
            failures.add(name + " does not open again: " + e);
        } finally {
            opensAgain.remove(name);
        }
    }

    private final class Events implements BrokerEvents {
        private final String name;

        private Events(String name) {
            this.name = name;
        }

        @Override
        public void storageFull(boolean full) { }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            if (cause instanceof DamagedException) {
                reports.computeIfAbsent(name, key -> new CopyOnWriteArrayList<>()).add("frozen: " + stream);
            } else {
                failures.add(name + ": " + stream + " is frozen: " + cause);
            }
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            failures.add(name + ": " + where + ": " + cause);
        }
    }

    private final class Reports extends SpokenReport {
        private final String name;

        private Reports(String name) {
            this.name = name;
        }

        @Override
        protected void say(String what) {
            reports.computeIfAbsent(name, key -> new CopyOnWriteArrayList<>()).add(what);
        }

        @Override
        protected void fault(String what, Throwable cause) {
            failures.add(name + ": " + what);
        }

        @Override
        public void outdated() {
            super.outdated();
            opensAgain.add(name);
            thread(() -> openAgain(name)).start();
        }
    }
}
