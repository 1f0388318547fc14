package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.access.Management.Answer;

/** Rows of the management API drawn from all of its groups: status and texts as the dashboard of Memphis knows them. */
final class ManagementRowsIT extends ManagementFixture {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode ok(Answer answer) throws IOException {
        assertEquals(200, answer.code(), answer.body());
        return JSON.readTree(answer.body());
    }

    private static void shows(String text, Answer answer) throws IOException {
        assertEquals(406, answer.code(), answer.body());
        assertEquals(text, JSON.readTree(answer.body()).path("message").asText());
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        keys.sort(null);
        return keys;
    }

    private void station() throws IOException {
        ok(root.post("stations/createStation", "{'name':'" + name + "','partitions_number':2}"));
    }

    /** M-007. */
    @Test
    void shouldListApplicationUsersOnlyAndNoSecretOfThem() throws IOException {
        root.addUser(name, "application", PASSWORD, "");
        root.addUser(name + "b", "management", PASSWORD, "");
        JsonNode users = ok(root.get("usermgmt/getApplicationUsers"));
        assertTrue(users.findValuesAsText("username").contains(name), users::toString);
        assertFalse(users.findValuesAsText("username").contains(name + "b"));
        users.forEach(user -> {
            assertEquals("application", user.path("user_type").asText());
            assertEquals("", user.path("password").asText("?"));
            assertTrue(user.path("roles").isArray(), user::toString);
        });
    }

    /** M-017: who made schemas can be filtered by. */
    @Test
    void shouldFilterSchemasByWhoMadeThem() throws IOException {
        ok(root.post("schemas/createNewSchema", "{'name':'rows.filter','type':'json','schema_content':'{}'}"));
        try {
            JsonNode filters = ok(root.get("usermgmt/getFilterDetails?route=schemaverse"));
            assertTrue(filters.path("users").toString().contains("\"root\""), filters::toString);
        } finally {
            ok(root.delete("schemas/removeSchema", "{'schema_names':['rows.filter']}"));
        }
    }

    /** M-020, M-021a. */
    @ParameterizedTest
    @ValueSource(strings = {"stations/getStation?station_name=", "monitoring/getStationOverviewData?partition_number=-1&station_name=",
            "stations/getUpdatesForSchemaByStation?station_name="})
    void shouldSayThatAStationDoesNotExist(String path) throws IOException {
        shows("Station none.such does not exist", root.get(path + "none.such"));
        assertEquals(400, root.get(path).code());
    }

    /** M-033, M-034. */
    @Test
    void shouldPurgeAllPartitionsWhenNoneIsNamedAndNotMindMessagesThatAreGone() throws IOException {
        station();
        ok(root.post("stations/produce", "{'station_name':'" + name + "','message_payload':'x','amount':1,'partition_number':-1}"));
        assertEquals("{}", root.delete("stations/removeMessages", "{'station_name':'" + name
                + "','messages':[{'message_seq':77,'partition_number':1}]}").body());
        assertEquals("{}", root.delete("stations/purgeStation", "{'station_name':'" + name + "','purge_station':true}").body());
        assertEquals(0, ok(root.get("monitoring/getStationOverviewData?partition_number=-1&station_name=" + name)).path("total_messages").asInt(-1));
    }

    /** M-035. */
    @Test
    void shouldSayWhatATestMessageMayBe() throws IOException {
        station();
        String to = "{'station_name':'" + name + "','amount':%d,'partition_number':%d,'message_payload':'%s'}";
        shows("amount of messages to produce has to be positive and not larger than 1", root.post("stations/produce", to.formatted(2, -1, "x")));
        shows("Partition number 9 does not exist", root.post("stations/produce", to.formatted(1, 9, "x")));
        shows("Station none.such does not exist", root.post("stations/produce",
                "{'station_name':'none.such','amount':1,'partition_number':-1,'message_payload':'x'}"));
        assertEquals("{}", root.post("stations/produce", to.formatted(1, -1, "x")).body());
        JsonNode message = ok(root.get("monitoring/getStationOverviewData?partition_number=-1&station_name=" + name)).path("messages").path(0);
        assertEquals("ui", message.path("produced_by").asText(), message::toString);
    }

    /** M-036, M-037. */
    @Test
    void shouldMakeTheStationThatDeadLettersGoTo() throws IOException {
        station();
        String dead = name + "b";
        try {
            JsonNode made = ok(root.post("stations/attachDlsStation", "{'name':'" + dead + "','station_names':['" + name + "']}"));
            assertEquals(dead, made.path("name").asText(), made::toString);
            assertEquals(dead, ok(root.get("stations/getStation?station_name=" + name)).path("dls_station").asText());
            assertEquals("[\"" + name + "\"]", ok(root.get("monitoring/getStationOverviewData?partition_number=-1&station_name=" + dead))
                    .path("act_as_dls_station_in_stations").toString());
            shows("Station none.such does not exist", root.post("stations/attachDlsStation", "{'name':'" + dead + "','station_names':['none.such']}"));
            assertEquals("{}", root.delete("stations/detachDlsStation", "{'name':'" + dead + "','station_names':['" + name + "']}").body());
            assertEquals("", ok(root.get("stations/getStation?station_name=" + name)).path("dls_station").asText());
        } finally {
            root.delete("stations/removeStation", "{'station_names':['" + dead + "']}");
        }
    }

