package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.memphisee.it.support.BrokerProcess;

/** Calls the management API of a broker as one user. Single quotes in bodies stand for double ones. */
public final class Management {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final BrokerProcess broker;
    private final String token;

    private Management(BrokerProcess broker, String token) {
        this.broker = broker;
        this.token = token;
    }

    /** An answer. */
    public record Answer(int code, String body, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The value of a text or number member, wherever it is first. */
        public String member(String name) {
            Matcher m = Pattern.compile('"' + name + "\":(\"((?:[^\"\\\\]|\\\\.)*)\"|[^,}\\]]+)").matcher(body);
            if (!m.find()) {
                throw new AssertionError("no " + name + " in " + body);
            }
            return m.group(2) == null ? m.group(1) : m.group(2);
        }
    }

    /** Nobody. */
    static Management anonymous(BrokerProcess broker) {
        return new Management(broker, "");
    }

    /** Somebody with this token. */
    static Management withToken(BrokerProcess broker, String token) {
        return new Management(broker, token);
    }

    static Management signIn(BrokerProcess broker, String user, String password) {
        Answer answer = anonymous(broker).post("usermgmt/login",
                "{'username':'" + user + "','password':'" + password + "'}");
        if (answer.code() != 200) {
            throw new AssertionError("login of " + user + ": " + answer.code() + ' ' + answer.body());
        }
        return new Management(broker, answer.member("jwt"));
    }

    /** Root. */
    public static Management root(BrokerProcess broker) {
        return signIn(broker, broker.user(), broker.password());
    }

    String token() {
        return token;
    }

    /** Looks. */
    public Answer get(String path) {
        return call("GET", path, "");
    }

    /** Makes something, or has it done. */
    public Answer post(String path, String body) {
        return call("POST", path, body);
    }

    Answer put(String path, String body) {
        return call("PUT", path, body);
    }

    /** Removes something. */
    public Answer delete(String path, String body) {
        return call("DELETE", path, body);
    }

    Answer call(String method, String path, String body, String... headers) {
        return call(method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')),
                headers);
    }

    /** The same with a body as it is. */
    Answer call(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .uri(URI.create("http://" + broker.host() + ':' + broker.ports().dashboard() + "/api/" + path))
                .timeout(LIMIT).method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Creates a management or application user. */
    void addUser(String name, String type, String password, String more) {
        Answer answer = post("usermgmt/addUser", "{'username':'" + name + "','user_type':'" + type + "','password':'"
                + password + "'" + more + "}");
        if (answer.code() != 200) {
            throw new AssertionError("adding " + name + ": " + answer.body());
        }
    }

    /** A token that says the same as this one but expired an hour ago, signed with the broker's own secret. */
    static String expired(BrokerProcess broker, String token) {
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replaceAll("\"exp\":\\d+", "\"exp\":" + (System.currentTimeMillis() / 1000 - 3600));
        String signed = parts[0] + '.' + base64(claims.getBytes(StandardCharsets.UTF_8));
        return signed + '.' + base64(mac(secret(broker, "management.access"), signed));
    }

    private static byte[] secret(BrokerProcess broker, String name) {
        Path file = broker.dataDirectory().resolve("signing.secrets");
        Properties secrets = new Properties();
        try (var in = Files.newInputStream(file)) {
            secrets.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getDecoder().decode(secrets.getProperty(name));
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Status and body, single quotes standing for double ones. */
    static void assertAnswer(int code, String body, Answer answer) {
        assertEquals(code + " " + body.replace('\'', '"'), answer.code() + " " + answer.body());
    }

    /** Refused with a text for people. */
    static void assertShowable(String text, Answer answer) {
        assertEquals("406 {\"message\":\"" + text + "\"}", answer.code() + " " + answer.body());
    }
}
