package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.StationNames;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Consumer groups. */
@Command(name = "group", description = "consumer groups: who reads a station, and how far they are")
public final class GroupCommands {

    private static final List<String> COLUMNS = List.of("name", "active", "lag", "inProcess", "givenUp", "members",
        "maxDeliveries", "ackWaitMillis");

    private final Tools tools;
    private final Stations stations;

    public GroupCommands(Tools tools) {
        this.tools = tools;
        stations = new Stations(tools);
    }

    @Command(description = "lists the groups of a station")
    int ls(@Parameters(paramLabel = "STATION") String station) {
        tools.print("GroupList", COLUMNS, groups(station).stream().map(group -> item(station, group)).toList());
        return ExitCode.DONE;
    }

    private List<JsonNode> groups(String station) {
        JsonNode overview = stations.overview(station);
        List<JsonNode> groups = new ArrayList<>();
        overview.path("connected_cgs").forEach(groups::add);
        overview.path("disconnected_cgs").forEach(groups::add);
        return groups;
    }

    private JsonNode group(String station, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return groups(station).stream().filter(group -> group.path("name").asText().equals(lower)
            || group.path("name").asText().equals(name)).findFirst()
            .orElseThrow(() -> CliFailure.notFound("Group " + name + " of station " + station + " does not exist"));
    }

    private static ObjectNode item(String station, JsonNode group) {
        ObjectNode n = Tools.object().put("station", station).put("name", group.path("name").asText())
            .put("active", group.path("is_active").asBoolean()).put("lag", group.path("unprocessed_messages").asLong())
            .put("inProcess", group.path("in_process_messages").asLong()).put("givenUp", group.path("poison_messages").asLong())
            .put("members", group.path("connected_consumers").size() + group.path("disconnected_consumers").size())
            .put("maxDeliveries", group.path("max_msg_deliveries").asLong())
            .put("ackWaitMillis", group.path("max_ack_time_ms").asLong());
        n.set("partitions", group.path("partitions_list").deepCopy());
        return n;
    }

    @Command(description = "shows one group")
    int info(@Parameters(paramLabel = "STATION") String station, @Parameters(paramLabel = "GROUP") String name) {
        List<String> columns = new ArrayList<>(COLUMNS);
        columns.add("partitions");
        tools.print("GroupList", columns, List.of(item(station, group(station, name))));
        return ExitCode.DONE;
    }

    @Command(description = "lists the members of a group, or of all groups of a station")
    int members(@Parameters(paramLabel = "STATION") String station,
                @Parameters(paramLabel = "GROUP", arity = "0..1") String name) {
        List<ObjectNode> items = new ArrayList<>();
        for (JsonNode group : name == null ? groups(station) : List.of(group(station, name))) {
            for (String list : List.of("connected_consumers", "disconnected_consumers")) {
                group.path(list).forEach(member -> items.add(Tools.object().put("station", station)
                    .put("group", group.path("name").asText()).put("name", member.path("name").asText())
                    .put("active", member.path("is_active").asBoolean()).put("connections", member.path("count").asLong())
                    .put("language", member.path("sdk_language").asText())));
            }
        }
        tools.print("MemberList", List.of("group", "name", "active", "connections", "language"), items);
        return ExitCode.DONE;
    }

    @Command(description = "groups of all stations that have messages to read, the farthest behind first")
    int lag(@Option(names = "--above", paramLabel = "NUMBER", defaultValue = "0", description = "only those behind by more messages")
            long above) {
        List<ObjectNode> items = lagging();
        items.removeIf(n -> n.path("lag").asLong() <= above);
        tools.print("LagList", List.of("station", "group", "lag"), items);
        return ExitCode.DONE;
    }

    private List<ObjectNode> lagging() {
        List<ObjectNode> items = new ArrayList<>();
        tools.api().get("monitoring/getMainOverviewData").path("delayed_cgs").forEach(station -> station.path("cgs")
            .forEach(group -> items.add(Tools.object().put("station", station.path("station_name").asText())
                .put("group", group.path("cg_name").asText()).put("lag", group.path("num_of_delayed_msgs").asLong()))));
        items.sort((a, b) -> Long.compare(b.path("lag").asLong(), a.path("lag").asLong()));
        return items;
    }

