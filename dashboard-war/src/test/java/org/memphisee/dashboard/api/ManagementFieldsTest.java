package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each answer has the fields that management-api.md names, of the kinds that it names, about a broker that has one of everything. */
class ManagementFieldsTest {

    private static final String PAYLOAD = "no order";
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";

    private static ApiBench api;
    private static long letter;

    @BeforeAll
    static void fill(@TempDir Path directory) {
        api = new ApiBench(directory, Map.of());
        api.post("usermgmt/addUser", "{'username':'app','user_type':'application','password':'Secret-1x','allow_write_permissions':['*']}").ok();
        api.post("integrations/createIntegration", "{'name':'s3','keys':{'access_key':'AK','secret_key':'SECRET-long-enough-ABCD','bucket_name':'bucket',"
            + "'region':'eu','url':'http://store:9000','s3_path_style':'true'},'properties':{},'ui_url':'http://localhost:9000'}").ok();
        api.post("schemas/createNewSchema", "{'name':'order','type':'json','schema_content':'{}','tags':[{'name':'red','color':'1, 2, 3'}]}").ok();
        api.post("stations/createStation", "{'name':'orders','partitions_number':1,'schema_name':'order','tiered_storage_enabled':true,"
            + "'tags':[{'name':'billing','color':'0, 165, 255'}],'dls_configuration':{'poison':true,'schemaverse':true}}").ok();
        api.post("stations/produce", "{'station_name':'orders','message_payload':'{}','amount':1,'message_headers':{'k':'v'}}").ok();
        api.giveUp("orders", "g1");
        ApiBench.get(api.engine().deadLetters().schemaViolation("root", "orders", 1, "p", new byte[0], PAYLOAD.getBytes(), "no number"));
        letter = ApiBench.await("the letter of a group", () -> api.get("v2/dead-letters?station_name=orders").ok().path("messages"),
            rows -> rows.size() == 1).get(0).path("id").asLong();
        ApiBench.await("the letter of a schema", () -> api.get("v2/dead-letters?dls_type=schema&station_name=orders").ok().path("messages"),
            rows -> rows.size() == 1);
    }

    @AfterAll
    static void close() throws Exception {
        assertEquals(List.of(), api.happened());
        api.close();
    }

