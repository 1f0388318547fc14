package org.memphisee.gateway.metrics;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.cluster.watch.LinkStatus;
import org.memphisee.core.cluster.watch.NodeStatus;

/**
 * Writes the series of a cluster (cluster.md 5.8) as this node sees it; none of a broker alone. Nothing is registered: what is gone is
 * gone with the next scrape.
 */
final class ClusterText {

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private record Measure<T>(String name, String type, String help, ToDoubleFunction<T> figure) { }

    private static final List<Measure<GroupStatus>> OF_GROUPS = List.of(
        gauge("memphis_broker_raft_leader", "1 where this node leads the group.",
            group -> group.role() == GroupStatus.Role.LEADING ? 1 : 0),
        gauge("memphis_broker_raft_has_leader", "1 while this node knows who leads the group.",
            group -> group.leader().isEmpty() ? 0 : 1),
        gauge("memphis_broker_raft_rebuilding", "1 while this node takes what it lacks of the group from others.",
            group -> group.role() == GroupStatus.Role.REBUILDING ? 1 : 0),
        gauge("memphis_broker_raft_failed", "1 when this node takes no more part in the group until it is started again.",
            group -> group.role() == GroupStatus.Role.FAILED ? 1 : 0),
        gauge("memphis_broker_raft_term", "Newest term of the group that is known here.", GroupStatus::term),
        gauge("memphis_broker_raft_commit_index", "Entry of the group's log up to which it is decided here.", GroupStatus::committed),
        gauge("memphis_broker_raft_lag", "Entries of the group's log here that are not applied.", GroupStatus::lag),
        gauge("memphis_broker_raft_queued_bytes", "Decided, and not in the store here yet.", GroupStatus::queuedBytes),
        counter("memphis_broker_raft_elections_total", "How often this node was elected to lead the group.", GroupStatus::wins),
        counter("memphis_broker_raft_void_entries_total", "Entries that took no effect, because another leader was before them.",
            GroupStatus::voids));
    private static final List<Measure<LinkStatus>> OF_LINKS = List.of(
        gauge("memphis_broker_link_up", "1 while there is a link to the node.", link -> link.health().linked() ? 1 : 0),
        gauge("memphis_broker_link_rtt_seconds", "Way to the node and back, lately; 0 without a link.",
            link -> link.health().rttNanos() / NANOS),
        gauge("memphis_broker_link_pending_bytes", "Handed to the link, and not done with at the node.",
            link -> link.health().pendingBytes()),
        gauge("memphis_broker_link_sent_bytes", "Sent since the link began.", link -> link.health().sentBytes()),
        gauge("memphis_broker_link_received_bytes", "Received since the link began.", link -> link.health().receivedBytes()),
        gauge("memphis_broker_cluster_clock_offset_seconds", "By how much the node's clock is ahead of this one's.",
            link -> link.health().clockOffsetMillis() / MILLIS));
    private static final List<Measure<ClusterStatus>> OF_NODE = List.of(
        gauge("memphis_broker_cluster_nodes", "Nodes of the cluster, as configured.", status -> status.nodes().size()),
        gauge("memphis_broker_partitions_led", "Partitions that this node decides about.", status -> status.node(status.self())
            .map(NodeStatus::partitions).orElse(0)),
        gauge("memphis_broker_journal_bytes", "Files of the journal of replication groups.", status -> status.work().journalBytes()),
        gauge("memphis_broker_held_publishes", "Publishes that wait here for somebody to lead their partition.",
            status -> status.work().heldPublishes()),
        counter("memphis_broker_rebuilds_total", "Groups that were rebuilt here from others.", status -> status.work().rebuilt()),
        counter("memphis_broker_rebuild_bytes_total", "Fetched from others because it was missing here.",
            status -> status.work().rebuiltBytes()));
    private static final String LAG = "memphis_broker_raft_member_lag";
    private static final String MAY_LEAD = "memphis_broker_cluster_node_may_lead";
    private static final String STATE = "memphis_broker_cluster_node_state";

    private ClusterText() { }

    private static <T> Measure<T> gauge(String name, String help, ToDoubleFunction<T> figure) {
        return new Measure<>(name, "gauge", help, figure);
    }

    private static <T> Measure<T> counter(String name, String help, ToDoubleFunction<T> figure) {
        return new Measure<>(name, "counter", help, figure);
    }

    /**
     * Writes all of them.
     *
     * @param name only what has this name; empty for all
     * @return whether there was anything
     */
    static boolean write(TextWriter out, Optional<ClusterStatus> cluster, String name) throws IOException {
        if (cluster.isEmpty()) {
            return false;
        }
        ClusterStatus status = cluster.get();
        boolean any = families(out, OF_NODE, List.of(status), one -> "", name);
        any |= families(out, OF_GROUPS, status.groups(), group -> ",group=\"" + group.id() + '"', name);
        any |= families(out, OF_LINKS, status.links(), link -> ",peer=\"" + link.peer() + '"', name);
        return any | members(out, status, name) | states(out, status, name) | mayLead(out, status, name);
    }

    private static <T> boolean families(TextWriter out, List<Measure<T>> measures, List<T> rows, Function<T, String> labels,
                                        String name) throws IOException {
        boolean any = false;
        for (Measure<T> measure : measures) {
            if (!rows.isEmpty() && (name.isEmpty() || name.equals(measure.name()))) {
                any = true;
                out.family(measure.name(), measure.type(), measure.help());
                for (T row : rows) {
                    begin(out, measure.name()).raw(labels.apply(row)).raw("}").value(measure.figure().applyAsDouble(row));
                }
            }
        }
        return any;
    }

    private static boolean members(TextWriter out, ClusterStatus status, String name) throws IOException {
        if (!name.isEmpty() && !name.equals(LAG) || status.groups().stream().allMatch(group -> group.others().isEmpty())) {
            return false;
        }
        out.family(LAG, "gauge", "Entries that a member of a group which this node leads has not confirmed.");
        for (GroupStatus group : status.groups()) {
            for (GroupStatus.Member member : group.others()) {
                begin(out, LAG).raw(",group=\"" + group.id() + "\",").label("member", member.name()).raw("}").value(member.lag());
            }
        }
        return true;
    }

    private static boolean states(TextWriter out, ClusterStatus status, String name) throws IOException {
        if (!name.isEmpty() && !name.equals(STATE)) {
            return false;
        }
        out.family(STATE, "gauge", "1 with the state in which this node sees each node.");
        for (NodeStatus node : status.nodes()) {
            begin(out, STATE).raw(",").label("node", node.name()).raw(",").label("state", node.state().label()).raw("}").value(1);
        }
        return true;
    }

    private static boolean mayLead(TextWriter out, ClusterStatus status, String name) throws IOException {
        if (!name.isEmpty() && !name.equals(MAY_LEAD)) {
            return false;
        }
        out.family(MAY_LEAD, "gauge", "0 while a node says that something speaks against it leading groups.");
        for (NodeStatus node : status.nodes()) {
            begin(out, MAY_LEAD).raw(",").label("node", node.name()).raw("}").value(node.mayLead() ? 1 : 0);
        }
        return true;
    }

    private static TextWriter begin(TextWriter out, String name) throws IOException {
        return out.raw(name).raw("{mp_scope=\"application\"");
    }
}
