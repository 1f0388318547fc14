package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.PrometheusText;
import org.memphisee.it.support.PrometheusText.Sample;
import org.memphisee.it.support.RawConnection;

/** The series of port 7777 (monitoring.md 2 and 6), and what the exporter of the reference asks of port 8222. */
final class ExporterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Set<String> SERVER = Set.of("server_id");
    private static final Set<String> JSZ = Set.of("server_id", "server_name", "cluster", "domain", "meta_leader",
            "is_meta_leader");
    private static final Set<String> STREAM = with(JSZ, "account", "account_id", "stream_name", "stream_leader",
            "is_stream_leader");
    private static final Set<String> CONSUMER = with(STREAM, "consumer_name", "consumer_leader", "is_consumer_leader",
            "consumer_desc");
    private static BrokerProcess broker;

    @BeforeAll
    static void use() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
    }

    private static Set<String> with(Set<String> names, String... more) {
        Set<String> all = new HashSet<>(names);
        all.addAll(List.of(more));
        return all;
    }

    private static PrometheusText scrape() throws IOException {
        return scrape("");
    }

    private static PrometheusText scrape(String query) throws IOException {
        HttpURLConnection http = connect(query);
        // as the scraper does
        http.setRequestProperty("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,"
                + "*/*;q=0.1");
        http.setRequestProperty("Accept-Encoding", "gzip");
        assertEquals(200, http.getResponseCode());
        assertEquals("text/plain;version=0.0.4;charset=utf-8", http.getContentType().replace(" ", ""));
        assertEquals("gzip", http.getContentEncoding());
        try (InputStream body = new GZIPInputStream(http.getInputStream())) {
            return PrometheusText.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static HttpURLConnection connect(String query) throws IOException {
        HttpURLConnection http = (HttpURLConnection) URI.create("http://" + broker.host() + ':'
                + broker.ports().metrics() + "/metrics" + query).toURL().openConnection();
        http.setReadTimeout(20_000);
        return http;
    }

    private static JsonNode monitor(String path) throws IOException {
        BrokerProcess.Answer answer = broker.http(broker.ports().monitor(), path);
        assertEquals(200, answer.code(), path);
        return JSON.readTree(answer.body());
    }

    private static void present(PrometheusText text, Set<String> labels, String prefix, String... names) {
        for (String name : names) {
            List<Sample> found = text.find(prefix + name, Map.of());
            assertFalse(found.isEmpty(), prefix + name);
            for (Sample sample : found) {
                Set<String> own = new HashSet<>(sample.labels().keySet());
                own.removeIf(label -> label.startsWith("mp_"));
                assertEquals(labels, own, prefix + name);
            }
            assertEquals("gauge", text.type(prefix + name), prefix + name);
        }
    }

    /** A station with two partitions, a consumer on the first and five messages in it. */
    private static String station(RawConnection client) throws IOException {
        String name = "exporter" + Long.toHexString(System.nanoTime());
        assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + name
                + "\",\"retention_type\":\"messages\",\"retention_value\":1000,\"storage_type\":\"file\",\"replicas\":1,"
                + "\"idempotency_window_in_ms\":0,\"dls_configuration\":{\"poison\":true,\"schemaverse\":true},"
                + "\"username\":\"root\",\"partitions_number\":2}"));
        client.request("$JS.API.CONSUMER.CREATE." + name + "$1.reader", "{\"stream_name\":\"" + name
                + "$1\",\"config\":{\"name\":\"reader\",\"durable_name\":\"reader\",\"ack_policy\":\"explicit\"}}");
        for (int i = 0; i < 5; i++) {
            client.request(name + "$1.final", "m" + i);
        }
        return name;
    }

    private static void destroy(RawConnection client, String station) throws IOException {
        client.request("$memphis_station_destructions", "{\"station_name\":\"" + station + "\",\"username\":\"root\"}");
    }

    private static double one(PrometheusText text, String name, Map<String, String> labels) {
        List<Sample> found = text.find(name, labels);
        assertEquals(1, found.size(), name + labels);
        return found.get(0).value();
    }

    @Test
    void shouldGiveEverySeriesWithItsLabels() throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            String station = station(client);
            PrometheusText text = Eventually.value("the station has series", WAIT, ExporterIT::scrape,
                    t -> !t.find("memphis_consumer_num_pending", Map.of("stream_name", station + "$1")).isEmpty());
            present(text, SERVER, "memphis_varz_", "cpu", "mem", "cores", "gomaxprocs", "connections",
                    "total_connections", "subscriptions", "slow_consumers", "routes", "remotes", "leafnodes", "in_msgs",
                    "out_msgs", "in_bytes", "out_bytes", "max_connections", "max_payload", "max_pending",
                    "max_control_line", "auth_timeout", "ping_interval", "ping_max", "proto", "port", "http_port",
                    "https_port", "tls_timeout", "write_deadline", "websocket_port", "websocket_handshake_timeout",
                    "jetstream_config_max_memory", "jetstream_config_max_storage", "jetstream_config_sync_interval",
                    "jetstream_stats_memory", "jetstream_stats_storage", "jetstream_stats_reserved_memory",
                    "jetstream_stats_reserved_storage", "jetstream_stats_accounts", "jetstream_stats_ha_assets",
                    "jetstream_stats_api_total", "jetstream_stats_api_errors", "jetstream_meta_cluster_size",
                    "slow_consumer_stats_clients", "slow_consumer_stats_routes", "slow_consumer_stats_gateways",
                    "slow_consumer_stats_leafs", "http_req_stats", "http_req_stats_varz", "http_req_stats_connz",
                    "http_req_stats_routez", "http_req_stats_subsz", "http_req_stats_jsz", "http_req_stats_healthz");
            present(text, Set.of("server_id", "value"), "memphis_varz_", "server_id", "server_name", "version");
            present(text, SERVER, "memphis_subsz_", "num_subscriptions", "num_cache", "num_inserts", "num_removes",
                    "num_matches", "cache_hit_rate", "max_fanout", "avg_fanout");
            present(text, SERVER, "memphis_routez_", "num_routes");
            present(text, SERVER, "memphis_connz_", "num_connections", "total", "offset", "limit", "pending_bytes",
                    "subscriptions", "in_bytes", "out_bytes", "in_msgs", "out_msgs");
            present(text, SERVER, "memphis_", "healthz_status", "broker_consumers_without_series");
            present(text, JSZ, "memphis_server_", "jetstream_disabled", "total_streams", "total_consumers",
                    "total_messages", "total_message_bytes", "max_memory", "max_storage");
            present(text, STREAM, "memphis_stream_", "total_messages", "total_bytes", "first_seq", "last_seq",
                    "consumer_count");
            present(text, CONSUMER, "memphis_consumer_", "delivered_consumer_seq", "delivered_stream_seq",
                    "num_ack_pending", "num_redelivered", "num_waiting", "num_pending", "ack_floor_stream_seq",
                    "ack_floor_consumer_seq");
            present(text, Set.of(), "process_", "cpu_seconds_total", "resident_memory_bytes", "open_fds",
                    "start_time_seconds");
            destroy(client, station);
        }
    }

    @Test
    void shouldShowTheSameAsTheMonitor() throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            String station = station(client);
            Map<String, String> stream = Map.of("stream_name", station + "$1", "account", "$memphis",
                    "is_stream_leader", "true");
            PrometheusText text = Eventually.value("five messages are shown", WAIT, ExporterIT::scrape,
                    t -> t.find("memphis_stream_total_messages", stream).stream().anyMatch(s -> s.value() == 5));
            assertEquals(5, one(text, "memphis_stream_last_seq", stream));
            assertEquals(1, one(text, "memphis_stream_first_seq", stream));
            assertEquals(1, one(text, "memphis_stream_consumer_count", stream));
            assertEquals(5, one(text, "memphis_consumer_num_pending", Map.of("stream_name", station + "$1",
                    "consumer_name", "reader")));
            Eventually.await("totals agree", WAIT, () -> {
                JsonNode varz = monitor("/varz");
                PrometheusText now = scrape();
                return one(now, "memphis_varz_in_msgs", Map.of()) == varz.path("in_msgs").asDouble()
                        && one(now, "memphis_varz_out_bytes", Map.of()) == varz.path("out_bytes").asDouble()
                        && one(now, "memphis_varz_jetstream_stats_storage", Map.of())
                        == varz.path("jetstream").path("stats").path("storage").asDouble()
                        && one(now, "memphis_server_total_messages", Map.of())
                        == monitor("/jsz").path("messages").asDouble();
            });
            destroy(client, station);
            PrometheusText next = scrape();
            assertTrue(next.find("memphis_stream_total_messages", stream).isEmpty(), "gone with the next scrape");
            assertTrue(next.find("memphis_consumer_num_pending", Map.of("stream_name", station + "$1")).isEmpty());
        }
    }

    @Test
    void shouldShowANewGroupWithTheNextScrape() throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            String station = station(client);
            assertEquals(5, one(scrape(), "memphis_consumer_num_pending", Map.of("stream_name", station + "$1")));
            client.request("$JS.API.CONSUMER.DELETE." + station + "$1.reader", "");
            assertTrue(scrape().find("memphis_consumer_num_pending", Map.of("stream_name", station + "$1")).isEmpty());
            destroy(client, station);
        }
    }

    @Test
    void shouldAnswerScopesAndNamesOfMicroProfileMetrics() throws IOException {
        PrometheusText base = scrape("?scope=base");
        assertTrue(one(base, "memory_usedHeap_bytes", Map.of("mp_scope", "base")) > 0);
        assertEquals("gauge", base.type("memory_usedHeap_bytes"));
        assertEquals("counter", base.type("gc_total"));
        assertTrue(base.samples().stream().allMatch(s -> s.labels().get("mp_scope").equals("base")));
        assertFalse(scrape("?scope=vendor").find("threadpool_size", Map.of("mp_scope", "vendor")).isEmpty());
        PrometheusText application = scrape("?scope=application");
        assertTrue(application.samples().stream().allMatch(s -> s.labels().get("mp_scope").equals("application")));
        assertFalse(application.find("memphis_stream_total_messages", Map.of()).isEmpty());
        assertEquals(Set.of("memphis_varz_in_msgs"), names(scrape("?scope=application&name=memphis_varz_in_msgs")));
        assertEquals(Set.of("memphis_stream_last_seq"), names(scrape("?name=memphis_stream_last_seq")));
        assertEquals(404, connect("?scope=nothing").getResponseCode());
        assertEquals(404, connect("?scope=base&name=memphis_varz_in_msgs").getResponseCode());
    }

    private static Set<String> names(PrometheusText text) {
        Set<String> names = new HashSet<>();
        text.samples().forEach(sample -> names.add(sample.name()));
        return names;
    }

    @Test
    void shouldCountMessagesOfEveryDoorInTheSameTotals() throws Exception {
        try (RawConnection client = RawConnection.login(broker)) {
            String station = station(client);
            PrometheusText before = scrape();
            String token = JSON.readTree(post("/auth/authenticate", "",
                    "{\"username\":\"root\",\"password\":\"memphis\"}")).path("jwt").asText();
            for (int i = 0; i < 3; i++) {
                post("/stations/" + station + "/produce/single", token, "{\"message\":\"" + i + "\"}");
            }
            client.request(station + "$1.final", "by TCP");
            int consumed = JSON.readTree(post("/stations/" + station + "/consume/batch", token,
                    "{\"consumer_name\":\"c\",\"consumer_group\":\"g\",\"batch_size\":9,"
                    + "\"batch_max_wait_time_ms\":5000}")).size();
            assertTrue(consumed > 0);
            PrometheusText after = scrape();
            Map<String, String> http = Map.of("transport", "http");
            assertEquals(3, one(after, "memphis_broker_messages_in_total", http)
                    - one(before, "memphis_broker_messages_in_total", http));
            assertEquals(consumed, one(after, "memphis_broker_messages_out_total", http)
                    - one(before, "memphis_broker_messages_out_total", http));
            assertTrue(one(after, "memphis_broker_bytes_in_total", http) > one(before, "memphis_broker_bytes_in_total", http));
            Eventually.await("all doors together are the server's total", WAIT, () -> {
                PrometheusText now = scrape();
                double in = 0;
                for (String way : List.of("tcp", "ws", "http", "in-process")) {
                    in += one(now, "memphis_broker_messages_in_total", Map.of("transport", way));
                }
                return in == one(now, "memphis_varz_in_msgs", Map.of()) && in == monitor("/varz").path("in_msgs").asDouble();
            });
            assertEquals(3, one(after, "memphis_rest_requests_seconds_count", Map.of("route", "produce", "status", "200"))
                    - before.find("memphis_rest_requests_seconds_count", Map.of("route", "produce", "status", "200"))
                    .stream().mapToDouble(Sample::value).sum());
            assertTrue(one(after, "memphis_broker_produce_seconds_count", Map.of("ack", "stored"))
                    >= one(before, "memphis_broker_produce_seconds_count", Map.of("ack", "stored")) + 4);
            assertTrue(one(after, "memphis_broker_consume_fetch_seconds_count", Map.of())
                    > one(before, "memphis_broker_consume_fetch_seconds_count", Map.of()));
            assertTrue(one(after, "memphis_broker_storage_fsync_seconds_count", Map.of())
                    > one(before, "memphis_broker_storage_fsync_seconds_count", Map.of()));
            assertEquals("histogram", after.type("memphis_broker_produce_seconds"));
            destroy(client, station);
        }
    }

    private static String post(String path, String token, String body) throws IOException {
        HttpURLConnection http = (HttpURLConnection) URI.create("http://" + broker.host() + ':'
                + broker.ports().gateway() + path).toURL().openConnection();
        http.setReadTimeout(20_000);
        http.setDoOutput(true);
        http.setRequestProperty("Content-Type", "application/json");
        http.setRequestProperty("Authorization", "Bearer " + token);
        http.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        assertEquals(200, http.getResponseCode(), path);
        try (InputStream in = http.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldTellHowLongTheManagementApiTakes() throws IOException {
        double before = scrape().find("memphis_api_requests_seconds_count", Map.of("route", "status", "status", "200"))
                .stream().mapToDouble(Sample::value).sum();
        assertEquals(200, broker.http(broker.ports().dashboard(), "/api/status").code());
        broker.http(broker.ports().dashboard(), "/api/no/such/operation");
        PrometheusText after = scrape();
        assertEquals(before + 1, one(after, "memphis_api_requests_seconds_count", Map.of("route", "status", "status", "200")));
        assertTrue(after.find("memphis_api_requests_seconds_count", Map.of("route", "other")).size() >= 1);
    }

    @Test
    void shouldPackOnlyWhenAsked() throws IOException {
        HttpURLConnection http = connect("");
        http.setRequestProperty("Accept-Encoding", "gzip;q=0, identity");
        assertEquals(200, http.getResponseCode());
        assertNull(http.getContentEncoding());
        try (InputStream body = http.getInputStream()) {
            PrometheusText.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldHaveTheStreamsThatAlertRulesAskForByName() throws IOException {
        PrometheusText text = scrape();
        for (String name : List.of("$memphis_dls_unacked", "$memphis_dls_schemaverse", "$memphis_dls_nacked",
                "$memphis_syslogs", "$memphis_tiered_storage")) {
            one(text, "memphis_stream_total_messages", Map.of("stream_name", name));
            one(text, "memphis_stream_total_bytes", Map.of("stream_name", name));
        }
        assertTrue(monitor("//jsz?streams=true").toString().contains("\"$memphis_dls_unacked\""));
    }

    @Test
    void shouldAnswerTheExporterOfTheReference() throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            String station = station(client);
            for (String path : List.of("//varz", "//connz", "//routez", "//subsz",
                    "//jsz?consumers=true&config=true")) {
                assertTrue(monitor(path).isObject(), path);
            }
            JsonNode connection = monitor("//connz").path("connections").get(0);
            for (String name : List.of("pending_bytes", "subscriptions", "in_bytes", "out_bytes", "in_msgs", "out_msgs")) {
                assertTrue(connection.path(name).isIntegralNumber(), name);
            }
            JsonNode jsz = monitor("//jsz?consumers=true&config=true");
            for (String name : List.of("streams", "consumers", "messages", "bytes")) {
                assertTrue(jsz.path(name).isIntegralNumber(), name);
            }
            assertTrue(jsz.path("config").path("max_memory").isIntegralNumber());
            assertTrue(jsz.path("config").path("max_storage").isIntegralNumber());
            boolean found = false;
            for (JsonNode stream : jsz.path("account_details").get(0).path("stream_detail")) {
                for (String name : List.of("messages", "bytes", "first_seq", "last_seq", "consumer_count")) {
                    assertTrue(stream.path("state").path(name).isIntegralNumber(), name);
                }
                for (JsonNode consumer : stream.path("consumer_detail")) {
                    found |= stream.path("name").asText().equals(station + "$1");
                    for (String name : List.of("num_ack_pending", "num_redelivered", "num_waiting", "num_pending")) {
                        assertTrue(consumer.path(name).isIntegralNumber(), name);
                    }
                    assertTrue(consumer.path("delivered").path("consumer_seq").isIntegralNumber());
                    assertTrue(consumer.path("ack_floor").path("stream_seq").isIntegralNumber());
                    assertTrue(consumer.path("config").isObject());
                }
            }
            assertTrue(found, jsz::toString);
            destroy(client, station);
        }
    }

    @Test
    void shouldHaveEverySeriesThatDashboardAndAlertRulesAskFor() throws IOException {
        Path file = Path.of("..", "docs", "grafana", "memphis-ee.json");
        JsonNode dashboard = JSON.readTree(Files.readAllBytes(file));
        List<String> queries = new ArrayList<>();
        dashboard.findValues("expr").forEach(expr -> queries.add(expr.asText()));
        assertTrue(queries.size() > 10, queries::toString);
        for (String latency : List.of("produce", "consume_fetch", "storage_fsync")) {
            assertTrue(queries.stream().anyMatch(query -> query.contains("memphis_broker_" + latency)), latency);
        }
        List<String> alerts = Files.readAllLines(file.resolveSibling("alerts.yaml")).stream().map(String::strip)
                .filter(line -> line.startsWith("expr: ")).map(line -> line.substring("expr: ".length())).toList();
        assertTrue(alerts.size() > 10, alerts::toString);
        for (String alert : alerts) {
            // the scraper makes the one; the other is there when clients see a certificate, and TlsIT asks for it
            if (!alert.startsWith("up{") && !alert.startsWith("memphis_broker_certificate_expiry_seconds")
                    && !alert.contains("memphis_broker_backup_")) {
                queries.add(alert);
            }
        }
        // nodes of a cluster have these, and ClusterPagesIT asks for them
        queries.removeIf(query -> query.matches(".*memphis_broker_(raft|link|cluster|journal|rebuild|held|partitions)_.*"));
        try (RawConnection client = RawConnection.login(broker)) {
            String station = station(client);
            PrometheusText text = Eventually.value("the station has series", WAIT, ExporterIT::scrape,
                    t -> !t.find("memphis_consumer_num_pending", Map.of("stream_name", station + "$1")).isEmpty());
            Pattern selector = Pattern.compile(
                    "\\b([a-z][a-zA-Z0-9]*+_[a-zA-Z0-9_]++)(?!\\()(?:\\{([^}]*)})?"); // functions are no series
            for (String query : queries) {
                Matcher m = selector.matcher(query.replaceAll("by \\([^)]*\\)", ""));
                int series = 0;
                while (m.find()) {
                    series++;
                    List<Sample> found = text.find(m.group(1), Map.of());
                    assertFalse(found.isEmpty(), () -> m.group(1) + " of " + query);
                    Matcher label = Pattern.compile("([a-z_]+)(?==~|!=|=|!~)").matcher(m.group(2) == null ? ""
                            : m.group(2).replaceAll("\"[^\"]*\"", ""));
                    while (label.find()) {
                        String name = label.group(1);
                        // the scraper adds these two
                        assertTrue(Set.of("job", "instance").contains(name)
                                || found.get(0).labels().containsKey(name), () -> name + " of " + query);
                    }
                }
                assertTrue(series > 0, query);
                Matcher by = Pattern.compile("by \\(([^)]*)\\)").matcher(query);
                while (by.find()) {
                    Matcher first = selector.matcher(query.replaceAll("by \\([^)]*\\)", ""));
                    assertTrue(first.find());
                    for (String name : by.group(1).split("\\s*,\\s*")) {
                        assertTrue(Set.of("job", "instance").contains(name) || text.find(first.group(1), Map.of())
                                .get(0).labels().containsKey(name), () -> name + " of " + query);
                    }
                }
            }
            destroy(client, station);
        }
    }
}
