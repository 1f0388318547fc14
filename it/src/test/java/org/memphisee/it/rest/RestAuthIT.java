package org.memphisee.it.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;

/** Tokens, paths, CORS and isolation of the gateway. */
final class RestAuthIT {
    private static final String UNAUTHORIZED = "{\"message\":\"Unauthorized\"}";
    private static Gateway gateway;
    private static String token;

    @BeforeAll
    static void open() {
        gateway = new Gateway((BrokerProcess) Brokers.shared());
        token = gateway.rootToken();
    }

    @Test
    void shouldGiveTwoTokensWithTheirLives() {
        gateway.addUser("rest.auth", "application", "");
        JsonNode answer = Gateway.parsed(Gateway.send(gateway.json("/auth/authenticate", "{'USERNAME':'Rest.Auth','password':'"
                + Gateway.PASSWORD + "','token_expiry_in_minutes':60,'refresh_token_expiry_in_minutes':10000092,"
                + "'unknown':{},'account_id':null}")));
        assertEquals(3_600_000, answer.get("expires_in").asLong());
        assertEquals(10_000_092L * 60_000, answer.get("refresh_token_expires_in").asLong());
        assertEquals(200, gateway.post("/stations/rest-auth/produce/single", answer.get("jwt").asText(), "{}").statusCode());
        JsonNode normal = gateway.login("rest.auth", Gateway.PASSWORD);
        assertEquals(15 * 60_000, normal.get("expires_in").asLong());
        assertEquals(300 * 60_000, normal.get("refresh_token_expires_in").asLong());
        for (String name : new String[] {"jwt", "jwt_refresh_token"}) {
            JsonNode claims = Gateway.claims(answer.get(name).asText());
            assertFalse(claims.has("password") || claims.has("connection_token"), claims::toString);
            assertFalse(claims.toString().contains(Gateway.PASSWORD));
        }
    }

