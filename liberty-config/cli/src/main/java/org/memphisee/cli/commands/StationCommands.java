package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.migrate.JetStreamServer;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.StationNames;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stations: make, look at, empty, remove. */
@Command(name = "station", description = "stations: named, stored logs of messages")
public final class StationCommands extends TrafficCommands {

    private static final List<String> COLUMNS = List.of("name", "partitions", "messages", "retentionType", "retentionValue",
        "storage", "active", "createdBy");
    private static final long DEFAULT_WINDOW_MILLIS = 120_000;

    private final Tools tools;
    private final Stations stations;

    public StationCommands(Tools tools) {
        super(tools);
        this.tools = tools;
        stations = new Stations(tools);
    }

    @Command(description = "lists the stations, the newest first")
    int ls(@Option(names = "--match", paramLabel = "PATTERN", description = "those whose name fits, with * for anything") String pattern,
           @Option(names = "--empty", description = "those without messages") boolean empty,
           @Option(names = "--idle", description = "those without connected producers and consumers") boolean idle) {
        Pattern fits = Pattern.compile(pattern == null ? ".*" : "\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E");
        tools.print("StationList", COLUMNS, stations.all().stream()
            .filter(n -> fits.matcher(n.path("name").asText()).matches())
            .filter(n -> !empty || n.path("messages").asLong() == 0)
            .filter(n -> !idle || !n.path("active").asBoolean()).toList());
        return ExitCode.DONE;
    }

    @Command(description = "shows one station: its settings, what is in it, who uses it")
    int info(@Parameters(paramLabel = "STATION") String name) {
        ObjectNode n = stations.one(name);
        JsonNode overview = stations.overview(name);
        n.put("messages", overview.path("total_messages").asLong())
            .put("averageMessageSize", overview.path("average_message_size").asLong())
            .put("producers", overview.path("connected_producers").size())
            .put("groups", overview.path("connected_cgs").size() + overview.path("disconnected_cgs").size());
        tools.print("StationList", List.of("name", "partitions", "messages", "averageMessageSize", "producers", "groups",
            "retentionType", "retentionValue", "storage", "idempotencyWindowMillis", "deadLetterStation", "createdBy",
            "created", "tags"), List.of(n));
        return ExitCode.DONE;
    }

    @Command(description = {"makes a station",
        "Without a limit it keeps messages for an hour, as the SDKs have it; of the four limits one can be given."})
    int create(@Parameters(paramLabel = "STATION") String name,
               @Option(names = "--max-age", paramLabel = "DURATION", description = "keep messages so long: 90s, 15m, 12h, 7d, 2w") String age,
               @Option(names = "--max-messages", paramLabel = "NUMBER", description = "keep so many") Long messages,
               @Option(names = "--max-bytes", paramLabel = "SIZE", description = "keep so much: 64k, 512MiB, 10g") String bytes,
               @Option(names = "--ack-based", description = "keep messages until each group has acknowledged them") boolean acks,
               @Option(names = "--partitions", paramLabel = "NUMBER", defaultValue = "1", description = "1 to 10000; default ${DEFAULT-VALUE}") int partitions,
               @Option(names = "--storage", paramLabel = "WHERE", defaultValue = "file", description = "file or memory; default ${DEFAULT-VALUE}") String storage,
               @Option(names = "--replicas", paramLabel = "NUMBER", defaultValue = "1", description = "default ${DEFAULT-VALUE}") int replicas,
               @Option(names = "--idempotency-window", paramLabel = "MILLISECONDS", description = "how long message ids are remembered; "
                   + "without it two minutes, or the retention if that is less") Long window,
               @Option(names = "--dead-letter-station", paramLabel = "STATION", description = "where dead letters go") String deadLetters,
               @Option(names = "--tag", paramLabel = "NAME", description = "a tag; may be repeated") List<String> tags,
               @Option(names = "--tiered", description = "what its limits remove is stored in the bucket of the s3 integration") boolean tiered,
               @Option(names = "--if-not-exists", description = "it is no mistake if it is there") boolean ifNotExists) {
        requireOne(age, messages, bytes, acks);
        ObjectNode body = Tools.object().put("name", name).put("storage_type", storage).put("replicas", replicas)
            .put("partitions_number", partitions).put("dls_station", deadLetters == null ? "" : deadLetters);
        body.putObject("dls_configuration").put("poison", true).put("schemaverse", true);
        if (tiered) {
            body.put("tiered_storage_enabled", true);
        }
        retention(body, age, messages, bytes, acks, window);
        var list = body.putArray("tags");
        (tags == null ? List.<String>of() : tags).forEach(tag -> list.addObject().put("name", tag));
        try {
            JsonNode answer = tools.api().post("stations/createStation", body);
            tools.print("StationList", List.of("name", "partitions", "retentionType", "retentionValue", "storage"),
                List.of(Stations.created(answer, partitions)));
        } catch (CliFailure e) {
            if (!ifNotExists || !e.getMessage().endsWith(" already exists")) {
                throw e;
            }
        }
        return ExitCode.DONE;
    }

