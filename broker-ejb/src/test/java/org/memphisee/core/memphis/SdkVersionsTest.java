package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.memphis.SdkRequests.CONSUMERS;
import static org.memphisee.core.memphis.SdkRequests.PRODUCERS;
import static org.memphisee.core.memphis.SdkRequests.STATIONS;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SystemEvent.MemberRegistered;
import org.memphisee.core.control.SystemEvent.StationCreated;

/**
 * Requests as memphis.py, memphis.go, memphis.net, memphis.java and releases before them write them, one for each version of each
 * request (wire-protocol.md 3.2 to 3.8): raw, because those programs are not run here.
 */
class SdkVersionsTest {

    private static final ClientIdentity PYTHON = new ClientIdentity("root", "uuid-py", "python3", "$memphis");
    private static final ClientIdentity GO = new ClientIdentity("root", "uuid-go", "go", "$memphis");
    private static final ClientIdentity JAVA = new ClientIdentity("root", "uuid-java", "java", "$memphis");

    private final PlaneFixture plane = new PlaneFixture();

    @BeforeEach
    void makeStation() {
        assertEquals("", plane.ask(STATIONS, SdkRequests.station("s", "")));
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private MemberRegistered registered(String name) {
        return plane.definitions().events().stream().filter(MemberRegistered.class::isInstance).map(MemberRegistered.class::cast)
            .filter(member -> member.name().equals(name)).findFirst().orElseThrow();
    }

    private StationCreated station(String name) {
        return plane.definitions().events().stream().filter(StationCreated.class::isInstance).map(StationCreated.class::cast)
            .filter(made -> made.name().equals(name)).findFirst().orElseThrow();
    }

    // ---- stations

    /** memphis.py indents its JSON and asks with a capital letter for schema failures; memphis.go does neither. */
    @ParameterizedTest
    @CsvSource({"Schemaverse,true", "schemaverse,true", "SCHEMAVERSE,true", "other,false"})
    void shouldMakeAStationForPythonAndGo(String key, boolean kept) {
        String python = "{\n  'name': 'New.One',\n  'retention_type': 'bytes',\n  'retention_value': 1000,\n  'storage_type': 'memory',\n"
            + "  'replicas': 1,\n  'idempotency_window_in_ms': 60000,\n  'schema_name': '',\n  'dls_configuration': {\n    'poison': false,\n"
            + "    '" + key
                + "': true\n  },\n  'username': 'root',\n  'tiered_storage_enabled': false,\n  'partitions_number': 3,\n"
            + "  'dls_station': ''\n}";
        assertEquals("", plane.ask(PYTHON, STATIONS, python).payload());
        StationCreated made = station("new.one");
        assertEquals(kept, made.dlsSchemaverse());
        assertFalse(made.dlsPoison());
        assertEquals(60_000, made.idempotencyWindowMillis());
        assertEquals(List.of("new#one$1", "new#one$2", "new#one$3"), plane.partitions.names().stream()
            .filter(n -> n.startsWith("new")).sorted().toList());
        assertEquals("", plane.ask(GO, STATIONS, python).payload(), "the same again is no error to any of them");
    }

    /** memphis.py and memphis.go take a text with "already exist" for success, and all of them one with "not exist" when they destroy. */
    @Test
    void shouldSayWhatSdksSearchFor() {
        for (ClientIdentity sdk : List.of(PYTHON, GO, JAVA)) {
            assertEquals("Station none does not exist", plane.ask(sdk, "$memphis_station_destructions",
                "{'station_name':'none','username':'root'}").payload());
            assertTrue(plane.ask(sdk, "$memphis_producer_destructions", "{'name':'p','station_name':'s','username':'root'}")
                .payload().contains("not exist"));
            assertTrue(plane.ask(sdk, "$memphis_consumer_destructions", "{'name':'c','station_name':'s','username':'root'}")
                .payload().contains("not exist"));
        }
        assertEquals("you are using an old SDK, make sure to update your SDK",
            plane.ask(GO, STATIONS,
                "{'name':'old','retention_type':'message_age_sec','retention_value':3600,'storage_type':'file'}").payload());
    }

    // ---- producers

    /** Version 2 says its application, 3 is Java's, 4 says its language: what is not said comes from the connection. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "2,python3,-,-,uuid-x,python", "2,python3,app,-,app,python", "3,java,app,-,app,java", "3,go,app,-,app,go",
        "4,nats.js,app,node.js,app,node.js", "4,python3,app,python,app,python", "4,go,app,go,app,go", "4,.NET,app,.NET,app,.NET",
        "5,go,app,go,app,go"})
    void shouldRegisterAProducerOfEachVersion(int version, String lang, String app, String sdk, String wantedApp,
        String wantedSdk) {
        ClientIdentity client = new ClientIdentity("root", "uuid-x", lang, "$memphis");
        JsonNode answer = plane.ask(client, PRODUCERS,
            "{'name':'Prod','station_name':'S','connection_id':'uuid-x','producer_type':'application',"
            + "'req_version':" + version + ",'username':'root'" + (app == null ? "" : ",'app_id':'" + app + "'")
            + (sdk == null ? "" : ",'sdk_lang':'" + sdk + "'") + "}").json();
        assertEquals("", answer.path("error").asText(), answer::toString);
        assertEquals("[1,2]", answer.at("/partitions_update/partitions_list").toString());
        MemberRegistered member = registered("prod");
        assertEquals(wantedApp, member.appId());
        assertEquals(wantedSdk, member.sdk());
        assertEquals(version, member.requestVersion());
        assertEquals("", plane.ask(client, "$memphis_producer_destructions",
            "{'name':'prod','station_name':'s','username':'root','connection_id':'uuid-x','req_version':1}").payload());
    }

    /** Versions 0 and 1 know no partitions, and make no stations. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",'req_version':0", ",'req_version':1"})
    void shouldTellOldProducersAndConsumersToUpgrade(String version) {
        String client = "'station_name':'s','connection_id':'u','producer_type':'application','consumer_type':'application','username':'root'" + version;
        String producer = "{'name':'p'," + client + "}";
        assertEquals("to produce to this station please upgrade your SDK version", plane.ask(PYTHON, PRODUCERS, producer).json()
            .path("error").asText());
        assertEquals("this station does not exist, a default station can not be created automatically, please upgrade your SDK version",
            plane.ask(PYTHON, PRODUCERS, producer.replace("'s'", "'none'")).json().path("error").asText());
        String consumer = "{'name':'c','start_consume_from_sequence':1,'last_messages':-1," + client + "}";
        assertEquals("to consume from this station please upgrade your SDK version", plane.ask(PYTHON, CONSUMERS, consumer)
            .payload());
        assertEquals("This station does not exist, a default station can not be created automatically, please upgrade your SDK version",
            plane.ask(PYTHON, CONSUMERS, consumer.replace("'s'", "'none'")).payload());
        assertFalse(plane.partitions.names().stream().anyMatch(name -> name.startsWith("none")));
    }

    /** Version 0 of the destruction names no connection. */
    @Test
    void shouldDestroyByNameForOldSdks() {
        plane.ask(GO, PRODUCERS, "{'name':'p','station_name':'s','connection_id':'uuid-go','producer_type':'application','req_version':4,'username':'root'}");
        assertEquals("", plane.ask(GO, "$memphis_producer_destructions", "{'name':'p','station_name':'s','username':'root'}")
            .payload());
        assertTrue(plane.definitions().events().stream().noneMatch(MemberRegistered.class::isInstance));
        plane.ask(GO, CONSUMERS, SdkRequests.consumer("c", "g", "").replace("My.Station-1", "s"));
        assertEquals("", plane.ask(GO, "$memphis_consumer_destructions", "{'name':'c','station_name':'s','username':'root'}")
            .payload());
        assertTrue(plane.definitions().events().stream().noneMatch(MemberRegistered.class::isInstance));
    }

    /** The field names of memphis.go's structs are those of JSON, those of old releases of it are not. */
    @Test
    void shouldTakeKeysInAnyCase() {
        JsonNode answer = plane.ask(GO, PRODUCERS,
            "{'Name':'p','StationName':'ignored','Station_Name':'s','CONNECTION_ID':'uuid-go',"
            + "'Producer_Type':'application','Req_Version':4,'Username':'root'}").json();
        assertEquals("", answer.path("error").asText(), answer::toString);
        assertEquals("uuid-go", registered("p").connectionId());
    }

    // ---- consumers

    /** Python and Go read {@code error} whatever comes, Java fails when it is there at all. */
    @ParameterizedTest
    @CsvSource({"2,python3,true", "3,python3,true", "4,python3,true", "4,go,true", "4,.NET,true", "3,java,false", "4,java,false"})
    void shouldRegisterAConsumerOfEachVersion(int version, String lang, boolean error) {
        ClientIdentity client = new ClientIdentity("root", "uuid-x", lang, "$memphis");
        JsonNode answer = plane.ask(client, CONSUMERS, "{\n 'name': 'Cons',\n 'station_name': 'S',\n 'connection_id': 'uuid-x',\n"
            + " 'consumer_type': 'application',\n 'consumers_group': '',\n 'max_ack_time_ms': 0,\n 'max_msg_deliveries': 0,\n"
            + " 'start_consume_from_sequence': 1,\n 'last_messages': -1,\n 'req_version': " + version
                + ",\n 'username': 'root'\n}").json();
        assertEquals(error, answer.has("error"), answer::toString);
        assertEquals("", answer.path("error").asText());
        assertEquals("[1,2]", answer.at("/partitions_update/partitions_list").toString());
        MemberRegistered member = registered("cons");
        assertEquals("cons", member.group(), "a group of its own");
        var config = plane.partitions.fake("s$2").consumers.get("cons").config();
        assertEquals(30_000_000_000L, config.ackWaitNanos());
        assertEquals(10, config.maxDeliver());
    }

    /** features.md 16.1, 10: there the second of two that register at once fails. */
    @Test
    void shouldLetManyRegisterAtOnce() {
        List<CompletableFuture<FakeApi.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String station = i % 2 == 0 ? "s" : "not.there.yet";
            answers.add(plane.api.send(GO, CONSUMERS, SdkRequests.consumer("c" + i, "g", "").replace("My.Station-1", station)
                .replace('\'', '"')));
            answers.add(plane.api.send(PYTHON, PRODUCERS, ("{'name':'p','station_name':'" + station
                + "','connection_id':'uuid-py','producer_type':"
                + "'application','req_version':4,'username':'root'}").replace('\'', '"')));
        }
        answers.forEach(answer -> assertEquals("", FakeApi.await(answer).json().path("error").asText("?"),
            () -> FakeApi.await(answer).payload()));
        assertEquals(100, plane.definitions().events().stream().filter(MemberRegistered.class::isInstance).count());
        assertEquals(List.of("not#there#yet$1"), plane.partitions.names().stream().filter(name -> name.startsWith("not"))
            .toList());
    }

