package org.memphisee.core.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.LinkHealth;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.cluster.link.Traffic;

/**
 * Links of several nodes that keep what {@link PeerLinks} promises and nothing more: frames of one kind come in order, kinds overtake
 * each other as chance has it, a link that ends loses what is on its way. Nothing moves until a test says so.
 */
final class LoopLinks {

    private static final int BUDGET = 64 << 10;

    private final Random random;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Set<String> stopped = new HashSet<>();
    /** Frames that arrived, as bytes in hexadecimal, with their ways. */
    final List<String> arrived = new ArrayList<>();

    LoopLinks(long seed, String... names) {
        random = new Random(seed);
        for (String name : names) {
            nodes.put(name, new Node(name));
        }
    }

    PeerLinks of(String name) {
        return nodes.get(name);
    }

    void listen(String name, PeerListener listener) {
        nodes.get(name).listener = listener;
    }

    void link(String a, String b) {
        nodes.get(a).to.put(b, new Way());
        nodes.get(b).to.put(a, new Way());
        nodes.get(a).listener.linked(b, identity(b));
        nodes.get(b).listener.linked(a, identity(a));
    }

    private static PeerIdentity identity(String name) {
        return new PeerIdentity("test", name, 1, 1, 1, "nats://" + name + ":6666", Map.of());
    }

    void cut(String a, String b) {
        if (nodes.get(a).to.remove(b) != null) {
            nodes.get(b).to.remove(a);
            nodes.get(a).listener.unlinked(b, LinkEnd.SILENT);
            nodes.get(b).listener.unlinked(a, LinkEnd.SILENT);
        }
    }

    boolean linked(String a, String b) {
        return nodes.get(a).to.containsKey(b);
    }

    /** What a sends to b stays on its way, or comes again. */
    void stop(String a, String b, boolean stop) {
        if (stop) {
            stopped.add(a + ">" + b);
        } else {
            stopped.remove(a + ">" + b);
        }
    }

    /** Something arbitrary that is on its way arrives; false when nothing is. */
    boolean step() {
        List<Runnable> possible = new ArrayList<>();
        nodes.values().forEach(from -> from.to.forEach((to, way) -> {
            if (!stopped.contains(from.name + ">" + to)) {
                way.frames.forEach((traffic, queue) -> {
                    if (!queue.isEmpty()) {
                        possible.add(() -> way.arrive(from.name, nodes.get(to), traffic));
                    }
                });
            }
        }));
        if (possible.isEmpty()) {
            return false;
        }
        possible.get(random.nextInt(possible.size())).run();
        return true;
    }

    private final class Way {
        private final Map<Traffic, ArrayDeque<byte[]>> frames = new EnumMap<>(Traffic.class);
        private final Map<Traffic, Integer> used = new EnumMap<>(Traffic.class);
        private final Set<Traffic> refused = new HashSet<>();

        private void arrive(String from, Node to, Traffic traffic) {
            byte[] bytes = frames.get(traffic).poll();
            arrived.add(from + ">" + to.name + " " + HexFormat.of().formatHex(bytes));
            to.listener.received(from, traffic, new PeerFrame() {
                @Override
                public byte[] bytes() {
                    return bytes;
                }

                @Override
                public void done() {
                    used.merge(traffic, -bytes.length, Integer::sum);
                    if (used.get(traffic) <= BUDGET / 2 && refused.remove(traffic) && nodes.get(from).to.get(to.name) == Way.this) {
                        nodes.get(from).listener.room(to.name, traffic);
                    }
                }
            });
        }
    }

    private final class Node implements PeerLinks {
        private final String name;
        private final Map<String, Way> to = new TreeMap<>();
        private PeerListener listener;

        private Node(String name) {
            this.name = name;
        }

        @Override
        public String self() {
            return name;
        }

        @Override
        public Set<String> peers() {
            Set<String> all = new HashSet<>(nodes.keySet());
            all.remove(name);
            return all;
        }

        @Override
        public Sent send(String peer, Traffic traffic, byte[] frame) {
            Way way = to.get(peer);
            if (way == null) {
                return Sent.NOT_LINKED;
            }
            int used = way.used.getOrDefault(traffic, 0);
            if (used > 0 && used + frame.length > BUDGET) {
                way.refused.add(traffic);
                return Sent.FULL;
            }
            way.used.put(traffic, used + frame.length);
            way.frames.computeIfAbsent(traffic, t -> new ArrayDeque<>()).add(frame);
            return Sent.TAKEN;
        }

        @Override
        public LinkHealth health(String peer) {
            throw new UnsupportedOperationException();
        }
    }
}