    private static void retention(ObjectNode body, String age, Long messages, String bytes, boolean acks, Long window) {
        long seconds = age == null ? 0 : Quantities.seconds(age);
        if (age != null || messages != null || bytes != null || acks) {
            limit(body, age, messages, bytes);
        }
        // the broker refuses a window longer than the retention, also the default one
        long fitting = seconds > 0 ? Math.min(DEFAULT_WINDOW_MILLIS, seconds * 1000) : DEFAULT_WINDOW_MILLIS;
        body.put("idempotency_window_in_ms", window == null ? fitting : window);
    }

    @Command(description = {"changes a station that is in use", "What is not given stays as it is."})
    int edit(@Parameters(paramLabel = "STATION") String name,
             @Option(names = "--max-age", paramLabel = "DURATION", description = "keep messages so long: 90s, 15m, 12h, 7d, 2w") String age,
             @Option(names = "--max-messages", paramLabel = "NUMBER", description = "keep so many") Long messages,
             @Option(names = "--max-bytes", paramLabel = "SIZE", description = "keep so much: 64k, 512MiB, 10g") String bytes,
             @Option(names = "--ack-based", description = "keep messages until each group has acknowledged them") boolean acks,
             @Option(names = "--idempotency-window", paramLabel = "MILLISECONDS", description = "how long message ids are remembered") Long window,
             @Option(names = "--dead-letter-station", paramLabel = "STATION", description = "where dead letters go; '' for nowhere") String deadLetters,
             @Option(names = "--dls-poison", paramLabel = "BOOLEAN", arity = "1", description = "keep what groups give up: true or false") Boolean poison,
             @Option(names = "--dls-schema", paramLabel = "BOOLEAN", arity = "1", description = "keep what the schema refuses: true or false") Boolean schema,
             @Option(names = "--durability", paramLabel = "WHEN", description = "fsync (acknowledged when on disk) or interval") String durability,
             @Option(names = "--tiered", paramLabel = "BOOLEAN", arity = "1", description = "store what its limits remove in the bucket of the "
                 + "s3 integration: true or false") Boolean tiered) {
        requireOne(age, messages, bytes, acks);
        ObjectNode body = Tools.object().put("station_name", name);
        if (age != null || messages != null || bytes != null || acks) {
            limit(body, age, messages, bytes);
        }
        if (window != null) {
            body.put("idempotency_window_in_ms", window);
        }
        if (deadLetters != null) {
            body.put("dls_station", deadLetters);
        }
        if (durability != null) {
            body.put("durability", durability);
        }
        if (tiered != null) {
            body.put("tiered_storage_enabled", tiered);
        }
        if (poison != null) {
            body.withObject("/dls_configuration").put("poison", poison);
        }
        if (schema != null) {
            body.withObject("/dls_configuration").put("schemaverse", schema);
        }
        if (body.size() == 1) {
            throw CliFailure.usage("Nothing to change was given");
        }
        tools.api().put("stations/updateStation", body);
        return info(name);
    }

    private static void requireOne(String age, Long messages, String bytes, boolean acks) {
        if ((age == null ? 0 : 1) + (messages == null ? 0 : 1) + (bytes == null ? 0 : 1) + (acks ? 1 : 0) > 1) {
            throw CliFailure.usage("Give one of --max-age, --max-messages, --max-bytes, --ack-based");
        }
    }

    /** Without any of the three it is ack-based. */
    private static void limit(ObjectNode body, String age, Long messages, String bytes) {
        if (messages != null) {
            body.put("retention_type", "messages").put("retention_value", messages);
        } else if (bytes != null) {
            body.put("retention_type", "bytes").put("retention_value", Quantities.bytes(bytes));
        } else if (age != null) {
            body.put("retention_type", "message_age_sec").put("retention_value", Quantities.seconds(age));
        } else {
            body.put("retention_type", "ack_based").put("retention_value", 0);
        }
    }

    @Command(description = {"gives a station more partitions", "Messages with a key go to other partitions from then on, so that their "
        + "order across the change is not kept: that is asked about."})
    int grow(@Parameters(paramLabel = "STATION") String name,
             @Parameters(paramLabel = "PARTITIONS", description = "how many it has then, at most 10000") int partitions) {
        tools.confirm("Let keys of " + name + " move to other partitions");
        tools.api().post("stations/addPartitions", Tools.object().put("station_name", name).put("partitions_number", partitions)
            .put("accept_key_change", true));
        return info(name);
    }

