package org.memphisee.cluster.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

import org.memphisee.cluster.node.NodeFrameException;
import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.Leaders;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;

/**
 * Nodes tell each other which groups they lead: all of them whenever that changed, and in the beginning of a link. Of groups that a
 * node is a member of it knows more itself. Also knows who is linked. The node's loop, but for what says otherwise.
 *
 * <p>Layout behind version and kind: how many (4), for each the group (8) and the term (8).
 */
final class LeaderNews implements NodeService {

    /** Kind of its frames. */
    static final int LEADS = 44;
    private static final int EACH = 2 * Long.BYTES;

    private final NodeGroups node;
    private final Leaders leaders;
    private final LongPredicate member;
    private final NodeReport report;
    /** Terms in which this node leads, by group. */
    private final Map<Long, Long> led = new HashMap<>();
    /** Of groups of others: the newest term that was heard of. */
    private final Map<Long, Long> terms = new HashMap<>();
    private final Map<String, Set<Long>> ledBy = new HashMap<>();
    private final Set<String> untold = new TreeSet<>();
    private final Set<String> linked = ConcurrentHashMap.newKeySet();

    /**
     * Of a node that leads nothing.
     *
     * @param member whether this node is a member of a group
     */
    LeaderNews(NodeGroups node, Leaders leaders, LongPredicate member, NodeReport report) {
        this.node = node;
        this.leaders = leaders;
        this.member = member;
        this.report = report;
    }

    /** Names of the nodes that are linked. Any thread. */
    Set<String> linked() {
        return linked;
    }

    /** This node leads a group from now on, or does not. */
    void leads(long group, long term, boolean now) {
        Long before = now ? led.put(group, term) : led.remove(group);
        if (now ? before == null || before != term : before != null) {
            untold.addAll(linked);
            node.wake();
        }
    }

    @Override
    public boolean takes(int kind) {
        return kind == LEADS;
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.add(peer);
        untold.add(peer);
        node.wake();
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
        untold.remove(peer);
        Set<Long> groups = ledBy.remove(peer);
        if (groups != null) {
            groups.forEach(group -> over(group, peer));
        }
    }

    @Override
    public long turn(long now) {
        untold.removeIf(peer -> node.send(peer, Traffic.CONTROL, frame()) == PeerLinks.Sent.TAKEN);
        return Long.MAX_VALUE; // when there is room, or another change, it is woken
    }

    private byte[] frame() {
        ByteBuffer out = NodeFrames.begin(LEADS, Integer.BYTES + led.size() * EACH).putInt(led.size());
        led.forEach((group, term) -> out.putLong(group).putLong(term));
        return out.array();
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        try {
            heard(peer, read(frame.bytes()));
        } catch (NodeFrameException e) {
            report.notUnderstood(peer, e.getMessage());
        }
        frame.done();
    }

    private static Map<Long, Long> read(byte[] bytes) throws NodeFrameException {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes, NodeFrames.HEADER, bytes.length - NodeFrames.HEADER);
            int count = in.getInt();
            if (count < 0 || in.remaining() != (long) count * EACH) {
                throw new NodeFrameException("a frame about leaders that has " + in.remaining() + " bytes for " + count);
            }
            Map<Long, Long> said = new HashMap<>();
            for (int i = 0; i < count; i++) {
                said.put(in.getLong(), in.getLong());
            }
            return said;
        } catch (BufferUnderflowException e) {
            throw new NodeFrameException("a frame about leaders of " + bytes.length + " bytes");
        }
    }

    private void heard(String peer, Map<Long, Long> said) {
        Set<Long> before = ledBy.getOrDefault(peer, Set.of());
        Set<Long> now = new HashSet<>();
        said.forEach((group, term) -> {
            if (!member.test(group) && term >= terms.getOrDefault(group, 0L)) {
                terms.put(group, term);
                now.add(group);
                leaders.leads(group, peer);
            }
        });
        ledBy.put(peer, now);
        before.stream().filter(group -> !now.contains(group)).forEach(group -> over(group, peer));
    }

    private void over(long group, String peer) {
        if (leaders.leaderOf(group).equals(peer)) {
            leaders.leads(group, "");
        }
    }

    @Override
    public void stopped() { }
}
