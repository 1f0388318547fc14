package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands over the management API and the monitor, against prepared answers. */
class ApiCommandsTest extends CliFixture {

    private static final String STATIONS = "{'stations':[{'station':{'id':2,'name':'orders','retention_type':'messages',"
        + "'retention_value':1000,'storage_type':'disk','replicas':1,'created_by_username':'root',"
        + "'created_at':'2026-01-31T10:00:00Z','is_native':true,'partitions_list':[1,2]},'total_messages':42,'activity':true,"
        + "'tags':[{'name':'shop','color':'0, 0, 0'}]},{'station':{'id':1,'name':'EVENTS','retention_type':'message_age_sec',"
        + "'retention_value':60,'storage_type':'memory','replicas':1,'created_by_username':'root',"
        + "'created_at':'2026-01-30T10:00:00Z','is_native':false,'partitions_list':[]},'total_messages':0,'activity':false,'tags':[]}]}";
    private static final String OVERVIEW = "{'connected_cgs':[{'name':'billing','unprocessed_messages':7,'poison_messages':1,"
        + "'is_active':true,'in_process_messages':2,'max_ack_time_ms':30000,'max_msg_deliveries':10,'partitions_list':[1,2],"
        + "'connected_consumers':[{'name':'b1','is_active':true,'count':3,'sdk_language':'go'}],'disconnected_consumers':[]}],"
        + "'disconnected_cgs':[],'connected_producers':[{'name':'shop','is_active':true,'connected_producers_count':2,"
        + "'sdk_language':'node.js'}],'disconnected_producers':[],'total_messages':42,'average_message_size':11}";
    private static final String USERS = "{'application_users':[{'username':'shop','user_type':'application',"
        + "'created_at':'2026-01-31T10:00:00Z','full_name':'','team':'','position':'','description':'the shop','owner':'root',"
        + "'permissions':{'allow_read_permissions':[],'allow_write_permissions':['orders*'],'deny_read_permissions':[],"
        + "'deny_write_permissions':[]}}],'management_users':[{'username':'root','user_type':'root',"
        + "'created_at':'2026-01-30T10:00:00Z','permissions':{}}]}";
    private static final String LAG = "{'delayed_cgs':[{'station_name':'orders','cgs':[{'cg_name':'billing','num_of_delayed_msgs':7},"
        + "{'cg_name':'audit','num_of_delayed_msgs':9000}]}]}";

    private FakeBroker broker;