    /** M-042, M-043, M-045, M-046. */
    @Test
    void shouldSayWhichSchemaOrVersionDoesNotExist() throws IOException {
        shows("Schema none.such does not exist", root.get("schemas/getSchemaDetails?schema_name=none.such"));
        shows("Schema none.such does not exist", root.put("schemas/rollBackVersion", "{'schema_name':'none.such','version_number':1}"));
        assertEquals("{}", root.delete("schemas/removeSchema", "{'schema_names':['none.such']}").body());
        shows("unsupported schema type", root.post("schemas/validateSchema", "{'schema_type':'xml','schema_content':'x'}"));
        ok(root.post("schemas/createNewSchema", "{'name':'rows.one','type':'json','schema_content':'{}'}"));
        try {
            shows("Schema rows.one version 9 does not exist", root.put("schemas/rollBackVersion", "{'schema_name':'rows.one','version_number':9}"));
            shows("Schema with the name rows.one already exists", root.post("schemas/createNewSchema",
                    "{'name':'rows.one','type':'json','schema_content':'{}'}"));
        } finally {
            ok(root.delete("schemas/removeSchema", "{'schema_names':['rows.one']}"));
        }
    }

    /** M-050 to M-054. */
    @Test
    void shouldAnswerAboutTagsOfWhatIsNotThereWithNone() throws IOException {
        shows("entity type is not valid", root.get("tags/getTags?entity_type=pet"));
        shows("entity type is not valid", root.delete("tags/removeTag", "{'name':'rows','entity_type':'pet','entity_name':'x'}"));
        shows("Could not remove tag rows, unsupported entity type", root.delete("tags/removeTag",
                "{'name':'rows','entity_type':'user','entity_name':'root'}"));
        shows("Could not remove tags, unsupported entity type", root.put("tags/updateTagsForEntity",
                "{'entity_type':'user','entity_name':'root','tags_to_add':[],'tags_to_remove':[]}"));
        String none = "'entity_type':'station','entity_name':'none.such'";
        assertEquals("[]", root.delete("tags/removeTag", "{'name':'rows'," + none + "}").body());
        assertEquals("[]", root.put("tags/updateTagsForEntity", "{" + none + ",'tags_to_add':[],'tags_to_remove':['rows']}").body());
        station();
        String tag = "r" + System.nanoTime() % 1_000_000_000;
        JsonNode made = ok(root.post("tags/createNewTag", "{'name':'" + tag + "'}"));
        assertEquals("101, 87, 255", made.path("color").asText());
        assertEquals(List.of("color", "id", "name", "schemas", "stations", "tenant_name", "users"), keys(made));
        shows("Tag with the name " + tag + " already exists", root.post("tags/createNewTag", "{'name':'" + tag + "'}"));
        assertFalse(root.get("tags/getUsedTags").body().contains(tag), "it is on nothing");
        ok(root.put("tags/updateTagsForEntity", "{'entity_type':'station','entity_name':'" + name + "','tags_to_add':[{'name':'" + tag
                + "','color':'1, 2, 3'}],'tags_to_remove':[]}"));
        assertTrue(root.get("tags/getUsedTags").body().contains(tag));
        assertEquals("[]", root.delete("tags/removeTag", "{'name':'" + tag + "','entity_type':'station','entity_name':'" + name + "'}").body());
        assertFalse(root.get("tags/getUsedTags").body().contains(tag));
    }

    /** M-062. */
    @Test
    void shouldSayWhichPartitionDoesNotExist() throws IOException {
        station();
        shows("Partition number 9 does not exist", root.get("monitoring/getStationOverviewData?partition_number=9&station_name=" + name));
        assertEquals(name, ok(root.get("stations/getStation?station_name=" + name)).path("name").asText());
        assertEquals("root", ok(root.get("monitoring/getStationOverviewData?station_name=" + name)).path("created_by_username").asText(),
                "the old command line names no partition");
    }

    /** M-064, M-065. */
    @Test
    void shouldGiveTheLogAsLinesAndCountNodes() throws IOException {
        Answer log = root.get("monitoring/downloadSystemLogs");
        assertEquals(200, log.code());
        assertTrue(log.header("Content-Type").startsWith("text/plain"), log.header("Content-Type"));
        assertTrue(log.body().lines().findFirst().orElse("").matches("[^ ]+: .+"), log.body().lines().findFirst().orElse("nothing"));
        assertEquals(1, ok(root.get("monitoring/getAvailableReplicas")).path("available_replicas").asInt());
    }

