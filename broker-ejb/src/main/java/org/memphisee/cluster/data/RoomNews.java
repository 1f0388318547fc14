package org.memphisee.cluster.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;

/**
 * Which nodes have no room on their disks: such a one gives what it leads to others that have, and gets nothing back before it has
 * some. A frame is one byte behind version and kind: 1 for no room. The node's loop, but for what says otherwise.
 */
final class RoomNews implements NodeService {

    static final int ROOM = 75;
    private static final long AGAIN_NANOS = 2_000_000_000L;

    private final NodeGroups node;
    private final Runnable evade;
    private final Set<String> linked = new TreeSet<>();
    private final Set<String> untold = new TreeSet<>();
    private final Set<String> without = new TreeSet<>();
    private boolean full;
    private long next;

    /**
     * Of a node whose loop does not run yet.
     *
     * @param evade gives what this node leads to others; called again and again while it has no room
     */
    RoomNews(NodeGroups node, Runnable evade) {
        this.node = node;
        this.evade = evade;
    }

    /** Whether this node has no room. Any thread. */
    void full(boolean now) {
        node.resume(() -> {
            full = now;
            next = Long.MIN_VALUE;
            untold.addAll(linked);
        });
    }

    /** Nodes that are linked and have room. */
    Set<String> roomy() {
        Set<String> all = new HashSet<>(linked);
        all.removeAll(without);
        return all;
    }

    @Override
    public long turn(long now) {
        untold.removeIf(peer -> node.send(peer, Traffic.CONTROL, NodeFrames.begin(ROOM, 1).put((byte) (full ? 1 : 0)).array())
            == PeerLinks.Sent.TAKEN);
        if (!full) {
            return Long.MAX_VALUE;
        }
        if (next <= now) {
            next = now + AGAIN_NANOS;
            if (!roomy().isEmpty()) {
                evade.run();
            }
        }
        return next;
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(ROOM);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        byte[] bytes = frame.bytes();
        frame.done();
        try {
            if (ByteBuffer.wrap(bytes, NodeFrames.HEADER, bytes.length - NodeFrames.HEADER).get() != 0) {
                without.add(peer);
            } else {
                without.remove(peer);
            }
            node.withoutRoom(without);
        } catch (BufferUnderflowException e) {
            // of another release
        }
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.add(peer);
        untold.add(peer);
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
        untold.remove(peer);
        without.remove(peer);
        node.withoutRoom(without);
    }

    @Override
    public void stopped() { }
}
