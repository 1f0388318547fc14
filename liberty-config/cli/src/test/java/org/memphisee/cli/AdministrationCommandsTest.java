package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands for what goes on with stations, groups, schemas and the broker, against prepared answers. */
class AdministrationCommandsTest extends CliFixture {

    private static final String LETTER = "'message':{'time_sent':'2026-01-31T10:00:00Z','size':9,'data':'7b2261223a317d',"
        + "'headers':{'k':'v'}},'partition':2,'updated_at':'2026-01-31T10:01:00Z','validation_error':'too late'";
    private static final String SCHEMA = "{'id':4,'schema_name':'order','type':'json','versions':[{'version_number':2,'active':false,"
        + "'created_by_username':'root','created_at':'2026-01-31T11:00:00Z','schema_content':'true','message_struct_name':''},"
        + "{'version_number':1,'active':true,'created_by_username':'root','created_at':'2026-01-31T10:00:00Z','schema_content':'{}',"
        + "'message_struct_name':''}],'used_stations':['orders'],'tags':[],'compatibility':'none'}";
    private static final String STATION = "{'name':'orders','retention_type':'messages','retention_value':9,'storage_type':'disk',"
        + "'replicas':1,'partitions_list':[1,2],'tags':[],'created_by_username':'root','created_at':'2026-01-31T10:00:00Z'}";
    private static final String SETTINGS = "[{'key':'dls_retention','value':'3','initial':'3','source':'built-in','unit':'hours','min':1,"
        + "'max':30},{'key':'ui_host','value':'ui','initial':'','source':'changed','unit':''}]";

    private FakeBroker broker;

    @BeforeEach
    void open() {
        broker = new FakeBroker();
        environment.put("MEMPHISEE_CLI_API", broker.url());
        environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
        broker.answer("GET /api/v2/dead-letters?station_name=orders&dls_type=poison&partition_number=-1&limit=100&below=0", 200,
            "{'messages':[{'message_seq':5,'id':11," + LETTER + ",'groups':['g1','g2']}],'total':1}");
        broker.answer("GET /api/v2/dead-letters/retry?station_name=orders", 200,
            "{'station_name':'orders','delays_sec':[10,60],'maximum':5}");
        broker.answer("GET /api/stations/getPoisonMessageJourney?message_id=11", 200, "{'id':11,'station_name':'orders','message_seq':5,"
            + "'producer':{'name':'p1','is_active':true},'poisoned_cgs':[{'cg_name':'g1','cause':'terminated','deliveries':2,"
            + "'reason':'too late','given_up_at':'2026-01-31T10:01:00Z','resending':false,'attempts':0,'listening':true}]," + LETTER
            + ",'message_problem':''}");
        broker.answer("GET /api/schemas/getAllSchemas", 200, "[{'id':4,'name':'order','type':'json','created_by_username':'root',"
            + "'created_at':'2026-01-31T10:00:00Z','active_version_number':1,'used':true,'compatibility':'none','tags':[{'name':'shop'}]}]");
        broker.answer("GET /api/schemas/getSchemaDetails?schema_name=order", 200, SCHEMA);
        broker.answer("GET /api/tags/getTags", 200, "[{'name':'shop','color':'1, 2, 3'}]");
        broker.answer("GET /api/v2/api-keys", 200, "{'keys':[{'id':7,'user':'root','name':'build','created_at':'2026-01-31T10:00:00Z',"
            + "'expires_at':'0001-01-01T00:00:00Z'}]}");
        broker.answer("GET /api/v2/audit?kind=&object=&station=&user=&action=&from=&to=&activity=false&limit=50&start=0", 200,
            "{'entries':[{'id':3,'at':'2026-01-31T10:00:00Z','user':'root','door':'management','address':'127.0.0.1','program':'curl',"
            + "'action':'station_created','kind':'station','object':'orders','before':null,'after':{'name':'orders'}}],'next':2}");
        broker.answer("GET /api/v2/settings", 200, SETTINGS);
        broker.answer("GET /api/asyncTasks/getAsyncTasks", 200, "{'async_tasks':[{'id':20,'name':'Resend All DLS Messages',"
            + "'created_at':'2026-01-31T10:00:00Z','created_by':'root','station_name':'orders','data':{'offset':7},'status':'running',"
            + "'failure_reason':'','kind':'resend_all_dls_msgs','state':'running','stopping':false,'done':7,'total':9,"
            + "'ended_at':'0001-01-01T00:00:00Z'}]}");
        broker.answer("GET /api/v2/notices?since=0", 200, "[{'id':1,'message_type':'info','message_payload':'done',"
            + "'start_time':'2026-01-31T10:00:00Z','end_time':'2026-01-31T10:01:00Z','ui_page':'/tasks'}]");
        broker.answer("GET /api/monitoring/getSystemLogs?log_type=all&log_source=&start_index=-1", 200, "{'logs':[{'message_seq':9,"
            + "'type':'warn','source':'memphis-0','data':'one\\ntwo','created_at':'2026-01-31T10:00:00Z'}]}");
        broker.answer("GET /api/stations/getConsumerGroups?station_name=orders", 200, "{'groups':[{'name':'billing','partitions':["
            + "{'partition':1,'last_seq':9,'delivered_seq':8,'ack_floor_seq':7,'lag_messages':2,'in_process_messages':1,"
            + "'given_up_messages':0,'lag_ms':1500}],'members':[]}]}");
        broker.answer("GET /api/stations/getStation?station_name=orders", 200, STATION);
        broker.answer("GET /api/monitoring/getStationOverviewData?station_name=orders&partition_number=-1", 200, "{}");
    }

