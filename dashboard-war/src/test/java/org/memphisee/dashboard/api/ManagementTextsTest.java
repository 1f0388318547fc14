package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests of management-api.md are refused with, row by row: the status, and the text that a dashboard shows. */
class ManagementTextsTest {

    private static ApiBench api;

    @BeforeAll
    static void fill(@TempDir Path directory) {
        api = new ApiBench(directory, Map.of());
        api.post("usermgmt/addUser", "{'username':'app','user_type':'application','password':'Secret-1x'}").ok();
        api.post("usermgmt/addUser", "{'username':'other','user_type':'management','password':'Secret-1x'}").ok();
        api.post("usermgmt/addUser",
            "{'username':'few','user_type':'management','password':'Secret-1x','allow_write_permissions':['few.*']}").ok();
        api.post("schemas/createNewSchema", "{'name':'order','type':'json','schema_content':'{}'}").ok();
        api.post("schemas/createNewSchema", "{'name':'proto','type':'protobuf','message_struct_name':'M',"
            + "'schema_content':'syntax = \\'proto3\\'; message M { int32 a = 1; }'}".replace("\\'", "\\\"")).ok();
        api.post("stations/createStation", "{'name':'orders','partitions_number':2}").ok();
        api.post("tags/createNewTag", "{'name':'red'}").ok();
    }

    @AfterAll
    static void close() throws Exception {
        assertEquals(List.of(), api.happened());
        api.close();
    }

    @ParameterizedTest(name = "{0} {4}")
    @CsvFileSource(resources = "/management-refusals.csv", delimiter = '|', quoteCharacter = '~')
    void shouldBeRefusedWithItsStatusAndText(String row, String method, String path, String body, String refusal) {
        String sent = body == null ? "" : body;
        for (int length : new int[] {129, 121, 101, 61, 33, 31, 21}) {
            sent = sent.replace("LONG" + length, "x".repeat(length));
        }
        ApiBench.Answer answer = sent.equals("FORM") ? api.call(method, path,
            "--x\r\nContent-Disposition: form-data; name='file'; filename='a.gif'"
            + "\r\n\r\nGIF\r\n--x--\r\n", "Content-Type", "multipart/form-data; boundary=x") : api.call(method, path, sent);
        String said = refused(answer);
        if (refusal.indexOf('*') == refusal.length() - 1 || refusal.contains(" *")) {
            assertTrue(said.matches(Stream.of(refusal.split("\\*", -1)).map(Pattern::quote)
                .collect(Collectors.joining(".*"))), row + ": " + said);
        } else {
            assertEquals(refusal, said, row);
        }
    }

    private static String refused(ApiBench.Answer answer) {
        JsonNode message = answer.json().path("message");
        if (!message.isArray()) {
            return answer.refusal();
        }
        StringBuilder fields = new StringBuilder();
        message.forEach(field -> fields.append(fields.isEmpty() ? "" : ", ").append(field.path("field").asText()).append(' ')
            .append(field.path("reason").asText()));
        return answer.code() + " " + fields;
    }

    /** M-008, M-018, M-025: who asks matters. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "other|DELETE|usermgmt/removeUser|{'username':'other'}|406 You can not remove your own user",
        "other|DELETE|usermgmt/removeUser|{'username':'root'}|406 You can not remove the root user",
        "other|DELETE|usermgmt/removeMyUser|{}|406 Only root user can remove the entire account",
        "other|PUT|usermgmt/changePassword|{'username':'root','password':'Secret-2x'}|406 Change root password: This operation can be done only by the root user",
        "other|PUT|usermgmt/changePassword|{'username':'app','password':'Secret-2x'}|406 Change user password: This operation can be done only by the user or the root user",
        "few|POST|stations/createStation|{'name':'many'}|406 user few is not allowed to create station many",
        "few|GET|monitoring/getSystemLogs?log_type=err&start_index=-1||406 user few is not allowed to see the server's log",
        "few|PUT|configurations/editClusterConfig|{'dls_retention':3,'logs_retention':7,'gc_producer_consumer_retention_hours':2}|406 user few is not allowed to change settings",
        "few|DELETE|integrations/disconnectIntegration|{'name':'s3'}|406 user few is not allowed to change integrations"})
    void shouldBeRefusedBecauseOfWhoAsks(String user, String method, String path, String body, String refusal) {
        assertEquals(refusal, api.callAs(user, method, path, body == null ? "" : body).refusal());
    }

    /** What was refused changed nothing. */
    @Test
    void shouldHaveChangedNothing() {
        assertEquals("[\"orders\"]", ManagementFaultsTest.texts(api.get("stations/getStations").ok().path("stations"),
            "/station/name"));
        assertEquals("406 Station many does not exist", api.get("stations/getStation?station_name=many").refusal());
        assertEquals("[]", api.get("integrations/getAllIntegrations").ok().toString());
    }
}
