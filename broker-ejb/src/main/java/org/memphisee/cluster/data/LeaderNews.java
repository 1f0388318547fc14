package org.memphisee.cluster.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
 * <p>Layout behind version and kind: system events that have reached the partitions of the sender (8), how many groups (4), for each the group (8) and the term (8).
 */
final class LeaderNews implements NodeService {

    /** Kind of its frames. */
    static final int LEADS = 44;
    /** Kind of a frame that asks to have another node lead a group: its number (8), the node's name in UTF-8, nothing for any. */
    static final int STEP_DOWN = 45;
    private static final long PATIENCE_NANOS = 4_000_000_000L;
    private static final int EACH = 2 * Long.BYTES;

    private final NodeGroups node;
    private final Leaders leaders;
    private final LongPredicate member;
    private final StepDown stepDown;
    private final NodeReport report;
    /** Terms in which this node leads, by group. */
    private final Map<Long, Long> led = new HashMap<>();
    /** Of groups of others: the newest term that was heard of. */
    private final Map<Long, Long> terms = new HashMap<>();
    private final Map<String, Set<Long>> ledBy = new HashMap<>();
    /** How many system events have reached the partitions of others. */
    private final Map<String, Long> foldedAt = new HashMap<>();
    private final List<Wait> waits = new ArrayList<>();
    private long folded;
    private final Set<String> untold = new TreeSet<>();
    private final Set<String> linked = ConcurrentHashMap.newKeySet();

    /** Told when another node asks that this one ceases to lead a group; with its name and that of the one that is to lead, or nothing. */
    interface StepDown {
        void asked(String by, long group, String to);
    }

    /** Somebody wants to know when leaders have what an event says. */
    private record Wait(Set<Long> partitions, long event, long until, Runnable then) { }

    /**
     * Of a node that leads nothing.
     *
     * @param member whether this node is a member of a group
     * @param stepDown another node asks that this one ceases to lead a group
     */
    LeaderNews(NodeGroups node, Leaders leaders, LongPredicate member, StepDown stepDown, NodeReport report) {
        this.node = node;
        this.leaders = leaders;
        this.member = member;
        this.stepDown = stepDown;
        this.report = report;
        leaders.whenChanged(node::wake);
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

    /**
     * This node is a member of a group: from now on it hears of its leader from the group alone. What others said before is
     * forgotten, or the next news without the group would be taken for the end of a leadership.
     */
    void joined(long group) {
        ledBy.values().forEach(groups -> groups.remove(group));
        terms.remove(group);
        leaders.leads(group, "");
    }

    /** So many system events have reached the partitions of this node. */
    void folded(long events) {
        if (events > folded) {
            folded = events;
            untold.addAll(linked);
            node.wake();
        }
    }

    /** Runs something when the leaders of partitions have what an event says of them, or after a while. */
    void whenThere(Set<Long> partitions, long event, Runnable then) {
        waits.add(new Wait(partitions, event, node.now() + PATIENCE_NANOS, then));
        node.wake();
    }

    private boolean there(long partition, long event) {
        String leader = leaders.leader(partition);
        return leader.equals(node.self()) || !leader.isEmpty() && foldedAt.getOrDefault(leader, 0L) >= event;
    }

    private long lookAtWaits(long now) {
        List<Wait> over = waits.stream().filter(wait -> wait.until <= now
            || wait.partitions.stream().allMatch(partition -> there(partition, wait.event))).toList();
        waits.removeAll(over);
        over.forEach(wait -> wait.then.run());
        return waits.stream().mapToLong(Wait::until).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(LEADS, STEP_DOWN);
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
        foldedAt.remove(peer);
        Set<Long> groups = ledBy.remove(peer);
        if (groups != null) {
            groups.forEach(group -> over(group, peer));
        }
    }

    @Override
    public long turn(long now) {
        untold.removeIf(peer -> node.send(peer, Traffic.CONTROL, frame()) == PeerLinks.Sent.TAKEN);
        return lookAtWaits(now); // when there is room, or another change, it is woken
    }

    private byte[] frame() {
        ByteBuffer out = NodeFrames.begin(LEADS, Long.BYTES + Integer.BYTES + led.size() * EACH).putLong(folded).putInt(led.size());
        led.forEach((group, term) -> out.putLong(group).putLong(term));
        return out.array();
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        try {
            if (kind == LEADS) {
                foldedAt.put(peer, number(frame.bytes()));
                heard(peer, read(frame.bytes()));
            } else {
                byte[] bytes = frame.bytes();
                long group = number(bytes);
                int name = NodeFrames.HEADER + Long.BYTES;
                stepDown.asked(peer, group, new String(bytes, name, bytes.length - name, StandardCharsets.UTF_8));
            }
        } catch (NodeFrameException e) {
            report.notUnderstood(peer, e.getMessage());
        }
        frame.done();
    }

    /** Asks another node not to lead a group any more; lost when there is no room, and asked again by whoever wants it. */
    void askToStepDown(String peer, long group, String to) {
        byte[] name = to.getBytes(StandardCharsets.UTF_8);
        node.send(peer, Traffic.CONTROL, NodeFrames.begin(STEP_DOWN, Long.BYTES + name.length).putLong(group).put(name).array());
    }

    private static long number(byte[] bytes) throws NodeFrameException {
        if (bytes.length < NodeFrames.HEADER + Long.BYTES) {
            throw new NodeFrameException("a frame about leaders of " + bytes.length + " bytes");
        }
        return ByteBuffer.wrap(bytes).getLong(NodeFrames.HEADER);
    }

    private static Map<Long, Long> read(byte[] bytes) throws NodeFrameException {
        try {
            ByteBuffer in = NodeFrames.body(bytes);
            in.getLong();
            int count = in.getInt();
            if (in.remaining() != (long) count * EACH) {
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
