package org.memphisee.cluster.broker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.memphisee.cluster.data.DataGroups;
import org.memphisee.cluster.jgroups.ChannelLinks;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.cluster.watch.LinkStatus;
import org.memphisee.core.cluster.watch.NodeFigures;
import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.core.cluster.watch.NodeStatus;
import org.memphisee.core.cluster.watch.NodeUse;
import org.memphisee.core.time.BrokerClock;

/** What this node shows of its cluster, and tells the others of itself. Any thread; waits for nobody. */
final class ClusterWatch {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ClusterOptions options;
    private final String self;
    private final NodeGroups groups;
    private final RaftJournal journal;
    private final DataGroups data;
    private final BrokerClock clock;
    private final Asked asked;
    private final NodeNews news;
    private volatile NodeUse use = NodeUse.UNKNOWN;
    private volatile boolean draining;
    private volatile LongSupplier held = () -> 0;

    /**
     * What only the node itself knows.
     *
     * @param formed whether the cluster is
     * @param current whether this node has seen what was defined before it came
     * @param outdated whether only a restart has it do its work again
     * @param leader who leads the definitions
     * @param links null before there are any
     */
    record Asked(BooleanSupplier formed, BooleanSupplier current, BooleanSupplier outdated, Supplier<String> leader,
                 Supplier<ChannelLinks> links) { }

    /** Of a node whose loop does not run yet. */
    ClusterWatch(ClusterOptions options, NodeGroups groups, RaftJournal journal, DataGroups data, BrokerClock clock, Asked asked,
                 NodeReport report) {
        this.options = options;
        this.self = options.self().node();
        this.groups = groups;
        this.journal = journal;
        this.data = data;
        this.clock = clock;
        this.asked = asked;
        news = new NodeNews(groups, this::figures, report);
    }

    /** What this process is and uses now. */
    void uses(NodeUse now) {
        use = now;
    }

    /** This node is being stopped. */
    void drains() {
        draining = true;
    }

    /** Who knows how many publishes wait for a leader. */
    void held(LongSupplier publishes) {
        held = publishes;
    }

    NodeFigures figures() {
        List<GroupStatus> all = groups.shown();
        int rebuilds = count(all, GroupStatus.Role.REBUILDING);
        int failed = count(all, GroupStatus.Role.FAILED);
        long lag = all.stream().mapToLong(GroupStatus::lag).max().orElse(0);
        int partitions = data.leaders().partitionsByLeader().getOrDefault(self, 0);
        return new NodeFigures(state(rebuilds, failed), all.size(), count(all, GroupStatus.Role.LEADING), rebuilds, failed, lag,
            partitions, journal.bytes(), use);
    }

    /** What of the groups keeps this node from being as the others are; empty when nothing does. */
    Optional<String> problem() {
        List<GroupStatus> all = groups.shown();
        int failed = count(all, GroupStatus.Role.FAILED);
        int rebuilds = count(all, GroupStatus.Role.REBUILDING);
        return failed > 0 ? Optional.of(failed + " of " + all.size() + " replication groups take no more part here until it is started "
            + "again; the log says why") : rebuilds > 0 ? Optional.of("rebuilds " + rebuilds + " of " + all.size()
            + " replication groups") : Optional.empty();
    }

    private static int count(List<GroupStatus> all, GroupStatus.Role role) {
        return (int) all.stream().filter(group -> group.role() == role).count();
    }

    private NodeState state(int rebuilds, int failed) {
        if (draining) {
            return NodeState.DRAINING;
        }
        if (failed > 0 || asked.outdated().getAsBoolean() || journal.fault().isPresent()) {
            return NodeState.DEGRADED;
        }
        if (!asked.formed().getAsBoolean()) {
            return NodeState.FORMING;
        }
        if (live().size() <= options.members().size() / 2) {
            return NodeState.ISOLATED;
        }
        return rebuilds > 0 ? NodeState.REBUILDING : asked.current().getAsBoolean() ? NodeState.READY : NodeState.JOINING;
    }

    private Set<String> live() {
        Set<String> live = new HashSet<>(data.linked());
        live.retainAll(options.members());
        return live;
    }

    /** All of it. */
    ClusterStatus status() {
        Map<String, Integer> partitions = data.leaders().partitionsByLeader();
        Set<String> live = live();
        NodeFigures own = figures();
        List<NodeStatus> nodes = new ArrayList<>();
        for (String name : options.members()) {
            int leads = partitions.getOrDefault(name, 0);
            if (name.equals(self)) {
                nodes.add(new NodeStatus(name, own.state(), leads, Optional.of(own), 0, groups.hindrances().of(name)));
                continue;
            }
            Optional<NodeNews.Heard> heard = news.heard(name);
            NodeState state = !live.contains(name) ? NodeState.AWAY : heard.map(of -> of.figures().state()).orElse(NodeState.JOINING);
            nodes.add(new NodeStatus(name, state, leads, heard.map(NodeNews.Heard::figures),
                heard.map(of -> (clock.nowNanos() - of.atNanos()) / NANOS_PER_MILLI).orElse(0L), groups.hindrances().of(name)));
        }
        return new ClusterStatus(options.self().cluster(), self, asked.leader().get(), nodes, groups.shown(), links(),
            new ClusterStatus.Work(journal.bytes(), journal.syncs(), data.commits(), data.fetchedBytes(), data.rebuilt(),
                held.getAsLong()));
    }

    private List<LinkStatus> links() {
        ChannelLinks channel = asked.links().get();
        if (channel == null) {
            return List.of();
        }
        PeerLinks links = channel.links();
        return options.channel().peers().entrySet().stream().map(peer -> new LinkStatus(peer.getKey(), peer.getValue().getHostString(),
            peer.getValue().getPort(), self.compareTo(peer.getKey()) < 0, news.urls(peer.getKey()), links.health(peer.getKey())))
            .sorted(Comparator.comparing(LinkStatus::peer)).toList();
    }
}
