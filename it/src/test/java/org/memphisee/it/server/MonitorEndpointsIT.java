package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;

/** Every path of the monitor with its fields and parameters (monitoring.md 1). */
final class MonitorEndpointsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static BrokerProcess broker;

    @BeforeAll
    static void use() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
    }

    private record Answer(int code, String type, String origin, String body) {
    }

    private static Answer ask(String method, String path) throws IOException {
        HttpURLConnection http = (HttpURLConnection) URI.create("http://" + broker.host() + ':'
                + broker.ports().monitor() + path).toURL().openConnection();
        http.setRequestMethod(method);
        http.setReadTimeout(20_000);
        int code = http.getResponseCode();
        try (var in = code < 400 ? http.getInputStream() : http.getErrorStream()) {
            String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(code, http.getContentType(), http.getHeaderField("Access-Control-Allow-Origin"), body);
        }
    }

    private static JsonNode get(String path) throws IOException {
        Answer answer = ask("GET", path);
        assertEquals(200, answer.code(), answer::body);
        return JSON.readTree(answer.body());
    }

    private static void numbers(JsonNode node, String... names) {
        Stream.of(names).forEach(name -> assertTrue(node.path(name).isNumber(), () -> name + " in " + node));
    }

    private static void texts(JsonNode node, String... names) {
        Stream.of(names).forEach(name -> assertTrue(node.path(name).isTextual(), () -> name + " in " + node));
    }

    private static RawConnection named(String name) throws IOException {
        return RawConnection.login(broker, "\"verbose\":false,\"pedantic\":false,\"lang\":\"raw\",\"version\":\"1.2.3\","
                + "\"name\":\"" + name + '"');
    }

    private static JsonNode row(JsonNode connz, String name) {
        for (JsonNode row : connz.path("connections")) {
            if (row.path("name").asText().equals(name)) {
                return row;
            }
        }
        return JSON.missingNode();
    }

    private static String unique(String prefix) {
        return prefix + Long.toHexString(System.nanoTime());
    }

    @Test
    void shouldShowTheSamePagesToClientsThatAskBySubject() throws IOException {
        String name = unique("asking");
        try (RawConnection client = named(name)) {
            JsonNode varz = JSON.readTree(client.request("$SYS.REQ.SERVER.PING.VARZ", ""));
            String id = get("/varz").path("server_id").asText();
            assertEquals(id, varz.path("server").path("id").asText());
            assertEquals(id, varz.path("data").path("server_id").asText());
            numbers(JSON.readTree(client.request("$SYS.REQ.SERVER.PING", "")).path("statsz"), "mem", "cores", "cpu",
                    "connections", "total_connections", "subscriptions", "slow_consumers", "active_servers");
            for (String question : List.of("SERVER.PING.CONNZ", "SERVER." + id + ".CONNZ", "ACCOUNT.PING.CONNZ",
                    "ACCOUNT.$memphis.CONNZ")) {
                JsonNode connz = JSON.readTree(client.request("$SYS.REQ." + question, "{\"auth\":true}")).path("data");
                assertEquals("root", row(connz, name).path("authorized_user").asText(), question);
            }
            for (String page : List.of("SUBSZ", "JSZ", "HEALTHZ", "ACCOUNTZ", "ROUTEZ", "GATEWAYZ", "LEAFZ")) {
                JsonNode answer = JSON.readTree(client.request("$SYS.REQ.SERVER.PING." + page, "{}"));
                assertTrue(answer.path("data").isObject(), answer::toString);
            }
            assertEquals("$memphis", JSON.readTree(client.request("$SYS.REQ.ACCOUNT.$memphis.INFO", "")).path("data")
                    .path("account_name").asText());
            assertEquals("RELOAD is not supported by Memphis EE", JSON.readTree(client.request("$SYS.REQ.SERVER." + id
                    + ".RELOAD", "")).path("error").path("description").asText());
        }
    }

    @Test
    void shouldShowEveryFieldOfTheServersState() throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            client.flush();
            JsonNode varz = get("/varz");
            texts(varz, "server_id", "server_name", "version", "go", "host", "http_host", "http_base_path", "start",
                    "now", "uptime", "config_load_time", "system_account");
            assertEquals("2.10.7", varz.path("version").asText());
            numbers(varz, "proto", "port", "max_connections", "ping_interval", "ping_max", "http_port", "https_port",
                    "auth_timeout", "max_control_line", "max_payload", "max_pending", "tls_timeout", "write_deadline",
                    "mem", "cores", "gomaxprocs", "cpu", "connections", "total_connections", "routes", "remotes",
                    "leafnodes", "in_msgs", "out_msgs", "in_bytes", "out_bytes", "slow_consumers", "subscriptions");
            for (String object : List.of("cluster", "gateway", "leaf", "mqtt", "websocket", "http_req_stats")) {
                assertTrue(varz.path(object).isObject(), object);
            }
            numbers(varz.path("websocket"), "port", "handshake_timeout");
            numbers(varz.path("jetstream").path("config"), "max_memory", "max_storage", "sync_interval");
            JsonNode stats = varz.path("jetstream").path("stats");
            numbers(stats, "memory", "storage", "reserved_memory", "reserved_storage", "accounts", "ha_assets");
            numbers(stats.path("api"), "total", "errors");
            numbers(varz.path("slow_consumer_stats"), "clients", "routes", "gateways", "leafs");
            assertTrue(varz.path("connections").asInt() > 0);
            client.send("PUB monitor.count 5\r\nhello\r\n");
            client.flush();
            assertTrue(get("/varz").path("in_msgs").asLong() > varz.path("in_msgs").asLong());
            assertTrue(get("/varz").path("http_req_stats").path("/varz").asLong()
                    > varz.path("http_req_stats").path("/varz").asLong());
        }
    }

    @Test
    void shouldShowEachConnection() throws IOException {
        String name = unique("conn");
        try (RawConnection tcp = named(name);
                RawConnection web = RawConnection.login(broker, RawConnection.Door.WEBSOCKET)) {
            tcp.send("SUB " + name + ".a 1\r\nSUB " + name + ".b workers 2\r\nPUB " + name + ".a 3\r\nabc\r\n");
            tcp.readMessage();
            tcp.flush();
            web.flush();
            JsonNode connz = get("/connz?auth=1&subs=1");
            numbers(connz, "num_connections", "total", "offset", "limit");
            texts(connz, "server_id", "now");
            assertEquals(connz.path("total").asInt(), connz.path("connections").size());
            JsonNode row = row(connz, name);
            numbers(row, "cid", "port", "pending_bytes", "in_msgs", "out_msgs", "in_bytes", "out_bytes",
                    "subscriptions");
            texts(row, "kind", "type", "ip", "start", "last_activity", "uptime", "idle");
            assertEquals("nats", row.path("type").asText());
            assertEquals("raw", row.path("lang").asText());
            assertEquals("1.2.3", row.path("version").asText());
            assertEquals("root", row.path("authorized_user").asText());
            assertEquals("$memphis", row.path("account").asText());
            assertEquals(2, row.path("subscriptions").asInt());
            assertEquals(1, row.path("in_msgs").asLong());
            assertEquals(3, row.path("in_bytes").asLong());
            assertEquals(2, row.path("subscriptions_list").size());
            assertTrue(connz.toString().contains("\"type\":\"websocket\""), connz::toString);
            assertFalse(get("/connz").toString().contains("authorized_user"));
            JsonNode detail = get("/connz?subs=detail&cid=" + row.path("cid").asLong());
            assertEquals(1, detail.path("connections").size());
            assertTrue(detail.toString().contains("\"qgroup\":\"workers\""), detail::toString);
        }
    }

    @Test
    void shouldSortAndPageConnections() throws IOException {
        List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(named(unique("page")));
                for (int k = 0; k < i; k++) {
                    clients.get(i).send("SUB page.x" + k + ' ' + k + "\r\n");
                }
                clients.get(i).flush();
            }
            for (String sort : List.of("cid", "start", "subs", "pending", "msgs_to", "msgs_from", "bytes_to",
                    "bytes_from", "last", "idle", "uptime", "rtt")) {
                assertTrue(get("/connz?sort=" + sort).path("total").asInt() >= 3, sort);
            }
            JsonNode bySubs = get("/connz?sort=subs").path("connections");
            assertTrue(bySubs.get(0).path("subscriptions").asInt() >= bySubs.get(1).path("subscriptions").asInt());
            JsonNode page = get("/connz?sort=cid&offset=1&limit=1");
            assertEquals(1, page.path("num_connections").asInt());
            assertEquals(get("/connz?sort=cid").path("connections").get(1).path("cid"),
                    page.path("connections").get(0).path("cid"));
        } finally {
            for (RawConnection client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldRememberConnectionsThatWereClosed() throws IOException {
        String name = unique("closed");
        named(name).close();
        JsonNode row = Eventually.value("it is among the closed", WAIT,
                () -> row(get("/connz?state=closed&sort=stop&auth=1"), name), r -> !r.isMissingNode());
        texts(row, "stop", "reason", "uptime", "authorized_user");
        assertEquals("Client Closed", row.path("reason").asText());
        assertTrue(row(get("/connz"), name).isMissingNode());
        assertFalse(row(get("/connz?state=any"), name).isMissingNode());
    }

    @Test
    void shouldListSubscriptions() throws IOException {
        String subject = unique("subsz");
        try (RawConnection client = RawConnection.login(broker)) {
            client.send("SUB " + subject + ".* 7\r\nPUB " + subject + ".x 1\r\na\r\n");
            client.readMessage();
            client.flush();
            for (String path : List.of("/subsz", "/subscriptionsz")) {
                JsonNode counts = get(path);
                numbers(counts, "num_subscriptions", "num_cache", "num_inserts", "num_removes", "num_matches",
                        "cache_hit_rate", "max_fanout", "avg_fanout");
                texts(counts, "server_id", "now");
                assertEquals(10, counts.size(), counts::toString);
            }
            JsonNode list = get("/subsz?subs=1&limit=100000");
            assertEquals(list.path("num_subscriptions").asInt(), list.path("subscriptions_list").size());
            JsonNode found = get("/subsz?test=" + subject + ".x").path("subscriptions_list");
            assertEquals(1, found.size());
            assertEquals(subject + ".*", found.get(0).path("subject").asText());
            assertEquals(1, found.get(0).path("msgs").asLong());
            assertEquals(1, get("/subsz?subs=1&limit=1").path("subscriptions_list").size());
        }
    }

    @Test
    void shouldShowWhatStreamsAndConsumersHave() throws IOException {
        String station = unique("jsz") + ".b";
        String internal = station.replace('.', '#');
        try (RawConnection client = RawConnection.login(broker)) {
            assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + station
                    + "\",\"retention_type\":\"messages\",\"retention_value\":1000,\"storage_type\":\"file\",\"replicas\":1,"
                    + "\"idempotency_window_in_ms\":0,\"dls_configuration\":{\"poison\":true,\"schemaverse\":true},"
                    + "\"username\":\"root\",\"partitions_number\":2}"));
            String first = internal + "$1";
            assertTrue(client.request("$JS.API.CONSUMER.CREATE." + first + ".reader", "{\"stream_name\":\"" + first
                    + "\",\"config\":{\"name\":\"reader\",\"durable_name\":\"reader\",\"ack_policy\":\"explicit\"}}")
                    .contains("\"num_pending\":0"));
            for (int i = 0; i < 5; i++) {
                assertTrue(client.request(first + ".final", "m" + i).contains("\"seq\""));
            }
            JsonNode account = get("/jsz?consumers=true&config=true").path("account_details").get(0);
            assertEquals("$memphis", account.path("name").asText());
            JsonNode stream = stream(account, first);
            assertFalse(stream(account, internal + "$2").isMissingNode());
            JsonNode state = stream.path("state");
            assertEquals(5, state.path("messages").asLong());
            assertEquals(1, state.path("first_seq").asLong());
            assertEquals(5, state.path("last_seq").asLong());
            assertEquals(1, state.path("consumer_count").asInt());
            numbers(state, "bytes");
            texts(state, "first_ts", "last_ts");
            assertTrue(stream.path("config").path("subjects").isArray());
            JsonNode consumer = stream.path("consumer_detail").get(0);
            assertEquals("reader", consumer.path("name").asText());
            assertEquals(first, consumer.path("stream_name").asText());
            numbers(consumer, "num_ack_pending", "num_redelivered", "num_waiting", "num_pending");
            numbers(consumer.path("delivered"), "consumer_seq", "stream_seq");
            numbers(consumer.path("ack_floor"), "consumer_seq", "stream_seq");
            assertEquals(5, consumer.path("num_pending").asLong());
            assertEquals(new java.math.BigInteger("18446744073709551615"), account.path("reserved_storage").bigIntegerValue(),
                    "no limit, in a number without sign");
            JsonNode all = get("/jsz");
            numbers(all, "memory", "storage", "reserved_memory", "reserved_storage", "accounts", "ha_assets", "streams",
                    "consumers", "messages", "bytes");
            assertFalse(all.has("account_details"));
            shouldKnowObjectsByName(first);
            client.request("$memphis_station_destructions", "{\"station_name\":\"" + station
                    + "\",\"username\":\"root\"}");
            assertTrue(stream(get("/jsz?streams=true").path("account_details").get(0), first).isMissingNode());
        }
    }

    private static void shouldKnowObjectsByName(String stream) throws IOException {
        String query = "/healthz?account=$memphis&stream=" + stream.replace("#", "%23");
        assertEquals(200, ask("GET", query).code());
        assertEquals(200, ask("GET", query + "&consumer=reader").code());
        assertEquals(404, ask("GET", query + "&consumer=nobody").code());
        assertEquals(404, ask("GET", query + "x").code());
        assertEquals(404, ask("GET", "/healthz?account=nobody").code());
        Answer bad = ask("GET", "/healthz?stream=" + stream);
        assertEquals(400, bad.code());
        assertEquals("{\"status\":\"error\",\"error\":\"\\\"account\\\" must not be empty when checking stream health\"}",
                bad.body());
    }

    private static JsonNode stream(JsonNode account, String name) {
        for (JsonNode stream : account.path("stream_detail")) {
            if (stream.path("name").asText().equals(name)) {
                return stream;
            }
        }
        return JSON.missingNode();
    }

    @Test
    void shouldShowAccountsWithTheirTraffic() throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            client.flush();
            JsonNode accounts = get("/accountz");
            assertTrue(accounts.path("accounts").toString().contains("\"$memphis\""), accounts::toString);
            assertTrue(get("/accountz?acc=$memphis").path("account_detail").path("client_connections").asInt() > 0);
            JsonNode statistics = get("/accstatz").path("account_statz").get(0);
            assertEquals("$memphis", statistics.path("acc").asText());
            numbers(statistics, "conns", "leafnodes", "total_conns", "num_subscriptions", "slow_consumers");
            numbers(statistics.path("sent"), "msgs", "bytes");
            numbers(statistics.path("received"), "msgs", "bytes");
            assertEquals(2, get("/accstatz?unused=1").path("account_statz").size());
        }
    }

    @Test
    void shouldHaveNoLinksToOtherServers() throws IOException {
        assertEquals(0, get("/routez").path("num_routes").asInt());
        assertTrue(get("/routez").path("routes").isArray());
        assertEquals(0, get("/gatewayz").path("outbound_gateways").size());
        assertEquals(0, get("/leafz").path("leafs").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stacksz", "/ipqueuesz", "/raftz", "/debug/vars"})
    void shouldNotKnow(String path) throws IOException {
        Answer answer = ask("GET", path);
        assertEquals(404, answer.code());
        assertTrue(answer.type().startsWith("text/plain"), answer.type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/connz?subs=x", "/connz?limit=x", "/connz?sort=x", "/connz?sort=stop", "/connz?state=x",
        "/subsz?subs=x", "/subsz?test=a.*", "/jsz?consumers=x", "/varz?callback=alert(1)", "/healthz?details=x"})
    void shouldRefuseBadParameters(String path) throws IOException {
        Answer answer = ask("GET", path);
        assertEquals(400, answer.code(), answer::body);
        assertTrue(answer.type().startsWith("text/plain"), answer.type());
    }

    @Test
    void shouldAnswerScriptsOfOtherPages() throws IOException {
        Answer plain = ask("GET", "/connz");
        assertEquals("*", plain.origin());
        assertEquals("application/json", plain.type());
        Answer wrapped = ask("GET", "/varz?callback=show");
        assertTrue(wrapped.type().startsWith("application/javascript"), wrapped.type());
        assertTrue(wrapped.body().startsWith("show({") && wrapped.body().endsWith("})"), wrapped.body());
    }

    @Test
    void shouldAnswerGetAndHeadOnly() throws IOException {
        assertEquals(200, ask("HEAD", "/").code());
        assertEquals(200, ask("GET", "//connz").code());
        assertEquals(405, ask("POST", "/varz").code());
        assertEquals(405, ask("DELETE", "/").code());
    }

    @Test
    void shouldCheckPartByPart() throws IOException {
        JsonNode ready = JSON.readTree(broker.http(broker.ports().metrics(), "/health/ready").body());
        List<String> names = new ArrayList<>();
        ready.path("checks").forEach(check -> names.add(check.path("name").asText()));
        assertTrue(names.containsAll(List.of("listeners", "streams", "storage-space", "metadata", "draining")),
                names::toString);
        String started = broker.http(broker.ports().metrics(), "/health/started").body();
        assertTrue(started.contains("startup-storage") && started.contains("startup-metadata")
                && started.contains("startup-listeners"), started);
        assertTrue(broker.http(broker.ports().metrics(), "/health/live").body().contains("process"));
    }
}
