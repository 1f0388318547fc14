package org.memphisee.it.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;

/** An OpenAPI document that a server gives out; answers of that server are held against it. */
public final class ApiDocument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OpenAPI document;

    /** Parses a document; a fault in it is an error. */
    public ApiDocument(String text) {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        options.setResolveFully(true);
        var parsed = new OpenAPIV3Parser().readContents(text, List.of(), options);
        assertEquals(List.of(), parsed.getMessages());
        document = parsed.getOpenAPI();
    }

    /** Method and description of each operation, by path. */
    public Map<String, Map<HttpMethod, Operation>> operations() {
        Map<String, Map<HttpMethod, Operation>> all = new TreeMap<>();
        document.getPaths().forEach((path, item) -> all.put(path, item.readOperationsMap()));
        return all;
    }

    /** An answer is one of those documented: status, content type, each member of its body. */
    public void check(String method, String path, int status, String type, String body) {
        String what = method + " " + path + " -> " + status + " " + body;
        Operation operation = operations().getOrDefault(path, Map.of()).get(HttpMethod.valueOf(method));
        assertTrue(operation != null, "no such operation: " + what);
        ApiResponse answer = operation.getResponses().get(Integer.toString(status));
        assertTrue(answer != null, "status is not documented: " + what);
        MediaType media = answer.getContent().get(type);
        assertTrue(media != null, "content type is not documented: " + type + " of " + what);
        try {
            String fault = fault("", media.getSchema(), JSON.readTree(body));
            assertEquals("", fault, what);
        } catch (IOException e) {
            throw new AssertionError(what, e);
        }
    }

    /** What is not as described, and where; empty if everything is. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    private static String fault(String at, Schema<?> schema, JsonNode value) {
        if (value.isNull() && Boolean.TRUE.equals(schema.getNullable())) {
            return "";
        }
        if (schema.getOneOf() != null) {
            long fitting = schema.getOneOf().stream().filter(one -> fault(at, (Schema) one, value).isEmpty()).count();
            return fitting == 1 ? "" : at + " is " + fitting + " of the alternatives";
        }
        if (schema.getEnum() != null && schema.getEnum().stream().noneMatch(v -> value.asText().equals(String.valueOf(v)))) {
            return at + " is none of " + schema.getEnum();
        }
        boolean right = switch (schema.getType() == null ? "object" : schema.getType()) {
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "array" -> value.isArray();
            default -> value.isObject();
        };
        if (!right) {
            return at + " is no " + schema.getType();
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                String fault = fault(at + "[" + i + "]", schema.getItems(), value.get(i));
                if (!fault.isEmpty()) {
                    return fault;
                }
            }
        }
        return value.isObject() ? faultOfMember(at, schema, value) : "";
    }

    private static String faultOfMember(String at, Schema<?> schema, JsonNode value) {
        Set<String> missing = new HashSet<>(schema.getRequired() == null ? List.of() : schema.getRequired());
        boolean open = schema.getAdditionalProperties() != null;
        for (var member : value.properties()) {
            missing.remove(member.getKey());
            Schema<?> known = schema.getProperties() == null ? null : schema.getProperties().get(member.getKey());
            String name = at + "." + member.getKey();
            String fault = known != null ? fault(name, known, member.getValue()) : open ? "" : name + " is not described";
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return missing.isEmpty() ? "" : at + " lacks " + missing;
    }
}
