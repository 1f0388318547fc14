package org.memphisee.cli.commands;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Pause;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Connections of clients, from the monitor: it asks for no user. */
@Command(name = "connection", description = "connections of clients")
public final class ConnectionCommands {

    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Tools tools;

    public ConnectionCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "lists the connections")
    int ls(@Option(names = "--of", paramLabel = "USER", description = "of this user only") String user,
           @Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "1024", description = "at most; default ${DEFAULT-VALUE}") int limit) {
        List<ObjectNode> items = new ArrayList<>(connections(limit));
        items.removeIf(n -> user != null && !n.path("user").asText().equals(user));
        tools.print("ConnectionList", List.of("id", "user", "name", "address", "type", "language", "roundTrip", "idle",
            "subscriptions", "inMessages", "outMessages", "pendingBytes"), items);
        return ExitCode.DONE;
    }

    private List<ObjectNode> connections(int limit) {
        List<ObjectNode> items = new ArrayList<>();
        tools.monitor().json("/connz?auth=true&limit=" + limit).path("connections").forEach(c -> items.add(Tools.object()
            .put("id", c.path("cid").asLong()).put("user", c.path("authorized_user").asText())
            .put("name", c.path("name").asText()).put("address", c.path("ip").asText() + ":" + c.path("port").asText())
            .put("type", c.path("type").asText()).put("language", c.path("lang").asText())
            .put("version", c.path("version").asText()).put("start", c.path("start").asText())
            .put("lastActivity", c.path("last_activity").asText()).put("roundTrip", c.path("rtt").asText())
            .put("idle", c.path("idle").asText()).put("subscriptions", c.path("subscriptions").asLong())
            .put("inMessages", c.path("in_msgs").asLong()).put("outMessages", c.path("out_msgs").asLong())
            .put("inBytes", c.path("in_bytes").asLong()).put("outBytes", c.path("out_bytes").asLong())
            .put("pendingBytes", c.path("pending_bytes").asLong()).put("tlsVersion", c.path("tls_version").asText())));
        return items;
    }

    @Command(description = "shows again and again what goes through the broker, and through which connections; Ctrl-C ends it")
    int top(@Option(names = "--every", paramLabel = "SECONDS", defaultValue = "2", description = "default ${DEFAULT-VALUE}") int every,
            @Option(names = "--rounds", paramLabel = "NUMBER", description = "end after so many") Integer rounds,
            @Option(names = {"-n", "--rows"}, paramLabel = "NUMBER", defaultValue = "20", description = "connections shown; default ${DEFAULT-VALUE}") int rows) {
        if (every < 1) {
            throw CliFailure.usage("--every is at least 1");
        }
        Map<Long, ObjectNode> before = new HashMap<>();
        JsonNode varBefore = tools.monitor().json("/varz");
        connections(Integer.MAX_VALUE).forEach(n -> before.put(n.path("id").asLong(), n));
        long then = System.nanoTime();
        for (int round = 0; rounds == null || round < rounds; round++) {
            Pause.millis(every * 1000L);
            JsonNode now = tools.monitor().json("/varz");
            List<ObjectNode> all = connections(Integer.MAX_VALUE);
            double seconds = (System.nanoTime() - then) / 1e9;
            then = System.nanoTime();
            frame(now, varBefore, rated(all, before, seconds), seconds, rows);
            varBefore = now;
            before.clear();
            all.forEach(n -> before.put(n.path("id").asLong(), n));
        }
        return ExitCode.DONE;
    }

    private static List<ObjectNode> rated(List<ObjectNode> all, Map<Long, ObjectNode> before, double seconds) {
        List<ObjectNode> items = new ArrayList<>();
        for (ObjectNode n : all) {
            JsonNode old = before.getOrDefault(n.path("id").asLong(), Tools.object());
            items.add(n.deepCopy().put("inRate", rate(n, old, "inMessages", seconds))
                .put("outRate", rate(n, old, "outMessages", seconds)));
        }
        items.sort(Comparator.comparingLong(n -> -n.path("inRate").asLong() - n.path("outRate").asLong()));
        return items;
    }

    private static long rate(JsonNode now, JsonNode before, String member, double seconds) {
        return Math.round((now.path(member).asLong() - before.path(member).asLong()) / seconds);
    }

    private void frame(JsonNode now, JsonNode before, List<ObjectNode> connections, double seconds, int rows) {
        if (tools.surroundings().terminal()) {
            tools.surroundings().out().print(CLEAR);
        }
        tools.say(now.path("server_name").asText() + ": " + rate(now, before, "in_msgs", seconds) + " messages/s in, "
            + rate(now, before, "out_msgs", seconds) + " out, " + now.path("connections").asLong() + " connections, CPU "
            + now.path("cpu").asText() + " %, memory " + (now.path("mem").asLong() >> 20) + " MiB");
        tools.print("ConnectionList", List.of("id", "user", "name", "inRate", "outRate", "pendingBytes", "subscriptions"),
            connections.subList(0, Math.min(rows, connections.size())));
    }
}