    @Test
    void shouldTakeUrlEncodedFields() {
        HttpResponse<String> response = Gateway.send(gateway.request("/auth/authenticate")
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(BodyPublishers.ofString("username=root&password=" + gateway.broker().password())));
        assertEquals(200, response.statusCode(), response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/auth/authenticate|{'username':'root','password':'memphis','account_id':1}|200",
        "/auth/authenticate|{'username':'root','password':'memphis','account_id':1.5}|200",
        "/auth/authenticate|{'username':'root$1','password':'memphis'}|200",
        "/auth/authenticate?accountId=1|{'username':'root$2','password':'memphis'}|200",
        "/auth/authenticate?accountId=2|{'username':'root','password':'memphis','account_id':1}|200",
        "/auth/authenticate?accountId=2|{'username':'root','password':'memphis'}|401",
        "/auth/authenticate|{'username':'root$2','password':'memphis'}|401",
        "/auth/authenticate|{'username':'root','password':'memphis','account_id':2}|401"})
    void shouldFindTheAccount(String path, String body, int status) {
        assertEquals(status, Gateway.send(gateway.json(path, body)).statusCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "application/json|{|400|Some of your fields",
        "application/json|{'username':7}|400|Some of your fields",
        "application/json|{'username':'a','account_id':'1'}|400|Some of your fields",
        "text/plain|{'username':'a'}|400|the body was not read; send Content-Type: application/json",
        "application/x-www-form-urlencoded|{'username':'a'}|400|the body looks like JSON and was read as a form",
        "application/json|{'password':'x'}|400|[{\"field\":\"Username\",\"reason\":\"required\"}]",
        "application/json|{'username':'nobody','password':'x'}|401|Unauthorized",
        "application/json|{'username':'root','password':'wrong'}|401|Unauthorized",
        "application/json|{'username':'root'}|401|Unauthorized"})
    void shouldRefuseCredentialsInTheListedWays(String type, String body, int status, String text) {
        HttpResponse<String> response = Gateway.send(gateway.request("/auth/authenticate").header("Content-Type", type)
                .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
        assertEquals(status, response.statusCode(), response.body());
        assertTrue(response.body().startsWith("{\"message\":") && response.body().contains(text), response.body());
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void shouldRefreshOnlyWithRefreshTokens() {
        JsonNode pair = gateway.login("root", gateway.broker().password());
        String refresh = pair.get("jwt_refresh_token").asText();
        HttpResponse<String> response = Gateway.send(gateway.json("/AUTH/refreshToken/", "{'jwt_refresh_token':'" + refresh
                + "','token_expiry_in_minutes':1}").header("Authorization", "nonsense"));
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(60_000, Gateway.parsed(response).get("expires_in").asLong());
        assertNotEquals(refresh, Gateway.parsed(response).get("jwt_refresh_token").asText());
        for (String bad : new String[] {pair.get("jwt").asText(), "", "a.b.c", refresh + "x"}) {
            response = Gateway.send(gateway.json("/auth/refreshToken", "{'jwt_refresh_token':'" + bad + "'}"));
            assertEquals(401, response.statusCode(), bad);
            assertEquals(UNAUTHORIZED, response.body());
        }
        assertEquals(400, Gateway.send(gateway.json("/auth/refreshToken", "[")).statusCode());
        assertEquals(401, gateway.post("/stations/x/produce/single", refresh, "{}").statusCode());
    }

    @Test
    void shouldTakeTheTokenFromHeaderOrQuery() {
        String path = "/stations/rest-token/produce/single";
        for (String scheme : new String[] {"Bearer", "bearer", "JWT"}) {
            assertEquals(200, Gateway.send(gateway.json(path, "{}").header("Authorization", scheme + " " + token))
                    .statusCode());
        }
        assertEquals(200, Gateway.send(gateway.json(path + "?authorization=" + token, "{}")).statusCode());
        for (String header : new String[] {token, "Bearer", "Bearer  " + token, "Bearer " + token + " x", "Bearer x"}) {
            HttpResponse<String> response = Gateway.send(gateway.json(path + "?authorization=" + token, "{}")
                    .header("Authorization", header));
            assertEquals(401, response.statusCode(), header); // the header wins
            assertEquals(UNAUTHORIZED, response.body());
        }
        assertEquals(401, Gateway.send(gateway.json(path + "?authorization=x", "{}")).statusCode());
        String none = Gateway.signed(new byte[] {1}, Map.of("username", "root", "exp", 4_000_000_000L));
        assertEquals(401, gateway.post(path, none, "{}").statusCode());
    }

    @Test
    void shouldKeepTheTokenOutOfItsLogs() throws Exception {
        String secret = gateway.token("root", gateway.broker().password());
        Gateway.send(gateway.json("/stations/rest-logged/produce/single?authorization=" + secret, "{}"));
        java.nio.file.Path log = gateway.broker().outputDirectory().resolve("logs").resolve("gateway_access.0.log");
        Eventually.await("the request is in the access log", Duration.ofSeconds(30), () -> java.nio.file.Files.exists(log)
                && java.nio.file.Files.readString(log).contains("/stations/rest-logged/produce/single"));
        try (var files = java.nio.file.Files.walk(gateway.broker().outputDirectory().resolve("logs"))) {
            for (java.nio.file.Path file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
                String text = new String(java.nio.file.Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(secret), () -> "token in " + file);
            }
        }
    }

    @Test
    void shouldAnswerUnknownPathsAndMethodsInText() {
        assertEquals(401, Gateway.send(gateway.json("/nothing/here", "{}")).statusCode());
        HttpResponse<String> response = gateway.post("/nothing/Here", token, "{}");
        assertEquals(404, response.statusCode());
        assertEquals("Cannot POST /nothing/Here", response.body());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/plain"));
        response = Gateway.send(gateway.request("/stations/x/produce/single").header("Authorization", "Bearer " + token));
        assertEquals(405, response.statusCode());
        assertEquals("Method Not Allowed", response.body());
        assertEquals("POST", response.headers().firstValue("Allow").orElse(""));
        response = Gateway.send(gateway.request("/"));
        assertEquals(404, response.statusCode());
        assertEquals("Cannot GET /", response.body());
    }

    @Test
    void shouldFoldPathsAndTolerateASlash() {
        HttpResponse<String> response = Gateway.send(gateway.json("/AUTH/Authenticate/",
                "{'username':'root','password':'memphis'}"));
        assertEquals(200, response.statusCode());
        assertEquals(200, gateway.post("/Stations/Rest-Folded/PRODUCE/Single/", token, "{}").statusCode());
    }

    @Test
    void shouldSayThatItLives() {
        HttpResponse<String> response = Gateway.send(gateway.request("/monitoring/status"));
        assertEquals(200, response.statusCode());
        assertEquals("{\"status\":\"ok\"}", response.body());
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void shouldHideTheProcessFiguresByDefault() {
        assertEquals(401, Gateway.send(gateway.request("/monitoring/getResourcesUtilization")).statusCode());
        assertEquals(404, Gateway.send(gateway.request("/monitoring/getResourcesUtilization")
                .header("Authorization", "Bearer " + token)).statusCode());
    }

    @Test
    void shouldForgetTokensWithTheCredentialBehindThem() {
        String path = "/stations/rest-revoked/produce/single";
        gateway.addUser("rest.revoked", "application", "");
        String first = gateway.token("rest.revoked", Gateway.PASSWORD);
        assertEquals(200, gateway.post(path, first, "{}").statusCode());
        gateway.changePassword("rest.revoked", "Another-12345!");
        Eventually.await("the old token is worth nothing", Duration.ofSeconds(10),
                () -> gateway.post(path, first, "{}").statusCode() == 401);
        String second = gateway.token("rest.revoked", "Another-12345!");
        assertEquals(200, gateway.post(path, second, "{}").statusCode());
        gateway.removeUser("rest.revoked");
        Eventually.await("the removed user's token is worth nothing", Duration.ofSeconds(10),
                () -> gateway.post(path, second, "{}").statusCode() == 401);
    }

    @Test
    void shouldLetEveryOriginIn() {
        HttpResponse<String> preflight = Gateway.send(gateway.request("/stations/x/produce/single")
                .method("OPTIONS", BodyPublishers.noBody()).header("Origin", "http://localhost:9000")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type"));
        assertEquals(204, preflight.statusCode());
        assertEquals("", preflight.body());
        assertEquals("*", preflight.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
        assertEquals("GET,POST,HEAD,PUT,DELETE,PATCH",
                preflight.headers().firstValue("Access-Control-Allow-Methods").orElse(""));
        assertEquals("authorization,content-type",
                preflight.headers().firstValue("Access-Control-Allow-Headers").orElse(""));
        assertTrue(preflight.headers().firstValue("Access-Control-Allow-Credentials").isEmpty());
        String vary = String.join(",", preflight.headers().allValues("Vary"));
        assertTrue(vary.contains("Origin") && vary.contains("Access-Control-Request-Headers"), vary);
        for (String path : new String[] {"/monitoring/status", "/nothing"}) {
            HttpResponse<String> simple = Gateway.send(gateway.request(path).header("Origin", "http://localhost:9000"));
            assertEquals("*", simple.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
            assertEquals("Origin", simple.headers().firstValue("Vary").orElse(""));
        }
        HttpResponse<String> dialog = Gateway.send(gateway.json("/auth/authenticate", "{'username':'root','password':'"
                + gateway.broker().password() + "','account_id':1,'token_expiry_in_minutes':525600,"
                + "'refresh_token_expiry_in_minutes':10000092}").header("Origin", "http://localhost:9000"));
        assertEquals(200, dialog.statusCode());
        assertEquals("*", dialog.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/status", "/api/usermgmt/getAllUsers", "/metrics", "/health", "/health/ready", "/varz",
        "//varz", "/healthz", "/openapi", "/index.html", "/jwt", "/ibm/api", "/live"})
    void shouldServeNothingElse(String path) {
        HttpResponse<String> without = Gateway.send(gateway.request(path));
        assertEquals(401, without.statusCode(), without.body());
        HttpResponse<String> with = Gateway.send(gateway.request(path).header("Authorization", "Bearer " + token));
        assertEquals(404, with.statusCode(), with.body());
        assertEquals("Cannot GET " + path, with.body());
    }
}
