package org.memphisee.cluster.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.Membership;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.DefinitionsReach;
import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.GroupPlace;
import org.memphisee.core.cluster.Leaders;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.cluster.election.Hindrance;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.GroupHomes;
import org.memphisee.core.partition.GroupPartitions;
import org.memphisee.core.partition.ShardChoice;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.ReplicatedGroup;
import org.memphisee.core.replication.ShardReplica;
import org.memphisee.core.time.LatencyHistogram;

/**
 * The groups of partitions of a node: those that it is a member of live in its loop, and of all it is known where their partitions
 * are and who leads. Order of life: construct, {@link NodeGroups#start}; the partition table and the control engine get it
 * before they begin. The control loop, but for what says otherwise.
 */
public final class DataGroups implements GroupHomes, DefinitionsReach {

    /** So long a publish waits for somebody to lead, and whoever waits for what became of it (4.2). */
    public static final long PATIENCE_NANOS = 4_000_000_000L;

    /** Of entries, at most so many bytes are stored by the shard itself: two wakings of threads less for each (ADR 0211). */
    private static final int INLINE_BYTES = 16 << 10;
    /** So often stores are synced while the journal is half full. */
    private static final long CROWDED_NANOS = 500_000_000L;

    /** Entries that may be on their way to a member that has everything else. */
    private static final long IN_STEP = 8;

    private final String self;
    private final NodeGroups node;
    private final RaftJournal journal;
    private volatile Membership.Rooms rooms;
    /** Shards of groups; set before the first one. */
    private volatile ShardChoice choice;
    private final Leaders leaders;
    private final LeaderNews news;
    private final DataReport report;
    private final RecordRepair repair;
    private final Scrub scrub;
    private final Map<Long, GroupPlace> places = new ConcurrentHashMap<>();
    private final Map<Long, Member> members = new ConcurrentHashMap<>();
    /** Those that wait until all partitions that they had are here. */
    private final List<Runnable> joining = new ArrayList<>();
    /** By group; of the node's loop. */
    private final Map<Long, GroupRebuild> rebuilds = new TreeMap<>();
    private RebuildSettings rebuildSettings = RebuildSettings.DEFAULT;
    private volatile GroupMap map = GroupMap.NONE;
    private volatile long folded;
    /** So many system events may have reached partitions of this node. */
    private volatile long reaching;
    private final ReachedHere reached = new ReachedHere();
    private volatile BiConsumer<String, String> stepDownOfDefinitions = (by, to) -> { };
    private volatile Runnable handOverDefinitions = () -> { };
    private boolean begun;
    /** Of the node's loop. */
    private long nextSync = Long.MIN_VALUE;
    private final LatencyHistogram commits = new LatencyHistogram();
    private final LongAdder fetched = new LongAdder();
    private final LongAdder rebuilt = new LongAdder();

    /** A group that this node is a member of. */
    private record Member(GroupPartitions partitions, ShardReplica replica, DataSeat seat) { }

    /**
     * Of a node whose loop does not run yet.
     *
     * @param node its loop, which serves the news about leaders from now on
     * @param leaders is told who leads what
     */
    public DataGroups(NodeGroups node, RaftJournal journal, Leaders leaders, NodeReport nodeReport,
                      DataReport report) {
        this.self = node.self();
        this.node = node;
        this.journal = journal;
        this.leaders = leaders;
        this.report = report;
        news = new LeaderNews(node, leaders, members::containsKey, this::resign, nodeReport);
        node.serve(news);
        node.serve(new Rebuilding());
        repair = new RecordRepair(node, this::part, this::places, report);
        node.serve(repair);
        node.hindrances().evadeBy(this::evade);
        scrub = new Scrub(node, members::keySet, this::scrubbed, this::places, repair, report);
        node.serve(scrub);
    }

    private Scrub.Part scrubbed(long group) {
        Member member = members.get(group);
        return member == null ? null : new Scrub.Part(peers(member.seat), member.partitions, member.partitions.thread(),
            () -> leaders.leaderOf(group).equals(self));
    }