    @Command(description = "shows how far a group is in each partition of a station")
    int positions(@Parameters(paramLabel = "STATION") String station, @Parameters(paramLabel = "GROUP") String name) {
        for (JsonNode group : tools.api().get("stations/getConsumerGroups", "station_name", station).path("groups")) {
            if (group.path("name").asText().equals(name.toLowerCase(Locale.ROOT)) || group.path("name").asText().equals(name)) {
                tools.print("PositionList", List.of("partition", "lastSequence", "delivered", "ackFloor", "lag", "inProcess", "givenUp",
                    "lagMillis"), Tools.items(group.path("partitions"), p -> Tools.object().put("station", station).put("group", name)
                    .put("partition", p.path("partition").asInt()).put("lastSequence", p.path("last_seq").asLong())
                    .put("delivered", p.path("delivered_seq").asLong()).put("ackFloor", p.path("ack_floor_seq").asLong())
                    .put("lag", p.path("lag_messages").asLong()).put("inProcess", p.path("in_process_messages").asLong())
                    .put("givenUp", p.path("given_up_messages").asLong()).put("lagMillis", p.path("lag_ms").asLong())));
                return ExitCode.DONE;
            }
        }
        throw CliFailure.notFound("Group " + name + " of station " + station + " does not exist");
    }

    /** Where a group can be moved to. */
    public enum Place { start, end, sequence, time }

    @Command(description = {"moves a group: it goes on reading from there",
        "With --dry-run it stays, and what it would have to read is shown. Members that are connected have to be gone, unless --force is "
        + "given."})
    int reset(@Parameters(paramLabel = "STATION") String station, @Parameters(paramLabel = "GROUP") String name,
              @Option(names = "--to", paramLabel = "WHERE", required = true, description = "start, end, sequence or time") Place to,
              @Option(names = "--sequence", paramLabel = "NUMBER", description = "of the first message to read, in each partition") Long sequence,
              @Option(names = "--time", paramLabel = "TIME", description = "read what was stored from then on, 2026-01-31T10:00:00Z") String time,
              @Option(names = "--dry-run", description = "only show what would follow") boolean dryRun,
              @Option(names = "--force", description = "also when members are connected") boolean force) {
        if ((sequence != null) != (to == Place.sequence) || (time != null) != (to == Place.time)) {
            throw CliFailure.usage("--to sequence needs --sequence, --to time needs --time, and nothing else does");
        }
        if (!dryRun) {
            tools.confirm("Move group " + name + " of " + station);
        }
        ObjectNode body = Tools.object().put("station_name", station).put("group_name", name).put("to", to.name())
            .put("dry_run", dryRun).put("force", force);
        if (sequence != null) {
            body.put("sequence", sequence);
        }
        if (time != null) {
            body.put("time", time);
        }
        JsonNode answer = tools.api().post("stations/resetConsumerGroup", body);
        tools.print("ResetList", List.of("partition", "sequence", "messagesBefore", "messages", "exact"),
            Tools.items(answer.path("partitions"), part -> Tools.object().put("station", station).put("group", name)
                .put("dryRun", dryRun).put("partition", part.path("partition").asInt())
                .put("sequence", part.path("sequence").asLong()).put("messagesBefore", part.path("messages_before").asLong())
                .put("messages", part.path("messages").asLong()).put("exact", part.path("exact").asBoolean())));
        return ExitCode.DONE;
    }

    @Command(description = "removes a group: its position is lost, and members that are there are told so")
    int rm(@Parameters(paramLabel = "STATION") String station, @Parameters(paramLabel = "GROUP") String name,
           @Option(names = "--if-exists", description = "it is no mistake if there is none") boolean ifExists) {
        tools.confirm("Remove group " + name + " of " + station);
        int removed = 0;
        try (Broker broker = tools.broker()) {
            BrokerSession session = broker.open();
            for (String stream : broker.streamsOf(session, station)) {
                JsonNode answer = broker.ask(session, "$JS.API.CONSUMER.DELETE." + stream + "." + StationNames.internal(name), "");
                String error = answer.path("error").path("description").asText("");
                if (error.isEmpty()) {
                    removed++;
                } else if (!error.contains("not found")) {
                    throw CliFailure.refused(error);
                }
            }
        }
        if (removed == 0 && !ifExists) {
            throw CliFailure.notFound("Group " + name + " of station " + station + " does not exist");
        }
        return ExitCode.DONE;
    }
}