    /** A key for each field: after a colon what it is, when that is no text. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', value = {
        "M-000 | status | / | message",
        "M-004 | usermgmt/getSignUpFlag | / | show_signup:b",
        "M-006 | usermgmt/getAllUsers | /application_users/0 | id:n username user_type created_at:t avatar_id:n full_name pending:b position team"
            + " owner description permissions:o",
        "M-006 | usermgmt/getAllUsers | /management_users/0 | id:n username user_type created_at:t avatar_id:n full_name pending:b position team"
            + " owner description permissions:o password already_logged_in:b subscription:b skip_get_started:b tenant_name last_login:t",
        "M-006 | usermgmt/getAllUsers | /application_users/0/permissions | allow_read_permissions:a allow_write_permissions:a"
            + " deny_read_permissions:a deny_write_permissions:a",
        "M-007 | usermgmt/getApplicationUsers | /0 | id:n username password user_type already_logged_in:b created_at:t avatar_id:n full_name"
            + " subscription:b skip_get_started:b tenant_name pending:b position team owner description last_login:t roles:a",
        "M-013 | usermgmt/getCompanyLogo | / | image",
        "M-017 | usermgmt/getFilterDetails?route=stations | / | tags:a users:a storage:a",
        "M-017 | usermgmt/getFilterDetails?route=schemaverse | / | tags:a users:a type:a usage:a",
        "M-017 | usermgmt/getFilterDetails?route=syslogs | / | type:a source:a",
        "M-020 | stations/getStation?station_name=orders | / | id:n name retention_type retention_value:n storage_type replicas:n created_by:n"
            + " created_by_username created_at:t last_update:t is_deleted:b tags:a idempotency_window_in_ms:n is_native:b dls_configuration:o"
            + " tiered_storage_enabled:b resend_disabled:b partitions_list:a partitions_number:n dls_station functions_lock_held:b"
            + " functions_locked_at:t",
        "M-021 | stations/getAllStations | /0 | id:n name retention_type retention_value:n storage_type replicas:n created_by:n"
            + " created_by_username created_at:t updated_at:t total_messages:n schema_name schema_vesrion_number:n tags:a"
            + " idempotency_window_in_ms:n is_native:b dls_configuration_poison:b dls_configuration_schemaverse:b has_dls_messages:b activity:b"
            + " tiered_storage_enabled:b tenant_name resend_disabled:b partitions_list:a version:n dls_station functions_lock_held:b"
            + " functions_locked_at:t",
        "M-022 | stations/getStations | /stations/0 | station:o total_messages:n posion_messages:n tags:a has_dls_messages:b activity:b",
        "M-022 | stations/getStations | /stations/0/station | id:n name retention_type retention_value:n storage_type replicas:n"
            + " created_by_username created_at:t updated_at:t schema_name is_native:b tiered_storage_enabled:b tenant_name resend_disabled:b"
            + " partitions_list:a version:n dls_station functions_lock_held:b functions_locked_at:t",
        "M-023 | stations/getMessageDetails?station_name=orders&partition_number=1&message_seq=1 | / | message_seq:n producer:o poisoned_cgs:a"
            + " message:o",
        "M-023 | stations/getMessageDetails?station_name=orders&partition_number=1&message_seq=1 | /message | time_sent:t size:n data headers:o",
        "M-023 | stations/getMessageDetails?station_name=orders&partition_number=1&is_dls=true&dls_type=poison&message_id=LETTER | / | id:n"
            + " station_name schema_type message_seq:n producer:o poisoned_cgs:a message:o updated_at:t validation_error function_name",
        "M-024 | stations/getPoisonMessageJourney?message_id=LETTER | / | id:n station_name schema_type message_seq:n producer:o poisoned_cgs:a"
            + " message:o updated_at:t validation_error",
        "M-024 | stations/getPoisonMessageJourney?message_id=LETTER | /producer | name is_active:b",
        "M-024 | stations/getPoisonMessageJourney?message_id=LETTER | /poisoned_cgs/0 | cg_name unprocessed_messages:n max_ack_time_ms:n"
            + " in_process_messages:n total_poison_messages:n max_msg_deliveries:n cg_members:a is_active:b is_deleted:b",
        "M-024 | stations/getPoisonMessageJourney?message_id=LETTER | /poisoned_cgs/0/cg_members/0 | name Connection_id is_active:b"
            + " max_msg_deliveries:n max_ack_time_ms:n partitions_list:a count:n",
        "M-031 | stations/getUpdatesForSchemaByStation?station_name=orders | / | id:n schema_name type versions:a used_stations:a tags:a"
            + " created_by_username",
        "M-041 | schemas/getAllSchemas | /0 | id:n name type created_by:n created_by_username created_at:t active_version_number:n used:b tags:a",
        "M-042 | schemas/getSchemaDetails?schema_name=order | /versions/0 | id:n version_number:n active:b created_by:n created_by_username"
            + " created_at:t schema_content schema_id:n message_struct_name descriptor tenant_name",
        "M-050 | tags/getTags | /0 | name color",
        "M-051 | tags/getUsedTags | /0 | name color",
        "M-060 | monitoring/getClusterInfo | / | version",
        "M-061 | monitoring/getMainOverviewData | / | total_stations:n total_messages:n total_dls_messages:n system_components:a stations:a"
            + " k8s_env:b brokers_throughput:a metrics_enabled:b delayed_cgs:a",
        "M-061 | monitoring/getMainOverviewData | /system_components/0 | name components:o status ports:a desired_pods:n actual_pods:n hosts:a",
        "M-061 | monitoring/getMainOverviewData | /system_components/0/components | unhealthy_components:a dangerous_components:a"
            + " risky_components:a healthy_components:a",
        "M-061 | monitoring/getMainOverviewData | /brokers_throughput/0 | name read:a write:a",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=-1 | / | connected_producers:a disconnected_producers:a"
            + " deleted_producers:a connected_cgs:a disconnected_cgs:a deleted_cgs:a total_messages:n average_message_size:n audit_logs:a"
            + " messages:a poison_messages:a schema_failed_messages:a functions_failed_messages:a tags:a leader followers:a schema:o"
            + " idempotency_window_in_ms:n dls_configuration_poison:b dls_configuration_schemaverse:b total_dls_messages:n"
            + " tiered_storage_enabled:b created_by_username resend_disabled:b functions_enabled:b max_amount_of_allowed_producers:n"
            + " source_connectors:a sink_connectors:a act_as_dls_station_in_stations:a",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /connected_producers/0 | id:n name updated_at:t"
            + " station_name is_active:b connected_producers_count:n disconnected_producers_count:n sdk_language update_available:b",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /connected_cgs/0 | name unprocessed_messages:n"
            + " poison_messages:n is_active:b in_process_messages:n max_ack_time_ms:n max_msg_deliveries:n connected_consumers:a"
            + " disconnected_consumers:a deleted_consumers:a last_status_change_date:t partitions_list:a sdk_language update_available:b",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /connected_cgs/0/connected_consumers/0 | id:n name"
            + " updated_at:t is_active:b consumers_group max_ack_time_ms:n max_msg_deliveries:n partitions_list:a count:n sdk_language"
            + " update_available:b",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /messages/0 | message_seq:n produced_by data"
            + " created_at:t connection_id size:n headers:o partition:n",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /poison_messages/0 | message_seq:n id:n message:o",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /schema_failed_messages/0/message | time_sent:t size:n"
            + " data headers:o",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /audit_logs/0 | id:n station_name message created_by:n"
            + " created_by_username created_at:t tenant_name",
        "M-062 | monitoring/getStationOverviewData?station_name=orders&partition_number=1 | /schema | name schema_type version_number:n"
            + " updates_available:b",
        "M-065 | monitoring/getAvailableReplicas | / | available_replicas:n",
        "M-066 | monitoring/getSystemGeneralInfo | / | total_amount_brokers:n total_stations:n total_users:n total_schemas:n",
        "M-070 | configurations/getClusterConfig | / | dls_retention:n logs_retention:n broker_host ui_host rest_gw_host"
            + " tiered_storage_time_sec:n max_msg_size_mb:n gc_producer_consumer_retention_hours:n",
        "M-083 | integrations/getIntegrationDetails?name=s3 | / | id:n name keys:o properties:o tenant_name is_valid:b",
        "M-084 | integrations/getAllIntegrations | /0 | id:n name keys:o properties:o tenant_name is_valid:b",
        "M-087 | integrations/getAuditLogs?name=s3 | /0 | id:n message created_at:t tenant_name",
        "M-090 | asyncTasks/getAsyncTasks | / | async_tasks:a",
        "M-095 | functions/getAllFunctions | / | scm_integrated:b other:a installed:a connected_repos:a",
        "M-100 | producers/getAllProducers | /0 | id:n name type connection_id created_by:n created_by_username created_at:t station_name"
            + " is_active:b is_deleted:b client_address",
        "M-103 | consumers/getAllConsumersByStation?station_name=orders | /0 | id:n name type connection_id created_by:n created_by_username"
            + " created_at:t station_name is_active:b is_deleted:b client_address consumers_group max_ack_time_ms:n max_msg_deliveries:n",
        "M-110 | monitoring/getGraphOverview | /stations/0 | id:n name dls_messages:n schema_name total_messages:n tags:a",
        "M-110 | monitoring/getGraphOverview | /producers/0 | name station_id:n app_id count:n",
        "M-110 | monitoring/getGraphOverview | /consumers/0 | name cg_name station_id:n app_id type"})
    void shouldHaveTheFieldsThatClientsRead(String row, String path, String where, String fields) {
        JsonNode node = api.get(path.replace("LETTER", String.valueOf(letter))).ok().at(where.equals("/") ? "" : where);
        assertTrue(node.isObject(), row + " has nothing at " + where);
        List<String> wrong = new ArrayList<>();
        for (String field : fields.split(" ")) {
            int colon = field.indexOf(':');
            String name = colon < 0 ? field : field.substring(0, colon);
            JsonNode value = node.path(name);
            boolean right = switch (colon < 0 ? 's' : field.charAt(colon + 1)) {
                case 'n' -> value.isNumber();
                case 'b' -> value.isBoolean();
                case 'a' -> value.isArray();
                case 'o' -> value.isObject();
                case 't' -> value.asText().matches(TIME);
                default -> value.isTextual();
            };
            if (!right) {
                wrong.add(field + " is " + value);
            }
        }
        assertEquals(List.of(), wrong, row + " " + node);
    }

    /** M-023: of a stored message too, who gave it up and whether its producer is there. */
    @Test
    void shouldTellWhoGaveAStoredMessageUp() {
        JsonNode stored = api.get("stations/getMessageDetails?station_name=orders&partition_number=1&message_seq=1").ok();
        assertEquals("{\"name\":\"ui\",\"is_active\":true}", stored.path("producer").toString());
        assertEquals("g1", stored.at("/poisoned_cgs/0/cg_name").asText(), stored::toString);
        assertEquals(-1, stored.at("/poisoned_cgs/0/total_poison_messages").asInt());
        assertEquals("m", stored.at("/poisoned_cgs/0/cg_members/0/name").asText());
        assertEquals("{\"k\":\"v\"}", stored.at("/message/headers").toString());
        assertEquals("7b7d", stored.at("/message/data").asText());
    }

