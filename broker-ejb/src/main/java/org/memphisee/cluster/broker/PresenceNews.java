package org.memphisee.cluster.broker;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;

/**
 * Nodes tell each other which SDKs are connected to them, so that nobody takes a producer or consumer for gone who is at another
 * node: all in the beginning of a link, and after what could not be sent; then what changes. Whoever keeps the members is told
 * also which nodes are not heard of: connections to them may be there, known or not. The node's loop.
 *
 * <p>What a connection is at other nodes and its registration, which comes by the log, overtake each other; {@link
 * org.memphisee.core.stations.Members} takes either first. When a link ends its connections are no more counted as there, but as
 * such that may be: at once when the peer's process ended, else after the silence of links. The next link tells which of them are
 * gone, unless the node was restarted: then they may come back to it.
 *
 * <p>Layout behind version and kind: what it is (1: 0 all, 1 came, 2 went), how many (4), for each a length (2)
 * and its id; then for each a length (2) and its address. Nodes of older releases do not tell addresses.
 */
final class PresenceNews implements NodeService {

    /** Kind of its frames. */
    static final int PRESENCE = 47;
    private static final int ALL = 0;
    private static final int CAME = 1;
    private static final int WENT = 2;
    private static final int LONGEST = 256;
    private static final int LONGEST_ADDRESS = 128;

    /** Whoever keeps the members of this node. Hands over. */
    interface Listener {

        /** A connection to another node is there, from an address if that is known. */
        void opened(String id, String address);

        /** One of these is gone, or its node is not heard of any more. */
        void closed(String id, boolean unheard);

        /** One whose node was not heard of is gone. */
        void gone(String id);

        /** Which nodes are not heard of. */
        void unheard(Set<String> nodes);
    }

    private final NodeGroups node;
    private final NodeReport report;
    /** Connections of an id to this node; a probe and the real one share it. */
    private final Map<String, Integer> own = new HashMap<>();
    /** Where they are from, if that is known. */
    private final Map<String, String> addresses = new HashMap<>();
    /** What each peer told of its connections: the address by the id. */
    private final Map<String, Map<String, String>> others = new HashMap<>();
    private final Set<String> linked = new TreeSet<>();
    private final Set<String> untold = new TreeSet<>();
    private final Set<String> came = new HashSet<>();
    private final Set<String> went = new HashSet<>();
    private final Set<String> peers;
    /** Nodes that have not told all in this link. */
    private final Set<String> unheard;
    /** Life of a peer, and its connections when the link to that ended. */
    private final Map<String, Lost> lost = new HashMap<>();
    private Listener members;

    private record Lost(long life, Set<String> ids) { }

    /**
     * Of a node whose loop does not run yet.
     *
     * @param nodes names of all nodes of the cluster
     */
    PresenceNews(NodeGroups node, Collection<String> nodes, NodeReport report) {
        this.node = node;
        this.report = report;
        unheard = new TreeSet<>(nodes);
        unheard.remove(node.self());
        peers = Set.copyOf(unheard);
        node.serve(this);
    }

    /** Who keeps the members of this node; told what was heard before. Any thread. */
    void tell(Listener api) {
        api.unheard(peers); // before it can be asked anything
        node.resume(() -> {
            members = api;
            others.values().forEach(known -> known.forEach(api::opened));
            api.unheard(Set.copyOf(unheard));
        });
    }

