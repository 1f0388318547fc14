package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonElementsTest {

    private static List<String> elements(String json) throws IOException {
        JsonElements elements = new JsonElements(json.getBytes(StandardCharsets.UTF_8));
        List<String> all = new ArrayList<>();
        for (byte[] next = elements.next(); next != null; next = elements.next()) {
            all.add(new String(next, StandardCharsets.UTF_8));
        }
        assertEquals(null, elements.next());
        return all;
    }

    @Test
    void shouldKeepTheTextOfEachElementButForWhiteSpace() throws IOException {
        assertEquals(List.of("{\"a b\":[1,2.50]}", "9007199254740993", "\"x \\\" y\"", "null", "true", "-1E400", "[]"),
            elements("  [ {\"a b\" : [ 1 , 2.50 ]} ,9007199254740993,\"x \\\" y\"\n,null , true,-1E400,[ ] ]  "));
        assertEquals(List.of(), elements("[]"));
        assertEquals(List.of("\"\u00e9\u20ac\""), elements("[\"\u00e9\u20ac\"]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "[", "[1", "[1,]", "[1] 2", "1", "[a]", "[\"]", "[01]"})
    void shouldKnowWhatIsNoArray(String json) {
        assertFalse(JsonElements.valid(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldBoundDepthAndRefuseOtherEncodings() {
        assertTrue(JsonElements.valid("[[[[1]]]]".getBytes(StandardCharsets.UTF_8)));
        assertFalse(JsonElements.valid(("[".repeat(100_000) + "]".repeat(100_000)).getBytes(StandardCharsets.UTF_8)));
        assertFalse(JsonElements.valid("[1]".getBytes(StandardCharsets.UTF_16LE)));
        assertFalse(JsonElements.valid("[1]".getBytes(StandardCharsets.UTF_16)));
    }
}