    /** M-024, W-03. */
    @Test
    void shouldTellTheJourneyOfADeadLetterToWhoAsksAndToWhoFollows() {
        JsonNode journey = api.get("stations/getPoisonMessageJourney?message_id=" + letter).ok();
        assertEquals("json", journey.path("schema_type").asText(), journey::toString);
        assertFalse(journey.has("function_name"));
        assertTrue(api.topics().known("poison_message_journey_data." + letter));
        assertEquals(journey, api.topic("poison_message_journey_data." + letter));
    }

    /** W-01, W-02, W-04 to W-06, W-08 to W-11. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"main_overview_data|monitoring/getMainOverviewData|",
        "station_overview_data.orders.-1|monitoring/getStationOverviewData?station_name=orders&partition_number=-1|",
        "station_overview_data.orders.1|monitoring/getStationOverviewData?station_name=orders&partition_number=1|",
        "get_all_stations_data|stations/getStations|/stations", "get_all_schema_data|schemas/getAllSchemas|",
        "syslogs_data|monitoring/getSystemLogs?log_type=external&start_index=-1|",
        "syslogs_data.err|monitoring/getSystemLogs?log_type=err&start_index=-1|",
        "syslogs_data.warn.memphis-0|monitoring/getSystemLogs?log_type=warn&log_source=memphis-0&start_index=-1|",
        "get_async_tasks|asyncTasks/getAsyncTasks|/async_tasks", "get_graph_overview|monitoring/getGraphOverview|"})
    void shouldTellWhoFollowsWhatTheApiAnswers(String topic, String path, String part) {
        assertTrue(api.topics().known(topic));
        JsonNode answer = api.get(path).ok().at(part == null ? "" : part);
        JsonNode told = api.topic(topic);
        if (topic.equals("main_overview_data")) { // what the process takes is another figure each time
            assertEquals(List.copyOf(names(answer)), List.copyOf(names(told)));
            assertEquals(answer.path("stations"), told.path("stations"));
        } else {
            assertEquals(answer, told);
        }
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** M-080, M-083: what is secret comes out as four characters. */
    @Test
    void shouldMaskSecrets() {
        assertEquals("****ABCD", api.get("integrations/getIntegrationDetails?name=s3").ok().at("/keys/secret_key").asText());
        assertFalse(api.get("integrations/getAllIntegrations").body().contains("SECRET"));
    }

    /** 1.1, M-061: answers about stations do not say that they have tiers without a place for them. */
    @Test
    void shouldShowTheTierOfAStationEverywhereAlike() {
        assertTrue(api.get("stations/getStation?station_name=orders").ok().path("tiered_storage_enabled").asBoolean());
        assertTrue(api.get("stations/getAllStations").ok().at("/0/tiered_storage_enabled").asBoolean());
        assertTrue(api.get("stations/getStations").ok().at("/stations/0/station/tiered_storage_enabled").asBoolean());
        assertTrue(api.get("monitoring/getMainOverviewData").ok().at("/stations/0/tiered_storage_enabled").asBoolean());
    }
}
