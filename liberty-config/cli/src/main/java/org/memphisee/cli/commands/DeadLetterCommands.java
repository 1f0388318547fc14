package org.memphisee.cli.commands;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Dead letters: what groups gave up and schemas refused. */
@Command(name = "dls", description = "dead letters: messages that groups gave up or a schema refused")
public final class DeadLetterCommands {

    private static final String POISON = "poison";

    private final Tools tools;

    public DeadLetterCommands(Tools tools) {
        this.tools = tools;
    }

    /** Which of the two kinds. */
    public enum Kind { poison, schema }

    @Command(description = "lists the dead letters of a station, the newest first")
    int ls(@Parameters(paramLabel = "STATION") String station,
           @Option(names = "--kind", paramLabel = "KIND", defaultValue = POISON,
               description = "poison (groups gave them up) or schema (a schema refused them); default ${DEFAULT-VALUE}") Kind kind,
           @Option(names = "--partition", paramLabel = "NUMBER", defaultValue = "-1", description = "only this one, from 1") int partition,
           @Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "100", description = "1 to 1000; default ${DEFAULT-VALUE}")
           int limit,
           @Option(names = "--below", paramLabel = "ID", defaultValue = "0", description = "go on below the last id of the page before")
           long below) {
        JsonNode answer = tools.api().get("v2/dead-letters", "station_name", station, "dls_type", kind.name(),
            "partition_number", Integer.toString(partition), "limit", Integer.toString(limit), "below", Long.toString(below));
        tools.print("DeadLetterList", List.of("id", "partition", "sequence", "time", "size", "groups", "reason"),
            Tools.items(answer.path("messages"), letter -> item(station, letter)));
        return ExitCode.DONE;
    }

    private static ObjectNode item(String station, JsonNode letter) {
        JsonNode message = letter.path("message");
        ObjectNode n = Tools.object().put("station", station).put("id", letter.path("id").asLong())
            .put("partition", letter.path("partition").asInt()).put("sequence", letter.path("message_seq").asLong())
            .put("time", message.path("time_sent").asText()).put("updated", letter.path("updated_at").asText())
            .put("size", message.path("size").asLong()).put("reason", letter.path("validation_error").asText());
        n.set("groups", letter.path("groups").deepCopy());
        n.set("headers", message.path("headers").deepCopy());
        return n.put("data", message.path("data").asText());
    }

    @Command(description = "shows a dead letter: its payload, and for each group that gave it up, why and what goes on with it")
    int show(@Parameters(paramLabel = "ID") long id,
             @Option(names = "--raw", description = "write the payload and nothing else") boolean raw) {
        JsonNode letter = tools.api().get("stations/getPoisonMessageJourney", "message_id", Long.toString(id));
        if (raw) {
            tools.surroundings().out().writeBytes(HexFormat.of().parseHex(letter.path("message").path("data").asText()));
            tools.surroundings().out().flush();
            return ExitCode.DONE;
        }
        ObjectNode n = item(letter.path("station_name").asText(), letter);
        n.remove("groups");
        n.put("producer", letter.path("producer").path("name").asText())
            .put("messageProblem", letter.path("message_problem").asText());
        ArrayNode groups = n.putArray("groups");
        letter.path("poisoned_cgs").forEach(group -> groups.addObject().put("name", group.path("cg_name").asText())
            .put("cause", group.path("cause").asText()).put("deliveries", group.path("deliveries").asLong())
            .put("reason", group.path("reason").asText()).put("givenUp", group.path("given_up_at").asText())
            .put("resending", group.path("resending").asBoolean()).put("attempts", group.path("attempts").asLong())
            .put("listening", group.path("listening").asBoolean()));
        tools.print("DeadLetterList", List.of("station", "id", "partition", "sequence", "time", "producer", "size", "reason", "groups",
            "data"), List.of(n));
        return ExitCode.DONE;
    }

    @Command(description = {"sends dead letters again to the groups that gave them up",
        "With --all it is a task: \"memphisee task ls\" shows how far it is."})
    int resend(@Parameters(paramLabel = "STATION") String station,
               @Parameters(paramLabel = "ID", arity = "0..*") List<Long> ids,
               @Option(names = "--all", description = "all that groups gave up") boolean all) {
        ObjectNode body = Tools.object().put("station_name", station);
        numbers(body, "poison_message_ids", chosen(ids, all));
        tools.api().post("stations/resendPoisonMessages", body);
        return ExitCode.DONE;
    }

    /** Nobody may mean all by forgetting the ids. */
    private static List<Long> chosen(List<Long> ids, boolean all) {
        List<Long> given = ids == null ? List.of() : ids;
        if (given.isEmpty() != all) {
            throw CliFailure.usage("Give the ids of dead letters, or --all");
        }
        return given;
    }

    private static void numbers(ObjectNode body, String name, List<Long> numbers) {
        ArrayNode array = body.putArray(name);
        numbers.forEach(array::add);
    }

    @Command(description = "drops dead letters for good")
    int drop(@Parameters(paramLabel = "STATION") String station,
             @Parameters(paramLabel = "ID", arity = "1..*") List<Long> ids,
             @Option(names = "--kind", paramLabel = "KIND", defaultValue = POISON, description = "poison or schema; default ${DEFAULT-VALUE}")
             Kind kind) {
        tools.confirm("Drop " + ids.size() + " dead letters of " + station);
        ObjectNode body = Tools.object().put("station_name", station).put("dls_type", kind.name());
        numbers(body, "dls_message_ids", ids);
        tools.api().post("stations/dropDlsMessages", body);
        return ExitCode.DONE;
    }

    @Command(description = "drops all dead letters of a station, or of some of its partitions")
    int purge(@Parameters(paramLabel = "STATION") String station,
              @Option(names = "--partition", paramLabel = "NUMBER", description = "only this one, from 1; may be repeated")
              List<Long> partitions) {
        tools.confirm("Drop the dead letters of " + station);
        ObjectNode body = Tools.object().put("station_name", station).put("purge_dls", true).put("purge_station", false);
        numbers(body, "partitions_list", partitions == null ? List.of(-1L) : partitions);
        tools.api().delete("stations/purgeStation", body);
        return ExitCode.DONE;
    }

    @Command(description = {"shows or sets when dead letters of a station go to their groups again by themselves",
        "Without --after and --never it shows."})
    int retry(@Parameters(paramLabel = "STATION") String station,
              @Option(names = "--after", paramLabel = "DURATION", split = ",", description = "before the first attempt, the second, and so "
                  + "on, the last one for all that follow: 10s,1m,1h") List<String> delays,
              @Option(names = "--maximum", paramLabel = "NUMBER", description = "attempts, 1 to 100") Integer maximum,
              @Option(names = "--never", description = "not any more; what waits for its next attempt does not get it either") boolean never) {
        if (never && delays != null || (delays == null) != (maximum == null)) {
            throw CliFailure.usage("Give --after and --maximum, or --never");
        }
        if (delays != null || never) {
            ObjectNode body = Tools.object().put("station_name", station);
            numbers(body, "delays_sec", never ? List.of() : delays.stream().map(Quantities::seconds).toList());
            if (maximum != null) {
                body.put("maximum", maximum);
            }
            tools.api().put("v2/dead-letters/retry", body);
        }
        JsonNode policy = tools.api().get("v2/dead-letters/retry", "station_name", station);
        ObjectNode n = Tools.object().put("station", station);
        n.set("delaySeconds", policy.path("delays_sec").deepCopy());
        tools.print("RetryList", List.of("station", "delaySeconds", "maximum"), List.of(n.put("maximum", policy.path("maximum").asInt())));
        return ExitCode.DONE;
    }

    @Command(name = "put-back", description = {"puts a dead letter into its station again, for all groups",
        "Without --data and --header it is as it was; each that is given takes the place of all that was."})
    int putBack(@Parameters(paramLabel = "STATION") String station, @Parameters(paramLabel = "ID") long id,
                @Option(names = "--data", paramLabel = "TEXT", description = "another payload") String data,
                @Option(names = {"-H", "--header"}, paramLabel = "NAME=VALUE", description = "another header; may be repeated")
                Map<String, String> headers) {
        ObjectNode body = Tools.object().put("station_name", station).put("message_id", id);
        if (data != null) {
            body.put("data", HexFormat.of().formatHex(data.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        if (headers != null) {
            ObjectNode object = body.putObject("headers");
            headers.forEach(object::put);
        }
        tools.api().post("v2/dead-letters/put-back", body);
        return ExitCode.DONE;
    }
}
