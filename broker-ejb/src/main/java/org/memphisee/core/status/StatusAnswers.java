package org.memphisee.core.status;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.status.StatusPages.RefusedException;
import org.memphisee.core.time.World;
import org.memphisee.port.ServerIdentity;

/** What is answered to a question, made of the monitor's pages. One for each answer. */
final class StatusAnswers {

    /** Pages that are shown as they are, by the question's last token. */
    private static final Map<String, String> PAGES = Map.of("VARZ", "/varz", "CONNZ", "/connz", "SUBSZ", "/subsz", "ROUTEZ",
        "/routez", "GATEWAYZ", "/gatewayz", "LEAFZ", "/leafz", "JSZ", "/jsz", "ACCOUNTZ", "/accountz", "HEALTHZ", "/healthz");
    private static final List<String> STATISTICS = List.of("start", "mem", "cores", "cpu", "connections",
        "total_connections");
    private static final String SYSTEM = "$SYS";

    private final ServerIdentity identity;
    private final StatusPages pages;
    private final StatusOptions options;
    private final String tenant;
    private final ObjectNode answer;
    private final World world;

    /** @param answer where members are added behind the server's own */
    StatusAnswers(ServerIdentity identity, StatusPages pages, StatusOptions options, String tenant, ObjectNode answer,
                  World world) {
        this.identity = identity;
        this.pages = pages;
        this.options = options;
        this.tenant = tenant;
        this.answer = answer;
        this.world = world;
    }

    /** About the server. */
    ObjectNode server(String question) throws RefusedException {
        switch (question) {
            case "STATSZ" -> statistics(pages.page("/varz", Map.of()), pages.page("/routez", Map.of()).path("routes"),
                answer.putObject("statsz"));
            case "IDZ" -> {
                return JsonNodeFactory.instance.objectNode().put("name", identity.serverName()).put("host", pages.host())
                    .put("id", identity.serverId());
            }
            default -> answer.set("data", page(question, Map.of()));
        }
        return answer;
    }

    /** About one account. */
    ObjectNode account(String account, String question) throws RefusedException {
        if (!account.equals(tenant) && !account.equals(SYSTEM)) {
            throw new RefusedException("Account " + account + " does not exist");
        }
        switch (question) {
            case "CONNZ", "LEAFZ" -> answer.set("data", page(question, Map.of("acc", account)));
            case "SUBSZ" -> answer.set("data", page(question, Map.of("acc", account, "subs", "true")));
            case "INFO" -> answer.set("data", pages.page("/accountz", Map.of("acc", account)).path("account_detail"));
            case "JSZ" -> answer.set("data", jetStream(account));
            case "STATZ" -> answer.set("data", statistics(account));
            case "CONNS" -> connections(account);
            default -> throw notSupported(question);
        }
        return answer;
    }

    private ObjectNode page(String question, Map<String, String> fixed) throws RefusedException {
        String path = PAGES.get(question);
        if (path == null) {
            throw notSupported(question);
        }
        Map<String, String> parameters = options.parameters(path);
        parameters.putAll(fixed);
        return pages.page(path, parameters);
    }

    private static RefusedException notSupported(String question) {
        return new RefusedException(question + " is not supported by Memphis EE");
    }

    private static void statistics(ObjectNode varz, JsonNode routes, ObjectNode to) {
        STATISTICS.forEach(name -> to.set(name, varz.path(name)));
        to.put("active_accounts", 1).set("subscriptions", varz.path("subscriptions"));
        to.putObject("sent").<ObjectNode>set("msgs", varz.path("out_msgs")).set("bytes", varz.path("out_bytes"));
        to.putObject("received").<ObjectNode>set("msgs", varz.path("in_msgs")).set("bytes", varz.path("in_bytes"));
        to.set("slow_consumers", varz.path("slow_consumers"));
        if (!routes.isEmpty()) {
            ArrayNode links = to.putArray("routes");
            routes.forEach(route -> link(route, links.addObject()));
        }
        to.put("active_servers", 1 + routes.size()).set("jetstream", varz.path("jetstream"));
    }

    private static void link(JsonNode route, ObjectNode to) {
        to.set("rid", route.path("rid"));
        to.set("name", route.path("remote_name"));
        to.putObject("sent").<ObjectNode>set("msgs", route.path("out_msgs")).set("bytes", route.path("out_bytes"));
        to.putObject("received").<ObjectNode>set("msgs", route.path("in_msgs")).set("bytes", route.path("in_bytes"));
        to.set("pending", route.path("pending_size"));
    }

    private JsonNode jetStream(String account) throws RefusedException {
        JsonNode details = page("JSZ", Map.of("acc", account)).path("account_details");
        if (details.isEmpty()) {
            throw new RefusedException("JetStream not enabled for account " + account);
        }
        return details.get(0);
    }

    private ObjectNode statistics(String account) throws RefusedException {
        Map<String, String> parameters = options.parameters("/accstatz");
        ObjectNode page = pages.page("/accstatz", parameters);
        JsonNode all = page.path("account_statz");
        ArrayNode rows = page.putArray("account_statz");
        List<String> asked = options.accounts();
        for (JsonNode row : all) {
            String name = row.path("acc").asText();
            if (name.equals(account) && (asked.isEmpty() || asked.contains(name))) {
                rows.add(row);
            }
        }
        return page;
    }

    /** An event in form, of which the answer is made. */
    private void connections(String account) throws RefusedException {
        answer.put("type", "io.nats.server.advisory.v1.account_connections").put("id", world.newId())
            .put("timestamp", answer.path("server").path("time").asText());
        for (JsonNode row : pages.page("/accstatz", Map.of("unused", "true")).path("account_statz")) {
            if (row.path("acc").asText().equals(account)) {
                answer.setAll((ObjectNode) row);
            }
        }
    }
}