    @AfterEach
    void close() {
        broker.close();
    }

    /** The last request, which is what the command is about. */
    private String asked() {
        List<String> requests = broker.requests();
        return requests.get(requests.size() - 1).replace(" [Bearer token-1]", "");
    }

    @ParameterizedTest
    @CsvSource({"dls ls orders,dls-ls.json", "dls show 11,dls-show.json", "dls retry orders,dls-retry.json", "schema ls,schema-ls.json", "schema show order,schema-show.json",
        "schema stations order,schema-stations.json", "tag ls,tag-ls.json", "key ls,key-ls.json", "audit ls,audit-ls.json",
        "config show,config-show.json", "task ls,task-ls.json", "task notices,task-notices.json", "server logs,server-logs.json",
        "group positions orders billing,group-positions.json"})
    void shouldPrintTheSameJsonForEver(String command, String golden) throws IOException {
        shouldEnd(0, (command + " -o json").split(" "));
        shouldPrint(golden);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "dls resend orders 11 12|POST /api/stations/resendPoisonMessages {'station_name':'orders','poison_message_ids':[11,12]}",
        "dls resend orders --all|POST /api/stations/resendPoisonMessages {'station_name':'orders','poison_message_ids':[]}",
        "dls drop orders 11 --kind schema -y|POST /api/stations/dropDlsMessages {'station_name':'orders','dls_type':'schema',"
            + "'dls_message_ids':[11]}",
        "dls purge orders -y|DELETE /api/stations/purgeStation {'station_name':'orders','purge_dls':true,'purge_station':false,"
            + "'partitions_list':[-1]}",
        "dls purge orders --partition 2 -y|DELETE /api/stations/purgeStation {'station_name':'orders','purge_dls':true,"
            + "'purge_station':false,'partitions_list':[2]}",
        "dls put-back orders 11|POST /api/v2/dead-letters/put-back {'station_name':'orders','message_id':11}",
        "dls put-back orders 11 --data {} -H k=v|POST /api/v2/dead-letters/put-back {'station_name':'orders','message_id':11,"
            + "'data':'7b7d','headers':{'k':'v'}}",
        "schema activate order 2|PUT /api/schemas/rollBackVersion {'schema_name':'order','version_number':2}",
        "schema edit order --compatibility full|PUT /api/schemas/updateSchema {'schema_name':'order','compatibility':'full'}",
        "schema attach order a b --enforcement warn|POST /api/stations/useSchema {'schema_name':'order','enforcement':'warn',"
            + "'station_names':['a','b']}",
        "schema enforce orders refuse|PUT /api/stations/updateSchemaEnforcement {'station_name':'orders','enforcement':'refuse'}",
        "schema detach orders|DELETE /api/stations/removeSchemaFromStation {'station_name':'orders'}",
        "schema rm order --unused -y|DELETE /api/schemas/removeSchema {'only_unused':true,'schema_names':['order']}",
        "tag create shop --color 1,2,3|POST /api/tags/createNewTag {'name':'shop','color':'1,2,3'}",
        "tag set orders --add a,b --remove c|PUT /api/tags/updateTagsForEntity {'entity_type':'station','entity_name':'orders',"
            + "'tags_to_add':[{'name':'a'},{'name':'b'}],'tags_to_remove':['c']}",
        "key revoke 7 -y|DELETE /api/v2/api-keys {'id':7}",
        "integration rm s3 -y|DELETE /api/integrations/disconnectIntegration {'name':'s3'}",
        "integration test slack|POST /api/v2/integrations/test {'name':'slack'}",
        "task cancel 20|POST /api/v2/tasks/cancel {'id':20}",
        "config reset ui_host|POST /api/v2/settings/reset {'key':'ui_host'}",
        "user rights anna --role viewer --deny-read a,b*|PUT /api/v2/users/rights {'username':'anna','role':'viewer',"
            + "'allow_read_permissions':[],'allow_write_permissions':[],'deny_read_permissions':['a','b*'],'deny_write_permissions':[]}",
        "group reset orders billing --to end -y|POST /api/stations/resetConsumerGroup {'station_name':'orders','group_name':'billing',"
            + "'to':'end','dry_run':false,'force':false}",
        "group reset orders billing --to sequence --sequence 5 --dry-run|POST /api/stations/resetConsumerGroup {'station_name':'orders',"
            + "'group_name':'billing','to':'sequence','dry_run':true,'force':false,'sequence':5}",
        "group reset orders billing --to time --time 2026-01-31T10:00:00Z --force -y|POST /api/stations/resetConsumerGroup "
            + "{'station_name':'orders','group_name':'billing','to':'time','dry_run':false,'force':true,'time':'2026-01-31T10:00:00Z'}",
    })
    void shouldAskForWhatWasMeant(String command, String request) {
        String[] asked = request.split(" ", 3);
        broker.answer(asked[0] + " " + asked[1], 200, "{}");
        shouldEnd(0, command.split(" "));
        assertEquals(request, asked());
        broker.answer(asked[0] + " " + asked[1], 406, "{'message':'Station orders does not exist'}");
        shouldEnd(66, command.split(" "));
        broker.answer(asked[0] + " " + asked[1], 406, "{'message':'user ann is not allowed to change anything, its role is viewer'}");
        shouldEnd(77, command.split(" "));
        assertEquals("memphisee: user ann is not allowed to change anything, its role is viewer\n", err);
    }

    @ParameterizedTest
    @CsvSource({"dls drop orders 11", "dls purge orders", "schema rm order", "key revoke 7", "integration rm s3", "station grow orders 3",
        "group reset orders billing --to end"})
    void shouldAskBeforeItDestroys(String command) {
        shouldEnd(64, command.split(" "));
        assertTrue(err.endsWith("there is nobody to ask: give --yes\n"), err);
        assertEquals(List.of(), broker.requests());
    }

    @ParameterizedTest
    @CsvSource({"dls resend orders", "dls resend orders 1 --all", "dls retry orders --after 10s", "dls retry orders --maximum 3",
        "dls retry orders --never --after 1s --maximum 2", "dls ls orders --kind other", "group reset orders billing --to sequence",
        "group reset orders billing --to end --sequence 4", "group reset orders billing --to time", "tag set orders", "station edit orders",
        "station edit orders --max-bytes 1g --ack-based", "schema create order --type json", "audit definition station orders",
        "user rights anna --role admin"})
    void shouldRefuseWhatCannotBeMeant(String command) {
        shouldEnd(64, command.split(" "));
        assertEquals(List.of(), broker.requests());
    }

    @Test
    void shouldChangeOfAStationOnlyWhatIsGiven() {
        broker.answer("PUT /api/stations/updateStation", 200, STATION);
        shouldEnd(0, "station", "edit", "orders", "--max-bytes", "1MiB", "--dls-poison", "false", "--dead-letter-station", "");
        assertEquals("PUT /api/stations/updateStation {'station_name':'orders','retention_type':'bytes','retention_value':1048576,"
            + "'dls_station':'','dls_configuration':{'poison':false}} [Bearer token-1]", broker.requests().get(1));
        shouldEnd(0, "station", "edit", "orders", "--tiered", "true");
        assertTrue(broker.requests().contains("PUT /api/stations/updateStation {'station_name':'orders','tiered_storage_enabled':true} [Bearer token-1]"),
            broker.requests().toString());
        shouldEnd(0, "station", "edit", "orders", "--ack-based", "--durability", "interval");
        assertTrue(broker.requests().contains("PUT /api/stations/updateStation {'station_name':'orders','retention_type':'ack_based',"
            + "'retention_value':0,'durability':'interval'} [Bearer token-1]"), broker.requests()::toString);
        assertTrue(out.contains("orders"), out);
        broker.answer("POST /api/stations/addPartitions", 200, STATION);
        shouldEnd(0, "station", "grow", "orders", "3", "--yes");
        assertTrue(broker.requests().contains("POST /api/stations/addPartitions {'station_name':'orders','partitions_number':3,"
            + "'accept_key_change':true} [Bearer token-1]"), broker.requests()::toString);
    }

    @Test
    void shouldMakeAndChangeIntegrationsWithSecretsThatAreInNoArgument() throws IOException {
        String integration = "{'name':'s3','keys':{'bucket_name':'b'},'properties':{},'is_valid':true,'sent':5,'waiting':0,'dropped':1,"
            + "'last_sent_at':'2026-01-31T10:00:00Z','last_error':''}";
        broker.answer("GET /api/integrations/getIntegrationDetails?name=s3", 200, "null")
            .answer("POST /api/integrations/createIntegration", 200, integration)
            .answer("POST /api/integrations/updateIntegration", 200, integration)
            .answer("GET /api/integrations/getAllIntegrations", 200, "[" + integration + "]")
            .answer("GET /api/integrations/getAuditLogs?name=s3", 200,
                "[{'id':1,'message':'[INF] made','created_at':'2026-01-31T10:00:00Z','tenant_name':'$memphis'}]");
        Path file = Files.writeString(home.resolve("secret"), "SECRET\nmore");
        shouldEnd(0, "integration", "s3", "--bucket", "b", "--access-key", "AK", "--url", "http://store:9000", "--path-style", "--secret-key-file",
            file.toString());
        assertEquals("POST /api/integrations/createIntegration {'name':'s3','ui_url':'','keys':{'access_key':'AK','bucket_name':'b','region':'',"
            + "'url':'http://store:9000','s3_path_style':'true','secret_key':'SECRET'},'properties':{}}", asked());
        shouldEnd(64, "integration", "s3", "--bucket", "b", "--access-key", "AK");
        assertTrue(err.contains("No secret key was given: name a file with --secret-key-file"), err);
        broker.answer("GET /api/integrations/getIntegrationDetails?name=s3", 200, integration);
        shouldEnd(0, "integration", "s3", "--bucket", "c", "--access-key", "AK", "--region", "eu-central-1");
        assertEquals("POST /api/integrations/updateIntegration {'name':'s3','ui_url':'','keys':{'access_key':'AK','bucket_name':'c','region':"
            + "'eu-central-1','url':'','s3_path_style':'false','secret_key':''},'properties':{}}", asked());
        shouldEnd(0, "integration", "ls", "--no-headers");
        assertEquals("s3\ttrue\t5\t0\t1\t2026-01-31T10:00:00Z\t\n", out);
        shouldEnd(0, "integration", "log", "s3", "--no-headers");
        assertEquals("2026-01-31T10:00:00Z\t[INF] made\n", out);

        broker.answer("GET /api/integrations/getIntegrationDetails?name=slack", 200, "null");
        input = "xoxb-1\n";
        shouldEnd(0, "integration", "slack", "--channel", "C1", "--poison", "--ui-url", "https://ui");
        assertEquals("POST /api/integrations/createIntegration {'name':'slack','ui_url':'https://ui','keys':{'channel_id':'C1','url':'',"
            + "'auth_token':'xoxb-1'},'properties':{'poison_message_alert':true,'schema_validation_fail_alert':false,"
            + "'disconnection_events_alert':false}}", asked());
    }

    @Test
    void shouldSayWhenDeadLettersGoAgainByThemselves() {
        broker.answer("PUT /api/v2/dead-letters/retry", 200, "{}");
        shouldEnd(0, "dls", "retry", "orders", "--after", "10s,1m", "--maximum", "5", "--no-headers");
        assertEquals("PUT /api/v2/dead-letters/retry {'station_name':'orders','delays_sec':[10,60],'maximum':5} [Bearer token-1]",
            broker.requests().get(1));
        assertEquals("orders\t10,60\t5\n", out);
        shouldEnd(0, "dls", "retry", "orders", "--never");
        assertTrue(broker.requests().contains("PUT /api/v2/dead-letters/retry {'station_name':'orders','delays_sec':[]} [Bearer token-1]"),
            broker.requests()::toString);
        broker.answer("PUT /api/v2/dead-letters/retry", 406, "{'message':'Station orders does not exist'}");
        shouldEnd(66, "dls", "retry", "orders", "--never");
    }

    @Test
    void shouldWriteThePayloadOfADeadLetterAsItIs() {
        shouldEnd(0, "dls", "show", "11", "--raw");
        assertEquals("{\"a\":1}", out);
    }

    @Test
    void shouldReadSchemasFromFilesAndTheInput() throws IOException {
        broker.answer("POST /api/schemas/createNewSchema", 200, "{}").answer("POST /api/schemas/createNewVersion", 200, SCHEMA)
            .answer("PUT /api/schemas/rollBackVersion", 200, SCHEMA).answer("POST /api/schemas/validateSchema", 200, "{'is_valid':true}");
        Path file = Files.writeString(home.resolve("s.json"), "{}");
        shouldEnd(0, "schema", "create", "order", "-t", "json", "-f", file.toString(), "--tag", "shop");
        assertEquals("POST /api/schemas/createNewSchema {'name':'order','type':'json','schema_content':'{}','message_struct_name':'',"
            + "'compatibility':'','tags':[{'name':'shop'}]}", asked());
        input = "true";
        shouldEnd(0, "schema", "new-version", "order", "-f", "-", "--activate");
        assertEquals("PUT /api/schemas/rollBackVersion {'schema_name':'order','version_number':2}", asked());
        assertTrue(broker.requests().contains("POST /api/schemas/createNewVersion {'schema_name':'order','schema_content':'true',"
            + "'message_struct_name':''} [Bearer token-1]"), broker.requests()::toString);
        shouldEnd(0, "schema", "validate", "-t", "json", "-f", file.toString());
        shouldEnd(66, "schema", "validate", "-t", "json", "-f", "missing");
        broker.answer("POST /api/schemas/validateSchema", 555, "{'message':'your json schema is invalid'}");
        shouldEnd(65, "schema", "validate", "-t", "json", "-f", file.toString());
        assertEquals("memphisee: your json schema is invalid\n", err);
        shouldEnd(0, "schema", "show", "order", "--raw");
        assertEquals("{}", out);
    }

    @Test
    void shouldTellWhatBreaksByItsExitCodeToo() {
        broker.answer("GET /api/schemas/compareVersions?schema_name=order&from=1&to=2", 200, "{'backward':['a: is required now'],"
            + "'forward':[]}");
        shouldEnd(1, "schema", "compare", "order", "1", "2", "--no-headers");
        assertEquals("backward\ta: is required now\n", out);
        broker.answer("GET /api/schemas/compareVersions?schema_name=order&from=1&to=2", 200, "{'backward':[],'forward':[]}");
        shouldEnd(0, "schema", "compare", "order", "1", "2");
    }

    @Test
    void shouldShowANewKeyOnce() {
        broker.answer("POST /api/v2/api-keys", 200, "{'id':7,'user':'root','name':'build','created_at':'2026-01-31T10:00:00Z',"
            + "'expires_at':'2026-05-01T10:00:00Z','key':'mak_7_x'}");
        shouldEnd(0, "key", "make", "build", "--days", "90", "--columns", "key", "--no-headers", "--trace");
        assertEquals("mak_7_x\n", out);
        assertFalse(err.contains("mak_7_x"), err);
        assertEquals("POST /api/v2/api-keys {'name':'build','expires_days':90}", asked());
    }

    @Test
    void shouldChangeOnlyTheSettingsThatAreNamed() {
        broker.answer("GET /api/configurations/getClusterConfig", 200, "{'dls_retention':3,'logs_retention':7,'ui_host':'ui'}")
            .answer("PUT /api/configurations/editClusterConfig", 200, "{}");
        shouldEnd(0, "config", "set", "dls_retention=12", "ui_host=other");
        assertTrue(broker.requests().contains("PUT /api/configurations/editClusterConfig {'dls_retention':12,'logs_retention':7,"
            + "'ui_host':'other'} [Bearer token-1]"), broker.requests()::toString);
        shouldEnd(66, "config", "set", "nonsense=1");
        shouldEnd(64, "config", "set", "dls_retention=soon");
        broker.answer("PUT /api/configurations/editClusterConfig", 406, "{'message':'dls_retention has to be between 1 and 30 hours'}");
        shouldEnd(1, "config", "set", "dls_retention=31");
    }

    @Test
    void shouldSayThatThereAreMoreChangesAndWhatWasBefore() {
        shouldEnd(0, "audit", "ls", "--columns", "user,action,object", "--no-headers");
        assertEquals("root\tstation_created\torders\n", out);
        assertEquals("There is more: --start 2\n", err);
        broker.answer("GET /api/v2/audit/definition?kind=station&object=orders&at=2026-01-31T10%3A00%3A00Z", 200,
            "{'known':true,'definition':{'name':'orders'},'oldest':'2026-01-01T00:00:00Z'}");
        shouldEnd(0, "audit", "definition", "station", "orders", "--at", "2026-01-31T10:00:00Z", "--columns", "definition", "--no-headers");
        assertEquals("{\"name\":\"orders\"}\n", out);
        broker.answer("GET /api/v2/audit/definition?kind=station&object=orders&at=2026-01-31T10%3A00%3A00Z", 200,
            "{'known':false,'definition':null,'oldest':'2026-01-01T00:00:00Z'}");
        shouldEnd(66, "audit", "definition", "station", "orders", "--at", "2026-01-31T10:00:00Z");
    }

    @Test
    void shouldWriteTheWholeLogAsItComes() {
        broker.answer("GET /api/monitoring/downloadSystemLogs?log_type=err&log_source=memphis-0", 200, "memphis-0: one\n");
        shouldEnd(0, "server", "logs", "--download", "--type", "err", "--source", "memphis-0");
        assertEquals("memphis-0: one\n", out);
        broker.answer("GET /api/monitoring/downloadSystemLogs?log_type=all&log_source=", 503, "{'message':'try again'}");
        shouldEnd(75, "server", "logs", "--download");
    }
}
