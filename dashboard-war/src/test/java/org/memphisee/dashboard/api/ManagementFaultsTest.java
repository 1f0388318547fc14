package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.tasks.TaskKind;
import org.memphisee.core.tasks.TaskStep;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;

/** Faults of the reference that this broker does not have: management-api.md 16, and the rows there marked F, one test each. */
class ManagementFaultsTest {

    @TempDir
    Path directory;
    private ApiBench api;

    @BeforeEach
    void open() {
        api = new ApiBench(directory, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        assertEquals(List.of(), api.happened());
        api.close();
    }

    /** One text of each element. */
    static String texts(JsonNode list, String pointer) {
        ArrayNode texts = Texts.array();
        list.forEach(element -> texts.add(element.at(pointer).asText()));
        return texts.toString();
    }

    private void station(String name, int partitions) {
        api.post("stations/createStation", "{'name':'" + name + "','partitions_number':" + partitions
            + ",'dls_configuration':{'poison':true,'schemaverse':true}}").ok();
    }

    private void produce(String station, int partition, String payload) {
        api.post("stations/produce", "{'station_name':'" + station + "','message_payload':'" + payload
            + "','amount':1,'partition_number':"
            + partition + "}").ok();
    }

    private JsonNode overview(String station, int partition) {
        return api.get("monitoring/getStationOverviewData?station_name=" + station + "&partition_number=" + partition).ok();
    }

    private JsonNode letters(String station, int count) {
        return ApiBench.await(count + " letters of " + station, () -> api.get("v2/dead-letters?station_name=" + station).ok()
            .path("messages"),
            rows -> rows.size() == count);
    }

    /** 1.1: there the answer is a page, with 200. */
    @Test
    void shouldAnswerUnknownPathsAndMethodsAsJson() {
        assertEquals("404 Not found", api.get("no/such").refusal());
        assertEquals("404 Not found", api.callAs("", "GET", "no/such", "").refusal());
        assertEquals("405 Method not allowed", api.post("stations/getStations", "{}").refusal());
    }

    /** 1.4: there any page may call, with the caller's session. */
    @Test
    void shouldRefusePagesOfOtherOrigins() {
        ApiBench.Answer answer = api.call("GET", "stations/getStations", "", "Origin", "https://evil.example");
        assertEquals(403, answer.code());
        assertFalse(answer.headers().containsKey("Access-Control-Allow-Origin"), answer.headers()::toString);
        assertEquals(200, api.call("GET", "stations/getStations", "", "Origin", "http://localhost:9000").code());
    }

    /** M-125: what is listed may, with credentials. */
    @Test
    void shouldLetListedOriginsIn(@TempDir Path other) throws Exception {
        try (ApiBench listed = new ApiBench(other, Map.of("MEMPHISEE_DASHBOARD_CORS_ORIGINS", "https://ui.example"))) {
            for (String method : new String[] {"GET", "OPTIONS"}) {
                ApiBench.Answer answer = listed.call(method, "stations/getStations", "", "Origin", "https://ui.example");
                assertEquals(method.equals("GET") ? 200 : 204, answer.code());
                assertEquals("https://ui.example", answer.headers().get("Access-Control-Allow-Origin"));
                assertEquals("true", answer.headers().get("Access-Control-Allow-Credentials"));
                assertEquals("GET,POST,PUT,DELETE,OPTIONS", answer.headers().get("Access-Control-Allow-Methods"));
            }
            assertEquals(403, listed.call("GET", "stations/getStations", "", "Origin", "https://ui.example.evil").code());
        }
    }

    /** M-121. */
    @Test
    void shouldShowTextsWithTheStatusOfOldReleasesWhenAsked(@TempDir Path other) throws Exception {
        try (ApiBench old = new ApiBench(other, Map.of("MEMPHISEE_DASHBOARD_SHOWABLE_STATUS", "666"))) {
            assertEquals("666 Station none does not exist", old.get("stations/getStation?station_name=none").refusal());
            assertEquals(400, old.get("stations/getStation").code());
        }
        assertEquals("406 Station none does not exist", api.get("stations/getStation?station_name=none").refusal());
    }

    /** M-003: there anybody may make a management user for ever. */
    @Test
    void shouldNotLetStrangersSignUp() {
        assertEquals("401 Unauthorized", api.callAs("", "POST", "usermgmt/addUserSignUp",
            "{'username':'a@b.io','user_type':'management','password':'Secret-1x'}").refusal());
        assertEquals("{\"show_signup\":false}", api.callAs("", "GET", "usermgmt/getSignUpFlag", "").body());
    }

    /** M-006, M-007: there the answers have hashes and encrypted passwords. */
    @Test
    void shouldShowNoPasswordMaterial() {
        api.post("usermgmt/addUser", "{'username':'app','user_type':'application','password':'Secret-1x'}").ok();
        JsonNode all = api.get("usermgmt/getAllUsers").ok();
        assertEquals("", all.at("/management_users/0/password").asText("?"));
        assertEquals("", api.get("usermgmt/getApplicationUsers").ok().at("/0/password").asText("?"));
        assertFalse(all.toString().contains("pbkdf"), all::toString);
        assertFalse(all.toString().contains("\"username\":\"$"), "users whose names begin with $ are the broker's own");
    }

    /** M-009: there it takes nothing but a click. */
    @Test
    void shouldRemoveEverythingOnlyWhereASettingAllowsIt(@TempDir Path other) throws Exception {
        String refused = "406 Only root user can remove the entire account";
        assertEquals(refused, api.delete("usermgmt/removeMyUser", "").refusal());
        try (ApiBench allowed = new ApiBench(other, Map.of("MEMPHISEE_DASHBOARD_ACCOUNT_REMOVAL", "true"))) {
            allowed.post("usermgmt/addUser", "{'username':'ann','user_type':'management','password':'Secret-1x'}").ok();
            allowed.post("usermgmt/addUser", "{'username':'app','user_type':'application','password':'Secret-1x'}").ok();
            allowed.post("schemas/createNewSchema", "{'name':'o','type':'json','schema_content':'{}'}").ok();
            allowed.post("stations/createStation", "{'name':'s','partitions_number':2,'schema_name':'o',"
                + "'tags':[{'name':'red'}]}").ok();
            allowed.post("integrations/createIntegration", "{'name':'slack','keys':{'auth_token':'t','channel_id':'c'},"
                + "'properties':{},'ui_url':'http://localhost:9000'}").ok();
            allowed.tell("$JS.API.STREAM.CREATE.Plain", "{\"name\":\"Plain\",\"subjects\":[\"plain\"]}");
            assertEquals(refused, allowed.callAs("ann", "DELETE", "usermgmt/removeMyUser", "").refusal());
            assertEquals(2, allowed.get("stations/getAllStations").ok().size());
            assertEquals("{}", allowed.delete("usermgmt/removeMyUser", "").ok().toString());
            for (String path : List.of("stations/getAllStations", "schemas/getAllSchemas", "integrations/getAllIntegrations",
                "tags/getTags")) {
                assertEquals("[]", allowed.get(path).ok().toString(), path);
            }
            JsonNode users = allowed.get("usermgmt/getAllUsers").ok();
            assertEquals("[][\"root\"]", texts(users.path("application_users"), "/username")
                + texts(users.path("management_users"), "/username"));
            assertEquals("{}", allowed.delete("usermgmt/removeMyUser", "").ok().toString());
            allowed.post("stations/createStation", "{'name':'s','partitions_number':1}").ok();
            assertEquals(List.of(), allowed.happened());
        }
    }

    /** 2, M-061: there the environment is asked for, and so it is here. */
    @Test
    void shouldSayThatItRunsInKubernetes(@TempDir Path other) throws Exception {
        String login = "{'username':'root','password':'" + ApiBench.PASSWORD + "'}";
        try (ApiBench pod = new ApiBench(other, Map.of("K8S_NAMESPACE", "shop"))) {
            JsonNode session = pod.callAs("", "POST", "usermgmt/login", login).ok();
            assertEquals("K8S shop", session.path("env").asText() + " " + session.path("namespace").asText());
            assertTrue(pod.get("monitoring/getMainOverviewData").ok().path("k8s_env").asBoolean());
        }
        JsonNode session = api.callAs("", "POST", "usermgmt/login", login).ok();
        assertEquals("docker ", session.path("env").asText() + " " + session.path("namespace").asText());
        assertFalse(api.get("monitoring/getMainOverviewData").ok().path("k8s_env").asBoolean(true));
    }

    /** M-018: there an application user cannot connect any more after it. */
    @Test
    void shouldChangePasswordsSoThatTheyWork() {
        api.post("usermgmt/addUser", "{'username':'app','user_type':'application','password':'Secret-1x'}").ok();
        api.put("usermgmt/changePassword", "{'username':'app','password':'Other-2yz'}").ok();
        assertTrue(ApiBench.get(api.engine().users().authenticate("app", "Other-2yz")).isPresent());
        assertFalse(ApiBench.get(api.engine().users().authenticate("app", "Secret-1x")).isPresent());
    }

    /** M-025: there the station is made all the same, and a missing number of partitions fails. */
    @Test
    void shouldMakeNoStationForWhoMayNotAndOnePartitionForWhoSaysNothing() {
        api.post("usermgmt/addUser",
            "{'username':'few','user_type':'management','password':'Secret-1x','allow_write_permissions':['few.*']}").ok();
        assertEquals("406 user few is not allowed to create station s", api.callAs("few", "POST", "stations/createStation",
            "{'name':'s'}").refusal());
        assertEquals("406 Station s does not exist", api.get("stations/getStation?station_name=s").refusal());
        api.post("stations/createStation", "{'name':'s'}").ok();
        assertEquals("[1]", api.get("stations/getStation?station_name=s").ok().path("partitions_list").toString());
    }

    /** M-026: there the stations before the unknown one lose what they have. */
    @Test
    void shouldRemoveAllStationsOrNone() {
        station("s", 1);
        produce("s", 1, "x");
        assertEquals("406 Station none does not exist", api.delete("stations/removeStation", "{'station_names':['s','none']}")
            .refusal());
        assertEquals(1, overview("s", -1).path("total_messages").asInt());
    }

    /** M-023, M-024, M-027, M-028: there an id is enough, whosever letter it is. */
    @Test
    void shouldBindDeadLettersToTheirStation() {
        station("s", 1);
        station("t", 1);
        produce("s", 1, "bad");
        api.giveUp("s", "g");
        long id = letters("s", 1).get(0).path("id").asLong();
        String gone = "406 The message was not found since it had probably already been deleted";
        assertEquals(gone, api.get("stations/getMessageDetails?station_name=t&partition_number=1&is_dls=true&message_id=" + id)
            .refusal());
        api.post("stations/dropDlsMessages", "{'dls_type':'poison','dls_message_ids':[" + id + "],'station_name':'t'}").ok();
        api.post("stations/dropDlsMessages", "{'dls_type':'schema','dls_message_ids':[" + id + "],'station_name':'s'}").ok();
        api.post("stations/resendPoisonMessages", "{'station_name':'t','poison_message_ids':[" + id + "]}").ok();
        assertFalse(letters("s", 1).at("/0/resending").asBoolean());
        api.post("usermgmt/addUser",
            "{'username':'few','user_type':'management','password':'Secret-1x','allow_read_permissions':['t']}").ok();
        assertEquals("406 user few is not allowed to access station s",
            api.callAs("few", "GET", "stations/getPoisonMessageJourney?message_id=" + id, "").refusal());
        api.post("stations/dropDlsMessages", "{'dls_type':'poison','dls_message_ids':[" + id + "],'station_name':'s'}").ok();
        letters("s", 0);
        assertEquals(gone, api.get("stations/getPoisonMessageJourney?message_id=" + id).refusal());
    }

    /** M-027: a station says everywhere that all its dead letters are being sent again, as long as that goes on. */
    @Test
    void shouldSayThatAllDeadLettersAreBeingSentAgain() {
        station("s", 1);
        StationView view = ApiBench.get(api.engine().stations().queries().find("s")).orElseThrow();
        for (boolean going : new boolean[] {true, false}) {
            StationMoment now = new StationMoment(false, going ? Set.of("s") : Set.of("t"));
            for (JsonNode answer : List.of(StationJson.details(view, api.engine().users(), now), StationJson.created(view, now),
                    StationJson.light(view, api.engine().users(), now), StationJson.row(view, now).path("station"))) {
                assertEquals(going, answer.path("resend_disabled").asBoolean(), answer::toString);
            }
        }
    }

    /** M-020 to M-022, M-062: the same from the API while a task goes on, which is held, and of no other station. */
    @Test
    void shouldSayWhileTheTaskRunsThatDeadLettersAreBeingSentAgain() {
        station("s", 1);
        station("t", 1);
        CompletableFuture<TaskStep> held = new CompletableFuture<>();
        api.engine().tasks().register(new TaskKind(DeadLetters.RESEND_ALL, "held", "held", true, state -> step -> held));
        api.post("stations/resendPoisonMessages", "{'station_name':'s','poison_message_ids':[]}").ok();
        ApiBench.await("the task runs", () -> api.get("asyncTasks/getAsyncTasks").ok().path("async_tasks"),
            tasks -> tasks.size() == 1);
        assertEquals("true true true true true; false false", resending());
        held.complete(TaskStep.complete(0, 0, Map.of()));
        ApiBench.await("the task has ended", () -> api.get("asyncTasks/getAsyncTasks").ok().at("/async_tasks/0/status"),
            status -> status.asText().equals("completed"));
        assertEquals("false false false false false; false false", resending());
    }

    /** What five answers say of station s, and two of t; lists have the newest station first. */
    private String resending() {
        String flag = "resend_disabled";
        JsonNode all = api.get("stations/getAllStations").ok();
        JsonNode wrapped = api.get("stations/getStations").ok().path("stations");
        JsonNode main = api.get("monitoring/getMainOverviewData").ok().path("stations");
        return all.at("/1/" + flag).asText() + " " + wrapped.at("/1/station/" + flag).asText() + " "
            + main.at("/1/" + flag).asText() + " " + api.get("stations/getStation?station_name=s").ok().path(flag).asText() + " "
            + overview("s", -1).path(flag).asText() + "; " + all.at("/0/" + flag).asText() + " " + overview("t", -1).path(flag).asText();
    }

    /** M-027, M-090. */
    @Test
    void shouldSendAllDeadLettersAgainAsATask() {
        station("s", 1);
        produce("s", 1, "bad");
        api.giveUp("s", "g");
        letters("s", 1);
        api.post("stations/resendPoisonMessages", "{'station_name':'s','poison_message_ids':[]}").ok();
        JsonNode tasks = api.get("asyncTasks/getAsyncTasks").ok().path("async_tasks");
        assertEquals("[\"Resend All DLS Messages\"]", texts(tasks, "/name"));
        assertEquals("[\"s\"]", texts(tasks, "/station_name"));
        JsonNode ended = ApiBench.await("the task has ended", () -> api.get("asyncTasks/getAsyncTasks").ok()
            .at("/async_tasks/0/status"),
            status -> status.asText().equals("completed"));
        assertEquals("completed", ended.asText());
        for (String path : new String[] {"stations/getStation?station_name=s",
            "monitoring/getStationOverviewData?station_name=s"}) {
            assertFalse(api.get(path).ok().path("resend_disabled").asBoolean(true), path);
        }
    }

    /** M-032: there clients are told the flags of before. What the answer and the station say is in force. */
    @Test
    void shouldAnswerWithTheFlagsThatHoldNow() {
        station("s", 1);
        assertEquals("{\"poison\":false,\"schemaverse\":true}", api.put("stations/updateDlsConfig",
            "{'station_name':'s','schemaverse':true}").ok().toString());
        assertEquals("{\"poison\":false,\"schemaverse\":true}",
            api.get("stations/getStation?station_name=s").ok().path("dls_configuration").toString());
    }

    /** M-033: there it panics without a list of partitions. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",'partitions_list':[]", ",'partitions_list':[-1]", ",'partitions_list':null"})
    void shouldPurgeAllPartitionsWhenNoneIsNamed(String list) {
        station("s", 2);
        produce("s", 1, "x");
        produce("s", 2, "y");
        api.delete("stations/purgeStation", "{'station_name':'s','purge_station':true" + list + "}").ok();
        assertEquals(0, overview("s", -1).path("total_messages").asInt(-1));
    }

    @Test
    void shouldPurgeNothingButThePartitionsThatAreNamed() {
        station("s", 2);
        produce("s", 1, "x");
        produce("s", 2, "y");
        api.delete("stations/purgeStation", "{'station_name':'s','purge_station':true,'partitions_list':[2]}").ok();
        assertEquals(1, overview("s", 1).path("total_messages").asInt());
        assertEquals(0, overview("s", 2).path("total_messages").asInt(-1));
        api.delete("stations/purgeStation", "{'station_name':'s'}").ok();
        assertEquals(1, overview("s", -1).path("total_messages").asInt(), "neither flag was given");
    }

    /** M-053, M-054: there tags that are to go are added; and of schemas as of stations. */
    @ParameterizedTest
    @CsvSource({"station,s", "schema,o"})
    void shouldRemoveTagsThatAreToGo(String type, String name) {
        api.post("stations/createStation", "{'name':'s','tags':[{'name':'old'},{'name':'kept','color':'1, 2, 3'}]}").ok();
        api.post("schemas/createNewSchema",
            "{'name':'o','type':'json','schema_content':'{}','tags':[{'name':'old'},{'name':'kept','color':'1, 2, 3'}]}").ok();
        String entity = "'entity_type':'" + type + "','entity_name':'" + name + "'";
        assertEquals("[\"kept\",\"new\"]", texts(api.put("tags/updateTagsForEntity",
            "{" + entity + ",'tags_to_add':[{'name':'New','color':'4, 5, 6'}],'tags_to_remove':['OLD','none']}").ok(), "/name"));
        JsonNode tags = type.equals("station") ? api.get("stations/getStation?station_name=s").ok().path("tags")
            : api.get("schemas/getSchemaDetails?schema_name=o").ok().path("tags");
        assertEquals("[{\"name\":\"kept\",\"color\":\"1, 2, 3\"},{\"name\":\"new\",\"color\":\"4, 5, 6\"}]", tags.toString());
        assertTrue(api.get("tags/getTags?entity_type=" + type).body().contains("\"new\""));
        assertTrue(api.get("tags/getUsedTags").body().contains("\"new\""));
        assertTrue(api.get("usermgmt/getFilterDetails?route=" + (type.equals("station") ? "stations" : "schemaverse")).body()
            .contains("\"new\""));
        assertEquals("406 Tag with the name new already exists", api.post("tags/createNewTag", "{'name':'new'}").refusal());
        assertEquals("[]", api.delete("tags/removeTag", "{'name':'new'," + entity + "}").body());
        assertFalse(api.get("tags/getTags?entity_type=" + type).body().contains("\"new\""));
        assertEquals("[]", api.put("tags/updateTagsForEntity", "{'entity_type':'" + type
            + "','entity_name':'none','tags_to_add':[{'name':'a'}]}").body());
        assertEquals("[]", api.delete("tags/removeTag", "{'name':'a','entity_type':'" + type + "','entity_name':'none'}").body());
    }

    /** F-133: a tag has one colour, on stations and schemas alike. */
    @Test
    void shouldKeepTheColourOfATagOnSchemasToo() {
        api.post("schemas/createNewSchema",
            "{'name':'o','type':'json','schema_content':'{}','tags':[{'name':'red','color':'1, 2, 3'}]}").ok();
        station("s", 1);
        api.put("tags/updateTagsForEntity",
            "{'entity_type':'station','entity_name':'s','tags_to_add':[{'name':'red','color':'9, 9, 9'}],"
            + "'tags_to_remove':['default']}").ok();
        assertEquals("[{\"name\":\"red\",\"color\":\"1, 2, 3\"}]", api.get("stations/getStation?station_name=s").ok()
            .path("tags").toString());
    }

    /** F-133, F-195: lists are narrowed by what the filters name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|a,b,c", "tags=RED, blue|a,b", "tags=none|''", "user=root|a,b,c", "user=app|''", "type=avro|c", "usage=used|a",
        "usage=not used|b,c", "tags=blue&usage=used|''"})
    void shouldNarrowTheListOfSchemas(String query, String names) {
        api.post("schemas/createNewSchema", "{'name':'a','type':'json','schema_content':'{}','tags':[{'name':'red'}]}").ok();
        api.post("schemas/createNewSchema", "{'name':'b','type':'json','schema_content':'{}','tags':[{'name':'blue'}]}").ok();
        api.post("schemas/createNewSchema", "{'name':'c','type':'avro','schema_content':'\\\"int\\\"'}").ok();
        api.post("stations/createStation", "{'name':'s','schema_name':'a'}").ok();
        JsonNode found = api.get("schemas/getAllSchemas?" + query.replace(" ", "%20")).ok();
        assertEquals(names.isEmpty() ? List.of() : List.of(names.split(",")), found.findValuesAsText("name").stream()
            .filter(name -> name.length() == 1).toList());
    }

    /** M-061: there a second body follows an error, and the socket of Docker is needed. */
    @Test
    void shouldShowTheBrokerAtAGlanceWithoutAskingAnybody() {
        JsonNode overview = api.get("monitoring/getMainOverviewData").ok();
        assertTrue(overview.path("metrics_enabled").asBoolean());
        assertEquals("[\"memphis\",\"memphis-metadata\",\"memphis-rest-gateway\"]", texts(overview.path("system_components"),
            "/name"));
        overview.path("system_components").forEach(component -> component.path("components")
            .forEach(list -> assertTrue(list.isArray())));
    }

    /** M-062: there it is said that the station does not exist. */
    @Test
    void shouldSayWhichPartitionDoesNotExist() {
        station("s", 2);
        assertEquals("406 Partition number 3 does not exist",
            api.get("monitoring/getStationOverviewData?station_name=s&partition_number=3").refusal());
        assertEquals(2, api.get("stations/getStation?station_name=s").ok().path("partitions_number").asInt());
        assertEquals(0, api.get("monitoring/getStationOverviewData?station_name=s").ok().path("total_messages").asInt(-1),
            "the old tool names none");
    }

    /** M-062: there the messages of all partitions come one partition after the other. */
    @Test
    void shouldShowMessagesOfAllPartitionsByTime() {
        station("s", 2);
        produce("s", 2, "a");
        produce("s", 1, "b");
        produce("s", 2, "c");
        JsonNode messages = overview("s", -1).path("messages");
        assertEquals("[\"61\",\"62\",\"63\"]", texts(messages, "/data"));
        assertEquals("[\"2\",\"1\",\"2\"]", texts(messages, "/partition"));
    }

    /** M-062: there such streams have invented clients and no messages, and with capitals they do not exist. */
    @Test
    void shouldShowStreamsOfPlainClientsAsTheyAre() {
        api.tell("$JS.API.STREAM.CREATE.Plain", "{\"name\":\"Plain\",\"subjects\":[\"plain.>\"]}");
        api.tell("plain.a", "hello");
        JsonNode overview = ApiBench.await("its message", () -> overview("Plain", -1), answer -> answer.path("total_messages")
            .asInt() == 1);
        assertEquals("[\"68656c6c6f\"]", texts(overview.path("messages"), "/data"));
        for (String none : new String[] {"connected_producers", "disconnected_producers", "connected_cgs", "disconnected_cgs"}) {
            assertEquals("[]", overview.path(none).toString(), none);
        }
        assertEquals("", overview.at("/messages/0/produced_by").asText("?"));
        assertFalse(api.get("stations/getStation?station_name=Plain").ok().path("is_native").asBoolean(true));
        assertEquals("68656c6c6f", api.get("stations/getMessageDetails?station_name=Plain&partition_number=-1&message_seq=1").ok()
            .at("/message/data").asText());
    }

    /** Wire Q25: there a stream whose messages live for a minute is not shown, and one with capitals stays when it is removed. */
    @ParameterizedTest
    @ValueSource(strings = {"Short", "short", "KV_b"})
    void shouldShowAndRemoveStreamsOfAnyAgeAndName(String name) {
        String create = "{\"name\":\"" + name + "\",\"subjects\":[\"plain.>\"],\"max_age\":60000000000}";
        api.tell("$JS.API.STREAM.CREATE." + name, create);
        JsonNode shown = api.get("stations/getAllStations").ok();
        assertEquals("[\"" + name + "\"]", texts(shown, "/name"));
        assertEquals("message_age_sec 60", shown.at("/0/retention_type").asText() + " "
            + shown.at("/0/retention_value").asText());
        api.tell("plain.a", "hello");
        assertEquals(1, overview(name, -1).path("total_messages").asInt());
        api.delete("stations/removeStation", "{'station_names':['" + name + "']}").ok();
        assertEquals("[]", api.get("stations/getAllStations").ok().toString());
        api.tell("$JS.API.STREAM.CREATE." + name, create); // the stream has gone, and so have its messages
        assertEquals(0, overview(name, -1).path("total_messages").asInt());
    }

    /** M-065: there it is 0 without a cluster, and nothing could be made. */
    @Test
    void shouldOfferOneCopyWithoutACluster() {
        assertEquals(1, api.get("monitoring/getAvailableReplicas").ok().path("available_replicas").asInt());
    }

    /** M-100, M-102: of each client from where it is connected, and of one that went from where it was. */
    @Test
    void shouldTellFromWhereClientsAreConnected() {
        station("s", 1);
        SessionPort v4 = api.tell(SessionInfo.plain(2, "10.0.0.5", 41_230, SessionInfo.Transport.TCP), "uuid-4::root",
            "$memphis_producer_creations", "{\"name\":\"four\",\"station_name\":\"s\",\"connection_id\":\"uuid-4\","
            + "\"producer_type\":\"application\",\"req_version\":4,\"username\":\"root\",\"app_id\":\"a\",\"sdk_lang\":\"go\"}");
        api.tell(SessionInfo.plain(3, "2001:db8::6", 41_231, SessionInfo.Transport.TCP), "uuid-6::root",
            "$memphis_consumer_creations", "{\"name\":\"six\",\"station_name\":\"s\",\"connection_id\":\"uuid-6\","
            + "\"consumer_type\":\"application\",\"consumers_group\":\"g\",\"max_ack_time_ms\":30000,\"max_msg_deliveries\":2,"
            + "\"start_consume_from_sequence\":1,\"last_messages\":-1,\"req_version\":4,\"username\":\"root\",\"app_id\":\"a\","
            + "\"sdk_lang\":\"go\"}");
        assertEquals("[\"[2001:db8::6]:41231\"]", texts(api.get("consumers/getAllConsumers").ok(), "/client_address"));
        assertEquals("10.0.0.5:41230", api.get("producers/getAllProducers").ok().at("/0/client_address").asText());
        v4.close();
        JsonNode gone = ApiBench.await("the producer is away", () -> api.get("producers/getAllProducers").ok(),
            list -> !list.at("/0/is_active").asBoolean());
        assertEquals("10.0.0.5:41230", gone.at("/0/client_address").asText());
    }

    /** M-071: there absent numbers become 0, and nothing can be published. */
    @Test
    void shouldKeepSettingsThatAreNotNamed() {
        JsonNode before = api.get("configurations/getClusterConfig").ok();
        JsonNode after = api.put("configurations/editClusterConfig",
            "{'dls_retention':5,'logs_retention':7,'gc_producer_consumer_retention_hours':2,'ui_host':'HTTPS://UI.example'}").ok();
        assertEquals(5, after.path("dls_retention").asInt());
        assertEquals("https://ui.example", after.path("ui_host").asText());
        for (String kept : new String[] {"max_msg_size_mb", "tiered_storage_time_sec", "broker_host", "rest_gw_host"}) {
            assertEquals(before.path(kept), after.path(kept), kept);
        }
        assertEquals(after, api.get("configurations/getClusterConfig").ok());
    }

    /** M-085: there 401 throws people back to the login. */
    @Test
    void shouldNotSignPeopleOutForIntegrationsThatAreNot() {
        assertEquals("406 Source code integrations are not supported", api.get("integrations/getSourceCodeBranches").refusal());
    }

    /** Null arrays. */
    @ParameterizedTest
    @CsvSource({"monitoring/getSystemLogs?log_type=err&start_index=-1,/logs", "asyncTasks/getAsyncTasks,/async_tasks",
        "integrations/getAllIntegrations,''", "usermgmt/getFilterDetails?route=stations,/users",
        "usermgmt/getFilterDetails?route=schemaverse,/users", "tags/getTags,''", "schemas/getAllSchemas,''",
            "stations/getAllStations,''",
        "stations/getStations,/stations", "producers/getAllProducers,''", "consumers/getAllConsumers,''",
            "monitoring/getGraphOverview,/stations"})
    void shouldAnswerWithEmptyListsForNothing(String path, String pointer) {
        JsonNode list = api.get(path).ok().at(pointer);
        assertTrue(list.isArray() && list.isEmpty(), list::toString);
    }

    /** W-06: there nothing is told without a source. */
    @ParameterizedTest
    @ValueSource(strings = {"syslogs_data", "syslogs_data.info", "syslogs_data.external"})
    void shouldTellTheLogOfAllSourcesWithoutNamingOne(String topic) {
        assertTrue(api.topics().known(topic));
        assertTrue(api.topic(topic).path("logs").isArray());
    }

    /** 12: what happens to a station is in its log, in the words of the reference, also under a name with dots. */
    @Test
    void shouldKeepTheLogOfAStationWithDotsInTheReferencesWords() {
        station("a.b", 1);
        api.post("schemas/createNewSchema", "{'name':'o','type':'json','schema_content':'{}'}").ok();
        api.post("stations/useSchema", "{'station_names':['a.b'],'schema_name':'o'}").ok();
        api.put("stations/updateSchemaEnforcement", "{'station_name':'a.b','enforcement':'warn'}").ok();
        api.delete("stations/removeSchemaFromStation", "{'station_name':'a.b'}").ok();
        api.put("tags/updateTagsForEntity", "{'entity_type':'station','entity_name':'a.b','tags_to_add':[{'name':'new'}],"
            + "'tags_to_remove':['default']}").ok();
        produce("a.b", 1, "x");
        JsonNode log = ApiBench.await("a line of the producer", () -> overview("a.b", -1).path("audit_logs"),
            lines -> lines.size() == 7);
        List<String> lines = new ArrayList<>();
        log.forEach(line -> {
            assertEquals("a.b", line.path("station_name").asText());
            assertEquals("root", line.path("created_by_username").asText());
            lines.add(line.path("message").asText());
        });
        assertEquals(List.of("Producer ui connected", "Tag new has been added to station a.b by user root",
            "Tag default has been deleted from station a.b by user root",
                "Schema o has been deleted from station a.b by user root",
            "Schema enforcement of station a.b has been changed by user root",
                "Schema o has been attached to station a.b by user root",
            "Station a.b has been created by user root"), lines);
    }

    /** M-062: the latest thousand lines, however many there are. */
    @Test
    void shouldShowTheLatestThousandLinesOfTheLog() {
        station("s", 1);
        for (int i = 0; i < 501; i++) { // two lines each
            api.put("tags/updateTagsForEntity", "{'entity_type':'station','entity_name':'s','tags_to_add':[{'name':'t" + i
                + "'}],'tags_to_remove':['t" + (i - 1) + "']}").ok();
        }
        JsonNode lines = overview("s", -1).path("audit_logs");
        assertEquals(1_000, lines.size());
        assertEquals("Tag t500 has been added to station s by user root", lines.at("/0/message").asText());
        assertEquals("Tag t1 has been added to station s by user root", lines.at("/998/message").asText());
    }

    /** M-035, features.md 16.3: there people may send a hundred characters. */
    @Test
    void shouldSendMessagesOfPeopleOfAnyLength() {
        station("s", 1);
        String payload = "x".repeat(200_000);
        produce("s", 1, payload);
        JsonNode details = api.get("stations/getMessageDetails?station_name=s&partition_number=1&message_seq=1").ok();
        assertEquals("78".repeat(200_000), details.at("/message/data").asText());
    }

    /** M-043: there nothing says to the station's log that its schema is gone. */
    @Test
    void shouldTellAStationThatItsSchemaWasRemoved() {
        station("s", 1);
        api.post("schemas/createNewSchema", "{'name':'o','type':'json','schema_content':'{}'}").ok();
        api.post("stations/useSchema", "{'station_names':['s'],'schema_name':'o'}").ok();
        api.delete("schemas/removeSchema", "{'schema_names':['o','none']}").ok();
        assertEquals("Schema o has been deleted from station s by user root", overview("s", -1).at("/audit_logs/0/message")
            .asText());
        assertEquals("{}", overview("s", -1).path("schema").toString());
    }

    /** F-179: what was done to a schema is found by its name. */
    @Test
    void shouldFindWhatWasDoneToASchemaByItsName() {
        api.post("schemas/createNewSchema", "{'name':'o','type':'json','schema_content':'{}'}").ok();
        api.post("schemas/createNewVersion", "{'schema_name':'o','schema_content':'true'}").ok();
        api.put("schemas/rollBackVersion", "{'schema_name':'o','version_number':2}").ok();
        api.put("schemas/updateSchema", "{'schema_name':'o','compatibility':'full'}").ok();
        api.delete("schemas/removeSchema", "{'schema_names':['o']}").ok();
        JsonNode entries = api.get("v2/audit?kind=schema&object=o").ok().path("entries");
        assertEquals("[\"schema_removed\",\"schema_changed\",\"schema_version_activated\",\"schema_version_added\",\"schema_created\"]",
            texts(entries, "/action"));
        assertEquals("NONE", entries.at("/1/before/compatibility").asText());
        assertEquals("FULL", entries.at("/1/after/compatibility").asText());
        assertEquals(1, entries.at("/2/before/version").asInt());
        assertEquals("o", entries.at("/0/before/name").asText());
    }

    /** M-122: no, a wrong and another kind of token. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Bearer x y"})
    void shouldLetNobodyInWithoutAToken(String header) {
        assertEquals("401 Unauthorized", api.callAs("", "GET", "stations/getStations", "", "Authorization", header).refusal());
    }

    /** M-126. */
    @Test
    void shouldReadBodiesLeniently() {
        api.call("POST", "stations/createStation", "{'NAME':'s','Partitions_Number':2,'more':[{}],'retention_type':null}",
            "Content-Type", "text/plain").ok();
        assertEquals(2, api.get("stations/getStation?station_name=s&unknown=1").ok().path("partitions_number").asInt());
        assertEquals("406 Partition number 7 does not exist",
            api.get("monitoring/getStationOverviewData?station_name=s&partition_number=7").refusal());
        assertEquals("", api.get("monitoring/getStationOverviewData?station_name=s&partition_number=x").ok().path("leader")
            .asText("?"), "of all");
    }
}
