package org.memphisee.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaType;

class JsonLanguageTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String ORDER = "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\",\"minimum\":1},"
        + "\"name\":{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}},\"required\":[\"id\"],\"additionalProperties\":false}";

    private final SchemaFixture json = new SchemaFixture(SchemaType.JSON);

    @Test
    void shouldAcceptWhatFitsAndNameWhatDoesNot() {
        json.accepts(ORDER, "{\"id\":1}", " {\"id\":2,\"name\":\"ab\"}\n");
        MessageCheck check = json.check(ORDER);
        assertTrue(SchemaFixture.problem(check, "{\"id\":0}").contains("/id"));
        assertTrue(SchemaFixture.problem(check, "{\"name\":\"ab\"}").contains("id"));
        json.refuses(ORDER, "", "{", "[]", "{\"id\":1} 2", "{\"id\":1,\"x\":2}", "{\"id\":1,\"name\":\"A\"}", "{\"id\":1.5}");
        assertEquals("", SchemaFixture.problem(check, "{\"id\":1}"), "one that was refused leaves nothing behind");
    }

    @Test
    void shouldReadEachDraftByItsRules() {
        json.accepts("{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"minimum\":1,\"exclusiveMinimum\":true}", "2");
        json.refuses("{\"minimum\":1,\"exclusiveMinimum\":true}", "1");
        json.refuses("{\"exclusiveMinimum\":1}", "1");
        json.refuses("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":[{\"type\":\"string\"}]}", "[1]");
        json.refuses("{\"items\":[{\"type\":\"string\"}]}", "[1]");
        json.refuses("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"prefixItems\":[{\"type\":\"string\"}]}",
            "[1]");
        json.refuses("{\"$schema\":\"http://json-schema.org/draft-06/schema#\",\"const\":1}", "2");
        json.accepts("true", "1");
        json.refuses("false", "1");
    }

    @Test
    void shouldRefuseWhatIsNoSchema() {
        for (String bad : new String[] {"{", "1", "[]", "\"x\"", "{\"type\":\"nothing\"}", "{\"type\":1}", "{} {}",
            "{\"$schema\":\"http://example.com/own\"}", "{\"properties\":[]}", "{\"minimum\":\"x\"}",
            "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"exclusiveMinimum\":true}"}) {
            assertEquals("your json schema is invalid", json.refusal(bad), bad);
        }
        assertTrue(json.refusal(" \n").startsWith("your schema content is invalid"));
    }

    @Test
    void shouldFollowReferencesInsideAndNowhereElse() {
        json.refuses("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"integer\"}}}", "\"x\"");
        json.accepts("{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}}}", "{\"next\":{\"next\":{}}}");
        for (String away : new String[] {"http://127.0.0.1:1/x", "https://example.com/x.json", "file:///etc/hostname",
            "classpath:META-INF/beans.xml", "#/$defs/missing"}) {
            assertTrue(json.refusal("{\"$ref\":\"" + away + "\"}").startsWith("your json schema is invalid"), away);
            assertTrue(json.refusal("{\"properties\":{\"a\":{\"$ref\":\"" + away + "\"}}}")
                .startsWith("your json schema is invalid"), away);
        }
    }

    @Test
    void shouldMatchExpressionsInLinearTime() {
        String evil = "{\"pattern\":\"^(a+)+$\"}";
        MessageCheck check = json.check(evil);
        assertTimeout(BOUND, () -> SchemaFixture.problem(check, "\"" + "a".repeat(100_000) + "b\""));
        MessageCheck large = json.check("{\"pattern\":\"^(" + "a{1000}|".repeat(300) + "b)*$\"}");
        assertTimeout(BOUND, () -> assertEquals(Budget.TOO_COSTLY, SchemaFixture.problem(large, "\"" + "a".repeat(500_000) + "\"")));
        json.accepts("{\"pattern\":\"^\\\\u00e9\\\\d+$\"}", "\"é12\"");
        assertTrue(json.refusal("{\"pattern\":\"(?=a)b\"}").contains("(?=a)b"));
        assertTrue(json.refusal("{\"patternProperties\":{\"(a)\\\\1\":{}}}").startsWith("your json schema is invalid"));
    }

    @Test
    void shouldBoundWhatRecursionAndRepetitionCost() {
        StringBuilder twice = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
        for (int i = 0; i < 40; i++) {
            twice.append("\"a").append(i).append("\":{\"allOf\":[{\"$ref\":\"#/$defs/a").append(i + 1)
                .append("\"},{\"$ref\":\"#/$defs/a").append(i + 1).append("\"}]},");
        }
        twice.append("\"a40\":{\"type\":\"integer\"}}}");
        assertTimeout(BOUND.multipliedBy(2), () -> outcome(twice.toString(), "1"));
        String deeper = "{\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"allOf\":[{\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"}}},"
            + "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"}}}]}}}";
        assertTimeout(BOUND, () -> assertEquals(Budget.TOO_COSTLY,
            outcome(deeper, "{\"a\":".repeat(60) + "1" + "}".repeat(60))));
        assertTimeout(BOUND, () -> outcome("{\"$ref\":\"#\"}", "1"));
        assertTimeout(BOUND, () -> outcome("{\"allOf\":[{\"$ref\":\"#\"}]}", "1"));
        assertTimeout(BOUND, () -> outcome("{\"properties\":{\"a\":".repeat(90) + "{}" + "}}".repeat(90), "{}"));
        assertTrue(json.refusal("{\"not\":".repeat(10_000) + "{}" + "}".repeat(10_000)).startsWith("your json schema is invalid"));
        MessageCheck any = json.check("{}");
        assertTrue(SchemaFixture.problem(any, "[".repeat(100_000)).contains("not JSON"));
    }

    @Test
    void shouldLookAtMessagesInSeveralThreadsAtATime() throws Exception {
        MessageCheck check = json.check("{\"items\":{\"type\":\"string\",\"pattern\":\"^(a{400}|a)+$\"}}");
        String cheap = "[\"a\"]";
        String costly = "[" + "\"" + "a".repeat(1000) + "\"," + "\"" + "a".repeat(100_000) + "\"]";
        String expected = Budget.TOO_COSTLY;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                boolean first = i == 0;
                all.add(threads.submit(() -> {
                    for (int n = 0; n < 2_000; n++) {
                        if (!SchemaFixture.problem(check, first ? costly : cheap).equals(first ? expected : "")) {
                            return false;
                        }
                    }
                    return true;
                }));
            }
            for (Future<Boolean> one : all) {
                assertTrue(one.get());
            }
        } finally {
            threads.shutdown();
            assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldBoundWhatLargeOnesCost() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 15_000; i++) {
            fields.append(i == 0 ? "" : ",").append("\"f").append(i).append("\":{\"type\":\"integer\"}");
        }
        String wide = "{\"items\":{\"properties\":{" + fields + "}}}";
        assertTimeout(BOUND.multipliedBy(2), () -> outcome(wide, "[" + "{},".repeat(200_000) + "{}]"));
        StringBuilder million = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            million.append(i == 0 ? "" : ",").append("\"").append(i).append("\":1");
        }
        MessageCheck integers = json.check("{\"additionalProperties\":{\"type\":\"integer\"}}");
        assertTimeout(BOUND, () -> assertEquals("", SchemaFixture.problem(integers, million + "}")));
        MessageCheck unique = json.check("{\"uniqueItems\":true}");
        assertTimeout(BOUND, () -> assertTrue(SchemaFixture.problem(unique, "[" + "1,".repeat(20_000) + "1]")
            .contains("more than 10000")));
        assertTrue(json.refusal("{\"title\":\"" + "x".repeat(600_000) + "\"}").contains("longer than"));
    }

    private String outcome(String schema, String message) {
        return SchemaFixture.problem(json.check(schema), message);
    }

    @Test
    void shouldNameEachBreak() {
        json.breaks(ORDER, ORDER);
        json.breaks("{\"type\":\"object\",\"required\":[\"a\",\"b\"]}", "{\"type\":\"object\",\"required\":[\"a\"]}", "$.b is required");
        json.breaks("{\"type\":\"object\",\"required\":[\"a\"]}", "{\"type\":\"object\",\"required\":[\"a\",\"b\"]}");
        json.breaks("{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"properties\":{\"a\":{\"type\":\"integer\"}}}",
            "$.a may not be of type integer");
        json.breaks("{\"type\":\"number\"}", "{\"type\":\"integer\"}");
        json.breaks("{\"type\":[\"string\",\"null\"]}", "{\"type\":\"string\"}");
        json.breaks("{\"type\":\"string\"}", "{}", "must be of type string");
        json.breaks("{\"enum\":[1,2]}", "{\"enum\":[1,2,3]}", "may not be 3");
        json.breaks("{\"minimum\":2,\"maxLength\":5}", "{\"minimum\":1,\"maxLength\":5}", "narrower minimum 2");
        json.breaks("{\"properties\":{\"a\":{}},\"additionalProperties\":false}",
            "{\"properties\":{\"a\":{},\"b\":{}},\"additionalProperties\":false}", "$.b is not allowed");
        json.breaks("{\"items\":{\"type\":\"string\"}}", "{\"items\":{\"type\":\"integer\"}}", "$[] may not be of type integer");
        json.breaks("{\"pattern\":\"a\"}", "{\"pattern\":\"b\"}", "another pattern");
        json.breaks("{\"title\":\"a\"}", "{\"title\":\"b\"}");
    }
}