    /** Whether this node has no room for what is published: others lead meanwhile, as far as they have. Any thread. */
    public void full(boolean now) {
        node.hindrances().of(Hindrance.NO_ROOM, now);
    }

    private void evade() {
        members.values().forEach(member -> member.seat.handOver(node.hindrances().better(), IN_STEP));
        handOverDefinitions.run();
    }

    /** How stored records are looked through; before it runs. */
    public void scrubWith(ScrubSettings settings) {
        scrub.with(settings);
    }

    /** What looking through stored records has done. Any thread. */
    public ScrubFigures scrubbed() {
        return scrub.figures();
    }

    private RecordRepair.Part part(long group) {
        Member member = members.get(group);
        return member == null ? null : new RecordRepair.Part(peers(member.seat), member.replica);
    }

    private List<String> peers(DataSeat seat) {
        return seat.members().stream().filter(name -> !name.equals(self)).toList();
    }

    private RecordRepair.Places places() {
        return new RecordRepair.Places(rooms.store(), rooms.writer(), rooms.shards().get(0).loader().readers());
    }

    /** Limits of rebuilding groups; before it runs. */
    public void rebuildWith(RebuildSettings settings) {
        rebuildSettings = settings;
    }

    /** What of a broker they live in; before the partition table gets them. */
    public DataGroups in(Membership.Rooms of) {
        choice = new ShardChoice(of.shards());
        rooms = of;
        return this;
    }

    // ---- any thread

    /** Name of this node. */
    String self() {
        return self;
    }

    /** Names of the nodes that are linked, this one included. */
    public Set<String> linked() {
        Set<String> linked = new HashSet<>(news.linked());
        linked.add(self);
        return linked;
    }

    /** Of these, those that are not about to stop. */
    public Set<String> live() {
        Set<String> live = linked();
        live.removeIf(name -> node.hindrances().of(name) == Hindrance.STOPS);
        return live;
    }

    /** Of these, those that answered a moment ago, and may lead. */
    public Set<String> fit() {
        Set<String> fit = live();
        fit.removeIf(name -> !node.hindrances().of(name).mayLead() || !name.equals(self) && !node.answers(name));
        return fit;
    }

    /** How many of the groups of this node are not as their leaders have them: being rebuilt, or behind for a while. */
    public int lacking() {
        long now = rooms == null ? 0 : rooms.clock().nowNanos();
        return (int) members.values().stream().filter(member -> !member.seat.current(now)).count();
    }

    /** Names of the groups that this node leads and others could. */
    public Set<Long> led() {
        return members.keySet().stream().filter(group -> leaders.leaderOf(group).equals(self)).collect(Collectors.toSet());
    }

    /** Has others lead what this node leads, one that is about to stop; nothing is done where none is there, or in step. */
    public void handOver() {
        node.resume(() -> members.values().forEach(member -> member.seat.handOver(node.hindrances().better(), IN_STEP)));
    }

    /** Who leads which partition. */
    public Leaders leaders() {
        return leaders;
    }

    /** All groups that there are. */
    public GroupMap map() {
        return map;
    }

    /**
     * Has another member lead a group; when nobody else is there, its leader ceases and whoever can leads next. Of what one node has
     * alone nothing is done.
     *
     * @return false when nobody is known to lead it, or the node stops
     */
    public boolean stepDown(long group) {
        return stepDown(group, "");
    }

    /**
     * The same with a member that is to lead; when it is not in step within a second, everything stays as it is.
     *
     * @param to its name, empty for any
     */
    public boolean stepDown(long group, String to) {
        GroupPlace place = places.get(group);
        if (place == null || place.replicas() == 1) {
            return true;
        }
        String leader = leaders.leaderOf(group);
        if (leader.isEmpty()) {
            return false;
        }
        return node.resume(() -> {
            if (leader.equals(self)) {
                resign(self, group, to);
            } else {
                news.askToStepDown(leader, group, to);
            }
        });
    }

