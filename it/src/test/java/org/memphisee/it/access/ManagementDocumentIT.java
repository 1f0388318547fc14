package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.swagger.v3.oas.models.media.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.access.Management.Answer;
import org.memphisee.it.support.ApiDocument;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;

/** The management API answers as the OpenAPI document that the server gives out says. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ManagementDocumentIT {
    private static final String PASSWORD = "Secret-1x";
    /** A picture of one pixel. */
    private static final String PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";
    private static final String STATION = "documented.m";

    private static BrokerProcess broker;
    private static Management root;
    private static Management nobody;
    private static ApiDocument document;

    @BeforeAll
    static void fetch() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
        BrokerProcess.Answer answer = broker.http(broker.ports().dashboard(), "/openapi/management.yaml");
        assertEquals(200, answer.code(), answer.body());
        document = new ApiDocument(answer.body());
        root = Management.root(broker);
        nobody = Management.anonymous(broker);
    }

    @AfterAll
    static void clean() {
        if (root != null) {
            root.delete("stations/removeStation", "{'station_names':['" + STATION + "']}");
            root.delete("usermgmt/removeUser", "{'username':'documented'}");
        }
    }

    /** Sends a request and holds the answer against the document. */
    private static Answer check(int status, Management who, String method, String path, String body, String... headers) {
        Answer answer = who.call(method, path, body, headers);
        assertEquals(status, answer.code(), method + " " + path + ": " + answer.body());
        document.check(method, "/" + path.replaceFirst("\\?.*", ""), status, answer.header("Content-Type"), answer.body());
        return answer;
    }

    @Test
    void shouldSignPeopleInAndOutAsDocumented() {
        check(200, nobody, "GET", "status", "");
        check(200, nobody, "GET", "monitoring/getClusterInfo", "");
        check(200, nobody, "GET", "usermgmt/getSignUpFlag", "");
        Answer session = check(200, nobody, "POST", "usermgmt/login",
                "{'username':'root','password':'" + broker.password() + "'}");
        String cookie = session.header("Set-Cookie").replaceAll(";.*", "");
        check(200, nobody, "POST", "usermgmt/refreshToken", "", "Cookie", cookie);
        check(401, nobody, "POST", "usermgmt/refreshToken", "");
        check(400, nobody, "POST", "usermgmt/login", "{}");
        check(400, nobody, "POST", "usermgmt/login", "[]");
        check(401, nobody, "POST", "usermgmt/login", "{'username':'nobody.documented','password':'x'}");
        check(413, nobody, "POST", "usermgmt/login", "x".repeat(17_000));
        check(403, nobody, "GET", "status", "", "Origin", "http://evil.example");
        check(200, nobody, "POST", "usermgmt/signOut", "");
        check(200, nobody, "POST", "v2/sign-out", "");
        check(401, nobody, "POST", "usermgmt/addUserSignUp", "{}");
    }

    /** What works, works against a server of a test ({@code SlackMessengerTest}); here is what people see and what is refused. */
    @Test
    void shouldShowIntegrationsAndTheGraphAsDocumented() {
        check(200, root, "GET", "integrations/getAllIntegrations", "");
        assertEquals("null", check(200, root, "GET", "integrations/getIntegrationDetails?name=slack", "").body());
        check(200, root, "GET", "integrations/getAuditLogs?name=slack", "");
        check(406, root, "GET", "integrations/getAuditLogs?name=other", "");
        check(406, root, "GET", "integrations/getSourceCodeBranches", "");
        check(200, root, "POST", "integrations/requestIntegration", "{'request_content':'x'}");
        String slack = "{'name':'slack','keys':{'auth_token':'xoxb-1','channel_id':'C1','url':'https://127.0.0.1:1'}";
        assertEquals("{\"message\":\"must provide UI url for slack integration\"}",
                check(406, root, "POST", "integrations/createIntegration", slack + "}").body());
        assertTrue(check(406, root, "POST", "integrations/createIntegration", slack + ",'ui_url':'http://ui'}").body()
                .contains("its address is a private one"));
        check(200, root, "POST", "v2/settings/reset", "{'key':'ui_host'}");
        check(406, root, "POST", "integrations/createIntegration", "{'name':'s3'}");
        check(406, root, "POST", "integrations/updateIntegration", slack + "}");
        check(406, root, "DELETE", "integrations/disconnectIntegration", "{'name':'slack'}");
        check(406, root, "POST", "v2/integrations/test", "{'name':'slack'}");
        check(400, root, "POST", "integrations/createIntegration", "{}");
        check(401, nobody, "POST", "integrations/createIntegration", slack + "}");
        check(200, root, "GET", "monitoring/getGraphOverview", "");
    }

    /** F-197 to F-199; what is changed here is taken back. */
    @Test
    void shouldChangeSettingsAsDocumented() throws IOException {
        check(200, root, "GET", "configurations/getClusterConfig", "");
        String must = "'dls_retention':3,'logs_retention':7,'gc_producer_consumer_retention_hours':2";
        Answer changed = check(200, root, "PUT", "configurations/editClusterConfig",
                "{" + must + ",'broker_host':'B.Example','max_msg_size_mb':2}");
        assertTrue(changed.body().contains("\"broker_host\":\"b.example\""), changed.body());
        try (RawConnection client = RawConnection.open(broker)) {
            assertTrue(client.readLine().contains("\"max_payload\":2097152,"));
        }
        assertTrue(root.post("usermgmt/login", "{'username':'root','password':'memphis'}").body()
                .contains("\"broker_host\":\"b.example\""));
        for (String key : new String[] {"broker_host", "max_msg_size_mb"}) {
            check(200, root, "POST", "v2/settings/reset", "{'key':'" + key + "'}");
        }
        check(200, root, "PUT", "usermgmt/editAnalytics", "{'send_analytics':true}");
        assertTrue(root.post("usermgmt/login", "{'username':'root','password':'memphis'}").body().contains("\"send_analytics\":true"));
        check(200, root, "POST", "v2/settings/reset", "{'key':'send_analytics'}");
        Answer all = check(200, root, "GET", "v2/settings", "");
        assertFalse(all.body().contains("\"api\""), all.body());
        assertEquals("{\"message\":\"Tiered storage time can't be less than 5 seconds or more than 60 minutes\"}",
                check(406, root, "PUT", "configurations/editClusterConfig", "{" + must + ",'tiered_storage_time_sec':4}").body());
        check(406, root, "PUT", "configurations/editClusterConfig", "{" + must + ",'max_msg_size_mb':13}");
        check(406, root, "POST", "v2/settings/reset", "{'key':'other'}");
        check(400, root, "PUT", "configurations/editClusterConfig", "{}");
        check(401, nobody, "PUT", "configurations/editClusterConfig", "{}");
    }

    /** Tasks of this release begin with things that other tests do; here is what is refused. */
    @Test
    void shouldShowTasksAndNoticesAsDocumented() {
        check(200, root, "GET", "asyncTasks/getAsyncTasks", "");
        check(200, root, "GET", "v2/notices?since=0", "");
        check(406, root, "POST", "v2/tasks/cancel", "{'id':9000000000}");
        check(400, root, "POST", "v2/tasks/cancel", "{'id':'x'}");
        check(401, nobody, "POST", "v2/tasks/cancel", "{'id':1}");
    }

    /** The shared server has no directory for backups; BackupIT makes one. */
    @Test
    void shouldRefuseBackupsAsDocumented() {
        assertTrue(check(406, root, "POST", "v2/backups", "{}").body().contains("MEMPHISEE_BACKUP_DIR"));
        check(406, root, "GET", "v2/backups", "");
        check(401, nobody, "POST", "v2/backups", "{}");
    }

    /** The server is shared: nothing of what others made is touched, and what is made here is named as the rest of this class. */
    @Test
    void shouldTakeDefinitionsOutAndInAsDocumented() {
        String head = "{'format':'memphisee.definitions','version':1,'stations':[";
        String station = "{'name':'definitions.m','retention_value':60,'groups':[{'name':'g'}]}";
        try {
            String made = check(200, root, "POST", "v2/definitions/import", head + station + "]}").body();
            assertTrue(made.contains("\"complete\":true") && made.contains("\"done\""), made);
            String again = check(200, root, "POST", "v2/definitions/import?on_conflict=fail", head + station + "]}").body();
            assertFalse(again.contains("\"create\""), again);
            String other = head + station.replace("60", "61") + "]}";
            String refused = check(406, root, "POST", "v2/definitions/import", other).body();
            assertTrue(refused.contains("retention_value is 60 here and 61 in the document"), refused);
            assertTrue(check(200, root, "POST", "v2/definitions/import?dry_run=true&on_conflict=update", other).body()
                    .contains("\"update\""));
            assertTrue(check(200, root, "POST", "v2/definitions/diff", other).body().contains("\"update\""));
            assertTrue(check(200, root, "GET", "v2/definitions", "").body().contains("definitions.m"));
            assertTrue(check(200, root, "GET", "v2/definitions?with_password_hashes=true", "").body().contains("definitions.m"));
            check(406, root, "POST", "v2/definitions/import", "{}");
            check(406, root, "POST", "v2/definitions/diff", head + "{'nam':'x'}]}");
            check(400, root, "POST", "v2/definitions/import?on_conflict=perhaps", other);
            check(413, root, "POST", "v2/definitions/import", "x".repeat((16 << 20) + 1));
            check(401, nobody, "POST", "v2/definitions/import", other);
            check(401, nobody, "GET", "v2/definitions", "");
        } finally {
            root.delete("stations/removeStation", "{'station_names':['definitions.m']}");
        }
    }

    @Test
    void shouldAnswerAboutUsersAsDocumented() {
        String user = "{'username':'documented','user_type':'application','password':'" + PASSWORD
                + "','allow_read_permissions':['a.*'],'allow_write_permissions':['*']}";
        check(200, root, "POST", "usermgmt/addUser", user);
        check(406, root, "POST", "usermgmt/addUser", user);
        check(200, root, "GET", "usermgmt/getAllUsers", "");
        check(200, root, "GET", "usermgmt/getApplicationUsers", "");
        check(200, root, "PUT", "usermgmt/changePassword", "{'username':'documented','password':'" + PASSWORD + "2'}");
        check(406, root, "PUT", "usermgmt/changePassword", "{'username':'documented','password':'x'}");
        Answer rights = check(200, root, "PUT", "v2/users/rights", "{'username':'documented','deny_write_permissions':['b*']}");
        assertTrue(rights.body().contains("\"allow_read_permissions\":[]"), rights.body());
        check(406, root, "PUT", "v2/users/rights", "{'username':'documented','role':'viewer'}");
        check(406, root, "PUT", "v2/users/rights", "{'username':'root'}");
        check(200, root, "PUT", "usermgmt/editAvatar", "{'avatar_id':1}");
        check(200, root, "POST", "usermgmt/doneNextSteps", "");
        check(200, root, "POST", "usermgmt/skipGetStarted", "");
        check(200, root, "POST", "usermgmt/sendTrace", "{'trace_name':'t','trace_params':{}}");
        check(406, root, "DELETE", "usermgmt/removeMyUser", "");
        check(200, root, "DELETE", "usermgmt/removeUser", "{'username':'documented'}");
        check(406, root, "DELETE", "usermgmt/removeUser", "{'username':'documented'}");
    }

    @Test
    void shouldAnswerAboutSchemasAsDocumented() {
        String schema = "{'name':'" + STATION + "','type':'json','schema_content':'{}','tags':[{'name':'t'}]}";
        check(200, root, "POST", "schemas/createNewSchema", schema);
        check(406, root, "POST", "schemas/createNewSchema", schema);
        check(400, root, "POST", "schemas/createNewSchema", "{}");
        check(555, root, "POST", "schemas/validateSchema", "{'schema_type':'json','schema_content':'x'}");
        check(200, root, "POST", "schemas/validateSchema", "{'schema_type':'json','schema_content':'{}'}");
        check(200, root, "POST", "schemas/createNewVersion", "{'schema_name':'" + STATION + "','schema_content':'true'}");
        check(200, root, "PUT", "schemas/rollBackVersion", "{'schema_name':'" + STATION + "','version_number':2}");
        check(200, root, "PUT", "schemas/updateSchema", "{'schema_name':'" + STATION + "','compatibility':'full'}");
        check(200, root, "GET", "schemas/compareVersions?schema_name=" + STATION + "&from=1&to=2", "");
        check(200, root, "GET", "schemas/getAllSchemas", "");
        check(200, root, "GET", "schemas/getSchemaDetails?schema_name=" + STATION, "");
        check(406, root, "GET", "schemas/getSchemaDetails?schema_name=nowhere", "");
        String station = "documented.schemas";
        check(200, root, "POST", "stations/createStation", "{'name':'" + station + "'}");
        check(200, root, "POST", "stations/useSchema", "{'station_names':['" + station + "'],'schema_name':'" + STATION + "'}");
        check(200, root, "PUT", "stations/updateSchemaEnforcement", "{'station_name':'" + station + "','enforcement':'off'}");
        check(200, root, "GET", "stations/getUpdatesForSchemaByStation?station_name=" + station, "");
        check(200, root, "GET", "stations/getAllStations", "");
        check(200, root, "GET", "stations/getStations", "");
        check(200, root, "DELETE", "stations/removeSchemaFromStation", "{'station_name':'" + station + "'}");
        check(406, root, "GET", "stations/getUpdatesForSchemaByStation?station_name=" + station, "");
        check(200, root, "DELETE", "schemas/removeSchema", "{'schema_names':['" + STATION + "']}");
        check(200, root, "DELETE", "stations/removeStation", "{'station_names':['" + station + "']}");
    }

    @Test
    void shouldAnswerAboutStationsAsDocumented() throws IOException {
        check(200, root, "POST", "stations/createStation", "{'name':'" + STATION + "','tags':[{'name':'t'}]}");
        check(406, root, "POST", "stations/createStation", "{'name':'" + STATION + "'}");
        try (RawConnection sdk = RawConnection.login(broker, "\"verbose\":false,\"pedantic\":false,\"headers\":true,"
                + "\"no_responders\":true,\"lang\":\"nats.js\",\"name\":\"uuid-documented::root\"")) {
            sdk.request("$memphis_producer_creations", "{\"name\":\"p1\",\"station_name\":\"" + STATION
                    + "\",\"connection_id\":\"uuid-documented\",\"producer_type\":\"application\",\"req_version\":4}");
            sdk.request("$memphis_consumer_creations", "{\"name\":\"c1\",\"station_name\":\"" + STATION
                    + "\",\"connection_id\":\"uuid-documented\",\"consumer_type\":\"application\",\"consumers_group\":\"g1\","
                    + "\"max_ack_time_ms\":30000,\"max_msg_deliveries\":2,\"start_consume_from_sequence\":1,"
                    + "\"last_messages\":-1,\"req_version\":4}");
            sdk.request("documented#m$1.final", "one");
            Answer overview = check(200, root, "GET", "monitoring/getStationOverviewData?station_name=" + STATION, "");
            assertTrue(overview.body().contains("\"name\":\"c1\"") && overview.body().contains("\"name\":\"p1\"")
                    && overview.body().contains("\"message_seq\":1"), overview.body());
            assertTrue(check(200, root, "GET", "producers/getAllProducersByStation?station_name=" + STATION, "").body()
                    .contains("\"name\":\"p1\""));
            assertTrue(check(200, root, "GET", "consumers/getAllConsumersByStation?station_name=" + STATION, "").body()
                    .contains("\"consumers_group\":\"g1\",\"max_ack_time_ms\":30000,\"max_msg_deliveries\":2"));
            check(200, root, "GET", "producers/getAllProducers", "");
            check(200, root, "GET", "consumers/getAllConsumers", "");
            check(406, root, "GET", "consumers/getAllConsumersByStation?station_name=nowhere", "");
            check(200, root, "GET", "functions/getAllFunctions", "");
            assertEquals("406 {\"message\":\"Not available in this edition\"}", text(root.post("stations/createConnector", "{}")));
            Answer main = check(200, root, "GET", "monitoring/getMainOverviewData", "");
            assertTrue(main.body().contains("\"cg_name\":\"g1\""), main.body());
        }
        check(200, root, "GET", "stations/getStation?station_name=" + STATION, "");
        check(200, root, "GET", "stations/getAllStations", "");
        check(200, root, "GET", "stations/getStations", "");
        String message = "stations/getMessageDetails?station_name=" + STATION + "&partition_number=1&message_seq=";
        check(200, root, "GET", message + "1", "");
        check(406, root, "GET", message + "2", "");
        check(200, root, "GET", "v2/dead-letters?station_name=" + STATION, "");
        check(400, root, "GET", "v2/dead-letters", "");
        check(406, root, "GET", "stations/getPoisonMessageJourney?message_id=7", "");
        check(406, root, "GET", message + "1&is_dls=true&message_id=7", "");
        check(200, root, "POST", "stations/resendPoisonMessages", "{'station_name':'" + STATION + "','poison_message_ids':[7]}");
        check(400, root, "POST", "stations/resendPoisonMessages", "{'station_name':'" + STATION + "'}");
        check(200, root, "POST", "stations/dropDlsMessages",
                "{'station_name':'" + STATION + "','dls_type':'schema','dls_message_ids':[7]}");
        check(406, root, "POST", "v2/dead-letters/put-back", "{'station_name':'" + STATION + "','message_id':7}");
        check(400, root, "POST", "v2/dead-letters/put-back", "{'station_name':'" + STATION + "','message_id':7,'data':'x'}");
        check(200, root, "GET", "v2/dead-letters/retry?station_name=" + STATION, "");
        check(400, root, "GET", "v2/dead-letters/retry", "");
        check(406, root, "GET", "v2/dead-letters/retry?station_name=not-there", "");
        String retry = "{'station_name':'" + STATION + "','delays_sec':";
        check(200, root, "PUT", "v2/dead-letters/retry", retry + "[60,300],'maximum':4}");
        check(200, root, "GET", "v2/dead-letters/retry?station_name=" + STATION, "");
        check(400, root, "PUT", "v2/dead-letters/retry", retry + "[60]}");
        check(400, root, "PUT", "v2/dead-letters/retry", retry + "'x','maximum':4}");
        check(406, root, "PUT", "v2/dead-letters/retry", retry + "[0],'maximum':4}");
        check(406, root, "PUT", "v2/dead-letters/retry", retry + "[60],'maximum':0}");
        check(406, root, "PUT", "v2/dead-letters/retry", retry + "[80000],'maximum':4}");
        check(200, root, "PUT", "v2/dead-letters/retry", retry + "[]}");
        check(200, root, "DELETE", "stations/purgeStation", "{'station_name':'" + STATION + "','purge_dls':true,'partitions_list':[-1]}");
        check(406, root, "DELETE", "stations/purgeStation", "{'station_name':'" + STATION + "','partitions_list':[77]}");
        check(200, root, "PUT", "stations/updateStation", "{'station_name':'" + STATION + "','retention_type':'messages',"
                + "'retention_value':9,'durability':'interval'}");
        check(406, root, "PUT", "stations/updateStation", "{'station_name':'" + STATION + "','durability':'x'}");
        check(400, root, "PUT", "stations/updateStation", "{'station_name':'" + STATION + "','tiered_storage_enabled':'x'}");
        check(200, root, "PUT", "stations/updateStation", "{'station_name':'" + STATION + "','tiered_storage_enabled':false}");
        check(406, root, "POST", "stations/addPartitions", "{'station_name':'" + STATION + "','partitions_number':3}");
        Answer grown = check(200, root, "POST", "stations/addPartitions", "{'station_name':'" + STATION
                + "','partitions_number':3,'accept_key_change':true}");
        assertTrue(grown.body().contains("\"partitions_list\":[1,2,3]"), grown.body());
        check(200, root, "PUT", "stations/updateDlsConfig", "{'station_name':'" + STATION + "','poison':true}");
        check(200, root, "POST", "stations/attachDlsStation", "{'name':'" + STATION + ".dead','station_names':['" + STATION + "']}");
        check(200, root, "DELETE", "stations/detachDlsStation", "{'name':'" + STATION + ".dead','station_names':['" + STATION + "']}");
        check(200, root, "DELETE", "stations/removeStation", "{'station_names':['" + STATION + ".dead']}");
        String named = "'station_name':'" + STATION + "'";
        check(200, root, "POST", "stations/produce", "{" + named + ",'message_payload':'hello','amount':1,"
                + "'partition_number':-1,'message_headers':{'k':'v'}}");
        check(406, root, "POST", "stations/produce", "{" + named + ",'message_payload':'hello','amount':2}");
        Answer produced = check(200, root, "GET", "monitoring/getStationOverviewData?station_name=" + STATION, "");
        assertTrue(produced.body().contains("\"produced_by\":\"ui\",\"data\":\"68656c6c6f\""), produced.body());
        Answer groups = check(200, root, "GET", "stations/getConsumerGroups?station_name=" + STATION, "");
        assertTrue(groups.body().contains("\"name\":\"g1\"") && groups.body().contains("\"lag_messages\":2"), groups.body());
        String group = named + ",'group_name':'g1'";
        Answer dry = check(200, root, "POST", "stations/resetConsumerGroup", "{" + group + ",'to':'end','dry_run':true}");
        assertTrue(dry.body().contains("\"messages_before\":2,\"messages\":0"), dry.body());
        Answer moved = check(200, root, "POST", "stations/resetConsumerGroup", "{" + group + ",'to':'sequence','sequence':2}");
        assertTrue(moved.body().contains("\"messages\":1"), moved.body());
        assertTrue(check(200, root, "GET", "stations/getConsumerGroups?station_name=" + STATION, "").body()
                .contains("\"lag_messages\":1"));
        Answer past = check(200, root, "POST", "stations/resetConsumerGroup", "{" + group
                + ",'to':'time','time':'2020-01-01T00:00:00Z'}");
        assertTrue(past.body().contains("\"messages\":2"), past.body());
        check(400, root, "POST", "stations/resetConsumerGroup", "{" + group + ",'to':'time','time':'yesterday'}");
        check(406, root, "POST", "stations/resetConsumerGroup", "{" + named + ",'group_name':'no','to':'start'}");
        check(200, root, "POST", "stations/cleanDisconnectedClients", "{'station_id':"
                + root.get("stations/getStation?station_name=" + STATION).member("id") + ",'client_type':'consumers'}");
        check(200, root, "DELETE", "stations/removeConsumerGroup", "{" + group + "}");
        check(406, root, "DELETE", "stations/removeConsumerGroup", "{" + group + "}");
        check(200, root, "DELETE", "stations/removeMessages", "{" + named
                + ",'messages':[{'message_seq':1,'partition_number':1},{'message_seq':99,'partition_number':1}]}");
        check(406, root, "GET", message + "1", "");
        check(406, root, "DELETE", "stations/purgeStation", "{" + named + ",'purge_station':true,'partitions_list':[7]}");
        check(200, root, "DELETE", "stations/purgeStation", "{" + named + ",'purge_station':true,'partitions_list':[-1]}");
        assertTrue(root.get("monitoring/getStationOverviewData?station_name=" + STATION).body()
                .contains("\"total_messages\":0"));
        check(200, root, "POST", "stations/tierdStorageClicked", "");
        check(200, root, "GET", "monitoring/getAvailableReplicas", "");
        check(200, root, "GET", "monitoring/getSystemGeneralInfo", "");
        check(406, root, "GET", "monitoring/getStationOverviewData?station_name=nowhere", "");
        check(200, root, "DELETE", "stations/removeStation", "{'station_names':['" + STATION + "']}");
        check(406, root, "GET", "stations/getStation?station_name=" + STATION, "");
    }

    @Test
    void shouldAnswerAboutTagsAsDocumented() {
        check(200, root, "POST", "stations/createStation", "{'name':'documented.tags'}");
        try {
            String name = "t" + System.nanoTime() % 1_000_000_000;
            check(200, root, "POST", "tags/createNewTag", "{'name':'" + name + "','color':'1, 2, 3'}");
            check(406, root, "POST", "tags/createNewTag", "{'name':'" + name + "'}");
            check(400, root, "POST", "tags/createNewTag", "{'name':'" + "x".repeat(21) + "'}");
            assertTrue(check(200, root, "GET", "tags/getTags", "").body().contains("{\"name\":\"" + name
                    + "\",\"color\":\"1, 2, 3\"}"));
            assertTrue(!check(200, root, "GET", "tags/getUsedTags", "").body().contains(name));
            String entity = "'entity_type':'station','entity_name':'documented.tags'";
            assertTrue(check(200, root, "PUT", "tags/updateTagsForEntity", "{" + entity + ",'tags_to_add':[{'name':'" + name
                    + "'}],'tags_to_remove':['default']}").body().contains("[{\"name\":\"" + name + "\",\"color\":\"1, 2, 3\"}]"));
            assertTrue(root.get("stations/getStations?tags=other," + name).body().contains("\"name\":\"documented.tags\""));
            assertTrue(!root.get("stations/getStations?tags=" + name + "&storage=memory").body().contains("documented.tags"));
            check(406, root, "PUT", "tags/updateTagsForEntity", "{'entity_type':'user','entity_name':'root'}");
            assertEquals("[]", check(200, root, "PUT", "tags/updateTagsForEntity", "{'entity_type':'schema','entity_name':'none.such'}").body());
            check(406, root, "GET", "tags/getTags?entity_type=x", "");
            check(200, root, "GET", "tags/getTags?entity_type=station", "");
            for (String route : new String[] {"stations", "schemaverse", "syslogs", "other"}) {
                check(200, root, "GET", "usermgmt/getFilterDetails?route=" + route, "");
            }
            check(200, root, "DELETE", "tags/removeTag", "{'name':'" + name + "'," + entity + "}");
            check(406, root, "DELETE", "tags/removeTag", "{'name':'" + name + "','entity_type':'user','entity_name':'root'}");
            assertTrue(!root.get("tags/getUsedTags").body().contains(name));
        } finally {
            root.delete("stations/removeStation", "{'station_names':['documented.tags']}");
        }
    }

    @Test
    void shouldKeepThePictureOfTheCompanyAsDocumented() {
        check(200, root, "DELETE", "usermgmt/removeCompanyLogo", "");
        assertEquals("{\"image\":\"\"}", check(200, root, "GET", "usermgmt/getCompanyLogo", "").body());
        byte[] picture = Base64.getDecoder().decode(PIXEL);
        Answer put = form(root, "logo.PNG", picture);
        document.check("PUT", "/usermgmt/editCompanyLogo", 200, put.header("Content-Type"), put.body());
        assertEquals("200 {\"image\":\"data:image/png;base64," + PIXEL + "\"}", text(put));
        root.addUser("documented.viewer", "management", "Secret-1x", ",'role':'viewer'");
        root.addUser("documented.limited", "management", "Secret-1x", ",'allow_read_permissions':['x']");
        try {
            Management viewer = Management.signIn(broker, "documented.viewer", "Secret-1x");
            assertEquals(406, form(viewer, "logo.png", picture).code());
            assertEquals(406, viewer.delete("usermgmt/removeCompanyLogo", "").code());
            assertEquals(put.body(), viewer.get("usermgmt/getCompanyLogo").body());
            Management limited = Management.signIn(broker, "documented.limited", "Secret-1x");
            String refused = "406 {\"message\":\"user documented.limited is not allowed to change settings\"}";
            assertEquals(refused, text(form(limited, "logo.png", picture)));
            assertEquals(refused, text(limited.delete("usermgmt/removeCompanyLogo", "")));
        } finally {
            root.delete("usermgmt/removeUser", "{'username':'documented.viewer'}");
            root.delete("usermgmt/removeUser", "{'username':'documented.limited'}");
        }
        assertEquals("406 {\"message\":\"You can upload only png,jpg or jpeg file formats\"}", text(form(root, "logo.svg", picture)));
        String broken = "406 {\"message\":\"Could not complete uploading your file, please check your file\"}";
        assertEquals(broken, text(form(root, "logo.png", "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8))));
        assertEquals(broken, text(check(406, root, "PUT", "usermgmt/editCompanyLogo", "{}")));
        assertEquals("406 {\"message\":\"The picture is larger than 1 MiB, upload a smaller one\"}",
                text(form(root, "logo.png", new byte[(1 << 20) + 1])));
        assertEquals(put.body(), root.get("usermgmt/getCompanyLogo").body(), "nothing of that counted");
        Answer audit = root.get("v2/audit?kind=setting");
        assertTrue(audit.body().contains("company_logo_changed") && !audit.body().contains(PIXEL), audit.body());
        check(200, root, "DELETE", "usermgmt/removeCompanyLogo", "");
        assertEquals("{\"image\":\"\"}", root.get("usermgmt/getCompanyLogo").body());
    }

    /** A form with one file, as browsers send it. */
    private static Answer form(Management who, String name, byte[] file) {
        byte[] head = ("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                + "\"\r\nContent-Type: image/png\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\r\n--edge--\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] body = ByteBuffer.allocate(head.length + file.length + tail.length).put(head).put(file).put(tail).array();
        return who.call("PUT", "usermgmt/editCompanyLogo", BodyPublishers.ofByteArray(body),
                "Content-Type", "multipart/form-data; boundary=edge");
    }

    private static String text(Answer answer) {
        return answer.code() + " " + answer.body();
    }

    /** What every operation of its kind answers: without token, without what it needs, with more than it takes. */
    @Test
    void shouldRefuseAsDocumented() {
        document.operations().forEach((path, methods) -> methods.forEach((method, operation) -> {
            String name = path.substring(1);
            if (operation.getSecurity() == null) {
                check(401, nobody, method.name(), name, "");
            }
            boolean signUp = "signUp".equals(operation.getOperationId()); // closed, whatever it says
            if (!method.name().equals("GET")) {
                check(413, root, method.name(), name,
                        "x".repeat((name.startsWith("v2/definitions/") ? 16 << 20
                                : name.equals("usermgmt/editCompanyLogo") ? (1 << 20) + (16 << 10) : 1 << 20) + 1));
            }
            if (operation.getResponses().containsKey("400") && !signUp) {
                // those that need nothing still read what they are given
                check(400, root, method.name(), name.equals("v2/audit") ? "v2/audit?from=yesterday"
                                : name.equals("v2/definitions/import") ? name + "?on_conflict=perhaps" : name,
                        operation.getRequestBody() == null ? ""
                        : name.equals("usermgmt/editAnalytics") ? "{'send_analytics':'x'}"
                        : name.equals("v2/backups") ? "{'all_nodes':'x'}" : "{}");
            }
        }));
    }

    /** A field with a value of another type than documented is refused, so somebody reads it. */
    @Test
    void shouldReadEachDocumentedFieldAsTheTypeItHas() {
        document.operations().forEach((path, methods) -> methods.forEach((method, operation) -> {
            if (operation.getRequestBody() == null || "signUp".equals(operation.getOperationId())) {
                return;
            }
            if (!operation.getRequestBody().getContent().containsKey("application/json")) {
                return; // a form with a file
            }
            Map<String, Schema> fields = properties(operation.getRequestBody().getContent().get("application/json")
                    .getSchema());
            if (fields == null) {
                return; // a document, which is read by rules of its own
            }
            fields.forEach((field, schema) -> {
                String wrong = "string".equals(schema.getType()) ? "1" : "'x'";
                Answer answer = root.call(method.name(), path.substring(1), "{'" + field + "':" + wrong + "}");
                assertEquals("400 {\"message\":\"Body params have to be in JSON format\"}",
                        answer.code() + " " + answer.body(), path + " " + field);
            });
        }));
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static Map<String, Schema> properties(Schema schema) {
        return schema.getProperties();
    }
}
