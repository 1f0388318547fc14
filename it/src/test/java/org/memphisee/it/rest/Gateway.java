package org.memphisee.it.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.memphisee.it.support.BrokerProcess;

/** Requests to a broker's gateway, and users for it. Thread-safe. */
final class Gateway {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String PASSWORD = "Gateway-12345!";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10)).build();

    private final BrokerProcess broker;
    private String managementToken = "";

    Gateway(BrokerProcess broker) {
        this.broker = broker;
    }

    BrokerProcess broker() {
        return broker;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + broker.ports().gateway() + path);
    }

    /** A request with JSON as body, to be completed. */
    HttpRequest.Builder json(String path, String body) {
        return request(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"')));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(LIMIT);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request.build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> post(String path, String token, String body) {
        return send(json(path, body).header("Authorization", "Bearer " + token));
    }

    static JsonNode parsed(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + response.body(), e);
        }
    }

    /** Both tokens of a user. */
    JsonNode login(String user, String password) {
        HttpResponse<String> response = send(json("/auth/authenticate",
                "{'username':'" + user + "','password':'" + password + "'}"));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return parsed(response);
    }

    String token(String user, String password) {
        return login(user, password).get("jwt").asText();
    }

    String rootToken() {
        return token("root", broker.password());
    }

    /** Adds an application user; permissions are members of the request, or empty. */
    void addUser(String name, String type, String permissions) {
        HttpResponse<String> response = manage("POST", "addUser", "{'username':'" + name + "','password':'" + PASSWORD
                + "','user_type':'" + type + "'" + permissions + "}");
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
    }

    void removeUser(String name) {
        manage("DELETE", "removeUser", "{'username':'" + name + "'}");
    }

    void changePassword(String name, String password) {
        manage("PUT", "changePassword", "{'username':'" + name + "','password':'" + password + "'}");
    }

    private HttpResponse<String> manage(String method, String operation, String body) {
        return send(management(method, operation, body).header("Authorization", "Bearer " + managementToken()));
    }

    /** A token of the management API, of root. */
    synchronized String managementToken() {
        if (managementToken.isEmpty()) {
            managementToken = parsed(send(management("POST", "login",
                    "{'username':'root','password':'" + broker.password() + "'}"))).get("jwt").asText();
        }
        return managementToken;
    }

    /** Calls an operation of the management API as root, which must succeed; no body for an empty one. */
    JsonNode api(String method, String path, String body) {
        HttpResponse<String> response = send(operation(method, path, body).header("Authorization", "Bearer " + managementToken()));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return parsed(response);
    }

    private HttpRequest.Builder management(String method, String operation, String body) {
        return operation(method, "usermgmt/" + operation, body);
    }

    private HttpRequest.Builder operation(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broker.ports().dashboard() + "/api/" + path))
                .timeout(LIMIT).header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body.replace('\'', '"')));
    }

    /** Header and claims of a token, without its signature. */
    static JsonNode claims(String token) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A JWT as anybody with the secret could make it. */
    static String signed(byte[] secret, Map<String, Object> claims) {
        try {
            Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
            String content = encoder.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes()) + "."
                    + encoder.encodeToString(JSON.writeValueAsBytes(claims));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return content + "." + encoder.encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** What the installation signs access tokens with. */
    byte[] accessSecret() {
        Properties secrets = new Properties();
        try (var in = Files.newInputStream(broker.dataDirectory().resolve("signing.secrets"))) {
            secrets.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getDecoder().decode(secrets.getProperty("gateway.access"));
    }
}