    /** Another node wants this one not to lead the definitions any more: it, and the node that is to lead. On the node's loop. */
    void whenAskedToStepDownOfDefinitions(BiConsumer<String, String> stepDown) {
        stepDownOfDefinitions = stepDown;
    }

    /** This node should not lead the definitions while others can who are less hindered. The node's loop calls it. */
    public void whenDefinitionsAreHandedOver(Runnable handOver) {
        handOverDefinitions = handOver;
    }

    /** Asks another node not to lead a group any more; false when this one stops. Any thread. */
    boolean askToStepDown(String leader, long group, String to) {
        return node.resume(() -> news.askToStepDown(leader, group, to));
    }

    private void resign(String by, long group, String to) {
        if (group == GroupPosition.DEFINITIONS) {
            stepDownOfDefinitions.accept(by, to);
            return;
        }
        Member member = members.get(group);
        if (member == null || !member.seat.leads()) {
            passOn(by, leaders.leaderOf(group), group, to);
        } else if (to.isEmpty()) {
            member.seat.stepDown(node.hindrances().any());
        } else {
            member.seat.transfer(to);
        }
    }

    /**
     * Somebody took this node for a leader that it is not any more. If a certain node is to lead, whoever leads now is asked; else it is as
     * they wanted. Never back: two nodes that take each other for the leader would ask without end. The node's loop.
     */
    void passOn(String by, String leader, long group, String to) {
        if (!to.isEmpty() && !leader.isEmpty() && !leader.equals(self) && !leader.equals(by)) {
            news.askToStepDown(leader, group, to);
        }
    }

    /** How long entries of this node take until they are decided and stored here. */
    public LatencyHistogram commits() {
        return commits;
    }

    /** Bytes of messages that were fetched from others, since the start. */
    public long fetchedBytes() {
        return fetched.sum();
    }

    /** Groups that were rebuilt here, since the start. */
    public long rebuilt() {
        return rebuilt.sum();
    }

    /** How a member of a group stands: exactly where this node leads it. */
    ClusterView.Standing standing(long group, String name) {
        Member member = members.get(group);
        Long lag = member == null ? null : member.seat.lags().get(name);
        boolean linked = name.equals(self) || news.linked().contains(name);
        return lag == null ? new ClusterView.Standing(linked, 0)
            : new ClusterView.Standing(linked && lag <= IN_STEP, lag > IN_STEP ? lag : 0);
    }

    // ---- from definitions

    @Override
    public void groups(GroupMap now, boolean formed) {
        map = now;
        for (GroupPlace group : now.groups()) {
            if (places.putIfAbsent(group.id(), group) == null) {
                if (group.replicas() == 1) {
                    leaders.leads(group.id(), group.preferred());
                    leaders.leased(group.id(), Long.MAX_VALUE, Long.MAX_VALUE); // nobody else ever has it
                } else if (group.members().contains(self)) {
                    begin(group, formed);
                }
            }
        }
    }

    private void begin(GroupPlace group, boolean now) {
        long id = group.id();
        boolean formed = now || neverBegun(id);
        ShardResources room = choice.take();
        Shard shard = room.shard();
        SoloGroup own = SoloGroup.unsynced(shard, rooms.writer(), INLINE_BYTES);
        ReplicatedGroup decisions = new ReplicatedGroup(id, shard, own, () -> reaching, PATIENCE_NANOS,
            journal.settings().maxEntryBytes());
        decisions.timed(commits);
        BatchLoader loader = room.loader().mendedBy((partition, first, damage, found, failed) ->
            repair.mend(id, partition, first, damage, found, failed));
        GroupPartitions partitions = new GroupPartitions(room.with(decisions).with(loader), rooms.store(), rooms.listener(), PATIENCE_NANOS);
        GroupPosition position = position(id);
        ShardReplica replica = new ShardReplica(id, shard, own, decisions, partitions, position,
            ShardReplica.Sync.DEFAULT);
        DataSeat seat = new DataSeat(new DataSeat.Place(self, id, group.members()), position, replica, rooms.clock(), this::folded,
            node::wake, new Told(id));
        Member member = new Member(partitions, replica, seat);
        members.put(id, member);
        if (!position.whole() || !formed && !complete(id)) {
            partitions.unread();
        }
        Runnable join = () -> node.resume(() -> join(member, room, position, formed));
        if (begun) {
            join.run();
        } else {
            joining.add(join); // what it decided before is applied to partitions that must be here
        }
    }