    @BeforeEach
    void open() {
        broker = new FakeBroker();
        environment.put("MEMPHISEE_CLI_API", broker.url());
        environment.put("MEMPHISEE_CLI_MONITOR", broker.url());
        environment.put("MEMPHISEE_CLI_METRICS", broker.url());
        environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
        broker.answer("GET /api/stations/getStations", 200, STATIONS);
        broker.answer("GET /api/monitoring/getStationOverviewData?station_name=orders&partition_number=-1", 200, OVERVIEW);
        broker.answer("GET /api/usermgmt/getAllUsers", 200, USERS);
        broker.answer("GET /api/monitoring/getMainOverviewData", 200, LAG);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"station ls,station-ls.json", "station report,station-report.json", "station producers orders,station-producers.json",
        "group ls orders,group-ls.json", "group members orders billing,group-members.json", "group lag,group-lag.json",
        "user ls,user-ls.json", "user permissions shop,user-permissions.json"})
    void shouldPrintTheSameJsonForEver(String command, String golden) throws IOException {
        shouldEnd(0, (command + " -o json").split(" "));
        shouldPrint(golden);
        assertTrue(err.isEmpty(), err);
    }

    @Test
    void shouldSignInOnceWithTheUserThatIsMeantAndShowTheTokenAfterwards() {
        shouldEnd(0, "station", "report", "--user", "ann");
        assertEquals(List.of("POST /api/usermgmt/login {'username':'ann','password':'secret'}",
            "GET /api/monitoring/getMainOverviewData  [Bearer token-1]", "GET /api/stations/getStations  [Bearer token-1]"),
            broker.requests());
    }

    @Test
    void shouldWriteATableForPeopleAndTabsForPrograms() {
        shouldEnd(0, "station", "ls", "--columns", "name,messages,tags");
        assertEquals("NAME\tMESSAGES\tTAGS\norders\t42\tshop\nEVENTS\t0\t\n", out);
        terminal = true;
        environment.put("NO_COLOR", "1");
        shouldEnd(0, "station", "ls", "--columns", "name,messages,tags");
        assertEquals("NAME    MESSAGES  TAGS\norders        42  shop\nEVENTS         0  -\n", out);
        environment.remove("NO_COLOR");
        shouldEnd(0, "station", "ls");
        assertTrue(out.startsWith("\u001b[1mNAME"), out);
        shouldEnd(64, "station", "ls", "--columns", "nonsense");
        assertTrue(err.contains("retentionValue"), err);
    }

    @Test
    void shouldChooseStations() {
        shouldEnd(0, "station", "ls", "--match", "o*s", "--columns", "name", "--no-headers");
        assertEquals("orders\n", out);
        shouldEnd(0, "station", "ls", "--empty", "--idle", "--columns", "name", "--no-headers");
        assertEquals("EVENTS\n", out);
    }

    @Test
    void shouldMakeAStationWithOneLimitAndAWindowThatFits() {
        broker.answer("POST /api/stations/createStation", 200, "{'name':'jobs','retention_type':'message_age_sec',"
            + "'retention_value':60,'storage_type':'disk','replicas':1}");
        shouldEnd(0, "station", "create", "jobs", "--max-age", "1m", "--partitions", "3", "--tag", "a");
        assertEquals("POST /api/stations/createStation {'name':'jobs','storage_type':'file','replicas':1,'partitions_number':3,"
            + "'dls_station':'','dls_configuration':{'poison':true,'schemaverse':true},'retention_type':'message_age_sec',"
            + "'retention_value':60,'idempotency_window_in_ms':60000,'tags':[{'name':'a'}]} [Bearer token-1]", broker.requests().get(1));
        shouldEnd(64, "station", "create", "jobs", "--max-age", "1m", "--max-bytes", "1g");
        shouldEnd(64, "station", "create", "jobs", "--max-age", "soon");
    }

    @Test
    void shouldTakeAnExistingStationForDoneOnlyWhenAsked() {
        broker.answer("POST /api/stations/createStation", 406, "{'message':'Station jobs already exists'}");
        shouldEnd(1, "station", "create", "jobs");
        assertEquals("memphisee: Station jobs already exists\n", err);
        shouldEnd(0, "station", "create", "jobs", "--if-not-exists");
    }

    @Test
    void shouldRemoveOnlyWithYesAndLeaveOutWhatIsNotThere() {
        broker.answer("DELETE /api/stations/removeStation", 200, "{}");
        shouldEnd(64, "station", "rm", "orders");
        shouldEnd(0, "station", "rm", "orders", "nowhere", "--if-exists", "--yes");
        assertTrue(broker.requests().contains("DELETE /api/stations/removeStation {'station_names':['orders']} [Bearer token-1]"),
            broker.requests()::toString);
        broker.answer("DELETE /api/stations/removeStation", 406, "{'message':'Station nowhere does not exist'}");
        shouldEnd(66, "station", "rm", "nowhere", "--yes");
    }

    @Test
    void shouldNeverPutANewUsersPasswordAnywhereButIntoTheRequest() throws IOException {
        broker.answer("POST /api/usermgmt/addUser", 200, "{'username':'shop','user_type':'application','permissions':{}}");
        Path file = Files.writeString(home.resolve("p"), "Secret-1x\nmore\n");
        shouldEnd(0, "user", "add", "shop", "--new-password-file", file.toString(), "--allow-write", "a,b*", "--trace");
        assertTrue(broker.requests().get(1).contains("'password':'Secret-1x'"), broker.requests()::toString);
        assertTrue(broker.requests().get(1).contains("'allow_write_permissions':['a','b*']"), broker.requests()::toString);
        assertFalse((out + err).contains("Secret-1x"), err);
        assertTrue(err.contains("trace: POST"), err);
        shouldEnd(64, "user", "add", "shop");
    }

    @ParameterizedTest
    @CsvSource({"401,Unauthorized,77", "403,not from here,77", "406,Station x does not exist,66",
        "406,user a is not allowed to create station x,77", "666,anything else,1", "406,anything else,1", "429,slow down,75",
        "503,The broker is not open,75", "500,Server error,1"})
    void shouldEndWithTheCodeOfTheRefusal(int status, String message, int code) {
        broker.answer("GET /api/stations/getStation?station_name=x", status, "{'message':'" + message + "'}");
        shouldEnd(code, "station", "info", "x");
        assertTrue(err.contains(message), err);
        assertEquals("", out);
    }

    @Test
    void shouldTellWhichFieldsTheBrokerDoesNotUnderstand() {
        broker.answer("POST /api/stations/createStation", 400, "{'message':[{'field':'name','reason':'max=128'}]}");
        shouldEnd(65, "station", "create", "x");
        assertTrue(err.contains("name (max=128)"), err);
    }

    @Test
    void shouldSayThatNobodyAnswersOrSomethingElseDoes() {
        shouldEnd(69, "station", "ls", "--api", "http://127.0.0.1:1");
        assertTrue(err.contains("Nobody answers at http://127.0.0.1:1"), err);
        broker.answer("GET /varz", 200, "<html>");
        shouldEnd(69, "server", "info");
        broker.answer("POST /api/usermgmt/login", 401, "{'message':'Unauthorized'}");
        shouldEnd(77, "station", "ls");
    }

    @Test
    void shouldNeedAPasswordFromSomewhere() {
        environment.remove("MEMPHISEE_CLI_PASSWORD");
        shouldEnd(64, "station", "ls");
        assertTrue(err.contains("--password-file"), err);
        shouldEnd(65, "station", "ls", "--password-file", home.resolve("nothing").toString());
        secret = java.util.Optional.of("asked");
        shouldEnd(0, "station", "ls");
        assertTrue(broker.requests().contains("POST /api/usermgmt/login {'username':'root','password':'asked'}"),
            broker.requests()::toString);
    }

    @Test
    void shouldKnowTheOldNames() {
        shouldEnd(0, "mem", "station", "ls");
        assertTrue(out.contains("orders"), out);
        broker.answer("POST /api/stations/createStation", 200, "{'name':'old','retention_type':'messages','retention_value':10}");
        shouldEnd(0, "mem", "station", "create", "old", "-rt", "messages", "-rv", "10", "-s", "memory", "-r", "1", "-de", "true");
        String request = broker.requests().get(broker.requests().size() - 1);
        assertTrue(request.contains("'retention_type':'messages','retention_value':10") && request.contains("'storage_type':'memory'"),
            request);
        shouldEnd(0, "mem", "user", "ls");
        assertTrue(out.contains("shop"), out);
        shouldEnd(0, "mem", "producer", "ls", "-s", "orders");
        assertTrue(out.contains("node.js"), out);
        shouldEnd(0, "mem", "consumer", "ls", "--station", "orders");
        assertTrue(out.contains("b1"), out);
        broker.answer("DELETE /api/usermgmt/removeUser", 200, "{}");
        shouldEnd(0, "mem", "user", "del", "-n", "shop", "--yes");
        shouldEnd(64, "mem", "producer", "ls");
        shouldEnd(64, "mem", "factory", "ls");
        shouldEnd(64, "mem");
    }

    @Test
    void shouldCheckForMonitoringSystems() {
        broker.answer("GET /health/ready", 200, "{'status':'UP','checks':[{'name':'storage-space','status':'UP','data':{'percent':85}},"
            + "{'name':'metadata','status':'UP','data':{'available':false,'unavailable-seconds':12}}]}");
        broker.answer("GET /healthz?details=true", 200, "{'status':'ok'}");
        shouldEnd(0, "server", "check", "ready", "streams");
        assertEquals("MEMPHIS OK - ready: the broker serves clients; streams: every stream takes messages\n", out);
        shouldEnd(1, "server", "check", "storage", "--format", "nagios");
        assertEquals("MEMPHIS WARNING - storage: storage is used to 85 % | 'storage_percent'=85%;80;95\n", out);
        shouldEnd(2, "server", "check", "storage", "--crit", "85", "--format", "prometheus");
        assertTrue(out.contains("memphisee_check_status{check=\"storage\"} 2\n")
            && out.contains("memphisee_check_value{check=\"storage\",figure=\"percent\"} 85\n"), out);
        shouldEnd(1, "server", "check", "metadata", "-o", "plain", "--format", "text");
        shouldEnd(1, "server", "check", "groups", "--warn", "9000", "--format", "json");
        assertTrue(out.contains("\"kind\" : \"CheckList\"") && out.contains("group audit of station orders"), out);
        broker.answer("GET /healthz?details=true", 503, "{'status':'error','errors':[{'type':'STREAM','stream':'orders$1','error':'x'}]}");
        shouldEnd(2, "server", "check", "streams", "ready");
        assertEquals("MEMPHIS CRITICAL - streams: 1 take no messages: orders$1\n", out);
        broker.answer("GET /health/ready", 503, "{'status':'DOWN','checks':[{'name':'listeners','status':'DOWN'}]}");
        shouldEnd(2, "server", "check", "ready");
        shouldEnd(2, "server", "check", "ready", "--metrics", "http://127.0.0.1:1");
        broker.answer("POST /api/usermgmt/login", 401, "{'message':'Unauthorized'}");
        shouldEnd(3, "server", "check", "groups");
        shouldEnd(64, "server", "check", "nonsense");
        shouldEnd(64, "server", "check", "--warn", "3");
    }

    @Test
    void shouldGatherADumpThatOnlyItsOwnerReadsAndNothingIsWrittenOver() throws IOException {
        broker.answer("GET /metrics", 200, "memphis_up 1");
        Path file = home.resolve("dump.zip");
        shouldEnd(0, "server", "dump", file.toString(), "--columns", "parts,missing", "--no-headers");
        assertEquals("1\t10\n", out);
        assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var zip = new java.util.zip.ZipFile(file.toFile())) {
            assertEquals("memphis_up 1", new String(zip.getInputStream(zip.getEntry("metrics.txt")).readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8));
        }
        shouldEnd(64, "server", "dump", file.toString());
    }

    @Test
    void shouldMakeTheHashOfAPasswordAsTheBrokerKeepsIt() throws Exception {
        input = "Secret-1x\n";
        shouldEnd(0, "user", "hash", "--iterations", "100000");
        String first = out;
        assertTrue(first.matches("pbkdf2-sha256\\$1\\$100000\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}\\R"), first);
        String[] parts = first.strip().split("\\$");
        PBEKeySpec spec = new PBEKeySpec("Secret-1x".toCharArray(), Base64.getDecoder().decode(parts[3]), 100_000, 256);
        assertEquals(parts[4], Base64.getEncoder().withoutPadding().encodeToString(
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded()));
        shouldEnd(0, "user", "hash", "--iterations", "100000");
        assertFalse(first.equals(out), "a salt of its own");
        Path file = Files.writeString(home.resolve("password"), "Secret-1x\n");
        input = "";
        shouldEnd(0, "user", "hash", "--new-password-file", file.toString(), "-o", "json");
        assertTrue(out.contains("\"hash\" : \"pbkdf2-sha256$1$600000$"), out);
        assertEquals(List.of(), broker.requests(), "no broker is asked");
    }

    @Test
    void shouldMakeNoHashThatTheBrokerWouldRegret() {
        for (String password : List.of("", "secret-1x", "SECRET-1X", "Secret-xx", "Secret1xx", "Se-1x", "Secret-1x Secret-1x",
            "Secret-1xSecret-1xSec")) {
            input = password + "\n";
            shouldEnd(64, "user", "hash", "--iterations", "100000");
            assertEquals("", out);
            assertTrue(password.isEmpty() || !err.contains(password), err);
        }
        input = "Secret-1x\n";
        shouldEnd(64, "user", "hash", "--iterations", "99999");
        shouldEnd(64, "user", "hash", "--iterations", "5000001");
        assertEquals("", out);
    }

    @Test
    void shouldMakeNoHashOfAPasswordThatWasMistyped() {
        Iterator<String> answers = List.of("Secret-1x", "Secret-2x", "Secret-1x", "Secret-1x").iterator();
        secrets = question -> Optional.of(answers.next());
        shouldEnd(64, "user", "hash", "--iterations", "100000");
        assertEquals("", out);
        shouldEnd(0, "user", "hash", "--iterations", "100000");
        assertTrue(out.startsWith("pbkdf2-sha256$1$100000$"), out);
    }

    @Test
    void shouldMeasureSyncedWritesAndLeaveNothing() throws IOException {
        shouldEnd(0, "server", "self-test", "--dir", home.toString(), "--no-network", "--writes", "5", "--columns", "test,count",
            "--no-headers");
        assertEquals("disk-sync\t5\n", out);
        try (var files = Files.list(home)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void shouldListConnections() {
        broker.answer("GET /connz?auth=true&limit=1024", 200, "{'connections':[{'cid':7,'authorized_user':'shop','name':'n','ip':'::1',"
            + "'port':1234,'type':'nats','in_msgs':5},{'cid':8,'authorized_user':'root'}]}");
        shouldEnd(0, "connection", "ls", "--of", "shop", "--columns", "id,user,inMessages", "--no-headers");
        assertEquals("7\tshop\t5\n", out);
    }
}
