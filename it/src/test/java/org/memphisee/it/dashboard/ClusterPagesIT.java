package org.memphisee.it.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.PrometheusText;

/**
 * What an operator sees of three packaged servers that are one cluster: the monitor, Prometheus, the management API, and the pages in a
 * real browser, of which it keeps pictures in {@code target/pictures}.
 */
@Tag("cluster")
@Timeout(value = 12, unit = TimeUnit.MINUTES)
final class ClusterPagesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NODES = 3;
    private static final String STATION = "seen";
    private static final Duration WAIT = Duration.ofMinutes(1);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(WAIT).build();
    private final List<BrokerProcess> nodes = new ArrayList<>();
    private Browser browser;
    private String token;

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
        nodes.forEach(BrokerProcess::close);
    }

    private void start() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            members.add("node-" + i + "@127.0.0.1:" + BrokerPorts.free().client());
            nodes.add(BrokerProcess.prepared());
        }
        for (int i = 0; i < NODES; i++) {
            nodes.get(i).launch(Map.of("MEMPHISEE_SERVER_NAME", "node-" + i, "MEMPHISEE_CLUSTER_MODE", "static",
                    "MEMPHISEE_CLUSTER_MEMBERS", String.join(",", members)));
        }
        nodes.forEach(node -> assertTrue(node.awaitServing(), node::output));
        nodes.forEach(node -> Eventually.await("the node is ready", Duration.ofMinutes(2),
                () -> node.http(node.ports().metrics(), "/health/ready").code() == 200));
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + nodes.get(0).ports().dashboard() + path))
                .timeout(WAIT).method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return http.send(token == null ? request.build() : request.header("Authorization", "Bearer " + token).build(),
                BodyHandlers.ofString());
    }

    private JsonNode api(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, "/api/" + path, body.replace('\'', '"'));
        assertEquals(200, answer.statusCode(), answer::body);
        return JSON.readTree(answer.body());
    }

    private static JsonNode monitor(BrokerProcess node, String path) {
        try {
            return JSON.readTree(node.http(node.ports().monitor(), path).body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PrometheusText scrape(BrokerProcess node) {
        return PrometheusText.parse(node.http(node.ports().metrics(), "/metrics").body());
    }

    /** Every series of clusters that board and alert rules ask for. */
    private static Set<String> asked() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String file : List.of("memphis-ee.json", "alerts.yaml")) {
            Matcher name = Pattern.compile("memphis_broker_(?:raft|link|cluster|journal|rebuild|held|partitions)_[a-z_]+")
                    .matcher(Files.readString(Path.of("..", "docs", "grafana", file)));
            while (name.find()) {
                names.add(name.group());
            }
        }
        assertTrue(names.size() > 12, names::toString);
        return names;
    }

    private String states() throws IOException, InterruptedException {
        return String.join(" ", api("GET", "v2/cluster", "").path("nodes").findValuesAsText("state"));
    }

    private void look(String name) {
        for (String theme : List.of("light", "dark")) {
            browser.theme(theme);
            browser.picture(name + "-" + theme);
            assertEquals(List.of(), browser.accessibilityFindings(), name + ", " + theme);
        }
        browser.theme("light");
        for (int width : List.of(390, 768, 1024)) {
            browser.size(width, 900);
            browser.picture(name + "-" + width);
            assertEquals(0L, browser.script("return Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"),
                    () -> name + " scrolls sideways at " + width + " px: " + browser.widest());
        }
        browser.size(1440, 900);
    }

    @Test
    void shouldShowAnOperatorTheWholeClusterAtAnyNode() throws Exception {
        start();
        token = api("POST", "usermgmt/login", "{'username':'root','password':'memphis'}").path("jwt").asText();
        api("POST", "stations/createStation", "{'name':'" + STATION + "','retention_type':'message_age_sec','retention_value':3600,"
                + "'storage_type':'file','replicas':3,'partitions_number':2}");
        monitorShowsIt();
        prometheusShowsIt();
        Eventually.await("all are ready, as the first one sees it", WAIT, () -> states().equals("ready ready ready"));
        pagesShowIt();
        nodes.get(2).kill();
        Eventually.await("the killed one is away", WAIT, () -> states().equals("ready ready away"));
        Eventually.await("its link is down", WAIT, () -> monitor(nodes.get(0), "/routez").path("num_routes").asInt() == 1);
        browser.awaitText("tr[data-node='node-2'] [data-cell=state]", text -> text.equals("away"));
        browser.picture("nodes-away");
        browser.go("http://localhost:" + nodes.get(0).ports().dashboard() + "/overview");
        browser.awaitText("[data-nodes]", text -> text.contains("node-2"));
        browser.picture("overview-node-away");
        assertEquals(List.of(), browser.accessibilityFindings());
    }

    private void monitorShowsIt() {
        int leaders = 0;
        for (BrokerProcess node : nodes) {
            Eventually.await("it has the partitions, and knows who leads them", WAIT, () -> StreamSupport.stream(monitor(node,
                    "/jsz?streams=true").path("account_details").path(0).path("stream_detail").spliterator(), false)
                    .filter(stream -> stream.path("name").asText().startsWith(STATION + "$") && !stream.at("/cluster/leader").asText().isEmpty()
                        && stream.at("/cluster/replicas").size() == 2).count() == 2);
            JsonNode routes = monitor(node, "/routez");
            assertEquals(NODES - 1, routes.path("num_routes").asInt(), routes::toString);
            JsonNode meta = monitor(node, "/jsz?raft=true");
            assertEquals(NODES, meta.at("/meta_cluster/cluster_size").asInt(), meta::toString);
            assertEquals(4, meta.path("raft_groups").size(), meta::toString);
            leaders += node.http(node.ports().monitor(), "/jsz?leader-only=true").code() == 200 ? 1 : 0;
            assertEquals(NODES - 1, monitor(node, "/varz").at("/cluster/urls").size());
            assertEquals("{\"status\":\"ok\"}", node.http(node.ports().monitor(), "/healthz?account=%24memphis&stream=" + STATION + "%241").body());
        }
        assertEquals(1, leaders, "one leads the definitions");
    }

    private void prometheusShowsIt() throws IOException {
        Set<String> asked = asked();
        int led = 0;
        for (BrokerProcess node : nodes) {
            PrometheusText text = scrape(node);
            for (String name : asked) {
                // of members only where the node leads; the others do not depend on that
                assertTrue(name.equals("memphis_broker_raft_member_lag") || !text.find(name, Map.of()).isEmpty(), name);
            }
            assertEquals(1, text.find("memphis_stream_total_messages", Map.of("stream_name", STATION + "$1")).size(), "replicas have it too");
            led += text.find("memphis_stream_total_messages", Map.of("stream_name", STATION + "$1", "is_stream_leader", "true")).size();
            assertEquals(1, text.find("memphis_server_total_streams", Map.of("cluster", "memphis")).size());
        }
        assertEquals(1, led, "one node leads the partition");
    }

    private void pagesShowIt() throws Exception {
        browser = Browser.open();
        browser.theme("light");
        String site = "http://localhost:" + nodes.get(0).ports().dashboard();
        browser.go(site + "/stations/" + STATION);
        browser.type("#user", "root");
        browser.type("#password", "memphis");
        browser.enter();
        browser.awaitText("tr[data-place='1'] [data-cell=leader]", text -> text.startsWith("node-"));
        look("station-places");
        browser.go(site + "/nodes");
        browser.awaitText("[data-ready]", text -> text.equals("all 3 ready"));
        browser.size(1280, 800);
        browser.guide("dashboard-nodes");
        browser.size(1440, 900);
        look("nodes");
        String group = api("GET", "v2/cluster/station?station_name=" + STATION, "").path("partitions").path(0).path("group").asText();
        String row = "tr[data-group='" + group + "'] ";
        browser.awaitText(row + "[data-cell=leader]", text -> text.startsWith("node-"));
        String before = browser.textOf(row + "[data-cell=leader]").lines().findFirst().orElseThrow().split(" ")[0];
        browser.click(row + "button");
        browser.find("#step-title");
        browser.picture("nodes-step-down");
        assertEquals(List.of(), browser.accessibilityFindings());
        browser.click("mp-step-down button.primary");
        browser.awaitText(row + "[data-cell=leader]", text -> text.startsWith("node-") && !text.startsWith(before));
        browser.picture("nodes-stepped-down");
        String audit = api("GET", "v2/audit?action=leader_stepdown", "").toString();
        assertTrue(audit.contains("group " + group) && audit.contains("root"), audit);
        HttpResponse<String> unknown = send("POST", "/api/v2/cluster/stepDown", "{\"group\":999}");
        assertEquals(406, unknown.statusCode(), unknown::body);
    }
}
