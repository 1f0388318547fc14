package org.memphisee.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaType;

class AvroLanguageTest {

    private static final String USER = "{\"type\":\"record\",\"name\":\"User\",\"namespace\":\"a.b\",\"fields\":["
        + "{\"name\":\"name\",\"type\":\"string\"},{\"name\":\"age\",\"type\":[\"null\",\"int\"],\"default\":null},"
        + "{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"Kind\",\"symbols\":[\"A\",\"B\"]},\"default\":\"A\"},"
        + "{\"name\":\"tags\",\"type\":{\"type\":\"array\",\"items\":\"string\"},\"default\":[]}]}";

    private final SchemaFixture avro = new SchemaFixture(SchemaType.AVRO);

    @Test
    void shouldAcceptJsonThatConformsWrappedOrNot() {
        avro.accepts(USER, "{\"name\":\"a\"}", "{\"name\":\"a\",\"age\":3}", "{\"name\":\"a\",\"age\":{\"int\":3},\"more\":1}",
            "{\"name\":\"a\",\"age\":null,\"kind\":\"B\",\"tags\":[\"x\"]}");
        avro.refuses(USER, "", "{", "[]", "{\"age\":3}", "{\"name\":1}", "{\"name\":\"a\",\"age\":\"x\"}",
            "{\"name\":\"a\",\"age\":2147483648}", "{\"name\":\"a\",\"kind\":\"C\"}", "{\"name\":\"a\",\"tags\":[1]}",
            "{\"name\":\"a\",\"age\":{\"long\":3}}", "{\"name\":\"a\"}}");
        assertEquals("$.tags[1] is not a string",
            SchemaFixture.problem(avro.check(USER), "{\"name\":\"a\",\"tags\":[\"x\",1]}"));
    }

    @Test
    void shouldKnowEachType() {
        avro.accepts("\"null\"", "null");
        avro.accepts("\"boolean\"", "true");
        avro.accepts("\"long\"", "9223372036854775807");
        avro.refuses("\"long\"", "9223372036854775808", "1.5");
        avro.accepts("\"double\"", "1", "1.5", "1e300");
        avro.refuses("\"float\"", "\"1\"");
        avro.accepts("\"bytes\"", "\"\\u00ff\"");
        avro.refuses("\"bytes\"", "\"\\u0100\"");
        avro.accepts("{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}", "\"ab\"");
        avro.refuses("{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}", "\"abc\"");
        avro.accepts("{\"type\":\"map\",\"values\":\"int\"}", "{}", "{\"a\":1}");
        avro.refuses("{\"type\":\"map\",\"values\":\"int\"}", "{\"a\":\"1\"}", "[]");
    }

    @Test
    void shouldRefuseWhatIsNoSchema() {
        for (String bad : new String[] {"{", "1", "\"nothing\"", "{\"type\":\"record\",\"name\":\"A\"}", "{\"type\":\"array\"}",
            "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"B\"}]}", "{\"type\":\"enum\",\"name\":\"1\"}",
            "{\"type\":\"array\",\"items\":".repeat(5_000) + "\"int\"" + "}".repeat(5_000)}) {
            assertTrue(avro.refusal(bad).startsWith("your Avro file is invalid: "), bad);
        }
    }

    @Test
    void shouldBoundWhatBranchesOfUnionsCost() {
        String twins = "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":[\"null\",\"A\","
            + "{\"type\":\"record\",\"name\":\"B\",\"fields\":[{\"name\":\"x\",\"type\":[\"null\",\"A\",\"B\"]},"
            + "{\"name\":\"z\",\"type\":\"int\"}]}]},{\"name\":\"y\",\"type\":\"int\"}]}";
        MessageCheck check = avro.check(twins);
        assertTimeout(Duration.ofSeconds(20), () -> assertEquals(Budget.TOO_COSTLY,
            SchemaFixture.problem(check, "{\"x\":".repeat(60) + "1" + "}".repeat(60))));
        assertTimeout(Duration.ofSeconds(20), () -> SchemaFixture.problem(avro.check("{\"type\":\"array\",\"items\":\"int\"}"),
            "[" + "1,".repeat(1_000_000) + "1]"));
    }

    @Test
    void shouldNameEachBreak() {
        String one = "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
        String two = "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\"}]}";
        avro.breaks(one, two);
        avro.breaks(two, one, "/fields/1");
        avro.breaks("\"long\"", "\"int\"");
        avro.breaks("\"int\"", "\"long\"", "type mismatch");
    }
}
