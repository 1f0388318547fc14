package org.memphisee.cluster.broker;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;

/**
 * A node that is about to stop says so to the others: nothing is to be led by it any more, and no client sent to it. It is so until
 * the link ends; the next life of the node is another one. The node's loop, but for what says otherwise.
 */
final class Leaving implements NodeService {

    /** Kind of its frames, which have nothing behind it. */
    static final int KIND = 34;

    private final NodeGroups node;
    private final Set<String> linked = new TreeSet<>();
    private final Set<String> untold = new TreeSet<>();
    private final Set<String> left = new TreeSet<>();
    private Consumer<String> listener = peer -> { };
    private boolean leaves;

    Leaving(NodeGroups node) {
        this.node = node;
        node.serve(this);
    }

    /** This node is about to stop. Any thread. */
    void begin() {
        node.leaving(node.self(), true);
        node.resume(() -> {
            leaves = true;
            untold.addAll(linked);
            node.wake();
        });
    }

    /** Who hears of peers that are about to stop, on the loop; of those first that are already. Any thread. */
    void tell(Consumer<String> whenLeaving) {
        node.resume(() -> {
            listener = whenLeaving;
            left.forEach(whenLeaving);
        });
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(KIND);
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.add(peer);
        if (leaves) {
            untold.add(peer);
        }
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
        untold.remove(peer);
        left.remove(peer);
        node.leaving(peer, false);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        frame.done();
        node.leaving(peer, true);
        if (left.add(peer)) {
            listener.accept(peer);
        }
    }

    @Override
    public long turn(long now) {
        untold.removeIf(peer -> node.send(peer, Traffic.CONTROL, NodeFrames.begin(KIND, 0).array()) == PeerLinks.Sent.TAKEN);
        return Long.MAX_VALUE; // when there is room it is woken
    }

    @Override
    public void stopped() { }
}
