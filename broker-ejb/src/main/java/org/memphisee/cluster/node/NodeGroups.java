package org.memphisee.cluster.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.cluster.election.NodeBeats;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.LinkHealth;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.routing.frame.RouteKind;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;
import org.memphisee.core.time.World;

/**
 * The loop of a node's groups and of its conversations with other nodes. Links, and whoever has something to propose, hand over
 * to it; one thread does everything. A group that fails takes no more part, and costs nobody else anything.
 *
 * <p>What waits for it is bounded by others: frames by the budgets of their links, until they are {@link PeerFrame#done}, and
 * what is handed over by whoever hands it over.
 */
public final class NodeGroups implements Loop, PeerListener, AutoCloseable {

    /** Things taken from the inbox before groups have a turn. */
    private static final int TAKE = 256;
    /** Nobody answers after so long a time who was heard of before. */
    private static final long LONG_NANOS = 1L << 61;
    /** So old may what is shown of groups be. */
    private static final long SHOWN_NANOS = 1_000_000_000L;
    /** So often the journal looks for what nobody needs. */
    private static final long RECLAIM_NANOS = 10_000_000_000L;

    /** Three beats of a link. */
    private static final long ANSWERS_NANOS = 300_000_000L;

    private final String self;
    private final BrokerClock clock;
    private final RaftJournal journal;
    private final ReplicaSettings settings;
    private final RandomGenerator random;
    private final NodeReport report;
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Parking parking = new Parking();
    private final Map<Long, Seated> groups = new TreeMap<>();
    private final List<NodeService> services = new ArrayList<>();
    private final Map<Integer, NodeService> kinds = new HashMap<>();
    private final NodeBeats beats = new NodeBeats();
    private final Hindrances hindrances = new Hindrances(this);
    private Predicate<String> trusted = peer -> true;
    private volatile PeerLinks links;
    private volatile boolean news;
    private volatile boolean closing;
    private volatile boolean ended;
    private World.Running running;
    private long nextReclaim;
    private long nextShown = Long.MIN_VALUE;
    private volatile List<GroupStatus> shown = List.of();

    /**
     * A loop that nobody drives yet.
     *
     * @param self name of this node
     * @param journal of its groups; closed by whoever opened it, after this
     * @param random for times of elections
     */
    public NodeGroups(String self, BrokerClock clock, RaftJournal journal, ReplicaSettings settings, RandomGenerator random,
                      NodeReport report) {
        this.self = self;
        this.clock = clock;
        this.journal = journal;
        this.settings = settings;
        this.random = random;
        this.report = report;
        nextReclaim = clock.nowNanos() + RECLAIM_NANOS;
        serve(hindrances);
    }

    private static final class Seated {
        private final GroupSeat seat;
        private final GroupReplica replica;
        private boolean touched = true;
        private boolean failed;

        private Seated(GroupSeat seat, GroupReplica replica) {
            this.seat = seat;
            this.replica = replica;
        }
    }

    /** Times of its replicas. Any thread. */
    public ReplicaSettings settings() {
        return settings;
    }

    // ---- before it runs

    /** Over which it talks from now on; nothing is sent before. Any thread. */
    public void over(PeerLinks peerLinks) {
        links = peerLinks;
        wake();
    }

    /**
     * Adds a conversation. Before it runs.
     *
     * @throws KindTakenException for kinds of frames that it would not hear: another conversation has them, or they are no services'
     */
    public void serve(NodeService service) {
        for (int kind : service.kinds()) {
            NodeService other = kinds.get(kind);
            if (other != null || kind < NodeFrames.SERVICES || kind >= RouteKind.FIRST && kind <= RouteKind.LAST
                || kind > Byte.MAX_VALUE) {
                throw new KindTakenException(kind, service, other);
            }
        }
        service.kinds().forEach(kind -> kinds.put(kind, service));
        services.add(service);
    }

    /** Whose frames of groups are heard: nodes of this cluster's life. Before it runs. */
    public void trust(Predicate<String> peers) {
        trusted = peers;
    }

    /** Has it turn from now on. */
    public void start(World world) {
        running = world.run("memphisee-groups", this);
    }

    // ---- any thread

    /** Name of this node. */
    public String self() {
        return self;
    }

    /** The groups that this node is a member of, by number, about a second old. Any thread. */
    public List<GroupStatus> shown() {
        return shown;
    }

    /** Whether a peer was heard within the last few beats: one that died without a word is linked for longer. Any thread. */
    public boolean answers(String peer) {
        PeerLinks over = links;
        if (over == null) {
            return false;
        }
        LinkHealth health = over.health(peer);
        return health.linked() && health.idleNanos() <= ANSWERS_NANOS;
    }

