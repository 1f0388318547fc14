package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

/** How the other server of a migration is found, and what is brought from the management API of a Memphis. */
class MigrateCommandsTest extends CliFixture {

    private static final String VERSION = "'schema_content':'{}','message_struct_name':'','active':";

    @Test
    void shouldNotTakeTheBrokerHereForTheOtherServer() {
        environment.put("MEMPHISEE_CLI_PASSWORD", "ours");
        environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:1");
        shouldEnd(64, "migrate", "plan");
        assertTrue(err.contains("--from HOST[:PORT]"), err);
        try (FakeClientPort here = new FakeClientPort(Optional.empty()); FakeClientPort there = new FakeClientPort(Optional.empty())) {
            environment.put("MEMPHISEE_CLI_SERVER", "127.0.0.1:" + here.port());
            shouldEnd(64, "migrate", "plan", "--from", "127.0.0.1:" + there.port(), "--from-user", "them");
            assertTrue(err.contains("no password for user them"), err);
            environment.put("MEMPHISEE_CLI_FROM_PASSWORD", "wrong");
            shouldEnd(77, "migrate", "plan", "--from", "nats://127.0.0.1:" + there.port(), "--from-user", "them");
            assertTrue(there.connects().get(0).contains("\"user\":\"them\",\"pass\":\"wrong\""), there.connects().toString());
            assertTrue(here.connects().get(0).contains("\"pass\":\"ours\""), here.connects().toString());
        }
        shouldEnd(69, "migrate", "plan", "--from", "127.0.0.1:1");
    }

    private static FakeBroker memphis() {
        return new FakeBroker()
            .answer("GET /api/schemas/getAllSchemas", 200, "[{'name':'order'}]")
            .answer("GET /api/schemas/getSchemaDetails?schema_name=order", 200,
            "{'type':'json','tags':[{'name':'t','color':'1, 2, 3'}],"
                + "'versions':[{'version_number':2," + VERSION + "false},{'version_number':1," + VERSION + "true}]}")
            .answer("GET /api/usermgmt/getAllUsers", 200,
            "{'application_users':[{'username':'shop','user_type':'application','team':'a',"
                + "'permissions':{'allow_read_permissions':['o.*']}}],'management_users':[{'username':'root','user_type':'root'}]}")
            .answer("GET /api/stations/getAllStations", 200, "[{'name':'orders','is_native':true,'schema_name':'order',"
                + "'schema_vesrion_number':1},{'name':'gone'},{'name':'plain','is_native':false}]")
            .answer("GET /api/stations/getStation?station_name=orders", 200,
            "{'dls_configuration':{'poison':true,'schemaverse':false},"
                + "'dls_station':'letters','tags':[{'name':'t','color':'1, 2, 3'}]}");
    }

    private static FakeBroker empty() {
        FakeBroker here = new FakeBroker().answer("GET /api/schemas/getAllSchemas", 200, "[]")
            .answer("GET /api/usermgmt/getAllUsers", 200, "{'application_users':[],'management_users':[]}")
            .answer("GET /api/stations/getAllStations", 200, "[{'name':'orders'}]")
            .answer("POST /api/stations/useSchema", 200, "{'version_number':2}");
        for (String request : List.of("POST /api/schemas/createNewSchema", "POST /api/schemas/createNewVersion",
            "POST /api/usermgmt/addUser",
            "PUT /api/schemas/rollBackVersion", "PUT /api/stations/updateDlsConfig", "POST /api/stations/attachDlsStation",
            "PUT /api/tags/updateTagsForEntity")) {
            here.answer(request, 200, "{}");
        }
        return here;
    }

    @Test
    void shouldBringSchemasUsersAndSettingsOfStations() throws IOException {
        environment.put("MEMPHISEE_CLI_PASSWORD", "ours");
        environment.put("MEMPHISEE_CLI_FROM_PASSWORD", "theirs");
        Path passwords = home.resolve("passwords");
        try (FakeBroker there = memphis(); FakeBroker here = empty()) {
            shouldEnd(0, "migrate", "definitions", "--from-api", there.url(), "--api", here.url(), "--dry-run");
            assertFalse(here.requests().stream().anyMatch(r -> !r.startsWith("GET") && !r.contains("login")),
                here.requests().toString());
            assertFalse(Files.exists(passwords));
            shouldEnd(0, "migrate", "definitions", "--from-api", there.url(), "--api", here.url(), "--passwords-to",
                passwords.toString(),
                "-o", "json");
            shouldPrint("migrate-definitions.json");
            List<String> done = here.requests().stream().filter(r -> !r.startsWith("GET") && !r.contains("login"))
                .map(r -> r.replaceFirst(" \\[Bearer token-1]", "").replaceFirst("'password':'[^']*'", "'password':'?'")).toList();
            assertEquals(List.of(
                "POST /api/schemas/createNewSchema {'schema_content':'{}','message_struct_name':'','name':'order','type':'json',"
                    + "'tags':[{'name':'t','color':'1, 2, 3'}]}",
                "POST /api/schemas/createNewVersion {'schema_content':'{}','message_struct_name':'','schema_name':'order'}",
                "PUT /api/schemas/rollBackVersion {'schema_name':'order','version_number':1}",
                "POST /api/usermgmt/addUser {'username':'shop','user_type':'application','password':'?','full_name':'','team':'a','position':'',"
                    + "'description':'','allow_read_permissions':['o.*'],'allow_write_permissions':[],'deny_read_permissions':[],"
                    + "'deny_write_permissions':[]}",
                "PUT /api/stations/updateDlsConfig {'station_name':'orders','poison':true,'schemaverse':false}",
                "POST /api/stations/attachDlsStation {'name':'letters','station_names':['orders']}",
                "PUT /api/tags/updateTagsForEntity {'entity_type':'station','entity_name':'orders','tags_to_add':[{'name':'t',"
                    + "'color':'1, 2, 3'}],'tags_to_remove':[]}",
                "POST /api/stations/useSchema {'schema_name':'order','station_names':['orders']}"), done);
            assertTrue(Files.readString(passwords).matches("shop [A-Za-z0-9]{16}aA2!\n"), Files.readString(passwords));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)));
            assertTrue(there.requests().stream().allMatch(r -> r.startsWith("GET") || r.contains("'password':'theirs'")),
                "only read");
            shouldEnd(1, "migrate", "definitions", "--from-api", there.url(), "--api", here.url(), "--passwords-to",
                passwords.toString());
            assertTrue(out.contains("is not overwritten"), out);
        }
    }

    @Test
    void shouldLeaveAloneWhatIsHere() {
        environment.put("MEMPHISEE_CLI_PASSWORD", "ours");
        environment.put("MEMPHISEE_CLI_FROM_PASSWORD", "theirs");
        try (FakeBroker there = memphis(); FakeBroker here = memphis()) {
            here.answer("GET /api/stations/getAllStations", 200, "[]");
            shouldEnd(0, "migrate", "definitions", "--from-api", there.url(), "--api", here.url(), "--passwords-to",
                home.resolve("none").toString(), "--columns", "name,result", "--no-headers");
            assertEquals("order\tpresent\nshop\tpresent\norders\tnot here\ngone\tnot here\n", out);
        }
    }
}