    private GroupPosition position(long group) {
        try {
            return GroupPosition.read(rooms.store(), group);
        } catch (StoreException e) {
            throw new IllegalStateException("the position of replication group " + group + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Whether the log of a group is not here because the process ended between the event that formed the group and the log's beginning:
     * the journal has the definitions from their first entry on, so that it is the one that this node began with.
     */
    private boolean neverBegun(long group) {
        try {
            JournalGroup definitions = journal.group(GroupPosition.DEFINITIONS);
            return definitions.standing() == Standing.COMPLETE && definitions.baseIndex() == 0
                && journal.group(group).standing() == Standing.ABSENT;
        } catch (JournalException e) {
            return false;
        }
    }

    private boolean complete(long group) {
        try {
            return journal.group(group).standing() == Standing.COMPLETE;
        } catch (JournalException e) {
            return false; // there is no room for it: whoever joins says so
        }
    }

    private void join(Member member, ShardResources room, GroupPosition position, boolean formed) {
        DataSeat seat = member.seat;
        news.joined(seat.group());
        try {
            JournalGroup log = journal.group(seat.group());
            if (log.standing() == Standing.ABSENT && formed) {
                log.begin(0, 0, 0, ""); // a new group, of which this node has promised nothing
            }
            boolean complete = log.standing() == Standing.COMPLETE;
            if (complete && position.whole()) {
                if (position.index() > log.lastIndex()) {
                    RebuildTaker.begin(log, position); // it was about to
                }
                log.applied(position.index());
            }
            seat.of(log);
            GroupRebuild rebuild = new GroupRebuild(self, seat.group(), seat.members(), new GroupRebuild.Parts(log, member.replica,
                member.partitions, room.shard(), rooms.store(), rooms.writer(), room.loader().readers(), this::folded, rebuildSettings,
                (partition, first, damage, found, failed) -> repair.mend(seat.group(), partition, first, damage, found, failed),
                node.settings().election().forgottenNanos(seat.members().size())),
                new Way(), UUID.randomUUID()::getMostSignificantBits, new Taken(member));
            rebuilds.put(seat.group(), rebuild);
            node.join(seat);
            if (!complete || !position.whole()) {
                take(seat);
            }
        } catch (JournalException e) {
            seat.failed("its journal has no room: " + e.getMessage());
        }
    }

    /** How many system events have reached the partitions of this node. Any thread. */
    public long folded() {
        return folded;
    }

    @Override
    public long begun() {
        return reaching;
    }

    @Override
    public void whenReached(long event, Runnable then) {
        reached.when(event, this::shards, then);
    }

    private List<Shard> shards() {
        return rooms.shards().stream().map(ShardResources::shard).toList();
    }

    @Override
    public void handsOver(long event) {
        reaching = event;
    }

    @Override
    public void handedOver(long event) {
        reaching = Math.max(reaching, event);
        folded = event;
        if (!begun) {
            begun = true;
            joining.forEach(Runnable::run);
            joining.clear();
        }
        members.values().forEach(member -> member.replica.folded(event));
        node.resume(() -> news.folded(event));
        reached.handed(event, this::shards);
    }

    @Override
    public void whenThere(Set<Long> partitions, long event, Runnable then) {
        Set<Long> all = Set.copyOf(partitions);
        if (all.stream().allMatch(leaders::here) || !node.resume(() -> news.whenThere(all, event, then))) {
            then.run();
        }
    }

    @Override
    public boolean here(long group) {
        if (group == Placement.ALONE) {
            return map.seed().isEmpty() || map.seed().equals(self);
        }
        GroupPlace place = places.get(group);
        return place != null && place.replicas() == 1 && place.preferred().equals(self);
    }

    @Override
    public Optional<GroupPartitions> member(long group) {
        return Optional.ofNullable(members.get(group)).map(Member::partitions);
    }

    @Override
    public void placed(long partition, long group) {
        if (group == Placement.ALONE) {
            leaders.atNode(partition, map.seed().isEmpty() ? self : map.seed());
        } else {
            leaders.inGroup(partition, group);
        }
    }

    @Override
    public void removed(long partition) {
        leaders.removed(partition);
    }

    private void take(DataSeat seat) {
        GroupRebuild rebuild = rebuilds.get(seat.group());
        if (rebuild != null && !rebuild.taking()) {
            seat.rebuilding(true);
            rebuild.take(seat.position());
        }
    }

    private final class Way implements RebuildWay {

        @Override
        public boolean send(String peer, byte[] frame) {
            return node.send(peer, Traffic.BULK, frame) == PeerLinks.Sent.TAKEN;
        }

        @Override
        public void resume(Runnable task) {
            node.resume(task);
        }
    }

    /** A group was rebuilt here, or never will be. The node's loop. */
    private final class Taken implements RebuildTaker.Told {
        private final Member member;

        private Taken(Member member) {
            this.member = member;
        }

        @Override
        public void rebuilt(GroupPosition at) {
            long group = member.seat.group();
            node.leave(group);
            member.seat.rebuilt(at);
            try {
                node.join(member.seat);
                rebuilt.increment();
                report.rebuilt(group);
            } catch (JournalException e) {
                member.seat.failed(e.getMessage());
            }
        }

        @Override
        public void fetched(int bytes) {
            fetched.add(bytes);
        }

        @Override
        public void failed(String why) {
            node.giveUp(member.seat.group(), why);
        }
    }

    /** Members that rebuild groups, and those that give them. The node's loop. */
    private final class Rebuilding implements NodeService {

        @Override
        public Set<Integer> kinds() {
            return Set.of(RebuildFrames.KIND);
        }

        @Override
        public void linked(String peer, PeerIdentity who) { }

        @Override
        public void unlinked(String peer) {
            rebuilds.values().forEach(rebuild -> rebuild.unlinked(peer));
        }

        @Override
        public void received(String peer, int kind, PeerFrame frame, long now) {
            byte[] bytes = frame.bytes();
            frame.done();
            if (bytes.length >= NodeFrames.HEADER + RebuildFrames.HEAD) {
                long group = GroupRebuild.group(bytes);
                GroupRebuild rebuild = rebuilds.get(group);
                if (rebuild != null) {
                    rebuild.received(peer, bytes, members.get(group).seat.replica(), now);
                }
            }
        }

        @Override
        public long turn(long now) {
            long next = makeRoom(now);
            for (GroupRebuild rebuild : List.copyOf(rebuilds.values())) {
                next = Math.min(next, rebuild.turn(now));
            }
            return next;
        }

        @Override
        public void stopped() { }
    }

    /** A journal that fills up has the stores synced earlier than they are by themselves: full, it would take nothing that does. */
    private long makeRoom(long now) {
        if (!journal.crowded()) {
            return Long.MAX_VALUE;
        }
        if (nextSync <= now) {
            nextSync = now + CROWDED_NANOS;
            members.values().forEach(member -> member.replica.sync());
            journal.reclaim(); // what the last one brought
        }
        return nextSync;
    }

    /** From a seat. The node's loop. */
    private final class Told implements DataSeat.Told {
        private final long group;
        private boolean wasBehind;

        private Told(long group) {
            this.group = group;
        }

        @Override
        public void leader(String name) {
            wasBehind &= name.isEmpty();
            leaders.leads(group, name);
            news.leads(group, members.get(group).seat.term(), name.equals(self));
            report.leader(group, name);
        }

        @Override
        public void leased(long confirmed, long until) {
            leaders.leased(group, confirmed, until);
        }

        @Override
        public void failed(String why) {
            node.giveUp(group, why);
        }

        @Override
        public void behind() {
            take(members.get(group).seat);
            if (!wasBehind) {
                wasBehind = true;
                report.behind(group);
            }
        }
    }
}
