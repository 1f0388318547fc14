package org.memphisee.core.cluster.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.memphisee.core.time.BrokerClock;

/**
 * Links of several nodes in one thread, over a network that does what a seed says: ways with a latency and a throughput, frames
 * that get lost or come again late, connections that break, nodes that stand still or die. Time moves only when it is told to.
 */
public final class SimLinks implements LinkCluster {

    private static final long MILLIS = 1_000_000;
    private static final long LIMIT = 60_000 * MILLIS;

    /** Something that happens at a time; of two at the same time the earlier made one first. */
    private record Event(long at, long order, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private record Way(String from, String to) { }

    private static final class Node {
        private NodeLinks links;
        private LinkProbe probe;
        private long life;
        private boolean frozen;
        private final List<Runnable> held = new ArrayList<>();
    }

    private final Function<String, PeerListener> listeners;
    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Map<Way, Long> busyUntil = new HashMap<>();
    private final Map<Way, Integer> connection = new HashMap<>();
    private final Set<Way> cut = new HashSet<>();
    private long now = 1_000 * MILLIS;
    private long order;
    private double loss;
    private double again;
    private long latency = MILLIS / 5;
    private double nanosPerByte = 1;
    private long incarnations;

    public SimLinks(long seed, String... names) {
        this(seed, null, names);
    }

    /** Links that tell nodes something of their own, anew at each start of a node. */
    public SimLinks(long seed, Function<String, PeerListener> listeners, String... names) {
        this.listeners = listeners;
        random = new Random(seed);
        for (String name : names) {
            nodes.put(name, new Node());
        }
        for (String name : names) {
            start(name);
        }
    }

    private final BrokerClock clock = new BrokerClock() {
        @Override
        public long wallNanos() {
            return now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    };

    @Override
    public void start(String name) {
        Node node = nodes.get(name);
        node.probe = new LinkProbe();
        long life = ++node.life;
        List<String> peers = nodes.keySet().stream().filter(peer -> !peer.equals(name)).toList();
        PeerIdentity self = new PeerIdentity("test", name, ++incarnations, 1, 1, "nats://" + name + ":6666", Map.of());
        node.links = new NodeLinks(self, peers, LinkSettings.DEFAULT, new byte[] {1}, () -> {
            byte[] nonce = new byte[16];
            random.nextBytes(nonce);
            return nonce;
        }, clock, new LinkTransport() {
            @Override
            public void send(String peer, byte[] frame) {
                transmit(new Way(name, peer), frame);
            }

            @Override
            public void close(String peer) {
                breakConnection(name, peer);
            }
        }, listeners == null ? node.probe : listeners.apply(name), node.probe);
        for (String peer : peers) {
            tick(node, life, peer);
        }
    }

    private void tick(Node node, long life, String peer) {
        act(node, life, () -> {
            long due = Math.max(now + MILLIS, node.links.tick(peer));
            at(due, () -> tick(node, life, peer));
        });
    }

    private void transmit(Way way, byte[] frame) {
        if (cut.contains(way) || random.nextDouble() < loss) {
            return;
        }
        long leaves = Math.max(now, busyUntil.getOrDefault(way, 0L)) + (long) (frame.length * nanosPerByte);
        busyUntil.put(way, leaves);
        int through = connection.getOrDefault(way, 0);
        at(leaves + latency, () -> arrive(way, through, frame));
        if (random.nextDouble() < again) {
            at(leaves + latency + random.nextLong(500 * MILLIS), () -> arrive(way, connection.getOrDefault(way, 0), frame));
        }
    }

    private void arrive(Way way, int through, byte[] frame) {
        Node to = nodes.get(way.to());
        if (through == connection.getOrDefault(way, 0)) {
            act(to, to.life, () -> to.links.received(frame, answer -> transmit(new Way(way.to(), way.from()), answer)));
        }
    }

    /** What a node does; later if it stands still, never if it died. */
    private void act(Node node, long life, Runnable what) {
        if (node.life != life || node.links == null) {
            return;
        }
        if (node.frozen) {
            node.held.add(() -> act(node, life, what));
        } else {
            what.run();
        }
    }

    private void at(long time, Runnable what) {
        events.add(new Event(time, order++, what));
    }

    /** Lets the next thing happen. */
    public void step() {
        Event next = events.remove();
        now = Math.max(now, next.at());
        next.what().run();
    }

    @Override
    public void until(String what, BooleanSupplier condition) {
        long end = now + LIMIT;
        while (!condition.getAsBoolean()) {
            if (now > end) {
                throw new AssertionError("not within a minute: " + what);
            }
            for (int i = 0; i < 20 && !events.isEmpty(); i++) {
                step();
            }
        }
    }

    /** Lets things happen for a while. */
    public void pass(long millis) {
        long end = now + millis * MILLIS;
        while (!events.isEmpty() && events.peek().at() <= end) {
            step();
        }
        now = end;
    }

    public long now() {
        return now;
    }

    /** So many frames of one get lost, and so many come twice. */
    public void unreliable(double lossRate, double againRate) {
        loss = lossRate;
        again = againRate;
    }

    /** Ways take so long, and bytes take so long on them. */
    public void slow(long latencyNanos, double nanosEachByte) {
        latency = latencyNanos;
        nanosPerByte = nanosEachByte;
    }

    /** Nothing gets from one to the other. */
    public void cut(String from, String to) {
        cut.add(new Way(from, to));
    }

    public void healAll() {
        cut.clear();
        unreliable(0, 0);
        nodes.forEach((name, node) -> {
            if (node.frozen) {
                thaw(name);
            }
            if (node.links == null && listeners == null) {
                start(name);
            }
        });
    }

    @Override
    public void breakConnection(String one, String other) {
        for (Way way : List.of(new Way(one, other), new Way(other, one))) {
            connection.merge(way, 1, Integer::sum);
            busyUntil.remove(way);
            Node to = nodes.get(way.to());
            long life = to.life;
            if (!cut.contains(way)) {
                at(now + latency, () -> act(to, life, () -> to.links.closed(way.from())));
            }
        }
    }

    @Override
    public void freeze(String name) {
        nodes.get(name).frozen = true;
    }

    @Override
    public void thaw(String name) {
        Node node = nodes.get(name);
        node.frozen = false;
        List<Runnable> all = List.copyOf(node.held);
        node.held.clear();
        all.forEach(what -> at(now, what));
    }

    public boolean lives(String name) {
        return nodes.get(name).links != null;
    }

    public boolean frozen(String name) {
        return nodes.get(name).frozen;
    }

    @Override
    public void kill(String name) {
        Node node = nodes.get(name);
        node.life++;
        node.links = null;
        node.held.clear();
        node.frozen = false;
        nodes.keySet().stream().filter(peer -> !peer.equals(name)).forEach(peer -> breakConnection(name, peer));
    }

    @Override
    public NodeLinks links(String name) {
        return nodes.get(name).links;
    }

    @Override
    public LinkProbe probe(String name) {
        return nodes.get(name).probe;
    }

    @Override
    public void close() {
        events.clear();
    }
}
