package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.RawConnection.Door;
import org.memphisee.it.support.RawMessage;

/** The live channel of dashboards of Memphis (management-api.md 14): W-00 to W-11, as nats.ws speaks to it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class LiveTopicsIT extends ManagementFixture {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SESSION = "{'username':'root','password':'%s'}";

    private static String password() {
        return Management.anonymous(broker).post("usermgmt/login", SESSION.formatted(broker.password())).member("internal_ws_pass");
    }

    private static RawConnection viewer() throws IOException {
        RawConnection web = RawConnection.open(broker, Door.WEBSOCKET);
        web.readLine();
        web.send("CONNECT {\"user\":\"$memphis_user$1\",\"pass\":\"" + password() + "\",\"verbose\":false,\"pedantic\":false,"
                + "\"headers\":true,\"no_responders\":true,\"protocol\":1,\"lang\":\"nats.ws\",\"version\":\"1.18.0\"}\r\nPING\r\n");
        assertEquals("PONG", web.readOperation());
        return web;
    }

    /** What is told about a topic first. */
    private static JsonNode follow(RawConnection web, String topic) throws IOException {
        JsonNode answer = JSON.readTree(web.request("$memphis_ws_subs." + topic, "SUB"));
        String subject = "$memphis_ws_pubs." + topic + "." + answer.path("name").asText();
        web.send("SUB " + subject + " t" + topic.length() + "\r\n"); // an id of its own, or it would be taken for a repetition
        RawMessage told = web.readMessage();
        assertEquals(subject, told.subject());
        return JSON.readTree(told.payload());
    }

    private static List<String> members(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"main_overview_data|monitoring/getMainOverviewData|",
        "get_all_stations_data|stations/getStations|stations", "get_all_schema_data|schemas/getAllSchemas|",
        "get_async_tasks|asyncTasks/getAsyncTasks|async_tasks", "get_graph_overview|monitoring/getGraphOverview|"})
    void shouldTellWhatTheApiAnswers(String topic, String path, String member) throws IOException {
        assertEquals(200, root.post("stations/createStation", "{'name':'" + name + "','partitions_number':2}").code());
        assertEquals(200, root.post("schemas/createNewSchema",
                "{'name':'" + name + "','type':'json','schema_content':'{}'}").code());
        try (RawConnection web = viewer()) {
            JsonNode told = follow(web, topic);
            JsonNode answer = JSON.readTree(root.get(path).body());
            JsonNode wanted = member == null ? answer : answer.get(member);
            assertEquals(wanted.isArray(), told.isArray());
            if (wanted.isArray()) {
                assertEquals(wanted.size(), told.size());
                assertTrue(told.isEmpty() || members(told.get(0)).equals(members(wanted.get(0))), told.toString());
            } else {
                assertEquals(members(wanted), members(told));
                assertTrue(told.get("stations").toString().contains(name), told.toString());
            }
        } finally {
            root.delete("schemas/removeSchema", "{'schema_names':['" + name + "']}");
        }
    }

    @Test
    void shouldTellOfOneStationWhoseNameHasDots() throws IOException {
        root.post("stations/createStation", "{'name':'" + name + "','partitions_number':2}");
        root.post("stations/produce", "{'station_name':'" + name + "','partition_number':-1,'message_payload':'hello','amount':1}");
        try (RawConnection web = viewer()) {
            JsonNode told = follow(web, "station_overview_data." + name + ".-1");
            assertEquals(1, told.path("total_messages").asInt(), told.toString());
            assertEquals("68656c6c6f", told.path("messages").path(0).path("data").asText());
        }
    }

    /** Without a level and a source too, which is what the pages begin with. */
    @ParameterizedTest
    @ValueSource(strings = {"syslogs_data", "syslogs_data.info", "syslogs_data.external", "syslogs_data.info.empty",
        "syslogs_data.err.rest-gateway"})
    void shouldTellWhatTheServerSaid(String topic) throws IOException {
        try (RawConnection web = viewer()) {
            JsonNode told = follow(web, topic);
            assertTrue(told.path("logs").isArray() && told.path("logs").size() <= 100, told.toString());
            assertEquals(topic.endsWith("rest-gateway"), told.path("logs").isEmpty());
            told.path("logs").forEach(line -> assertEquals(
                    List.of("message_seq", "type", "source", "data", "created_at"), members(line)));
        }
    }

    @Test
    void shouldTellThatNothingHappenedAndOfNoFunctions() throws IOException {
        try (RawConnection web = viewer()) {
            assertEquals("[]", follow(web, "get_system_messages").toString());
            assertEquals("{\"installed_functions\":[],\"other_functions\":[],\"scm_integrated\":false,\"connected_repos\":[]}",
                    follow(web, "get_all_functions").toString());
        }
    }

    /** No answer, as in the reference: requests run into their time limit. The connection stays. */
    @ParameterizedTest
    @ValueSource(strings = {"unknown", "main_overview_data.more", "station_overview_data", "station_overview_data.x",
        "station_overview_data.x.0", "station_overview_data.x.y", "poison_message_journey_data", "poison_message_journey_data.x",
        "poison_message_journey_data.99999999999999999999", "get_functions_overview.x"})
    void shouldNotAnswerForTopicsThatAreNone(String topic) throws IOException {
        try (RawConnection web = viewer()) {
            web.send("SUB _INBOX.mine.* 1\r\nPUB $memphis_ws_subs." + topic + " _INBOX.mine.1 3\r\nSUB\r\nPING\r\n");
            assertEquals("PONG", web.readOperation());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"station_overview_data.nowhere.-1", "station_overview_data.a&b=%zz.1",
        "poison_message_journey_data.4711"})
    void shouldAnswerAndTellNothingOfWhatIsNotThere(String topic) throws IOException {
        try (RawConnection web = viewer()) {
            assertEquals("{\"name\":\"memphis-0\"}", web.request("$memphis_ws_subs." + topic, "no SUB"));
            web.send("SUB $memphis_ws_pubs." + topic + ".memphis-0 t\r\nPING\r\n");
            assertEquals("PONG", web.readOperation());
            assertTrue(follow(web, "get_all_stations_data").isArray(), "what comes next is about what is there");
        }
    }

    @Test
    void shouldLetNobodyElseIn() throws IOException {
        String pass = password();
        assertTrue(pass.length() >= 12, pass);
        assertEquals(pass, password(), "two people follow the same topics");
        root.addUser(name, "management", PASSWORD, ",'allow_read_permissions':['other.*']");
        assertEquals("", Management.anonymous(broker).post("usermgmt/login",
                "{'username':'" + name + "','password':'" + PASSWORD + "'}").member("internal_ws_pass"));
        for (Door door : Door.values()) {
            try (RawConnection client = RawConnection.open(broker, door)) {
                client.readLine();
                client.send("CONNECT {\"user\":\"$memphis_user$1\",\"pass\":\"" + (door == Door.TCP ? pass : "wrong")
                        + "\",\"verbose\":false}\r\nPING\r\n");
                assertEquals("-ERR 'Authorization Violation'", client.readOperation());
            }
        }
        try (RawConnection web = viewer()) {
            web.send("PUB x 0\r\n\r\nSUB > 1\r\nPING\r\n");
            assertTrue(web.readOperation().startsWith("-ERR 'Permissions Violation for Publish to"), "publish");
            assertTrue(web.readOperation().startsWith("-ERR 'Permissions Violation for Subscription to"), "subscription");
            assertEquals("PONG", web.readOperation());
        }
    }
}