    /** A connection to this node came or went. Any thread. */
    void changed(String id, String address, boolean there) {
        if (id.length() > LONGEST) {
            return; // its members are not known elsewhere, and nobody forgets them but by hand
        }
        node.resume(() -> {
            int now = own.merge(id, there ? 1 : -1, Integer::sum);
            if (there && !address.isEmpty() && address.length() <= LONGEST_ADDRESS) {
                addresses.put(id, address);
            }
            if (there && now == 1) {
                came.add(id);
                went.remove(id);
            } else if (now <= 0) {
                own.remove(id);
                addresses.remove(id);
                went.add(id);
                came.remove(id);
            }
        });
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(PRESENCE);
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.add(peer);
        untold.add(peer);
        Lost before = lost.get(peer);
        if (before == null || before.life() != who.incarnation()) {
            lost.put(peer, new Lost(who.incarnation(), new HashSet<>())); // clients of a node that was restarted may come back
        }
        node.wake();
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
        untold.remove(peer);
        Map<String, String> known = others.remove(peer);
        if (known != null) {
            lost.get(peer).ids().addAll(known.keySet());
            if (members != null) {
                known.keySet().forEach(id -> members.closed(id, true));
            }
        }
        if (peers.contains(peer) && unheard.add(peer)) {
            tellUnheard();
        }
    }

    private void tellUnheard() {
        if (members != null) {
            members.unheard(Set.copyOf(unheard));
        }
    }

    @Override
    public long turn(long now) {
        if (!came.isEmpty() || !went.isEmpty()) {
            for (String peer : linked) {
                if (!untold.contains(peer) && !(say(peer, WENT, went) && say(peer, CAME, came))) {
                    untold.add(peer);
                }
            }
            came.clear();
            went.clear();
        }
        untold.removeIf(peer -> send(peer, ALL, own.keySet()));
        return Long.MAX_VALUE; // when there is room, or another change, it is woken
    }

    private boolean say(String peer, int what, Collection<String> ids) {
        return ids.isEmpty() || send(peer, what, ids);
    }

    private boolean send(String peer, int what, Collection<String> ids) {
        List<byte[]> all = new ArrayList<>();
        ids.forEach(id -> all.add(id.getBytes(StandardCharsets.UTF_8)));
        if (what != WENT) {
            ids.forEach(id -> all.add(addresses.getOrDefault(id, "").getBytes(StandardCharsets.UTF_8)));
        }
        int size = 1 + Integer.BYTES + all.stream().mapToInt(bytes -> Short.BYTES + bytes.length).sum();
        ByteBuffer out = NodeFrames.begin(PRESENCE, size).put((byte) what).putInt(ids.size());
        all.forEach(bytes -> out.putShort((short) bytes.length).put(bytes));
        return node.send(peer, Traffic.CONTROL, out.array()) == PeerLinks.Sent.TAKEN;
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        try {
            ByteBuffer in = NodeFrames.body(frame.bytes());
            int what = in.get();
            List<String> ids = new ArrayList<>();
            for (int count = in.getInt(); count > 0; count--) {
                ids.add(text(in));
            }
            Map<String, String> told = new HashMap<>();
            for (String id : ids) {
                told.put(id, in.hasRemaining() ? text(in) : "");
            }
            heard(peer, what, told);
        } catch (BufferUnderflowException e) {
            report.notUnderstood(peer, "a frame about connections that ends too early");
        }
        frame.done();
    }

    private static String text(ByteBuffer in) {
        int length = in.getShort() & 0xFFFF;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void heard(String peer, int what, Map<String, String> told) {
        Map<String, String> all = others.computeIfAbsent(peer, name -> new HashMap<>());
        Set<String> known = all.keySet();
        Set<String> ids = told.keySet();
        Set<String> goes = new HashSet<>(what == ALL ? known : what == WENT ? ids : Set.of());
        if (what == ALL) {
            goes.removeAll(ids);
        }
        goes.retainAll(known);
        Set<String> comes = new HashSet<>(what == WENT ? Set.of() : ids);
        comes.removeAll(known);
        known.removeAll(goes);
        comes.forEach(id -> all.put(id, told.get(id)));
        if (members != null) {
            goes.forEach(id -> members.closed(id, false));
            comes.forEach(id -> members.opened(id, told.get(id)));
        }
        if (what == ALL && unheard.remove(peer)) {
            Set<String> before = lost.get(peer).ids();
            before.removeAll(ids);
            if (members != null) {
                before.forEach(members::gone);
            }
            before.clear();
            tellUnheard();
        }
    }

    @Override
    public void stopped() { }
}
