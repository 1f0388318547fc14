package org.memphisee.it.adapter;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.memphisee.it.support.Eventually;

/** The server of the applications, seen from the test. */
final class ApplicationServer {
    static final String NAME = "application";
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();

    private ApplicationServer() {
    }

    /** Answer to a request; code 0 when there was none. */
    record Answer(int code, String body) {
    }

    static Path directory() {
        return Path.of(System.getProperty("it.adapter.server"), "servers", NAME);
    }

    /** Where the adapter looks for the broker from the server's next start. */
    static void brokerAt(int port) throws IOException {
        Path drop = directory().resolve("configDropins/overrides/broker.xml");
        Files.createDirectories(drop.getParent());
        Files.writeString(drop, "<server><variable name=\"it.broker.port\" value=\"" + port + "\"/></server>");
    }

    /** Whom the server's JVM trusts from its next start. */
    static void trust(Path store, String password) throws IOException {
        Files.writeString(directory().resolve("jvm.options"), "-Djavax.net.ssl.trustStore=" + store
                + "\n-Djavax.net.ssl.trustStorePassword=" + password + "\n-Djavax.net.ssl.trustStoreType=PKCS12\n");
    }

    static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + System.getProperty("it.application.port") + path));
    }

    static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.timeout(Duration.ofSeconds(60)).build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Answer(0, e.toString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Asks the control servlet; parameters are names and values in turn. */
    static Answer control(String what, String... parameters) {
        StringBuilder path = new StringBuilder("/probe/control?do=").append(what);
        for (int i = 0; i < parameters.length; i += 2) {
            path.append('&').append(parameters[i]).append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return send(to(path.toString()));
    }

    /** A figure of the activation on the station. */
    static String figure(String station, String name) {
        return control("figure", "station", station, "name", name).body();
    }

    static List<String> seen(String prefix) {
        return control("seen").body().lines().filter(l -> l.startsWith(prefix)).toList();
    }

    static List<String> awaitSeen(String prefix, int count) {
        return Eventually.value(prefix, LIMIT, () -> seen(prefix), lines -> lines.size() >= count);
    }
}
