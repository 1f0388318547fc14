package org.memphisee.cluster.broker;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.memphisee.cluster.node.NodeFrameException;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.cluster.watch.NodeFigures;

/**
 * Nodes tell each other once a second how they are: about two hundred bytes, whatever they have, for whoever looks at any of them.
 * Nothing is decided by it. The node's loop, but for what says otherwise.
 */
final class NodeNews implements NodeService {

    /** Time between two frames to a peer. */
    static final long EVERY_NANOS = 1_000_000_000L;

    private final NodeGroups node;
    private final NodeReport report;
    private final Supplier<NodeFigures> own;
    private final Set<String> linked = new TreeSet<>();
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();
    private final Map<String, String> urls = new ConcurrentHashMap<>();
    private long next = Long.MIN_VALUE;

    /**
     * What a peer said last.
     *
     * @param atNanos when, monotonic
     */
    record Heard(NodeFigures figures, long atNanos) { }

    /**
     * Of a node whose loop does not run yet.
     *
     * @param own what this node says; asked on the loop, and does not wait
     */
    NodeNews(NodeGroups node, Supplier<NodeFigures> own, NodeReport report) {
        this.node = node;
        this.own = own;
        this.report = report;
        node.serve(this);
    }

    /** What a peer said last in this link or one before; empty when it did not. Any thread. */
    Optional<Heard> heard(String peer) {
        return Optional.ofNullable(heard.get(peer));
    }

    /** Where clients find a peer, as it said; empty while it was never linked. Any thread. */
    String urls(String peer) {
        return urls.getOrDefault(peer, "");
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(NodeNewsFrame.KIND);
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.add(peer);
        urls.put(peer, who.clientUrl());
        next = Long.MIN_VALUE; // who comes is told at once
        node.wake();
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
    }

    @Override
    public long turn(long now) {
        if (linked.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (next <= now) {
            next = now + EVERY_NANOS;
            byte[] frame = NodeNewsFrame.encode(own.get());
            linked.forEach(peer -> node.send(peer, Traffic.CONTROL, frame.clone())); // lost when there is no room: the next one comes
        }
        return next;
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        try {
            heard.put(peer, new Heard(NodeNewsFrame.decode(frame.bytes()), now));
        } catch (NodeFrameException e) {
            report.notUnderstood(peer, e.getMessage());
        }
        frame.done();
    }

    @Override
    public void stopped() { }
}