    /** Who says another beginning joins all the same: that of a group never changes (F-080). */
    @Test
    void shouldLetNewSdksJoinAGroupThatBeganElsewhere() {
        plane.ask(GO, CONSUMERS, SdkRequests.consumer("a", "g", "").replace("My.Station-1", "s"));
        for (int version : new int[] {2, 3, 4}) {
            JsonNode joined = plane.ask(GO, CONSUMERS, SdkRequests.consumer("b" + version, "g",
                ",'start_consume_from_sequence':7,'req_version':" + version)
                .replace("My.Station-1", "s")).json();
            assertEquals("", joined.path("error").asText(), joined::toString);
        }
        assertEquals("consumer creation options can't contain both startConsumeFromSequence and lastMessages",
            plane.ask(GO, CONSUMERS, SdkRequests.consumer("x", "g", ",'start_consume_from_sequence':7,'last_messages':3")
                .replace("My.Station-1", "s")).payload());
    }

    // ---- schemas

    /** Q20: there any name passes, and no station can have a schema with capitals. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|Schema name can not be empty", "a b|Only alphanumeric and the '_', '-', '.' characters are allowed in Schema",
        "-a|Schema name can not start or end with non alphanumeric character"})
    void shouldCheckNamesOfSchemas(String name, String refusal) {
        assertEquals(refusal, plane.ask(GO, "$memphis_schema_creations", "{'name':'" + name
            + "','type':'json','schema_content':'{}'}").json()
            .path("error").asText());
    }

    /** memphis.py and memphis.go read the content from a file and look for "already exist" in the error. */
    @Test
    void shouldMakeSchemasForPythonAndGo() {
        String schema = "{\n 'name': 'Order',\n 'type': 'json',\n 'created_by_username': 'root',\n 'schema_content': '{}',\n 'message_struct_name': ''\n}";
        assertEquals("", plane.ask(PYTHON, "$memphis_schema_creations", schema).json().path("error").asText());
        assertTrue(plane.ask(GO, "$memphis_schema_creations", schema).json().path("error").asText().contains("already exist"));
        assertEquals("", plane.ask(PYTHON, "$memphis_schema_attachments",
            "{'name':'order','station_name':'s','username':'root'}").payload());
        JsonNode update = plane.ask(GO, PRODUCERS,
            "{'name':'p','station_name':'s','connection_id':'u','producer_type':'application','req_version':4}").json()
            .path("schema_update");
        assertEquals("order", update.path("schema_name").asText());
        assertEquals("{}", update.at("/active_version/schema_content").asText());
        assertEquals("", plane.ask(GO, "$memphis_schema_detachments", "{'station_name':'s','username':'root'}").payload());
    }
}
