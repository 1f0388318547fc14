package org.memphisee.it.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;

/** The gateway answers as the OpenAPI document that the server gives out says (rest-gateway.md 10). */
class RestDocumentIT {
    private static final String SINGLE = "/stations/documented/produce/single";
    private static final String BATCH = "/stations/documented/produce/batch";
    private static final String CONSUME = "/stations/documented/consume/batch";

    private static Gateway gateway;
    private static OpenAPI document;
    private static String token;

    @BeforeAll
    static void fetch() {
        Brokers.assumeMemphis(Brokers.shared());
        BrokerProcess broker = (BrokerProcess) Brokers.shared();
        gateway = new Gateway(broker);
        token = gateway.rootToken();
        BrokerProcess.Answer answer = broker.http(broker.ports().dashboard(), "/openapi/gateway.yaml");
        assertEquals(200, answer.code(), answer.body());
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        options.setResolveFully(true);
        var parsed = new OpenAPIV3Parser().readContents(answer.body(), List.of(), options);
        assertEquals(List.of(), parsed.getMessages());
        document = parsed.getOpenAPI();
    }

    private static HttpResponse<String> send(String method, String path, String type, String body, String bearer) {
        HttpRequest.Builder request = gateway.request(path).method(method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return Gateway.send(request);
    }

    /** Sends a request and holds the answer against the document. */
    private static HttpResponse<String> check(int status, String method, String path, String type, String body,
            String bearer) {
        HttpResponse<String> response = send(method, path, type, body, bearer);
        String what = method + " " + path + " -> " + response.statusCode() + " " + response.body();
        assertEquals(status, response.statusCode(), what);
        String documented = path.replaceFirst("\\?.*", "").replace("/documented/", "/{station}/");
        Operation operation = document.getPaths().get(documented).readOperationsMap().get(
                io.swagger.v3.oas.models.PathItem.HttpMethod.valueOf(method));
        ApiResponse answer = operation.getResponses().get(Integer.toString(status));
        assertTrue(answer != null, "not documented: " + what);
        if (method.equals("HEAD")) {
            assertEquals("", response.body());
            return response;
        }
        MediaType media = answer.getContent().get(response.headers().firstValue("Content-Type").orElse(""));
        assertTrue(media != null, "content type is not documented: " + what + response.headers().map());
        if (!answer.getContent().containsKey("text/plain")) {
            assertTrue(fits(media.getSchema(), Gateway.parsed(response)), "not as documented: " + what);
        }
        return response;
    }

    @SuppressWarnings("rawtypes")
    private static boolean fits(Schema<?> schema, JsonNode value) {
        if (schema.get$ref() != null) {
            return fits(document.getComponents().getSchemas().get(
                    schema.get$ref().substring("#/components/schemas/".length())), value);
        }
        if (schema.getOneOf() != null) {
            return schema.getOneOf().stream().filter(one -> fits((Schema) one, value)).count() == 1;
        }
        if (value.isNull()) {
            return Boolean.TRUE.equals(schema.getNullable());
        }
        if (schema.getEnum() != null && schema.getEnum().stream().noneMatch(v -> value.asText().equals(String.valueOf(v)))) {
            return false;
        }
        return switch (schema.getType() == null ? "" : schema.getType()) {
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "array" -> value.isArray() && all(value).stream().allMatch(v -> fits(schema.getItems(), v));
            case "object" -> fitsObject(schema, value);
            default -> true;
        };
    }

    private static boolean fitsObject(Schema<?> schema, JsonNode value) {
        Set<String> missing = new HashSet<>(schema.getRequired() == null ? List.of() : schema.getRequired());
        boolean free = schema.getAdditionalProperties() != null;
        for (var member : value.properties()) {
            Schema<?> known = schema.getProperties() == null ? null : schema.getProperties().get(member.getKey());
            missing.remove(member.getKey());
            if (known == null ? !free : !fits(known, member.getValue())) {
                return false;
            }
        }
        return value.isObject() && missing.isEmpty();
    }

    private static List<JsonNode> all(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }

    @Test
    void shouldAnswerTokenRequestsAsDocumented() {
        String json = "application/json";
        HttpResponse<String> tokens = check(200, "POST", "/auth/authenticate", json,
                "{'username':'root','password':'" + gateway.broker().password() + "'}", null);
        check(400, "POST", "/auth/authenticate", json, "{'username':", null);
        check(400, "POST", "/auth/authenticate", json, "{}", null);
        check(401, "POST", "/auth/authenticate", json, "{'username':'nobody','password':'x'}", null);
        check(413, "POST", "/auth/authenticate", json, "x".repeat(70_000), null);
        check(200, "POST", "/auth/refreshToken", json,
                "{'jwt_refresh_token':'" + Gateway.parsed(tokens).get("jwt_refresh_token").asText() + "'}", null);
        check(400, "POST", "/auth/refreshToken", json, "[]", null);
        check(401, "POST", "/auth/refreshToken", json, "{}", null);
        check(413, "POST", "/auth/refreshToken", json, "x".repeat(70_000), null);
    }

    @Test
    void shouldAnswerProduceRequestsAsDocumented() {
        document.getPaths().get("/stations/{station}/produce/single").getPost().getRequestBody().getContent().keySet()
                .forEach(type -> check(200, "POST", SINGLE, type, "{}", token));
        check(400, "POST", SINGLE + "?partition_key=a&partition_number=1", "text/plain", "x", token);
        check(401, "POST", SINGLE, "text/plain", "x", null);
        check(413, "POST", SINGLE, "text/plain", "x".repeat(1 << 20), token);
        check(415, "POST", SINGLE, "image/png", "x", token);
        check(200, "POST", BATCH, "application/json", "[1,{},'x']", token);
        check(200, "POST", BATCH + "?results=true", "application/json", "[1,2]", token);
        check(400, "POST", BATCH, "application/json", "{}", token);
        check(401, "POST", BATCH, "application/json", "[]", "none");
        check(413, "POST", BATCH + "?results=true", "application/json", "[1,'" + "x".repeat(1 << 20) + "',2]", token);
        check(415, "POST", BATCH, "text/plain", "[]", token);
    }

    @Test
    void shouldRefuseWhoMayNotAsDocumented() {
        gateway.addUser("documented", "application", ",'allow_read_permissions':['other'],'allow_write_permissions':['other']");
        String limited = gateway.token("documented", Gateway.PASSWORD);
        check(403, "POST", SINGLE, "text/plain", "x", limited);
        check(403, "POST", BATCH, "application/json", "[1]", limited);
        check(400, "POST", CONSUME, "application/json", "{'consumer_name':'c'}", limited);
        gateway.removeUser("documented");
    }

    @Test
    void shouldAnswerConsumeRequestsAsDocumented() {
        String json = "application/json";
        check(200, "POST", SINGLE, "text/plain", "to be consumed", token);
        HttpResponse<String> got = check(200, "POST", CONSUME + "?ack=manual", json,
                "{'consumer_name':'d','batch_size':1,'batch_max_wait_time_ms':5000}", token);
        String id = Gateway.parsed(got).get(0).get("ack_id").asText();
        check(200, "POST", "/stations/documented/consume/nack", json, "{'ack_ids':['" + id + "']}", token);
        check(200, "POST", CONSUME, json, "{'consumer_name':'d','batch_size':1,'consumer_group':'e'}", token);
        check(400, "POST", CONSUME, json, "{}", token);
        check(401, "POST", CONSUME, json, "{}", null);
        check(413, "POST", CONSUME, json, "x".repeat(1_100_000), token);
        for (String settle : List.of("/stations/documented/consume/ack", "/stations/documented/consume/nack")) {
            check(400, "POST", settle, json, "{}", token);
            check(400, "POST", settle, json, "{'ack_ids':['none']}", token);
            check(401, "POST", settle, json, "{}", null);
            check(413, "POST", settle, json, "x".repeat(1_100_000), token);
        }
        got = check(200, "POST", CONSUME + "?ack=manual", json, "{'consumer_name':'d','batch_size':1}", token);
        check(200, "POST", "/stations/documented/consume/ack", json,
                "{'ack_ids':['" + Gateway.parsed(got).get(0).get("ack_id").asText() + "']}", token);
    }

    @Test
    void shouldAnswerMonitorsAsDocumented() {
        check(200, "GET", "/monitoring/status", null, null, null);
        check(200, "HEAD", "/monitoring/status", null, null, null);
        check(401, "GET", "/monitoring/getResourcesUtilization", null, null, null);
        check(404, "GET", "/monitoring/getResourcesUtilization", null, null, token);
        check(401, "HEAD", "/monitoring/getResourcesUtilization", null, null, null);
        check(404, "HEAD", "/monitoring/getResourcesUtilization", null, null, token);
    }

    /** the document is not served where the gateway is. */
    @Test
    void shouldNotServeTheDocumentOnTheGatewaysPort() {
        for (String path : List.of("/openapi", "/openapi/gateway.yaml")) {
            assertEquals(401, send("GET", path, null, null, null).statusCode());
            assertEquals(404, send("GET", path, null, null, token).statusCode());
        }
    }
}