    /** M-070, M-071. */
    @Test
    void shouldHaveEightSettingsAndRefuseWhatIsOutOfRange() throws IOException {
        JsonNode config = ok(root.get("configurations/getClusterConfig"));
        assertTrue(keys(config).containsAll(List.of("broker_host", "dls_retention", "gc_producer_consumer_retention_hours", "logs_retention",
                "max_msg_size_mb", "rest_gw_host", "tiered_storage_time_sec", "ui_host")), config::toString);
        shows("Tiered storage time can't be less than 5 seconds or more than 60 minutes", root.put("configurations/editClusterConfig",
                "{'dls_retention':3,'logs_retention':7,'gc_producer_consumer_retention_hours':2,'tiered_storage_time_sec':3601}"));
        assertEquals(400, root.put("configurations/editClusterConfig", "{'logs_retention':7}").code(), "three are required");
        assertEquals(config, ok(root.get("configurations/getClusterConfig")));
    }

    /** M-083 to M-087. */
    @Test
    void shouldSayWhichIntegrationsThereAreNot() throws IOException {
        assertEquals("null", root.get("integrations/getIntegrationDetails?name=s3").body());
        assertEquals("{\"application_name\":\"\"}", root.get("integrations/getIntegrationDetails?name=github").body());
        assertEquals(400, root.get("integrations/getIntegrationDetails").code());
        shows("Source code integrations are not supported", root.get("integrations/getSourceCodeBranches"));
        shows("Unsupported integration type - fax", root.get("integrations/getAuditLogs?name=fax"));
        shows("Unsupported integration type - fax", root.post("integrations/createIntegration", "{'name':'fax','keys':{},'properties':{},'ui_url':''}"));
        shows("must provide auth token for slack integration", root.post("integrations/createIntegration",
                "{'name':'slack','keys':{'channel_id':'C1'},'properties':{},'ui_url':'http://ui'}"));
        shows("must provide channel ID for slack integration", root.post("integrations/createIntegration",
                "{'name':'slack','keys':{'auth_token':'xoxb-1'},'properties':{},'ui_url':'http://ui'}"));
        ok(root.post("v2/settings/reset", "{'key':'ui_host'}"));
        assertEquals("{}", root.post("integrations/requestIntegration", "{'request_content':'fax'}").body());
    }

    /** M-095. */
    @Test
    void shouldHaveNoFunctions() throws IOException {
        assertEquals(JSON.readTree("{\"scm_integrated\":false,\"other\":[],\"installed\":[],\"connected_repos\":[]}"),
                ok(root.get("functions/getAllFunctions")));
    }

    /** M-100 to M-103. */
    @ParameterizedTest
    @ValueSource(strings = {"producers/getAllProducers", "consumers/getAllConsumers"})
    void shouldListClientsForTheOldCommandLine(String path) throws IOException {
        station();
        assertTrue(ok(root.get(path)).isArray());
        assertEquals("[]", root.get(path + "ByStation?station_name=" + name).body());
        shows("Station none.such does not exist", root.get(path + "ByStation?station_name=none.such"));
    }

    /** M-110. */
    @Test
    void shouldDrawTheGraph() throws IOException {
        station();
        JsonNode graph = ok(root.get("monitoring/getGraphOverview"));
        assertEquals(List.of("consumers", "producers", "stations"), keys(graph));
        for (JsonNode station : graph.path("stations")) {
            assertTrue(keys(station).containsAll(List.of("dls_messages", "id", "name", "schema_name", "tags", "total_messages")), station::toString);
        }
        assertTrue(graph.path("stations").findValuesAsText("name").contains(name));
    }

    /** M-111, M-112. */
    @Test
    void shouldTakeWhatTheDashboardTellsByTheWay() throws IOException {
        station();
        String id = ok(root.get("stations/getStation?station_name=" + name)).path("id").asText();
        assertEquals("{}", root.post("stations/cleanDisconnectedClients", "{'station_id':" + id + ",'client_type':'producers'}").body());
        assertEquals("{}", root.post("stations/tierdStorageClicked", "{}").body());
    }

    /** M-113, M-114. */
    @ParameterizedTest
    @CsvSource({"POST,stations/createConnector", "POST,stations/addFunction", "GET,monitoring/stations/getFunctionsOverview",
        "POST,functions/install", "GET,functions/events/getAllEvents"})
    void shouldSayThatThisEditionHasItNot(String method, String path) throws IOException {
        shows("Not available in this edition", root.call(method, path, method.equals("GET") ? "" : "{}"));
    }
}
