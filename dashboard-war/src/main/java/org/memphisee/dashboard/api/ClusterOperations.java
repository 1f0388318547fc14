package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.cluster.watch.LinkStatus;
import org.memphisee.core.cluster.watch.NodeFigures;
import org.memphisee.core.cluster.watch.NodeStatus;
import org.memphisee.core.cluster.watch.NodeUse;
import org.memphisee.core.leadership.Leaderships;
import org.memphisee.core.stations.StationAdministration;
import org.memphisee.core.stations.StationView;

/** The nodes of a cluster, who decides about what, and having others do so (cluster.md 5.8); a broker alone has no nodes. */
final class ClusterOperations {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double PERCENT = 100;

    List<Operation> all() {
        return List.of(Operation.get("v2/cluster", ClusterOperations::cluster),
            Operation.get("v2/cluster/station", ClusterOperations::station),
            Operation.post("v2/cluster/stepDown", ClusterOperations::stepDown));
    }

    private static JsonNode cluster(Call call) {
        ObjectNode n = Texts.object().put("name", "").put("self", "").put("leader", "");
        ArrayNode nodes = n.putArray("nodes");
        ArrayNode groups = n.putArray("groups");
        Optional<ClusterStatus> known = call.engine().cluster();
        if (known.isPresent()) {
            ClusterStatus status = known.get();
            List<Leaderships.Group> all = Waiting.await(call.engine().leaderships().groups());
            n.put("name", status.name()).put("self", status.self()).put("leader", status.definitionsLeader());
            status.nodes().forEach(node -> node(nodes.addObject(), node, status, all));
            all.stream().filter(group -> group.members().size() > 1).forEach(group -> group(groups.addObject(), group, status));
        }
        return n.put("may_move", mayMove(call));
    }

    private static void node(ObjectNode n, NodeStatus node, ClusterStatus status, List<Leaderships.Group> groups) {
        n.put("name", node.name()).put("state", node.state().label()).put("partitions", node.partitions())
            .put("hindrance", node.whyNot());
        n.put("leads", groups.stream().filter(group -> group.members().size() > 1 && group.leader().equals(node.name())).count());
        status.links().stream().filter(link -> link.peer().equals(node.name())).findFirst().ifPresent(link -> link(n, link));
        node.figures().ifPresent(figures -> figures(n, figures, node.heardMillis()));
    }

    private static void link(ObjectNode n, LinkStatus link) {
        ObjectNode json = n.putObject("link").put("address", link.host() + ":" + link.port()).put("up", link.health().linked());
        if (link.health().linked()) {
            json.put("rtt_ms", Math.round(link.health().rttNanos() / NANOS_PER_MILLI * PERCENT) / PERCENT)
                .put("clock_offset_ms", link.health().clockOffsetMillis()).put("pending_bytes", link.health().pendingBytes());
        }
    }

    private static void figures(ObjectNode n, NodeFigures figures, long heardMillis) {
        NodeUse use = figures.use();
        n.put("heard_ms", heardMillis).put("groups", figures.groups()).put("rebuilds", figures.rebuilds())
            .put("failed", figures.failed()).put("lag", figures.lag()).put("journal_bytes", figures.journalBytes())
            .put("version", use.version()).put("started_at", use.startedMillis()).put("connections", use.connections())
            .put("cpu_percent", use.cpuPercent()).put("processors", use.processors()).put("memory_used", use.memoryUsed())
            .put("memory_total", use.memoryTotal()).put("storage_used", use.storageUsed()).put("storage_total", use.storageTotal());
    }

    private static void group(ObjectNode n, Leaderships.Group group, ClusterStatus status) {
        n.put("id", group.id()).put("definitions", group.id() == ClusterStatus.DEFINITIONS).put("leader", group.leader())
            .put("partitions", group.partitions());
        ArrayNode members = n.putArray("members");
        Optional<GroupStatus> own = status.group(group.id());
        own.ifPresent(of -> n.put("term", of.term()));
        for (String name : group.members()) {
            ObjectNode member = members.addObject().put("name", name);
            own.flatMap(of -> of.others().stream().filter(other -> other.name().equals(name)).findFirst())
                .ifPresent(other -> member.put("lag", other.lag()));
        }
    }

    private static JsonNode station(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("station_name");
        query.check();
        StationView station = StationOperations.lookUp(call, name).orElseThrow(() -> StationAdministration.unknown(name));
        List<Leaderships.Place> places = Waiting.await(call.engine().leaderships().places(station.streams()));
        ObjectNode n = Texts.object();
        ArrayNode partitions = n.putArray("partitions");
        for (Leaderships.Place place : places) {
            int at = station.streams().indexOf(place.stream());
            ObjectNode json = partitions.addObject().put("partition", at < station.partitions().size() ? station.partitions().get(at) : 0)
                .put("group", place.group()).put("leader", place.leader());
            ArrayNode replicas = json.putArray("replicas");
            place.replicas().forEach(replica -> replicas.addObject().put("name", replica.node()).put("up", replica.linked())
                .put("current", replica.current()).put("lag", replica.lag()));
        }
        return n.put("may_move", mayMove(call));
    }

    private static JsonNode stepDown(Call call) {
        JsonBody body = call.body();
        long group = body.requiredNumber("group");
        String to = body.text("to");
        body.check();
        if (call.engine().users().permissions(call.user().name()).restricted()) {
            throw ApiFailure.showable("user " + call.user().name() + " is not allowed to move leaders");
        }
        if (!to.isEmpty()) {
            return transferred(group, to, Waiting.await(call.engine().leaderships().transfer(call.author(), group, to)));
        }
        boolean moving = Waiting.await(call.engine().leaderships().stepDown(call.author(), group))
            .orElseThrow(() -> noGroup(group));
        if (!moving) {
            throw noLeader(group);
        }
        return Texts.object();
    }

    private static JsonNode transferred(long group, String to, Leaderships.Moved what) {
        switch (what) {
            case NO_GROUP -> throw noGroup(group);
            case NO_LEADER -> throw noLeader(group);
            case NO_MEMBER -> throw ApiFailure.showable("Node " + to + " has nothing of group " + group
                + ", so that it cannot lead it. Choose one of its members");
            case AWAY -> throw ApiFailure.showable("Node " + to + " is not linked, or is about to stop. Choose another member of group "
                + group + ", or none");
            case MOVES -> { }
        }
        return Texts.object();
    }

    private static ApiFailure noGroup(long group) {
        return ApiFailure.showable("There is no group " + group + " that several nodes have");
    }

    private static ApiFailure noLeader(long group) {
        return ApiFailure.showable("Nobody is known to lead group " + group + " now, so that nobody can step down. Try again in a moment");
    }

    /** Leaders concern everybody, so people with limits do not move them. */
    private static boolean mayMove(Call call) {
        return !call.engine().users().permissions(call.user().name()).restricted();
    }
}