    @Command(description = "removes stations with everything in them; if one of them is not there, none is removed")
    int rm(@Parameters(paramLabel = "STATION", arity = "1..*") List<String> names,
           @Option(names = "--if-exists", description = "those that are not there are no mistake") boolean ifExists) {
        List<String> there = new ArrayList<>(names);
        if (ifExists) {
            List<String> known = stations.all().stream().map(n -> n.path("name").asText()).toList();
            there.removeIf(name -> known.stream().noneMatch(name::equalsIgnoreCase));
        }
        if (there.isEmpty()) {
            return ExitCode.DONE;
        }
        tools.confirm("Remove " + String.join(", ", there) + " with all messages");
        ObjectNode body = Tools.object();
        there.forEach(name -> body.withArray("station_names").add(name));
        tools.api().delete("stations/removeStation", body);
        return ExitCode.DONE;
    }

    @Command(description = "removes the messages of a station, or of one partition; groups stay")
    int purge(@Parameters(paramLabel = "STATION") String name,
              @Option(names = "--partition", paramLabel = "NUMBER", description = "only this one, from 1") Integer partition,
              @Option(names = "--keep", paramLabel = "NUMBER", description = "leave so many of the newest in each partition") Long keep) {
        tools.confirm("Remove the messages of " + name);
        List<ObjectNode> items = new ArrayList<>();
        try (Broker broker = tools.broker()) {
            BrokerSession session = broker.open();
            for (String stream : MessageCommands.chosen(broker.streamsOf(session, name), partition)) {
                JsonNode answer = broker.request(session, "$JS.API.STREAM.PURGE." + stream,
                    keep == null ? "" : Tools.object().put("keep", keep).toString());
                items.add(Tools.object().put("station", name).put("stream", stream)
                    .put("removed", answer.path("purged").asLong()));
            }
        }
        tools.print("PurgeList", List.of("station", "stream", "removed"), items);
        return ExitCode.DONE;
    }

    @Command(description = "lists the producers of a station")
    int producers(@Parameters(paramLabel = "STATION") String name) {
        JsonNode overview = stations.overview(name);
        List<ObjectNode> items = new ArrayList<>();
        for (String list : List.of("connected_producers", "disconnected_producers")) {
            overview.path(list).forEach(producer -> items.add(Tools.object().put("station", name)
                .put("name", producer.path("name").asText()).put("active", producer.path("is_active").asBoolean())
                .put("connections", producer.path("connected_producers_count").asLong())
                .put("language", producer.path("sdk_language").asText())));
        }
        tools.print("ProducerList", List.of("name", "active", "connections", "language"), items);
        return ExitCode.DONE;
    }

    @Command(description = "stations with their messages, and for those with groups that are behind, how far")
    int report(@Option(names = "--bytes", description = "with the bytes that each has in the store, the largest first; asks the port of "
        + "clients too") boolean bytes) {
        JsonNode overview = tools.api().get("monitoring/getMainOverviewData");
        List<ObjectNode> items = stations.all();
        items.forEach(item -> item.put("lag", 0).put("laggingGroups", 0));
        overview.path("delayed_cgs").forEach(station -> items.stream()
            .filter(n -> n.path("name").asText().equals(station.path("station_name").asText())).forEach(n -> {
                long lag = 0;
                for (JsonNode group : station.path("cgs")) {
                    lag += group.path("num_of_delayed_msgs").asLong();
                }
                n.put("lag", lag).put("laggingGroups", station.path("cgs").size());
            }));
        if (bytes) {
            putBytes(items);
        }
        tools.print("StationList", bytes ? List.of("name", "partitions", "messages", "bytes", "active", "laggingGroups", "lag")
            : List.of("name", "partitions", "messages", "active", "laggingGroups", "lag"), items);
        return ExitCode.DONE;
    }

    /** Of all partitions together; a station that came meanwhile has none. */
    private void putBytes(List<ObjectNode> items) {
        Map<String, Long> sums = new HashMap<>();
        try (Broker broker = tools.broker()) {
            new JetStreamServer(broker).streams().forEach(stream -> sums.merge(stream.path("config").path("name").asText()
                .replaceFirst("\\$\\d+$", ""), stream.path("state").path("bytes").asLong(), Long::sum));
        }
        items.forEach(item -> {
            String name = item.path("name").asText();
            item.put("bytes", sums.getOrDefault(StationNames.internal(name), sums.getOrDefault(name, 0L)));
        });
        items.sort(Comparator.comparingLong((ObjectNode item) -> item.path("bytes").asLong()).reversed());
    }
}
