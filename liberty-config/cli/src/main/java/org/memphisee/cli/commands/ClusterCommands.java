package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Pause;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The nodes of a cluster, and who decides about what. */
@Command(name = "cluster", description = "nodes of a cluster, who decides about what, and having others do so")
public final class ClusterCommands {

    private static final String READY = "ready";
    private static final long LOOK_MILLIS = 500;
    private static final List<String> NODE_COLUMNS = List.of("name", "state", "leads", "hindrance", "partitions", "lag", "rebuilds",
        "link", "rttMillis", "connections", "version");

    private final Tools tools;

    public ClusterCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = {"shows the cluster in one line",
        "Of a broker alone that there is none: exit code 66."})
    int info() {
        JsonNode cluster = cluster();
        JsonNode nodes = cluster.path("nodes");
        long ready = count(nodes, node -> node.path("state").asText().equals(READY));
        long leaderless = count(cluster.path("groups"), group -> group.path("leader").asText().isEmpty());
        ObjectNode n = Tools.object().put("name", cluster.path("name").asText()).put("asked", cluster.path("self").asText())
            .put("definitionsLeader", cluster.path("leader").asText()).put("nodes", nodes.size()).put(READY, ready)
            .put("groups", cluster.path("groups").size()).put("groupsWithoutLeader", leaderless).put("lag", largest(nodes, "lag"));
        tools.print("ClusterList", List.of("name", "nodes", READY, "definitionsLeader", "groups", "groupsWithoutLeader",
            "lag", "asked"), List.of(n));
        return ExitCode.DONE;
    }

    private JsonNode cluster() {
        JsonNode cluster = tools.api().get("v2/cluster");
        if (cluster.path("nodes").isEmpty()) {
            throw CliFailure.notFound("This broker is in no cluster: memphisee.cluster.mode is off");
        }
        return cluster;
    }

    private static long count(JsonNode all, Predicate<JsonNode> which) {
        long n = 0;
        for (JsonNode each : all) {
            n += which.test(each) ? 1 : 0;
        }
        return n;
    }

    private static long largest(JsonNode all, String member) {
        long most = 0;
        for (JsonNode each : all) {
            most = Math.max(most, each.path(member).asLong());
        }
        return most;
    }

    @Command(aliases = "ls", description = {"lists the nodes, as the one that is asked sees them",
        "lag: entries that a node has not applied yet; leads: groups of several nodes that it leads; hindrance: what speaks against it "
            + "leading some (no-room, opens-again, stops), others do as long as they can."})
    int nodes() {
        tools.print("NodeList", NODE_COLUMNS, Tools.items(cluster().path("nodes"), ClusterCommands::node));
        return ExitCode.DONE;
    }

    private static ObjectNode node(JsonNode node) {
        JsonNode link = node.path("link");
        String state = link.isMissingNode() ? "" : link.path("up").asBoolean() ? "up" : "down";
        ObjectNode n = Tools.object().put("name", node.path("name").asText()).put("state", node.path("state").asText())
            .put("leads", node.path("leads").asLong()).put("hindrance", node.path("hindrance").asText()).put("partitions", node.path("partitions").asLong())
            .put("link", state).put("address", link.path("address").asText());
        if (link.has("rtt_ms")) {
            n.put("rttMillis", link.path("rtt_ms").asDouble()).put("clockOffsetMillis", link.path("clock_offset_ms").asLong())
                .put("pendingBytes", link.path("pending_bytes").asLong());
        }
        if (!node.has("version")) {
            return n; // nothing was heard of it
        }
        return n.put("lag", node.path("lag").asLong()).put("rebuilds", node.path("rebuilds").asLong())
            .put("failed", node.path("failed").asLong()).put("connections", node.path("connections").asLong())
            .put("cpuPercent", node.path("cpu_percent").asDouble())
            .put("memoryUsed", node.path("memory_used").asLong()).put("storageUsed", node.path("storage_used").asLong())
            .put("storageTotal", node.path("storage_total").asLong()).put("journalBytes", node.path("journal_bytes").asLong())
            .put("version", node.path("version").asText());
    }

    @Command(description = {"lists the groups of nodes that decide together, with who leads each",
        "lag: entries that the member which is farthest behind has not got yet, as far as the node that is asked knows."})
    int groups() {
        tools.print("ReplicationGroupList", List.of("id", "definitions", "leader", "members", "partitions", "term", "lag"),
            Tools.items(cluster().path("groups"), group -> {
                ObjectNode n = Tools.object().put("id", group.path("id").asLong())
                    .put("definitions", group.path("definitions").asBoolean()).put("leader", group.path("leader").asText()).put("partitions", group.path("partitions").asLong())
                    .put("term", group.path("term").asLong()).put("lag", largest(group.path("members"), "lag"));
                Tools.names(n.putArray("members"), group.path("members"));
                return n;
            }));
        return ExitCode.DONE;
    }

    @Command(description = "shows which node decides about which partition of a station, and which have copies")
    int places(@Parameters(paramLabel = "STATION") String station) {
        tools.print("PlaceList", List.of("partition", "group", "leader", "replicas", "current", "lag"),
            Tools.items(partitions(station), place -> {
                ObjectNode n = Tools.object().put("station", station).put("partition", place.path("partition").asInt())
                    .put("group", place.path("group").asLong()).put("leader", place.path("leader").asText())
                    .put("current", count(place.path("replicas"), replica -> !replica.path("current").asBoolean()) == 0)
                    .put("lag", largest(place.path("replicas"), "lag"));
                ArrayNode replicas = n.putArray("replicas");
                Tools.names(replicas, place.path("replicas"));
                return n;
            }));
        return ExitCode.DONE;
    }

    private JsonNode partitions(String station) {
        JsonNode places = tools.api().get("v2/cluster/station", "station_name", station).path("partitions");
        if (places.isEmpty()) {
            throw CliFailure.notFound("This broker is in no cluster: memphisee.cluster.mode is off");
        }
        return places;
    }

    /** What has another leader. */
    static final class Led {
        @Option(names = "--station", paramLabel = "STATION", description = "what leads its partitions, or the one of --partition")
        private String station;
        @Option(names = "--stream", paramLabel = "STREAM", description = "of a stream of plain clients; uses the port of clients")
        private String stream;
        @Option(names = "--group", paramLabel = "NUMBER", description = "a group, as cluster groups lists them")
        private Long group;
        @Option(names = "--definitions", description = "the group of the definitions")
        private boolean definitions;
    }

    @Command(name = "step-down", description = {"has another node lead",
        "A leader leads a group, so that other stations and streams of the group get another leader with it. Nothing is lost, "
            + "publishers and consumers wait a moment. The preferred node takes the group back when it has been in step for a while. "
            + "Which node leads next is said with cluster transfer."})
    int stepDown(@ArgGroup(multiplicity = "1") Led led,
                 @Option(names = "--partition", paramLabel = "NUMBER", description = "of --station, from 1") Integer partition,
                 @Option(names = "--consumer", paramLabel = "CONSUMER",
                     description = "of --stream: the leader of a consumer is that of its stream") String consumer) {
        if (partition != null && led.station == null || consumer != null && led.stream == null) {
            throw CliFailure.usage("--partition needs --station, --consumer needs --stream");
        }
        if (led.stream != null) {
            ask(stepDown(led.stream, consumer), "");
            tools.say("The leader of stream " + led.stream + " steps down");
            return ExitCode.DONE;
        }
        for (long group : groups(led, partition)) {
            tools.api().post("v2/cluster/stepDown", Tools.object().put("group", group));
            tools.say("The leader of group " + group + " steps down");
        }
        return ExitCode.DONE;
    }

    private static String stepDown(String stream, String consumer) {
        return consumer == null ? "STREAM.LEADER.STEPDOWN." + stream : "CONSUMER.LEADER.STEPDOWN." + stream + "." + consumer;
    }

    @Command(description = {"has a certain node lead",
        "It has to have what the group has, and leads if it is in step within a second; else nothing changes. The rest is as with "
            + "cluster step-down: other stations and streams of the group move with it, and the preferred node takes the group back "
            + "when it has been in step for a while."})
    int transfer(@Parameters(paramLabel = "NODE") String node, @ArgGroup(multiplicity = "1") Led led,
                 @Option(names = "--partition", paramLabel = "NUMBER", description = "of --station, from 1") Integer partition) {
        if (partition != null && led.station == null) {
            throw CliFailure.usage("--partition needs --station");
        }
        if (led.stream != null) {
            ObjectNode body = Tools.object();
            body.putObject("placement").put("preferred", node);
            ask(stepDown(led.stream, null), body.toString());
            tools.say("Node " + node + " is to lead stream " + led.stream);
            return ExitCode.DONE;
        }
        for (long group : groups(led, partition)) {
            tools.api().post("v2/cluster/stepDown", Tools.object().put("group", group).put("to", node));
            tools.say("Node " + node + " is to lead group " + group);
        }
        return ExitCode.DONE;
    }

    private Set<Long> groups(Led led, Integer partition) {
        Set<Long> groups = new TreeSet<>();
        if (led.group != null) {
            groups.add(led.group);
        } else if (led.definitions) {
            cluster().path("groups").forEach(group -> {
                if (group.path("definitions").asBoolean()) {
                    groups.add(group.path("id").asLong());
                }
            });
        } else {
            partitions(led.station).forEach(place -> {
                if (partition == null || place.path("partition").asInt() == partition) {
                    groups.add(place.path("group").asLong());
                }
            });
            if (groups.isEmpty()) {
                throw CliFailure.notFound("Partition " + partition + " of station " + led.station + " does not exist");
            }
        }
        return groups;
    }

    private void ask(String request, String body) {
        try (Broker broker = tools.broker()) {
            broker.request(broker.open(), "$JS.API." + request, body);
        }
    }

    @Command(name = "peer-remove", description = {"has a stream leave a node",
        "Partitions cannot be moved in this release, so the broker refuses it (peer remap failed). To replace a node, start an "
            + "empty one with its name."})
    int removePeer(@Parameters(paramLabel = "STREAM") String stream, @Parameters(paramLabel = "NODE") String node) {
        tools.confirm("Have stream " + stream + " leave node " + node);
        ask("STREAM.PEER.REMOVE." + stream, Tools.object().put("peer", node).toString());
        return ExitCode.DONE;
    }

    @Command(description = {"waits until nodes are ready, and lists them",
        "Between two restarts of nodes, for instance. Exit code 75 when they are not in time, 69 when no broker answers to the "
            + "end."})
    int await(@Option(names = "--nodes", paramLabel = "NUMBER", description = "so many; without it all that the cluster has")
              Integer wanted,
              @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "120",
                  description = "at most so long; default ${DEFAULT-VALUE}") int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            CliFailure failure = null;
            List<String> missing = new ArrayList<>();
            try {
                JsonNode nodes = cluster().path("nodes");
                nodes.forEach(node -> {
                    if (!node.path("state").asText().equals(READY)) {
                        missing.add(node.path("name").asText() + " (" + node.path("state").asText() + ")");
                    }
                });
                if (nodes.size() - missing.size() >= (wanted == null ? nodes.size() : wanted)) {
                    tools.print("NodeList", NODE_COLUMNS, Tools.items(nodes, ClusterCommands::node));
                    return ExitCode.DONE;
                }
            } catch (CliFailure e) {
                if (e.code() != ExitCode.UNREACHABLE && e.code() != ExitCode.TRY_AGAIN) {
                    throw e;
                }
                failure = e;
            }
            if (System.nanoTime() >= end) {
                throw failure != null ? failure
                    : new CliFailure(ExitCode.TRY_AGAIN, "After " + seconds + " s not ready: " + String.join(", ", missing));
            }
            Pause.millis(LOOK_MILLIS);
        }
    }
}