    /** Has something done on the loop; false, and nothing is done, when it has ended. Any thread. */
    public boolean resume(Runnable task) {
        if (ended) {
            return false;
        }
        inbox.add(task);
        parking.wake();
        return !ended || !inbox.remove(task);
    }

    /** Something happened that groups look for themselves. Any thread. */
    public void wake() {
        news = true;
        parking.wake();
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        resume(() -> services.forEach(service -> service.linked(peer, who)));
    }

    @Override
    public void unlinked(String peer, LinkEnd end) {
        resume(() -> services.forEach(service -> service.unlinked(peer)));
    }

    @Override
    public void received(String peer, Traffic traffic, PeerFrame frame) {
        if (!resume(() -> take(peer, frame))) {
            frame.done();
        }
    }

    @Override
    public void room(String peer, Traffic traffic) {
        wake();
    }

    @Override
    public void gone(String peer) {
        resume(() -> groups.values().forEach(group -> guarded(group, () -> {
            group.replica.gone(peer, clock.nowNanos());
            group.touched = true;
        })));
    }

    /** Resigns where it leads, tells all who wait, and ends; returns when it has. Not from the loop. */
    @Override
    public void close() {
        closing = true;
        parking.wake();
        if (running != null) {
            running.close();
        }
    }

    /** Which nodes should lead nothing, and why. Any thread. */
    public Hindrances hindrances() {
        return hindrances;
    }

    // ---- on the loop

    /**
     * Has a group live here.
     *
     * @throws JournalException when the journal has no room for it
     */
    public void join(GroupSeat seat) throws JournalException {
        JournalGroup log = journal.group(seat.group());
        GroupReplica replica = new GroupReplica(self, seat.members(), log, seat.applied(log), seat.machine(),
            (member, message) -> say(member, seat.group(), message), settings, random, clock.nowNanos());
        replica.whenTold(this::wake);
        replica.hindered(hindrances::of);
        if (groups.putIfAbsent(seat.group(), new Seated(seat, replica)) != null) {
            throw new IllegalStateException("group " + seat.group() + " lives here already");
        }
    }

    /** Ends the part that a group of this node takes: what it decides cannot be kept here. */
    public void giveUp(long number, String why) {
        Seated group = groups.get(number);
        if (group != null && !group.failed) {
            guarded(group, () -> {
                group.replica.resign(clock.nowNanos());
                group.replica.turn(clock.nowNanos());
            });
            fail(group, why, null);
        }
    }

    /** Has a group live here no longer; its journal stays. Nothing when it does not. */
    public void leave(long number) {
        Seated group = groups.remove(number);
        if (group != null) {
            shielded(() -> {
                group.replica.resign(clock.nowNanos());
                group.replica.turn(clock.nowNanos());
            });
            group.replica.leave();
            shielded(group.seat::stopped);
        }
    }

    /** The loop's time, monotonic. */
    public long now() {
        return clock.nowNanos();
    }

    /** Sends a frame of a service; as {@link PeerLinks#send}. */
    public PeerLinks.Sent send(String peer, Traffic traffic, byte[] frame) {
        PeerLinks over = links;
        return over == null ? PeerLinks.Sent.NOT_LINKED : over.send(peer, traffic, frame);
    }

    private void say(String member, long group, GroupMessage message) {
        if (message instanceof GroupMessage.Elect elect) {
            if (!beats.take(member, group, elect.message())) {
                send(member, Traffic.CONTROL, NodeFrames.encode(group, message));
            }
        } else {
            send(member, Traffic.RAFT, NodeFrames.encode(group, message)); // lost when there is no room: it is said again
        }
    }

    private void take(String peer, PeerFrame frame) {
        try {
            int kind = NodeFrames.kind(frame.bytes());
            if (kind >= NodeFrames.SERVICES) {
                NodeService service = kinds.get(kind);
                if (service != null) {
                    service.received(peer, kind, frame, clock.nowNanos());
                    return;
                }
                throw new NodeFrameException("a frame of kind " + kind + ", which this release does not know");
            }
            if (trusted.test(peer)) {
                NodeFrames.decode(frame.bytes()).forEach(said -> hear(peer, said));
            }
        } catch (NodeFrameException e) {
            report.notUnderstood(peer, e.getMessage());
        }
        frame.done();
    }

