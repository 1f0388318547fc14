package org.memphisee.it.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.junit.jupiter.api.Assumptions;

/** Speaks HTTP with the dashboard's port of the shared broker. */
final class DashboardClient {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final BrokerProcess broker;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager()).connectTimeout(LIMIT).build();

    DashboardClient() {
        Assumptions.assumeTrue(Brokers.shared() instanceof BrokerProcess, "skipped: needs the packaged server");
        broker = (BrokerProcess) Brokers.shared();
    }

    BrokerProcess broker() {
        return broker;
    }

    HttpClient http() {
        return http;
    }

    String authority() {
        return "localhost:" + broker.ports().dashboard();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + authority() + path)).timeout(LIMIT);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    /** An access token of somebody who signs in. */
    String token(String user, String password) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("/api/usermgmt/login").POST(BodyPublishers.ofString(
                JSON.createObjectNode().put("username", user).put("password", password).toString())));
        if (answer.statusCode() != 200) {
            throw new IOException("sign-in: " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body()).path("jwt").asText();
    }

    String rootToken() throws IOException, InterruptedException {
        return token(broker.user(), broker.password());
    }

    /** Calls an operation of the management API that must succeed. */
    JsonNode call(String token, String method, String path, JsonNode body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("/api/" + path).header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofString(body.toString())));
        if (answer.statusCode() != 200) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
