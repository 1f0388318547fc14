package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.it.access.Management.assertAnswer;
import static org.memphisee.it.access.Management.assertShowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memphisee.it.access.Management.Answer;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;

/** The management API over HTTP, row by row (management-api.md 18). */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ManagementApiIT extends ManagementFixture {

    /** Publishes and waits until it is stored. */
    private static void publish(String subject, String headers, String payload) throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.send("SUB _INBOX.pub.* 1\r\nHPUB " + subject + " _INBOX.pub.1 " + headers.length() + ' '
                    + (headers.length() + payload.length()) + "\r\n" + headers + payload + "\r\n");
            String ack = connection.readMessage().payload();
            assertTrue(ack.contains("\"seq\":"), ack);
        }
    }

    /** M-000, M-128. */
    @Test
    void shouldTellItsStatusToAnybody() {
        Management nobody = Management.anonymous(broker);
        assertAnswer(200, "{'message':'Ok'}", nobody.get("status"));
        Answer head = nobody.call("HEAD", "status", "");
        assertEquals(200, head.code());
        assertEquals("application/json; charset=utf-8", head.header("Content-Type"));
    }

    /** M-020, M-021, M-022, M-025. */
    @Test
    void shouldCreateAStationWithDefaultsAndListIt() {
        Answer created = root.post("stations/createStation", "{'NAME':'" + name.toUpperCase(java.util.Locale.ROOT) + "'}");
        assertEquals(200, created.code(), created.body());
        assertTrue(created.body().contains("\"name\":\"" + name + "\",\"retention_type\":\"message_age_sec\","
                + "\"retention_value\":3600,\"storage_type\":\"disk\",\"replicas\":1,\"created_by_username\":\"root\""),
                created.body());
        assertShowable("Station " + name + " already exists",
                root.post("stations/createStation", "{'name':'" + name + "'}"));
        Answer one = root.get("stations/getStation?station_name=" + name);
        assertTrue(one.body().contains("\"dls_configuration\":{\"poison\":false,\"schemaverse\":false}"), one.body());
        assertTrue(one.body().contains("\"partitions_list\":[1],\"partitions_number\":1"), one.body());
        assertEquals("120000", one.member("idempotency_window_in_ms"));
        assertShowable("Station nowhere does not exist", root.get("stations/getStation?station_name=nowhere"));
        assertTrue(root.get("stations/getAllStations").body().contains("\"name\":\"" + name + "\",\"retention_type\""));
        Answer rows = root.get("stations/getStations");
        assertTrue(rows.body().startsWith("{\"stations\":[{\"station\":{\"id\":" + one.member("id") + ",\"name\":\"" + name),
                "newest first: " + rows.body().substring(0, 200));
        assertTrue(rows.body().contains("\"posion_messages\":0"), "the reference's spelling");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{'name':'-a'}|Station name can not start or end with non alphanumeric character",
        "{'name':'a b'}|Only alphanumeric and the '_', '-', '.' characters are allowed in Station",
        "{'name':'aa','retention_type':'x'}|retention type can be one of the following message_age_sec/messages/bytes/ack_based",
        "{'name':'aa','storage_type':'x'}|storage type can be one of the following file/memory",
        "{'name':'aa','partitions_number':0}|cannot create station with 0 partitions (max:10000 min:1): Station aa",
        "{'name':'aa','partitions_number':10001}|cannot create station with 10001 partitions (max:10000 min:1): Station aa",
        "{'name':'aa','schema_name':'s'}|Schema s does not exist",
        "{'name':'aa','idempotency_window_in_ms':86400001}|idempotency window can not exceed 24 hours",
        "{'name':'aa','retention_value':60,'idempotency_window_in_ms':61000}|idempotency window cannot be greater than the station retention",
        "{'name':'aa','replicas':3}|Station can not be created, probably since replicas count is larger than the cluster size"
    })
    void shouldSayWhyAStationIsRefused(String body, String text) {
        assertShowable(text, root.post("stations/createStation", body));
    }

    /** M-023, M-062: looking has no effect. */
    @Test
    void shouldShowTheLastMessagesWithoutAConsumer() throws IOException {
        root.post("stations/createStation", "{'name':'" + name + "','partitions_number':2}");
        String stream = name.replace('.', '#');
        publish(stream + "$1.final", "", "one");
        publish(stream + "$2.final", "NATS/1.0\r\n$memphis_producedBy: Prod\r\n$memphis_connectionId: c1\r\nk: v\r\n\r\n",
                "x".repeat(100));
        Answer all = root.get("monitoring/getStationOverviewData?station_name=" + name + "&partition_number=-1");
        assertEquals(200, all.code(), all.body());
        assertEquals("2", all.member("total_messages"));
        int one = all.body().indexOf("\"message_seq\":1,\"produced_by\":\"\",\"data\":\"6f6e65\"");
        int two = all.body().indexOf("\"message_seq\":1,\"produced_by\":\"prod\",\"data\":\"" + "78".repeat(40) + '"');
        assertTrue(one > 0 && two > one, all.body());
        assertTrue(all.body().contains("\"connection_id\":\"c1\",\"size\":172,\"payload_size\":100,\"headers\":{\"k\":\"v\"},\"partition\":2"),
                all.body());
        Answer second = root.get("monitoring/getStationOverviewData?station_name=" + name + "&partition_number=2");
        assertFalse(second.body().contains("6f6e65"), second.body());
        assertEquals("1", second.member("total_messages"));
        assertEquals("memphis-0", second.member("leader"));
        assertShowable("Partition number 3 does not exist",
                root.get("monitoring/getStationOverviewData?station_name=" + name + "&partition_number=3"));
        Answer details = root.get("stations/getMessageDetails?station_name=" + name + "&partition_number=2&message_seq=1");
        assertEquals("prod", details.member("name"));
        assertEquals("78".repeat(100), details.member("data"));
        assertShowable("The message was not found since it had probably already been deleted",
                root.get("stations/getMessageDetails?station_name=" + name + "&partition_number=2&message_seq=2"));
        assertShowable("The message was not found since it had probably already been deleted", root.get(
                "stations/getMessageDetails?station_name=" + name + "&partition_number=4294967298&message_seq=1"));
        assertAnswer(400, "{'message':[{'field':'partition_number','reason':'required'}]}",
                root.get("stations/getMessageDetails?station_name=" + name + "&message_seq=2"));
        try (RawConnection connection = RawConnection.login(broker)) {
            String info = connection.request("$JS.API.CONSUMER.NAMES." + stream + "$1", "");
            assertTrue(info.contains("\"consumers\":[]"), info);
        }
    }

    @Test
    void shouldShowTheNewestThousandMessagesInBoundedTime() throws IOException {
        root.post("stations/createStation", "{'name':'" + name + "'}");
        String subject = name.replace('.', '#') + "$1.final";
        try (RawConnection connection = RawConnection.login(broker)) {
            for (int i = 1; i < 1_200; i++) {
                connection.send("PUB " + subject + " 5\r\n" + String.format("%05d", i) + "\r\n");
            }
            connection.request(subject, "01200"); // stored after all the others
        }
        long begin = System.nanoTime();
        Answer answer = root.get("monitoring/getStationOverviewData?station_name=" + name + "&partition_number=1");
        assertEquals(1_000, answer.body().split("\"message_seq\":").length - 1);
        assertTrue(answer.body().indexOf("\"message_seq\":201,") < answer.body().indexOf("\"message_seq\":1200,"));
        assertFalse(answer.body().contains("\"message_seq\":200,"));
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5), "M-062 asks for 1 s on a quiet machine");
    }

    /** M-062: who uses the station. */
    @Test
    void shouldShowProducersAndGroups() throws IOException {
        root.post("stations/createStation", "{'name':'" + name + "'}");
        try (RawConnection sdk = RawConnection.login(broker, "\"verbose\":false,\"pedantic\":false,\"headers\":true,"
                + "\"no_responders\":true,\"lang\":\"nats.js\",\"name\":\"uuid-" + name + "::root\"")) {
            sdk.request("$memphis_producer_creations", "{\"name\":\"p1\",\"station_name\":\"" + name
                    + "\",\"connection_id\":\"uuid-" + name + "\",\"producer_type\":\"application\",\"req_version\":4}");
            sdk.request("$memphis_consumer_creations", "{\"name\":\"c1\",\"station_name\":\"" + name + "\",\"connection_id\":"
                    + "\"uuid-" + name + "\",\"consumer_type\":\"application\",\"consumers_group\":\"g1\","
                    + "\"max_ack_time_ms\":30000,\"max_msg_deliveries\":2,\"start_consume_from_sequence\":1,"
                    + "\"last_messages\":-1,\"req_version\":4}");
            publish(name.replace('.', '#') + "$1.final", "", "one");
            Answer answer = root.get("monitoring/getStationOverviewData?station_name=" + name + "&partition_number=-1");
            assertTrue(answer.body().contains("\"connected_producers\":[{\"id\":1,\"name\":\"p1\""), answer.body());
            assertTrue(answer.body().contains("\"connected_cgs\":[{\"name\":\"g1\",\"unprocessed_messages\":1"),
                    answer.body());
            assertTrue(answer.body().contains("\"connected_consumers\":[{\"id\":1,\"name\":\"c1\""), answer.body());
            assertTrue(root.get("stations/getStations").body().contains("\"activity\":true"));
        }
    }

    /** M-025, M-062: tags with their colours, whose dead-letter station it is, durables of plain clients. */
    @Test
    void shouldShowTagsDeadLetterStationsAndPlainDurables() throws IOException {
        assertAnswer(400, "{'message':[{'field':'name','reason':'max=20'},{'field':'color','reason':'R, G, B'},"
                + "{'field':'name','reason':'required'}]}", root.post("stations/createStation", "{'name':'" + name
                + "','tags':[{'name':'" + "t".repeat(21) + "','color':'1, 2, 3'},{'name':'a','color':'red'},{'name':''}]}"));
        String dead = name + ".dead";
        assertEquals(200, root.post("stations/createStation", "{'name':'" + name + "','dls_station':'" + dead
                + "','tags':[{'name':'Paid','color':'1, 2, 3'},{'name':'plain'}]}").code());
        String one = root.get("stations/getStation?station_name=" + name).body();
        assertTrue(one.contains("\"tags\":[{\"name\":\"paid\",\"color\":\"1, 2, 3\"},"
                + "{\"name\":\"plain\",\"color\":\"101, 87, 255\"}]"), one);
        String overview = root.get("monitoring/getStationOverviewData?station_name=" + dead + "&partition_number=-1").body();
        assertTrue(overview.contains("\"act_as_dls_station_in_stations\":[\"" + name + "\"]"), overview);
        try (RawConnection plain = RawConnection.login(broker)) {
            String stream = name.replace('.', '#') + "$1";
            plain.request("$JS.API.CONSUMER.DURABLE.CREATE." + stream + ".plain", "{\"stream_name\":\"" + stream
                    + "\",\"config\":{\"durable_name\":\"plain\",\"ack_policy\":\"explicit\"}}");
        }
        String groups = root.get("monitoring/getStationOverviewData?station_name=" + name + "&partition_number=-1").body();
        assertTrue(groups.contains("\"disconnected_cgs\":[{\"name\":\"plain\""), groups);
        root.delete("stations/removeStation", "{'station_names':['" + dead + "']}");
    }

    /** M-026. */
    @Test
    void shouldRemoveAllNamedStationsOrNone() throws IOException {
        root.post("stations/createStation", "{'name':'" + name + "'}");
        assertShowable("Station nowhere does not exist",
                root.delete("stations/removeStation", "{'station_names':['" + name + "','nowhere']}"));
        assertEquals(200, root.get("stations/getStation?station_name=" + name).code());
        try (RawConnection listener = RawConnection.login(broker)) {
            listener.send("SUB $memphis_sdk_clients_updates 1\r\n");
            listener.flush();
            assertAnswer(200, "{}", root.delete("stations/removeStation",
                    "{'station_names':['" + name + "','" + name.toUpperCase(java.util.Locale.ROOT) + "']}"));
            assertTrue(listener.readMessage().payload().contains("remove_station"));
        }
        assertShowable("Station " + name + " does not exist", root.get("stations/getStation?station_name=" + name));
    }

    /** M-063. */
    @Test
    void shouldShowWhatTheServerSaid() throws IOException {
        JsonNode logs = new ObjectMapper().readTree(root.get("monitoring/getSystemLogs?log_type=external&start_index=-1").body())
                .path("logs");
        assertTrue(logs.size() > 0 && logs.size() <= 100, logs.toString());
        assertTrue(logs.get(0).path("data").asText().startsWith("MEE"), logs.toString());
        assertEquals(0, new ObjectMapper().readTree(root.get("monitoring/getSystemLogs?log_type=external&log_source=other"
                + "&start_index=-1").body()).path("logs").size());
        assertEquals(400, root.get("monitoring/getSystemLogs?log_type=external&start_index=0").code());
        assertEquals(400, root.get("monitoring/getSystemLogs").code());
    }

    /** F-179. */
    @Test
    void shouldTellWhoMadeAndRemovedAStation() throws IOException {
        assertEquals(200, root.post("stations/createStation", "{'name':'" + name + "','retention_value':77}").code());
        assertEquals(200, root.delete("stations/removeStation", "{'station_names':['" + name + "']}").code());

        JsonNode page = new ObjectMapper().readTree(root.get("v2/audit?kind=station&object=" + name).body());

        assertEquals(2, page.path("entries").size(), page.toString());
        JsonNode removed = page.path("entries").get(0);
        assertEquals("station_deleted", removed.path("action").asText());
        assertEquals("root", removed.path("user").asText());
        assertEquals("management", removed.path("door").asText());
        assertEquals("127.0.0.1", removed.path("address").asText());
        assertEquals(77, removed.path("before").path("retentionValue").asInt());
        assertTrue(removed.path("after").isNull());
        String then = page.path("entries").get(1).path("at").asText();
        assertEquals(77, definitionAt(then).path("retentionValue").asInt());
        assertTrue(definitionAt("2100-01-01T00:00:00Z").isNull());
        assertEquals(400, root.get("v2/audit?from=yesterday").code());
        assertEquals(400, root.get("v2/audit/definition?kind=station").code());
    }

    private JsonNode definitionAt(String time) throws IOException {
        return new ObjectMapper().readTree(root.get("v2/audit/definition?kind=station&object=" + name + "&at=" + time).body())
                .path("definition");
    }

    /** M-060, M-065, M-066. */
    @Test
    void shouldTellFiguresOfTheServer() {
        assertTrue(Management.anonymous(broker).get("monitoring/getClusterInfo").member("version")
                .matches("\\d+\\.\\d+\\.\\d+"));
        assertAnswer(200, "{'available_replicas':1}", root.get("monitoring/getAvailableReplicas"));
        Answer info = root.get("monitoring/getSystemGeneralInfo");
        assertEquals("1", info.member("total_amount_brokers"));
        assertTrue(Integer.parseInt(info.member("total_users")) >= 1);
    }

    /** M-061, O-050: the same figures as the monitor's. */
    @Test
    void shouldShowTheWholeBrokerAtAGlance() throws IOException {
        root.post("stations/createStation", "{'name':'" + name + "','partitions_number':2}");
        String stream = name.replace('.', '#');
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.request("$JS.API.CONSUMER.DURABLE.CREATE." + stream + "$2.late", "{\"stream_name\":\"" + stream
                    + "$2\",\"config\":{\"durable_name\":\"late\",\"ack_policy\":\"explicit\"}}");
        }
        publish(stream + "$1.final", "", "one");
        publish(stream + "$2.final", "", "two");
        publish(stream + "$2.final", "", "three");

        JsonNode overview = Eventually.value("throughput of a few seconds", Duration.ofSeconds(30),
                () -> new ObjectMapper().readTree(root.get("monitoring/getMainOverviewData").body()),
                found -> found.path("brokers_throughput").path(0).path("write").size() > 2);
        JsonNode jsz = new ObjectMapper().readTree(broker.http(broker.ports().monitor(), "/jsz").body());
        assertEquals(jsz.path("messages").asLong(), overview.path("total_messages").asLong(), overview.toString());
        assertEquals(root.get("monitoring/getSystemGeneralInfo").member("total_stations"),
                overview.path("total_stations").asText());
        JsonNode light = stationIn(overview.path("stations"), "name");
        assertEquals(3, light.path("total_messages").asInt(), light.toString());
        assertTrue(light.path("tags").isMissingNode(), light.toString());
        assertEquals("[{\"cg_name\":\"late\",\"num_of_delayed_msgs\":2}]",
                stationIn(overview.path("delayed_cgs"), "station_name").path("cgs").toString());
        assertEquals("total", overview.path("brokers_throughput").path(0).path("name").asText());
        assertEquals("memphis-0", overview.path("brokers_throughput").path(1).path("name").asText());
        assertEquals(List.of("memphis", "memphis-metadata", "memphis-rest-gateway"),
                overview.path("system_components").findValuesAsText("name").stream()
                        .filter(component -> !component.equals("memphis-0")).distinct().toList());
        JsonNode broker0 = overview.path("system_components").path(0);
        assertTrue(broker0.findPath("memory").path("current").asLong() > 50_000_000, broker0.toString());
        assertTrue(broker0.findPath("storage").path("total").asLong() > 0, broker0.toString());
        assertTrue(overview.path("metrics_enabled").asBoolean() && !overview.path("k8s_env").asBoolean(true));
    }

    private JsonNode stationIn(JsonNode list, String member) {
        for (JsonNode one : list) {
            if (one.path(member).asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }

    /** M-120, M-126. */
    @Test
    void shouldSayWhatIsWrongWithABody() {
        for (String body : new String[] {"{", "[]", "1", "{'username':1,'password':'x'}", "{'username':['a']}", "{} {}"}) {
            assertAnswer(400, "{'message':'Body params have to be in JSON format'}",
                    Management.anonymous(broker).post("usermgmt/login", body));
        }
        assertAnswer(400, "{'message':[{'field':'username','reason':'required'},{'field':'password','reason':'required'}]}",
                Management.anonymous(broker).post("usermgmt/login", "{'username':'','password':null,'other':[1]}"));
        assertAnswer(400, "{'message':[{'field':'name','reason':'max=128'}]}",
                root.post("stations/createStation", "{'name':'" + "n".repeat(129) + "'}"));
        assertEquals(413, Management.anonymous(broker).post("usermgmt/login", "x".repeat(20_000)).code());
    }

    /** M-124. */
    @Test
    void shouldKnowItsPaths() {
        Management nobody = Management.anonymous(broker);
        assertAnswer(404, "{'message':'Not found'}", nobody.get("nothing/here"));
        assertEquals(404, nobody.get("Usermgmt/login").code());
        Answer method = nobody.get("usermgmt/login");
        assertAnswer(405, "{'message':'Method not allowed'}", method);
        assertEquals("POST", method.header("Allow"));
        Answer slash = nobody.get("status/?a=b");
        assertEquals("301 /api/status?a=b", slash.code() + " " + slash.header("Location"));
        assertEquals(307, nobody.post("usermgmt/login/", "{}").code());
    }

    /** M-125. */
    @Test
    void shouldRefusePagesOfOtherHosts() {
        String own = "http://" + broker.host() + ':' + broker.ports().dashboard();
        assertEquals(200, root.call("GET", "stations/getStations", "", "Origin", own).code());
        for (String origin : new String[] {"http://evil.example", "null", own + ".evil.example", "http://" + broker.host()}) {
            Answer refused = root.call("GET", "stations/getStations", "", "Origin", origin);
            assertEquals(403, refused.code(), origin);
            assertEquals("", refused.header("Access-Control-Allow-Origin"), origin);
        }
        assertEquals(204, root.call("OPTIONS", "stations/getStations", "", "Origin", own).code());
    }

    /** M-115. */
    @Test
    void shouldNotHaveWhatTheHostedEditionHas() {
        for (String path : List.of("billing/getBill", "usermgmt/getAllowedActions", "tenants/createTenant")) {
            Answer answer = root.get(path);
            assertEquals(404, answer.code(), path);
            assertEquals("application/json; charset=utf-8", answer.header("Content-Type"), path);
        }
    }

    /** Begins a large request and sends no more than its first byte. */
    private static Socket hesitating() throws IOException {
        Socket socket = new Socket(broker.host(), broker.ports().dashboard());
        socket.getOutputStream().write(("POST /api/v2/definitions/diff HTTP/1.1\r\nHost: localhost:" + broker.ports().dashboard()
                + "\r\nAuthorization: Bearer " + root.token() + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    @Test
    void shouldReadTwoLargeRequestsAtATimeAndRefuseMore() throws IOException {
        String busy = "The broker is busy with other large requests, try again";
        try (Socket first = hesitating(); Socket second = hesitating()) {
            assertTrue(first.isConnected() && second.isConnected());
            Eventually.await("a third one is refused", () -> {
                Answer third = root.post("v2/definitions/diff", "{}");
                return third.code() == 503 && third.body().contains(busy);
            });
            assertEquals(200, root.get("status").code(), "others do not notice");
        }
        Eventually.await("the two are gone", () -> root.post("v2/definitions/diff", "{}").code() != 503);
    }
}
