package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.it.access.Management.assertAnswer;
import static org.memphisee.it.access.Management.assertShowable;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.access.Management.Answer;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;

/** Schemas over HTTP, row by row (management-api.md M-029 to M-031, M-040 to M-046), and what they do to messages. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class SchemasApiIT extends ManagementFixture {
    private static final String OBJECT = "{\\'type\\':\\'object\\'}";

    @AfterEach
    void removeSchemas() {
        root.delete("schemas/removeSchema", "{'schema_names':['" + name + "']}");
    }

    private Answer create(String type, String content, String more) {
        return root.post("schemas/createNewSchema", "{'name':'" + name + "','type':'" + type + "','schema_content':'" + content
                + "'" + more + "}");
    }

    private static void assertContent(String text, Answer answer) {
        assertEquals(555, answer.code(), answer.body());
        assertTrue(answer.member("message").startsWith(text), answer.body());
    }

    /** M-040, M-041, M-042, M-046, F-116 to F-119, F-121, F-125. */
    @Test
    void shouldCreateListAndValidate() {
        Answer created = create("json", OBJECT, ",'tags':[{'name':'Red','color':'1, 2, 3'}]");
        assertEquals(200, created.code(), created.body());
        assertTrue(created.body().contains("\"name\":\"" + name + "\",\"type\":\"json\",\"created_by_username\":\"root\""), created.body());
        assertShowable("Schema with the name " + name + " already exists", create("json", OBJECT, ""));
        assertShowable("unsupported schema type", root.post("schemas/createNewSchema", "{'name':'xx','type':'xml','schema_content':'x'}"));
        assertShowable("message struct name is required when schema type is Protobuf",
                root.post("schemas/createNewSchema", "{'name':'xx','type':'protobuf','schema_content':'message A {}'}"));
        assertEquals(400, root.post("schemas/createNewSchema", "{'name':'" + "x".repeat(33) + "','type':'json'}").code());
        Answer list = root.get("schemas/getAllSchemas");
        assertTrue(list.body().contains("\"name\":\"" + name + "\"") && list.body().contains("\"color\":\"1, 2, 3\""), list.body());
        assertShowable("Schema nowhere does not exist", root.get("schemas/getSchemaDetails?schema_name=nowhere"));
        assertAnswer(200, "{'is_valid':true}", root.post("schemas/validateSchema", "{'schema_type':'avro','schema_content':'\\'int\\''}"));
        assertShowable("unsupported schema type", root.post("schemas/validateSchema", "{'schema_type':'x','schema_content':'y'}"));
        assertContent("your schema content is invalid", root.post("schemas/validateSchema", "{'schema_type':'json'}"));
        assertContent("your json schema is invalid", root.post("schemas/validateSchema", "{'schema_type':'json','schema_content':'x'}"));
        assertContent("your Avro file is invalid: ", root.post("schemas/validateSchema", "{'schema_type':'avro','schema_content':'x'}"));
        assertContent("your Proto file is invalid: ", root.post("schemas/validateSchema", "{'schema_type':'protobuf','schema_content':'x'}"));
        assertContent("graphql: syntax error: ", root.post("schemas/validateSchema", "{'schema_type':'graphql','schema_content':'x'}"));
    }

    /** M-042, M-044, M-045, F-122, F-123, F-136. */
    @Test
    void shouldAddCompareAndActivateVersions() {
        create("avro", "{\\'type\\':\\'record\\',\\'name\\':\\'A\\',\\'fields\\':[]}", ",'compatibility':'backward'");
        String field = "{'schema_name':'" + name + "','schema_content':'{\\'type\\':\\'record\\',\\'name\\':\\'A\\',"
                + "\\'fields\\':[{\\'name\\':\\'a\\',\\'type\\':\\'int\\'%s}]}'}";
        Answer broken = root.post("schemas/createNewVersion", field.formatted(""));
        assertContent("the new version is not compatible (backward): backward: /fields/0", broken);
        Answer added = root.post("schemas/createNewVersion", field.formatted(",\\'default\\':1"));
        assertEquals(200, added.code(), added.body());
        assertTrue(added.body().indexOf("\"version_number\":2") < added.body().indexOf("\"version_number\":1"), "newest first");
        assertTrue(added.body().contains("\"version_number\":1,\"active\":true"), added.body());
        assertShowable("Version already exists", root.post("schemas/createNewVersion", field.formatted(",\\'default\\':1")));
        assertShowable("Schema nowhere does not exist", root.post("schemas/createNewVersion", field.formatted("").replace(name, "nowhere")));
        Answer active = root.call("PUT", "schemas/rollBackVersion", "{'schema_name':'" + name + "','version_number':2}");
        assertTrue(active.body().contains("\"version_number\":2,\"active\":true")
                && active.body().contains("\"version_number\":1,\"active\":false"), active.body());
        assertShowable("Schema " + name + " version 3 does not exist",
                root.call("PUT", "schemas/rollBackVersion", "{'schema_name':'" + name + "','version_number':3}"));
        Answer compared = root.get("schemas/compareVersions?schema_name=" + name + "&from=2&to=1");
        assertAnswer(200, "{'backward':[],'forward':[]}", compared);
        assertTrue(root.call("PUT", "schemas/updateSchema", "{'schema_name':'" + name + "','compatibility':'none','tags':[]}").body()
                .endsWith("\"tags\":[],\"created_by_username\":\"root\",\"compatibility\":\"none\"}"));
    }

    /** F-130: what was refused is a dead letter with the reason, put back when it fits. */
    @Test
    void shouldKeepWhatDoesNotFit() throws IOException {
        create("json", OBJECT, "");
        root.post("stations/createStation", "{'name':'" + name + "','schema_name':'" + name
                + "','dls_configuration':{'poison':true,'schemaverse':true}}");
        try (RawConnection nats = RawConnection.login(broker)) {
            assertTrue(nats.request(name.replace('.', '#') + "$1.final", "[7]").contains("Schema validation has failed: "));
        }
        String list = "v2/dead-letters?dls_type=schema&station_name=" + name;
        Eventually.await("the dead letter", () -> root.get(list).body().contains("\"total\":1"));
        Answer letters = root.get(list);
        assertEquals("5b375d", letters.member("data"), letters.body());
        assertTrue(letters.member("validation_error").contains("object"), letters.body());
        String id = letters.member("id");
        assertTrue(root.post("v2/dead-letters/put-back", "{'station_name':'" + name + "','message_id':" + id + "}").body()
                .contains("Schema validation has failed: "));
        assertAnswer(200, "{}", root.post("v2/dead-letters/put-back", "{'station_name':'" + name + "','message_id':" + id
                + ",'data':'7b7d'}"));
        assertTrue(root.get(list).body().contains("\"total\":0"));
        String audit = root.get("v2/audit?kind=station&object=" + name).body();
        assertTrue(audit.contains("\"action\":\"dead_letter_put_back\""), audit);
    }

    /** M-025, M-029, M-030, M-031, M-043, F-024, F-124, F-126 to F-129, F-134, F-135. */
    @Test
    void shouldPinEnforceAndLetGo() throws IOException {
        create("json", OBJECT, "");
        assertShowable("Station " + name + " does not exist",
                root.post("stations/useSchema", "{'station_names':['" + name + "'],'schema_name':'" + name + "'}"));
        Answer station = root.post("stations/createStation", "{'name':'" + name + "','schema_name':'" + name + "'}");
        assertTrue(station.body().contains("\"schema_name\":\"" + name + "\",\"schema_version_number\":1"), station.body());
        String subject = name.replace('.', '#') + "$1.final";
        try (RawConnection nats = RawConnection.login(broker)) {
            String refusal = nats.request(subject, "[]");
            assertTrue(refusal.contains("Schema validation has failed: "), refusal);
            assertTrue(nats.request(subject, "{}").contains("\"seq\":1"));
            root.post("schemas/createNewVersion", "{'schema_name':'" + name + "','schema_content':'{\\'type\\':\\'array\\'}'}");
            root.call("PUT", "schemas/rollBackVersion", "{'schema_name':'" + name + "','version_number':2}");
            String overview = "monitoring/getStationOverviewData?station_name=" + name;
            assertTrue(root.get(overview).body().contains("\"version_number\":1,\"updates_available\":true,\"enforcement\":\"refuse\""));
            Answer updates = root.get("stations/getUpdatesForSchemaByStation?station_name=" + name);
            assertTrue(updates.body().contains("\"version_number\":2") && updates.body().contains("\"version_number\":1"), updates.body());
            assertTrue(nats.request(subject, "{}").contains("\"seq\":2"), "stations keep their version");
            assertAnswer(200, "{'name':'" + name + "','schema_type':'json','version_number':2,'updates_available':false}",
                    root.post("stations/useSchema", "{'station_names':['" + name + "'],'schema_name':'" + name + "'}"));
            assertTrue(nats.request(subject, "{}").contains("Schema validation has failed: "));
            assertAnswer(200, "{'enforcement':'warn'}", root.call("PUT", "stations/updateSchemaEnforcement",
                    "{'station_name':'" + name + "','enforcement':'warn'}"));
            assertTrue(nats.request(subject, "{}").contains("\"seq\":3"));
            assertTrue(root.get("schemas/getSchemaDetails?schema_name=" + name).body().contains("\"used_stations\":[\"" + name + "\"]"));
            assertShowable("Schema " + name + " is used by stations: " + name,
                    root.delete("schemas/removeSchema", "{'schema_names':['" + name + "'],'only_unused':true}"));
            assertAnswer(200, "{}", root.delete("schemas/removeSchema", "{'schema_names':['" + name + "','nowhere']}"));
            assertTrue(root.get(overview).body().contains("\"schema\":{}"));
            assertTrue(nats.request(subject, "x").contains("\"seq\":4"));
            assertAnswer(200, "{}", root.delete("stations/removeSchemaFromStation", "{'station_name':'" + name + "'}"));
            assertFalse(root.get("schemas/getAllSchemas").body().contains("\"" + name + "\""));
        }
    }
}
