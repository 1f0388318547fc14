package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;

/** What bodies of requests may look like: clients in Go write {@code null} where others write nothing. */
class RequestBodiesTest {

    private final ControlFixture control = new ControlFixture();

    @BeforeEach
    void start() {
        new JetStreamApi(control.engine, user -> Permissions.UNRESTRICTED, name -> true).bind(control.api);
        control.start();
        js("STREAM.CREATE.S", "{'name':'S','subjects':['s.>'],'allow_direct':true}");
        js("STREAM.CREATE.CLOSED", "{'name':'CLOSED'}");
        js("CONSUMER.CREATE.S.c", "{'config':{'durable_name':'c'}}");
        control.partitions.fake("S").put("s.a", "", "one");
    }

    @AfterEach
    void stop() {
        control.close();
    }

    private JsonNode js(String operation, String payload) {
        return control.api.js(operation, payload);
    }

    private static int errCode(JsonNode answer) {
        return answer.path("error").path("err_code").asInt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"STREAM.INFO.S", "STREAM.NAMES", "STREAM.LIST", "STREAM.PURGE.S", "CONSUMER.NAMES.S",
        "CONSUMER.LIST.S", "CONSUMER.INFO.S.c", "CONSUMER.DELETE.S.c", "STREAM.DELETE.S", "INFO"})
    void shouldTakeNullForNothing(String operation) {
        JsonNode answer = js(operation, " null ");
        assertFalse(answer.has("error"), answer.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "STREAM.CREATE.S|10052",
        "STREAM.UPDATE.S|10052",
        "CONSUMER.CREATE.S.c|10078",
        "STREAM.MSG.GET.S|10003",
        "STREAM.MSG.DELETE.S|10043",
    })
    void shouldTakeNullForARequestThatSaysNothing(String operation, int errCode) {
        assertEquals(errCode, errCode(js(operation, "null")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"\"", "true", "nul", "null null"})
    void shouldRefuseOtherJson(String payload) {
        assertEquals(10025, errCode(js("STREAM.INFO.S", payload)));
        assertEquals(10025, errCode(js("CONSUMER.NAMES.S", payload)));
        assertEquals(10038, errCode(js("CONSUMER.INFO.S.c", payload)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'x':1}", "[]", "hello", "null", "{}"})
    void shouldTellTheAccountWhateverTheBodySays(String payload) {
        assertFalse(js("INFO", payload).has("error"));
    }

    @Test
    void shouldTellBadDirectRequestsApart() {
        assertDirect("408 Empty Request", "", "");
        assertDirect("408 Empty Request", "", "{}");
        assertDirect("408 Empty Request", "", "null");
        assertDirect("408 Malformed Request", "", "[]");
        assertDirect("408 Malformed Request", "", "{");
        assertDirect("408 Bad Request", "", "{\"seq\":1,\"last_by_subj\":\"s.a\"}");
        assertDirect("408 Bad Request", "", "{\"next_by_subj\":\"s.a\",\"last_by_subj\":\"s.a\"}");
        assertDirect("408 Bad Request", ".s.a", "{}");
        assertDirect("408 Bad Request", ".s.a", "x");
        assertDirect("404 Message Not Found", ".s.b", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", ".a", "a b", "a..b", "s.>.x"})
    void shouldFindNothingUnderASubjectThatNoMessageCanHave(String subject) {
        for (String member : new String[] {"last_by_subj", "next_by_subj"}) {
            String request = "{\"" + member + "\":\"" + subject + "\"}";
            assertDirect("404 Message Not Found", "", request);
            assertEquals(10037, errCode(js("STREAM.MSG.GET.S", request)), request);
        }
    }

    @Test
    void shouldTellAtOnceThatADirectRequestReachesNobody() {
        for (String subject : new String[] {"CLOSED", "MISSING", "CLOSED.CLOSED", "MISSING.x"}) {
            assertEquals(FakeApi.NOBODY, direct("." + subject, "").header(), subject);
            assertEquals(FakeApi.NOBODY, direct("." + subject, "{\"seq\":1}").header(), subject);
        }
    }

    private FakeApi.Answer direct(String rest, String payload) {
        return control.api.ask(FakeApi.PLAIN, "$JS.API.DIRECT.GET" + rest, payload);
    }

    private void assertDirect(String status, String rest, String payload) {
        assertEquals("NATS/1.0 " + status + "\r\n\r\n", direct(".S" + rest, payload).header(), payload);
    }
}
