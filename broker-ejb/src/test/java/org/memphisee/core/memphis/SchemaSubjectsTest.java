package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.memphis.SdkRequests.CONSUMERS;
import static org.memphisee.core.memphis.SdkRequests.PRODUCERS;
import static org.memphisee.core.memphis.SdkRequests.STATIONS;
import static org.memphisee.core.memphis.SdkRequests.consumer;
import static org.memphisee.core.memphis.SdkRequests.station;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.schema.StationCheck;

class SchemaSubjectsTest {

    private static final String CREATE = "$memphis_schema_creations";
    private static final String ATTACH = "$memphis_schema_attachments";
    private static final String DETACH = "$memphis_schema_detachments";
    private static final String UPDATES = "$memphis_schema_updates_my#station-1";
    private static final String OK = "{\"error\":\"\"}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private String create(String name, String type, String content) throws Exception {
        return create(name, type, content, "");
    }

    private String create(String name, String type, String content, String message) throws Exception {
        return plane.ask(PlaneFixture.SDK, CREATE, "{\"name\":" + JSON.writeValueAsString(name) + ",\"type\":\"" + type
            + "\",\"created_by_username\":\"root\",\"schema_content\":" + JSON.writeValueAsString(content)
            + ",\"message_struct_name\":\"" + message + "\"}").payload();
    }

    private JsonNode producer() {
        return plane.ask(PlaneFixture.SDK, PRODUCERS, "{'name':'p','station_name':'my.station-1','connection_id':'uuid-1',"
            + "'producer_type':'application','req_version':4,'username':'root'}").json();
    }

    private JsonNode pushed(int last) throws Exception {
        List<String> updates = plane.api.textsOf(UPDATES);
        return JSON.readTree(updates.get(updates.size() - 1 - last));
    }

    private List<Long> partitions() {
        return plane.definitions().events().stream().filter(SystemEvent.StationCreated.class::isInstance)
            .map(SystemEvent.StationCreated.class::cast).findFirst().orElseThrow().partitionIds();
    }

    private StationCheck check(int partition) {
        return plane.checks.get(partitions().get(partition));
    }

    @Test
    void shouldCreateAddAndRefuseAsTheReference() throws Exception {
        assertEquals(OK, create("My.Order", "json", "{\"type\":\"object\"}"));
        assertEquals("{\"error\":\"my.order already exists in the db with the same schema content\"}",
            create("my.order", "JSON", "{\"type\":\"object\"}"));
        assertEquals("{\"error\":\"my.order already exist with type - json\"}", create("my.order", "avro", "\"int\""));
        assertEquals(OK, create("my.order", "json", "{\"type\":\"string\"}"));
        assertEquals("{\"error\":\"your json schema is invalid\"}", create("x", "json", "{"));
        assertEquals("{\"error\":\"your schema content is invalid\"}", create("x", "json", ""));
        assertTrue(create("x", "avro", "{}").startsWith("{\"error\":\"your Avro file is invalid: "));
        assertTrue(create("x", "protobuf", "{}").startsWith("{\"error\":\"your Proto file is invalid: "));
        assertTrue(create("x", "graphql", "{}").startsWith("{\"error\":\"graphql: syntax error: "));
        assertEquals("{\"error\":\"unsupported schema type\"}", create("x", "xml", "<a/>"));
        assertEquals("{\"error\":\"Schema name can not be empty\"}", create("", "json", "{}"));
        assertEquals("{\"error\":\"Only alphanumeric and the '_', '-', '.' characters are allowed in Schema\"}",
            create("a b", "json", "{}"));
        assertTrue(plane.ask(CREATE, "{").startsWith("{\"error\":\"request"));
        assertTrue(plane.ask(CREATE, "{'name':7}").contains("name has to be a string"));
    }

    @Test
    void shouldAttachPinPushAndDetach() throws Exception {
        plane.ask(STATIONS, station("my.station-1", ""));
        create("order", "json", "{\"type\":\"object\"}");
        assertEquals("", plane.ask(ATTACH, "{'name':'Order','station_name':'My.Station-1','username':'root'}"));
        JsonNode init = pushed(0).get("init");
        assertEquals(1, pushed(0).get("UpdateType").asInt());
        assertEquals("{\"schema_name\":\"order\",\"active_version\":{\"version_number\":1,\"descriptor\":\"\","
            + "\"schema_content\":\"{\\\"type\\\":\\\"object\\\"}\",\"message_struct_name\":\"\"},\"type\":\"json\"}", init.toString());
        assertEquals(init, producer().get("schema_update"));
        assertEquals(init, plane.ask(PlaneFixture.SDK, CONSUMERS, consumer("c", "g", "")).json().get("schema_update"));
        assertEquals("order", check(0).schema());
        assertTrue(check(1).refuse());
        byte[] message = "[]".getBytes("UTF-8");
        assertFalse(check(1).check().problem(message, 0, message.length).isEmpty());

        create("order", "json", "{\"type\":\"array\"}");
        assertEquals(1, producer().get("schema_update").get("active_version").get("version_number").asInt(), "not active");
        assertEquals(1, plane.api.textsOf(UPDATES).size(), "nothing is pushed for a version");

        assertEquals("", plane.ask(DETACH, "{'station_name':'my.station-1','username':'root'}"));
        assertEquals("{\"UpdateType\":2,\"init\":{\"schema_name\":\"\",\"active_version\":{\"version_number\":0,\"descriptor\":\"\","
            + "\"schema_content\":\"\",\"message_struct_name\":\"\"},\"type\":\"\"}}", pushed(0).toString());
        assertNull(check(0));
        assertEquals("", producer().get("schema_update").get("schema_name").asText());
        assertEquals("", plane.ask(DETACH, "{'station_name':'my.station-1'}"), "one without a schema");
        assertEquals(3, plane.api.textsOf(UPDATES).size(), "is told so all the same");
    }

    @Test
    void shouldNameWhatIsNotThere() throws Exception {
        assertEquals("memphis: Station s does not exist", plane.ask(ATTACH, "{'name':'x','station_name':'S'}"));
        assertEquals("station s does not exist", plane.ask(DETACH, "{'station_name':'s'}"));
        plane.ask(STATIONS, station("my.station-1", ""));
        assertEquals("Schema x does not exist", plane.ask(ATTACH, "{'name':'X','station_name':'my.station-1'}"));
        assertTrue(plane.api.textsOf(UPDATES).isEmpty());
    }

    @Test
    void shouldNameTheProtobufFileAfterItsVersion() throws Exception {
        assertEquals(OK, create("p", "protobuf", "syntax = \"proto3\"; message A { int32 a = 1; } message B { }"));
        assertEquals(OK, create("p", "protobuf", "syntax = \"proto3\"; message A { int32 a = 1; int32 b = 2; }", "A"));
        plane.ask(STATIONS, station("my.station-1", ""));
        plane.ask(ATTACH, "{'name':'p','station_name':'my.station-1'}");
        JsonNode version = pushed(0).get("init").get("active_version");
        assertEquals("A", version.get("message_struct_name").asText());
        assertTrue(new String(java.util.Base64.getDecoder().decode(version.get("descriptor").asText()), "ISO-8859-1")
            .contains("p_1.proto"));
        assertEquals(2, plane.definitions().events().stream().filter(e -> e instanceof SchemaEvent.SchemaVersionAdded a
            && new String(java.util.Base64.getDecoder().decode(a.text().descriptor()), java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains("p_2.proto")).map(SchemaEvent.SchemaVersionAdded.class::cast).findFirst().orElseThrow().version());
    }

    @Test
    void shouldMakeAStationWithItsSchemaOrNotAtAll() throws Exception {
        create("order", "json", "{\"type\":\"object\"}");
        String with = station("my.station-1", "").replace("'schema_name':''", "'schema_name':'Order'");
        assertEquals("Schema none does not exist", plane.ask(STATIONS, with.replace("Order", "none")));
        assertTrue(plane.partitions.names().isEmpty());
        assertEquals("", plane.ask(STATIONS, with));
        assertEquals(1, producer().get("schema_update").get("active_version").get("version_number").asInt());
        assertEquals(1, check(1).version());
        assertEquals("", plane.ask(STATIONS, with.replace("Order", "none")), "an existing one is left alone");
    }

    @Test
    void shouldKnowSchemasAfterARestart() throws Exception {
        create("order", "json", "{\"type\":\"object\"}");
        plane.ask(STATIONS, station("my.station-1", ""));
        plane.ask(ATTACH, "{'name':'order','station_name':'my.station-1'}");
        JsonNode before = producer().get("schema_update");
        plane.close();
        plane = new PlaneFixture(plane.log, ControlFixture.settings());
        assertEquals("order", check(0).schema());
        assertEquals(before, producer().get("schema_update"));
    }

    @Test
    void shouldForgetWhatAStationHadWhenItGoes() throws Exception {
        create("order", "json", "{\"type\":\"object\"}");
        plane.ask(STATIONS, station("my.station-1", ""));
        plane.ask(ATTACH, "{'name':'order','station_name':'my.station-1'}");
        plane.ask("$memphis_station_destructions", "{'station_name':'my.station-1'}");
        plane.ask(STATIONS, station("my.station-1", ""));
        assertEquals("", producer().get("schema_update").get("schema_name").asText());
    }
}
