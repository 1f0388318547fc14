package org.memphisee.gateway.monitor;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.ClusterSettings;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.cluster.watch.LinkStatus;
import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.core.cluster.watch.NodeStatus;
import org.memphisee.core.jetstream.ClusterJson;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.net.NetSettings;

/** What pages of the monitor say about the cluster (monitoring.md 1.3, 1.7); nothing for a broker alone. */
final class ClusterPart {

    private static final double MILLIS_PER_SECOND = 1000.0;
    /** Entries that may be on their way to a member that has everything else. */
    private static final long IN_STEP = 8;

    private ClusterPart() { }

    /** Object {@code cluster} of {@code /varz}. */
    static void varz(ObjectNode json, BrokerSettings settings, Optional<BrokerEngine> engine) {
        ClusterSettings cluster = settings.cluster();
        if (cluster.mode() == ClusterSettings.Mode.OFF) {
            return;
        }
        ClusterSettings.Member own = cluster.own(settings.serverName());
        json.put("name", cluster.name()).put("addr", cluster.bind().isEmpty() ? own.host() : cluster.bind())
            .put("cluster_port", own.port()).put("auth_timeout", NetSettings.DEFAULTS.wire().authTimeoutMillis() / MILLIS_PER_SECOND);
        ArrayNode urls = json.putArray("urls");
        cluster.members().stream().filter(member -> !member.equals(own)).forEach(member -> urls.add(member.host() + ":" + member.port()));
        if (cluster.tls().given()) {
            json.put("tls_timeout", NetSettings.DEFAULTS.wire().authTimeoutMillis() / MILLIS_PER_SECOND).put("tls_required", true)
                .put("tls_verify", true);
        }
        json.put("pool_size", 1);
        engine.flatMap(BrokerEngine::cluster).flatMap(status -> status.node(status.self()))
            .ifPresent(self -> json.put("state", self.state().label()));
    }

    /** Where clients find the nodes that serve; nothing while this is the only one. */
    static void urls(ObjectNode json, BrokerEngine engine) {
        engine.cluster().ifPresent(status -> {
            List<String> urls = status.links().stream().filter(link -> link.health().linked() && status.node(link.peer())
                .map(node -> node.state() != NodeState.DRAINING).orElse(false)).map(LinkStatus::urls).toList();
            put(json, "connect_urls", urls, "nats://");
            put(json, "ws_connect_urls", urls, "ws://", "wss://");
        });
    }

    private static void put(ObjectNode json, String member, List<String> urls, String... schemes) {
        List<String> found = urls.stream().flatMap(all -> List.of(all.split(",")).stream()).flatMap(url -> List.of(schemes).stream()
            .filter(url::startsWith).map(scheme -> url.substring(scheme.length()))).toList();
        if (!found.isEmpty()) {
            found.forEach(json.putArray(member)::add);
        }
    }

    /** The group of the definitions: {@code meta} of {@code /varz}, {@code meta_cluster} of {@code /jsz}. */
    static void meta(ObjectNode json, String member, ClusterStatus status) {
        ObjectNode meta = json.putObject(member).put("name", status.name());
        if (!status.definitionsLeader().isEmpty()) {
            meta.put("leader", status.definitionsLeader()).put("peer", ClusterJson.peer(status.definitionsLeader()));
        }
        ArrayNode replicas = meta.putArray("replicas");
        Optional<GroupStatus> group = status.group(ClusterStatus.DEFINITIONS);
        status.nodes().stream().filter(node -> !node.name().equals(status.definitionsLeader())).forEach(node ->
            replica(replicas.addObject(), node, group.flatMap(of -> of.others().stream()
                .filter(other -> other.name().equals(node.name())).findFirst())));
        meta.put("cluster_size", status.nodes().size());
    }

    private static void replica(ObjectNode json, NodeStatus node, Optional<GroupStatus.Member> known) {
        boolean away = node.state() == NodeState.AWAY;
        long lag = known.map(GroupStatus.Member::lag).orElse(0L);
        boolean joins = node.state() == NodeState.JOINING || node.state() == NodeState.FORMING;
        json.put("name", node.name()).put("current", !away && lag <= IN_STEP && !joins);
        if (away) {
            json.put("offline", true);
        }
        json.put("active", known.map(GroupStatus.Member::heardNanos).filter(nanos -> nanos >= 0).orElse(0L));
        if (lag > IN_STEP) {
            json.put("lag", lag);
        }
        json.put("peer", ClusterJson.peer(node.name()));
    }

    /** Groups of which this node is a member, and which nodes may lead, for {@code raft=1}. */
    static void groups(ObjectNode json, ClusterStatus status) {
        ArrayNode groups = json.putArray("raft_groups"); // ours: the reference shows one with each stream
        status.groups().forEach(group -> group(groups.addObject(), group));
        ArrayNode nodes = json.putArray("raft_nodes");
        status.nodes().forEach(node -> mayLead(nodes.addObject().put("name", node.name()).put("state", node.state().label()), node));
    }

    /** Whether a node may lead groups, as it says, and if not why. */
    static void mayLead(ObjectNode json, NodeStatus node) {
        json.put("may_lead", node.mayLead());
        if (!node.mayLead()) {
            json.put("hindrance", node.whyNot()).put("because", "it " + node.whyNotInWords());
        }
    }

    private static void group(ObjectNode json, GroupStatus group) {
        json.put("name", name(group.id())).put("id", group.id()).put("state", group.role().name()).put("leader", group.leader())
            .put("term", group.term()).put("last", group.last())
            .put("committed", group.committed()).put("lag", group.lag()).put("queued_bytes", group.queuedBytes())
            .put("void", group.voids()).put("elected", group.wins());
        ArrayNode members = json.putArray("members");
        for (String name : group.members()) {
            ObjectNode member = members.addObject().put("name", name);
            group.others().stream().filter(other -> other.name().equals(name)).findFirst().ifPresent(other ->
                member.put("lag", other.lag()).put("active", Math.max(0, other.heardNanos())));
        }
    }

    /** A group as streams name it. */
    static String name(long group) {
        return group == ClusterStatus.DEFINITIONS ? "_meta_" : "group-" + group;
    }
}