    private void hear(String peer, NodeFrames.Said said) {
        Seated group = groups.get(said.group());
        if (group != null) {
            guarded(group, () -> {
                if (group.seat.admits(said.message())) {
                    group.replica.received(peer, said.message(), clock.nowNanos());
                    group.touched = true;
                }
            });
        }
    }

    @Override
    public long turn() {
        news = false;
        for (int i = 0; i < TAKE; i++) {
            Runnable task = inbox.poll();
            if (task == null) {
                break;
            }
            shielded(task);
        }
        if (closing && !ended) {
            end();
        }
        long due = Long.MAX_VALUE;
        long now = clock.nowNanos();
        for (NodeService service : ended ? List.<NodeService>of() : services) {
            long[] next = {now + settings.lookNanos()};
            shielded(() -> next[0] = service.turn(now));
            due = Math.min(due, next[0]);
        }
        for (Seated group : List.copyOf(groups.values())) {
            due = Math.min(due, drive(group, now));
        }
        if (nextShown <= now) {
            nextShown = now + SHOWN_NANOS;
            show(now);
        }
        if (nextReclaim <= now) {
            nextReclaim = now + RECLAIM_NANOS;
            journal.reclaim();
        }
        due = Math.min(due, Math.min(nextShown, nextReclaim));
        beats.flush((peer, gathered) -> send(peer, Traffic.CONTROL, NodeFrames.beats(gathered)));
        return !inbox.isEmpty() ? AT_ONCE : ended ? WHEN_WOKEN : due;
    }

    private void show(long now) {
        List<GroupStatus> all = new ArrayList<>(groups.size());
        groups.values().forEach(group -> shielded(() -> all.add(status(group, now))));
        shown = List.copyOf(all);
    }

    private GroupStatus status(Seated group, long now) {
        GroupReplica replica = group.replica;
        GroupStatus.Role role = group.failed || replica.failed() ? GroupStatus.Role.FAILED
            : group.seat.rebuilds() ? GroupStatus.Role.REBUILDING
            : replica.leading() ? GroupStatus.Role.LEADING : GroupStatus.Role.FOLLOWING;
        List<GroupStatus.Member> others = new ArrayList<>();
        if (role == GroupStatus.Role.LEADING) {
            group.seat.members().stream().filter(name -> !name.equals(self)).forEach(name -> {
                long ago = now - replica.heardFrom(name);
                others.add(new GroupStatus.Member(name, replica.lag(name), ago < 0 || ago > LONG_NANOS ? -1 : ago));
            });
        }
        String leader = group.failed ? "" : replica.leader();
        return new GroupStatus(group.seat.group(), group.seat.members(), leader.equals(self) && !replica.leading() ? "" : leader, role,
            replica.term(), replica.lastIndex(), replica.applied(), group.seat.queuedBytes(), group.seat.voids(), replica.wins(),
            others);
    }

    private long drive(Seated group, long now) {
        if (!ended) {
            guarded(group, () -> {
                boolean proposed = group.seat.turn(group.replica, now);
                if (proposed || group.touched || group.replica.ready() || group.replica.due() <= now) {
                    group.touched = false;
                    group.replica.turn(now);
                    if (group.seat.turn(group.replica, now)) { // what ended made room
                        group.replica.turn(now);
                    }
                }
            });
            if (!group.failed && group.replica.failed()) {
                fail(group, journal.fault().orElse("an entry could not be applied"), null);
            }
        }
        return group.failed || ended ? Long.MAX_VALUE : Math.min(group.seat.due(), group.replica.due());
    }

    private void end() {
        for (Seated group : groups.values()) {
            guarded(group, () -> {
                group.replica.resign(clock.nowNanos());
                group.replica.turn(clock.nowNanos());
            });
            shielded(group.seat::stopped);
        }
        services.forEach(service -> shielded(service::stopped));
        ended = true; // what was handed over before this is still in the inbox, and done
    }

    /** What goes wrong in a group ends that group only. */
    private void guarded(Seated group, Runnable what) {
        if (group.failed) {
            return;
        }
        try {
            what.run();
        } catch (RuntimeException e) {
            fail(group, "a defect: " + e, e);
        }
    }

    private void fail(Seated group, String why, Throwable cause) {
        group.failed = true;
        report.groupFailed(group.seat.group(), why, cause);
        shielded(() -> group.seat.failed(why));
    }

    private void shielded(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            report.unexpected(e);
        }
    }

    @Override
    public boolean ready() {
        return news || closing && !ended || !inbox.isEmpty();
    }

    @Override
    public Parking parking() {
        return parking;
    }
}
