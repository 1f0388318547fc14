package org.memphisee.cli.commands;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.bench.Times;
import org.memphisee.cli.http.Http;
import org.memphisee.cli.http.Monitor;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.output.Printer;
import org.memphisee.cli.output.Listing;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.server.CheckResult;
import org.memphisee.cli.server.CheckText;
import org.memphisee.cli.server.Checks;
import org.memphisee.client.BrokerSession;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The server as a whole. */
@Command(name = "server", description = "the server as a whole: is it well, what does it do")
public final class ServerCommands {

    /** Forms of check results. */
    public enum Format { nagios, json, prometheus, text }

    private static final List<String> USUAL = List.of("ready", "connection", "storage", "streams", "metadata");
    private static final int BLOCK = 4096;
    private static final int MAX_PINGS = 100_000;

    private final Tools tools;

    public ServerCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "how long the broker takes to answer on the port of clients")
    int ping(@Option(names = {"-c", "--count"}, paramLabel = "NUMBER", defaultValue = "5", description = "default ${DEFAULT-VALUE}") int count) {
        if (count < 1 || count > MAX_PINGS) {
            throw CliFailure.usage("--count is 1 to " + MAX_PINGS);
        }
        List<ObjectNode> items = new ArrayList<>();
        try (Broker broker = tools.broker()) {
            BrokerSession session = broker.open();
            for (int i = 1; i <= count; i++) {
                items.add(Tools.object().put("number", i).put("micros", Math.round(pinged(broker, session) / 1e3)));
            }
        }
        tools.print("PingList", List.of("number", "micros"), items);
        return ExitCode.DONE;
    }

    private static long pinged(Broker broker, BrokerSession session) {
        long begun = System.nanoTime();
        broker.await(session.flush());
        return System.nanoTime() - begun;
    }

    @Command(description = "version, age, load and limits, from the monitor: it asks for no user")
    int info() {
        JsonNode v = tools.monitor().json("/varz");
        JsonNode stats = v.path("jetstream").path("stats");
        JsonNode config = v.path("jetstream").path("config");
        JsonNode streams = tools.monitor().json("/jsz");
        ObjectNode n = Tools.object().put("name", v.path("server_name").asText()).put("id", v.path("server_id").asText())
            .put("version", tools.api().open("monitoring/getClusterInfo").path("version").asText())
            .put("natsVersion", v.path("version").asText()).put("started", v.path("start").asText())
            .put("uptime", v.path("uptime").asText()).put("cores", v.path("cores").asInt()).put("cpuPercent", v.path("cpu").asDouble())
            .put("memoryBytes", v.path("mem").asLong()).put("connections", v.path("connections").asLong())
            .put("maxConnections", v.path("max_connections").asLong()).put("subscriptions", v.path("subscriptions").asLong())
            .put("inMessages", v.path("in_msgs").asLong()).put("outMessages", v.path("out_msgs").asLong())
            .put("slowConsumers", v.path("slow_consumers").asLong()).put("streams", streams.path("streams").asLong())
            .put("consumers", streams.path("consumers").asLong()).put("messages", streams.path("messages").asLong())
            .put("storedBytes", stats.path("storage").asLong()).put("storageLimitBytes", config.path("max_storage").asLong())
            .put("maxPayload", v.path("max_payload").asLong()).put("clientPort", v.path("port").asInt())
            .put("tlsRequired", v.path("tls_required").asBoolean());
        tools.print("ServerList", List.of("name", "version", "uptime", "cpuPercent", "memoryBytes", "connections", "streams",
            "messages", "storedBytes", "storageLimitBytes"), List.of(n));
        return ExitCode.DONE;
    }

    @Command(description = {"checks the server for a monitoring system; exit codes 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN",
        "Checks: ready, connection, storage (% used), streams, groups (messages behind), metadata, certificates (days left), "
            + "roundtrip. Without names: ready, connection, storage, streams, metadata."})
    int check(@Parameters(paramLabel = "CHECK", arity = "0..*") List<String> names,
              @Option(names = "--all", description = "all checks") boolean all,
              @Option(names = "--format", paramLabel = "FORM", description = "nagios, json, prometheus or text; without it text on a "
                  + "terminal, nagios elsewhere") Format format,
              @Option(names = "--warn", paramLabel = "VALUE", description = "limit of the one check named, for a warning") Double warn,
              @Option(names = "--crit", paramLabel = "VALUE", description = "limit for critical") Double crit) {
        Checks checks = new Checks(tools.target(), tools.monitor(), tools.metrics(), tools::api, tools::broker, tools.options().timeout);
        List<String> wanted = all ? checks.names() : names == null || names.isEmpty() ? USUAL : names;
        for (String name : wanted) {
            if (!checks.names().contains(name)) {
                throw CliFailure.usage("There is no check " + name + "; there are " + String.join(", ", checks.names()));
            }
        }
        if ((warn != null || crit != null) && wanted.size() != 1) {
            throw CliFailure.usage("--warn and --crit are for one check: name it");
        }
        checks.limits(limit(warn), limit(crit));
        List<CheckResult> results = wanted.stream().map(checks::check).toList();
        Listing listing = new Listing("CheckList", List.of("name", "status", "text"), results.stream().map(CheckResult::json).toList());
        Format form = format != null ? format : tools.json() ? Format.json : tools.surroundings().terminal() ? Format.text : Format.nagios;
        switch (form) {
            case nagios -> tools.line(CheckText.nagios(results));
            case prometheus -> tools.surroundings().out().print(CheckText.prometheus(results));
            case json -> tools.line(Printer.json(listing));
            case text -> tools.print(listing.kind(), listing.columns(), listing.items());
        }
        return CheckResult.worst(results).code();
    }

    private static OptionalDouble limit(Double said) {
        return said == null ? OptionalDouble.empty() : OptionalDouble.of(said);
    }

    /** Kinds of what the server says. */
    public enum LogType { info, warn, err, sys, external, all }

    @Command(description = {"shows what the server said, the latest first",
        "With --download all that is kept is written as text, the oldest first."})
    int logs(@Option(names = "--type", paramLabel = "TYPE", defaultValue = "all", description = "info, warn, err, sys, external (the first "
                 + "three) or all; default ${DEFAULT-VALUE}") LogType type,
             @Option(names = "--source", paramLabel = "SERVER", defaultValue = "", description = "what this server said") String source,
             @Option(names = "--start", paramLabel = "NUMBER", defaultValue = "-1", description = "the highest number to look at; the latest "
                 + "without it") long start,
             @Option(names = "--download", description = "all of it, as text") boolean download) {
        if (download) {
            tools.surroundings().out().print(tools.api().text("monitoring/downloadSystemLogs?log_type=" + type + "&log_source="
                + java.net.URLEncoder.encode(source, java.nio.charset.StandardCharsets.UTF_8)));
            return ExitCode.DONE;
        }
        tools.print("LogList", List.of("number", "time", "type", "source", "text"), Tools.items(tools.api().get(
            "monitoring/getSystemLogs", "log_type", type.name(), "log_source", source, "start_index", Long.toString(start)).path("logs"),
            line -> Tools.object().put("number", line.path("message_seq").asLong()).put("time", line.path("created_at").asText())
                .put("type", line.path("type").asText()).put("source", line.path("source").asText())
                .put("text", line.path("data").asText())));
        return ExitCode.DONE;
    }

    @Command(description = {"gathers what helps to understand a fault, in a ZIP file that only you may read",
        "What monitor, health and metrics say; names of users, stations and clients are in it, payloads and passwords are not."})
    int dump(@Parameters(paramLabel = "FILE", description = "a file that is not there yet") Path file) {
        Map<String, String> parts = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        Monitor monitor = tools.monitor();
        for (String path : List.of("/varz", "/connz?auth=true&subs=true", "/jsz?consumers=true&config=true", "/healthz?details=true",
            "/subsz?subs=true", "/accstatz", "/stacksz")) {
            gather(parts, missing, "monitor" + path.replaceAll("\\?.*", "") + (path.equals("/stacksz") ? ".txt" : ".json"), monitor, path);
        }
        Monitor metrics = tools.metrics();
        for (String path : List.of("/health/started", "/health/live", "/health/ready")) {
            gather(parts, missing, path.substring(1) + ".json", metrics, path);
        }
        gather(parts, missing, "metrics.txt", metrics, "/metrics");
        if (parts.isEmpty()) {
            throw new CliFailure(ExitCode.UNREACHABLE, "Nothing answers: " + missing.get(0));
        }
        parts.put("missing.txt", String.join("\n", missing) + "\n");
        write(file, parts);
        tools.print("DumpList", List.of("file", "parts", "missing"), List.of(Tools.object().put("file", file.toString())
            .put("parts", parts.size() - 1).put("missing", missing.size())));
        return ExitCode.DONE;
    }

    private static void gather(Map<String, String> parts, List<String> missing, String name, Monitor from, String path) {
        try {
            Http.Answer answer = from.ask(path);
            if (answer.status() == 404) {
                missing.add(name + ": not served");
            } else {
                parts.put(name, answer.body());
            }
        } catch (CliFailure e) {
            missing.add(name + ": " + e.getMessage());
        }
    }

    private static void write(Path file, Map<String, String> parts) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                for (Map.Entry<String, String> part : parts.entrySet()) {
                    zip.putNextEntry(new ZipEntry(part.getKey()));
                    zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                    zip.closeEntry();
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw CliFailure.usage(file + " is there already; it is not written over");
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "Cannot write " + file + ": " + e.getMessage());
        }
    }

    @Command(name = "self-test", description = {"measures what a broker depends on: synced writes of this machine, the way to the broker",
        "Run it on the broker's machine with --dir on the disk of its data; with --no-network no broker is needed."})
    int selfTest(@Option(names = "--dir", paramLabel = "DIRECTORY", description = "where to write; a file of 4 MiB at most, removed at the end") Path directory,
                 @Option(names = "--writes", paramLabel = "NUMBER", defaultValue = "500", description = "synced writes of 4 KiB, 1 to 1000; default ${DEFAULT-VALUE}") int writes,
                 @Option(names = "--no-network", description = "leave the way to the broker out") boolean noNetwork) {
        if (directory == null && noNetwork || writes < 1 || writes > 1_000) {
            throw CliFailure.usage("Nothing to test: give --dir, --writes from 1 to 1000, or leave --no-network out");
        }
        List<ObjectNode> items = new ArrayList<>();
        if (directory != null) {
            items.add(timed("disk-sync", synced(directory, writes)));
        }
        if (!noNetwork) {
            try (Broker broker = tools.broker()) {
                BrokerSession session = broker.open();
                Times times = new Times();
                for (int i = 0; i < writes; i++) {
                    times.add(pinged(broker, session));
                }
                items.add(timed("network", times));
            }
        }
        tools.print("SelfTestList", List.of("test", "count", "p50Micros", "p99Micros", "maxMicros"), items);
        return ExitCode.DONE;
    }

    private static ObjectNode timed(String test, Times times) {
        return Tools.object().put("test", test).put("count", times.count()).put("p50Micros", Math.round(times.micros(0.5)))
            .put("p99Micros", Math.round(times.micros(0.99))).put("maxMicros", Math.round(times.maxMicros()));
    }

    private static Times synced(Path directory, int writes) {
        Times times = new Times();
        try {
            Path file = Files.createTempFile(directory, "memphisee-self-test-", ".tmp");
            try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.WRITE))) {
                ByteBuffer block = ByteBuffer.wrap("x".repeat(BLOCK).getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < writes; i++) {
                    block.rewind();
                    long begun = System.nanoTime();
                    while (block.hasRemaining()) {
                        channel.write(block);
                    }
                    channel.force(false);
                    times.add(System.nanoTime() - begun);
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "Cannot write in " + directory + ": " + e.getMessage());
        }
        return times;
    }
}
