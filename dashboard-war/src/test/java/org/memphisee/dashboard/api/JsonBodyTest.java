package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {

    private static JsonBody body(String json) {
        return JsonBody.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static void assertNotJson(String json, Consumer<JsonBody> reading) {
        ApiFailure failure = assertThrows(ApiFailure.class, () -> reading.accept(body(json)), json);
        assertEquals(400, failure.status());
        assertEquals("{\"message\":\"Body params have to be in JSON format\"}", failure.body().toString());
    }

    @Test
    void shouldReadMembersInAnyCaseAndTakeNullForAbsent() {
        JsonBody body = body("{'Name':'x','COUNT':3,'Flag':true,'none':null,'list':['a',null],'nested':{'In':1},'other':{}}");
        assertEquals("x", body.text("name"));
        assertEquals(3, body.number("count"));
        assertTrue(body.flag("flag"));
        assertFalse(body.has("none"));
        assertEquals("", body.text("none"));
        assertEquals(List.of("a", ""), body.texts("list"));
        assertEquals(1, body.object("nested").number("in"));
        assertEquals(0, body.object("absent").number("in"));
        assertEquals(List.of(), body.objects("absent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "1", "null", "{} {}", "{'a':}", "nonsense", "\u0000"})
    void shouldRefuseWhatIsNoObject(String json) {
        assertNotJson(json, body -> { });
    }

    @Test
    void shouldRefuseDeepNestingWithoutHarm() {
        assertNotJson("{'a':".repeat(100_000), body -> { });
        assertNotJson("[".repeat(100_000), body -> { });
    }

    @Test
    void shouldRefuseWrongTypes() {
        assertNotJson("{'a':1}", body -> body.text("a"));
        assertNotJson("{'a':'1'}", body -> body.number("a"));
        assertNotJson("{'a':1.5}", body -> body.number("a"));
        assertNotJson("{'a':99999999999999999999}", body -> body.number("a"));
        assertNotJson("{'a':'true'}", body -> body.flag("a"));
        assertNotJson("{'a':'x'}", body -> body.texts("a"));
        assertNotJson("{'a':[1]}", body -> body.texts("a"));
        assertNotJson("{'a':[]}", body -> body.object("a"));
        assertNotJson("{'a':[1]}", body -> body.objects("a"));
    }

    @Test
    void shouldTellAllThatIsMissingAtOnce() {
        JsonBody body = body("{'empty':'','zero':0,'long':'abc'}");
        body.requiredText("empty");
        body.requiredNumber("zero");
        body.requiredTexts("absent");
        body.requiredText("long", 2);
        ApiFailure failure = assertThrows(ApiFailure.class, body::check);
        assertEquals("{'message':[{'field':'empty','reason':'required'},{'field':'zero','reason':'required'},"
            + "{'field':'absent','reason':'required'},{'field':'long','reason':'max=2'}]}",
            failure.body().toString().replace('"', '\''));
        JsonBody complete = body("{'list':[],'text':'x','number':1}");
        complete.requiredTexts("list");
        complete.requiredText("text");
        complete.requiredNumber("number");
        assertDoesNotThrow(complete::check);
    }
}
