package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.memphis.SdkRequests.CONSUMERS;
import static org.memphisee.core.memphis.SdkRequests.PRODUCERS;
import static org.memphisee.core.memphis.SdkRequests.STATIONS;
import static org.memphisee.core.memphis.SdkRequests.consumer;
import static org.memphisee.core.memphis.SdkRequests.station;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stream.StreamConfig;

class MemphisApiTest {

    private final PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private SystemEvent.StationCreated created(String name) {
        return plane.definitions().events().stream().filter(e -> e instanceof SystemEvent.StationCreated s
            && s.name().equals(name)).map(SystemEvent.StationCreated.class::cast).findFirst().orElseThrow();
    }

    @Test
    void shouldCreateAStationOnceWithAStreamPerPartition() {
        assertEquals("", plane.ask(STATIONS, station("My.Station-1", "")));
        assertEquals("", plane.ask(STATIONS, station("my.station-1", ",'replicas':1")));
        assertEquals(List.of("my#station-1$1", "my#station-1$2"), plane.partitions.names());
        StreamConfig c = plane.partitions.fake("my#station-1$2").config();
        assertEquals(List.of("my#station-1$2.>"), c.subjects());
        assertEquals(3600_000_000_000L, c.maxAgeNanos());
        assertEquals(120_000_000_000L, c.duplicateWindowNanos());
        assertEquals(StreamConfig.Retention.LIMITS, c.retention());
        assertTrue(created("my.station-1").dlsSchemaverse());
        assertEquals("root", created("my.station-1").createdBy());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'name':''|Station name can not be empty",
        "'name':'a b'|Only alphanumeric and the '_', '-', '.' characters are allowed in Station",
        "'name':'a#b'|Only alphanumeric and the '_', '-', '.' characters are allowed in Station",
        "'name':'-a'|Station name can not start or end with non alphanumeric character",
        "'name':'a','partitions_number':1,'retention_type':'x'|retention type can be one of the following message_age_sec/messages/bytes/ack_based",
        "'name':'a','partitions_number':1,'storage_type':'x'|storage type can be one of the following file/memory",
        "'name':'a','partitions_number':1,'replicas':3|station can not be created, probably since replicas count is larger than the cluster size",
        "'name':'a','partitions_number':1,'idempotency_window_in_ms':86400001|idempotency window can not exceed 24 hours",
        "'name':'a','partitions_number':1,'retention_value':60,'idempotency_window_in_ms':120000|idempotency window cannot be greater than the station retention",
        "'name':'a','partitions_number':1,'schema_name':'nope'|Schema nope does not exist",
        "'name':'a'|you are using an old SDK, make sure to update your SDK",
        "'name':'a','partitions_number':10001|cannot create station with 10001 partitions (max:10000 min:1): Station a",
        "'name':'a','partitions_number':-1|cannot create station with -1 partitions (max:10000 min:1): Station a",
        "'name':'a','partitions_number':1,'dls_station':'b b'|Only alphanumeric and the '_', '-', '.' characters are allowed in Station",
        "'name':7|name has to be a string",
        "'name'|request is not valid JSON",
    })
    void shouldRefuseBadStationsInPlainText(String members, String text) {
        assertEquals(text, plane.ask(STATIONS, "{" + members + "}"));
        assertTrue(plane.partitions.names().isEmpty());
    }

    @Test
    void shouldRefuseLongNames() {
        assertEquals("Station should be under 128 characters",
            plane.ask(STATIONS, "{'name':'" + "x".repeat(129) + "','partitions_number':1}"));
    }

    @Test
    void shouldDefaultTheWindowToTheRetentionWhenThatIsShorter() {
        assertEquals("", plane.ask(STATIONS, "{'NAME':'a','Partitions_Number':1,'retention_value':60}"));
        assertEquals(60_000, created("a").idempotencyWindowMillis());
        assertEquals("", plane.ask(STATIONS,
            "{'name':'b','partitions_number':1,'retention_type':'ack_based','idempotency_window_in_ms':5}"));
        assertEquals(100, created("b").idempotencyWindowMillis());
        assertEquals(StreamConfig.Retention.INTEREST, plane.partitions.fake("b$1").config().retention());
        assertEquals("", plane.ask(STATIONS,
            "{'name':'c','partitions_number':1,'retention_type':'messages','retention_value':-5}"));
        assertEquals(SystemEvent.RetentionType.MESSAGE_AGE_SEC, created("c").retentionType());
        assertEquals(3600, created("c").retentionValue());
    }

    @Test
    void shouldCreateAMissingDeadLetterStation() {
        assertEquals("", plane.ask(STATIONS, "{'name':'a','partitions_number':1,'dls_station':'My.Dls'}"));
        assertEquals("my.dls", created("a").dlsStation());
        assertEquals(List.of("default"), created("my.dls").tags());
        assertEquals("", plane.ask("$memphis_station_destructions", "{'station_name':'my.dls'}"));
        assertEquals("", created("a").dlsStation());
    }

    @Test
    void shouldAnswerManySameCreationsAfterTheFirstIsDurable() {
        plane.log.hold();
        List<CompletableFuture<FakeApi.Answer>> answers = IntStream.range(0, 10).mapToObj(i -> plane.api.send(
            PlaneFixture.SDK, STATIONS, station("s", "").replace('\'', '"'))).toList();
        PlaneFixture.until(() -> plane.log.held() == 1);
        assertTrue(answers.stream().noneMatch(CompletableFuture::isDone));
        plane.log.release();
        answers.forEach(a -> assertEquals("", FakeApi.await(a).payload()));
        assertEquals(2, plane.partitions.created.get());
    }

    @Test
    void shouldAnswerStoreErrorsWithTheirCode() {
        plane.log.failWith(new StoreException("full", null, true));
        assertEquals("insufficient storage resources available (10047)", plane.ask(STATIONS, station("s", "")));
        plane.log.failWith(null);
        assertEquals("", plane.ask(STATIONS, station("s", "")));
    }

    @Test
    void shouldNotTakeStreamsOrSubjectsOfOthers() {
        plane.js("STREAM.CREATE.s$1", "{'name':'s$1'}");
        assertEquals("stream name already in use with a different configuration (10058)",
            plane.ask(STATIONS, station("s", "")));
        plane.js("STREAM.CREATE.OTHER", "{'name':'OTHER','subjects':['t$2.x']}");
        assertEquals("subjects overlap with an existing stream (10065)", plane.ask(STATIONS, station("t", "")));
    }

    @Test
    void shouldServeOthersWhileAHugeStationIsMade() {
        plane.log.hold();
        CompletableFuture<FakeApi.Answer> huge = plane.api.send(PlaneFixture.SDK, STATIONS,
            "{\"name\":\"huge\",\"partitions_number\":10000}");
        CompletableFuture<FakeApi.Answer> small = plane.api.send(PlaneFixture.SDK, STATIONS,
            "{\"name\":\"small\",\"partitions_number\":1}");
        PlaneFixture.until(() -> plane.log.held() == 2);
        plane.log.release();
        assertEquals("", FakeApi.await(small).payload());
        assertEquals("", FakeApi.await(huge).payload());
        assertEquals(10_001, plane.partitions.created.get());
        assertTrue(plane.partitions.order.indexOf("small$1") < 1_000);
        assertFalse(plane.ask(CONSUMERS, consumer("c", "g", "").replace("My.Station-1", "huge")).isEmpty());
        assertTrue(plane.partitions.fake("huge$10000").consumers.containsKey("g"));
        assertEquals("", plane.ask("$memphis_station_destructions", "{'station_name':'huge'}"));
        assertEquals(List.of("small$1"), plane.partitions.names());
    }

    @Test
    void shouldRemoveStations() {
        plane.ask(STATIONS, station("My.Station-1", ""));
        assertEquals("", plane.ask("$memphis_station_destructions", "{'station_name':'my.station-1','username':'root'}"));
        assertEquals("Station my.station-1 does not exist",
            plane.ask("$memphis_station_destructions", "{'station_name':'my.station-1','username':'root'}"));
        assertTrue(plane.partitions.names().isEmpty());
        assertFalse(plane.api.published.contains("$memphis_sdk_clients_updates"));
    }

    @Test
    void shouldAnswerAProducerWithEveryMember() {
        plane.ask(STATIONS, station("My.Station-1", ""));
        assertEquals("{\"schema_update\":{\"schema_name\":\"\",\"active_version\":{\"version_number\":0,\"descriptor\":\"\","
            + "\"schema_content\":\"\",\"message_struct_name\":\"\"},\"type\":\"\"},"
            + "\"partitions_update\":{\"partitions_list\":[1,2]},\"schemaverse_to_dls\":true,\"send_notification\":false,"
            + "\"station_version\":2,\"station_partitions_first_functions\":{},\"error\":\"\"}",
            plane.ask(PRODUCERS, "{'name':'Prod-A','station_name':'My.Station-1','connection_id':'uuid-1',"
                + "'producer_type':'application','req_version':4,'username':'nobody','app_id':'a','sdk_lang':'node.js'}"));
        String destroy = "{'name':'prod-a','station_name':'my.station-1','username':'root','connection_id':'uuid-1',"
            + "'req_version':1}";
        assertEquals("", plane.ask("$memphis_producer_destructions", destroy));
        assertEquals("Producer prod-a at station my.station-1 does not exist",
            plane.ask("$memphis_producer_destructions", destroy));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'name':'','station_name':'s'|Producer name can not be empty",
        "'name':'p','station_name':''|Station name can not be empty",
        "'name':'p','station_name':'s','producer_type':'x'|producer type has to be one of the following application/connector",
        "'name':'p','station_name':'none','producer_type':'application'|this station does not exist, a default station can not be created automatically, please upgrade your SDK version",
        "'name':'p','station_name':'s','producer_type':'application','req_version':1|to produce to this station please upgrade your SDK version",
        "'name'|request is not valid JSON",
    })
    void shouldRefuseProducersInJson(String members, String text) {
        plane.ask(STATIONS, station("s", ""));
        FakeApi.Answer answer = plane.ask(PlaneFixture.SDK, PRODUCERS, "{" + members + "}");
        JsonNode json = answer.json();
        assertEquals(text, json.get("error").asText());
        assertTrue(json.get("partitions_update").get("partitions_list").isNull());
        assertEquals(0, json.get("station_version").asInt());
        assertFalse(json.get("schemaverse_to_dls").asBoolean());
        assertTrue(json.has("schema_update") && json.has("send_notification")
            && json.has("station_partitions_first_functions"));
    }

    @Test
    void shouldRefuseUsersThatWereRemoved() {
        ClientIdentity gone = new ClientIdentity("gone", "u", "go", "$memphis");
        assertEquals("User gone does not exist", plane.ask(gone, STATIONS, station("s", "")).payload());
        assertEquals("User gone does not exist", plane.ask(gone, PRODUCERS,
            "{'name':'p','station_name':'s','producer_type':'application','req_version':4}").json().get("error").asText());
        assertEquals("user does not exist", plane.ask(gone, CONSUMERS, consumer("c", "g", "")).payload());
    }

    @Test
    void shouldCreateADefaultStationForAProducer() {
        assertTrue(plane.ask(PRODUCERS, "{'name':'p','station_name':'New.Station','connection_id':'u',"
            + "'producer_type':'application','req_version':4}").contains("\"partitions_list\":[1]"));
        SystemEvent.StationCreated s = created("new.station");
        assertEquals(3600, s.retentionValue());
        assertEquals(120_000, s.idempotencyWindowMillis());
        assertTrue(s.dlsPoison() && s.dlsSchemaverse());
        assertEquals(List.of("default"), s.tags());
    }

    @Test
    void shouldCreateADefaultStationForAConsumer() {
        assertTrue(plane.ask(CONSUMERS, consumer("c", "g", "").replace("My.Station-1", "Other.Station"))
            .contains("\"partitions_list\":[1]"));
        SystemEvent.StationCreated s = created("other.station");
        assertEquals(SystemEvent.RetentionType.MESSAGE_AGE_SEC, s.retentionType());
        assertEquals(3600, s.retentionValue());
        assertEquals(120_000, s.idempotencyWindowMillis());
        assertTrue(s.dlsPoison() && s.dlsSchemaverse());
        assertEquals(List.of("default"), s.tags());
        assertTrue(plane.partitions.fake("other#station$1").consumers.containsKey("g"));
    }

    @Test
    void shouldServeSdksOnNonNativeStations() {
        plane.js("STREAM.CREATE.Orders", "{'name':'Orders','subjects':['orders.>']}");
        JsonNode producer = plane.ask(PlaneFixture.SDK, PRODUCERS,
            "{'name':'p','station_name':'orders','producer_type':'application','req_version':4}").json();
        assertEquals("[]", producer.get("partitions_update").get("partitions_list").toString());
        assertFalse(producer.get("schemaverse_to_dls").asBoolean());
        assertEquals(2, producer.get("station_version").asInt());
        plane.ask(CONSUMERS, consumer("c", "g", "").replace("My.Station-1", "orders"));
        assertEquals(List.of("Orders.final"),
            plane.partitions.fake("Orders").consumers.get("g").config().filterSubjects());
        assertEquals("Station orders does not exist",
            plane.ask("$memphis_station_destructions", "{'station_name':'orders'}"));
        assertEquals("", plane.ask("$memphis_station_destructions", "{'station_name':'Orders'}"));
        assertTrue(plane.partitions.names().isEmpty());
    }

    @Test
    void shouldAnswerEmptyForAnExistingStationWhateverIsAskedOfIt() {
        plane.ask(STATIONS, station("s", ""));
        int events = plane.log.size();
        for (String more : List.of("'replicas':3", "'idempotency_window_in_ms':86400001", "'partitions_number':0",
            "'partitions_number':10001", "'retention_value':60,'idempotency_window_in_ms':120000", "'retention_type':'x'",
            "'storage_type':'x'", "'schema_name':'nope'", "'dls_station':'b b'", "'dls_configuration':7")) {
            assertEquals("", plane.ask(STATIONS, "{'name':'S','partitions_number':1," + more + "}"), more);
        }
        assertEquals(events, plane.log.size());
        assertEquals("Station name can not be empty", plane.ask(STATIONS, "{'name':'','replicas':3}"));
    }

    @Test
    void shouldAnswerARepeatOnlyWhenTheStationIsThere() {
        plane.log.hold();
        CompletableFuture<FakeApi.Answer> first = plane.api.send(PlaneFixture.SDK, STATIONS,
            station("s", "").replace('\'', '"'));
        PlaneFixture.until(() -> plane.log.held() == 1);
        CompletableFuture<FakeApi.Answer> repeat = plane.api.send(PlaneFixture.SDK, STATIONS,
            station("s", ",'replicas':3").replace('\'', '"'));
        CompletableFuture<FakeApi.Answer> refused = plane.api.send(PlaneFixture.SDK, STATIONS,
            station("s", ",'retention_type':'x'").replace('\'', '"'));
        plane.log.release();
        assertEquals("", FakeApi.await(first).payload());
        assertEquals("", FakeApi.await(repeat).payload());
        assertEquals("", FakeApi.await(refused).payload());
    }

    @Test
    void shouldAcceptWhatClientsOnlyTell() {
        for (String subject : List.of("$memphis_notifications", "$memphis_schemaverse_dls", "$memphis_nacked_dls",
            "$memphis_pm_acks")) {
            assertFalse(plane.api.send(PlaneFixture.SDK, subject, "{\"cg_name\":").isDone());
        }
    }
}
