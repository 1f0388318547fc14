package org.memphisee.it.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;

/** Each operation of the gateway by each kind of caller (R-003d, R-014, authorization matrix of the gateway's port). */
final class RestAuthorizationIT {
    private static final String DENIED = "user rest.denied is not allowed to access station rest-matrix";
    private static Gateway gateway;
    private static final Map<String, String> TOKENS = new HashMap<>();

    private record Operation(String path, String body, int allowed, int denied) { }

    private static final List<Operation> OPERATIONS = List.of(
        new Operation("/stations/rest-matrix/produce/single", "{}", 200, 403),
        new Operation("/stations/rest-matrix/produce/batch", "[1]", 200, 403),
        new Operation("/stations/rest-matrix/consume/batch",
            "{'consumer_name':'c','batch_size':1,'batch_max_wait_time_ms':100}", 200, 400),
        new Operation("/stations/rest-matrix/consume/batch?ack=manual",
            "{'consumer_name':'c','consumer_group':'m','batch_size':1,'batch_max_wait_time_ms':100}", 200, 400),
        new Operation("/stations/rest-matrix/consume/ack", "{'ack_ids':['JEpTLkFDSw']}", 400, 400),
        new Operation("/stations/rest-matrix/consume/nack", "{'ack_ids':['JEpTLkFDSw']}", 400, 400),
        new Operation("/stations/rest-matrix/unknown", "{}", 404, 404));

    @BeforeAll
    static void open() throws Exception {
        gateway = new Gateway((BrokerProcess) Brokers.shared());
        gateway.addUser("rest.allowed", "application", ",'allow_read_permissions':['rest-matrix'],"
                + "'allow_write_permissions':['rest-matrix']");
        gateway.addUser("rest.denied", "application", ",'deny_read_permissions':['rest-matrix'],"
                + "'deny_write_permissions':['rest-matrix']");
        gateway.addUser("rest.deleted", "application", "");
        gateway.addUser("rest.person", "management", "");
        JsonNode root = gateway.login("root", gateway.broker().password());
        TOKENS.put("root", root.get("jwt").asText());
        TOKENS.put("refresh token", root.get("jwt_refresh_token").asText());
        TOKENS.put("with permission", gateway.token("rest.allowed", Gateway.PASSWORD));
        TOKENS.put("without permission", gateway.token("rest.denied", Gateway.PASSWORD));
        TOKENS.put("deleted user", gateway.token("rest.deleted", Gateway.PASSWORD));
        gateway.removeUser("rest.deleted");
        TOKENS.put("dashboard token", gateway.managementToken());
        // a token of the reference, signed with the secret of this installation, for who may not connect and for nobody
        byte[] secret = gateway.accessSecret();
        TOKENS.put("management user", Gateway.signed(secret, Map.of("username", "rest.person", "account_id", 1,
                "password", Gateway.PASSWORD, "connection_token", "", "exp", 4_000_000_000L)));
        TOKENS.put("expired", Gateway.signed(secret, Map.of("username", "rest.allowed", "account_id", 1,
                "password", Gateway.PASSWORD, "connection_token", "", "exp", 1_000_000_000L)));
        TOKENS.put("without expiry", Gateway.signed(secret, Map.of("username", "rest.allowed", "account_id", 1,
                "password", Gateway.PASSWORD, "connection_token", "")));
        TOKENS.put("nobody named", Gateway.signed(secret, Map.of("exp", 4_000_000_000L)));
        TOKENS.put("of the reference", Gateway.signed(secret, Map.of("username", "rest.allowed", "account_id", 1,
                "password", Gateway.PASSWORD, "connection_token", "", "exp", 4_000_000_000L)));
    }

    @TestFactory
    List<DynamicTest> shouldAnswerEachCallerAsItMay() {
        return OPERATIONS.stream().flatMap(operation -> java.util.stream.Stream.concat(
            java.util.stream.Stream.of(DynamicTest.dynamicTest(operation.path() + " without token", () ->
                assertEquals(401, Gateway.send(gateway.json(operation.path(), operation.body())).statusCode()))),
            TOKENS.keySet().stream().map(caller -> DynamicTest.dynamicTest(operation.path() + " by " + caller,
                () -> check(operation, caller))))).toList();
    }

    private static void check(Operation operation, String caller) {
        HttpResponse<String> response = gateway.post(operation.path(), TOKENS.get(caller), operation.body());
        int expected = switch (caller) {
            case "root", "with permission", "of the reference" -> operation.allowed();
            case "without permission" -> operation.denied();
            default -> 401;
        };
        assertEquals(expected, response.statusCode(), () -> caller + ": " + response.body());
        if (expected == 401) {
            assertEquals("{\"message\":\"Unauthorized\"}", response.body());
        } else if (caller.equals("without permission") && expected != 404) {
            JsonNode error = Gateway.parsed(response).get("error");
            assertEquals(DENIED, error.isArray() ? error.get(0).asText() : error.asText());
        }
    }
}
