package org.memphisee.it.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;

/** A real Prometheus with the shipped configuration and rules before the broker (CMP-06); skipped where there is none. */
final class PrometheusIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WAIT = Duration.ofSeconds(40);

    @TempDir
    private static Path directory;
    private static Process prometheus;
    private static int port;
    private static BrokerProcess broker;
    private static int nobody;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Shipped.present("prometheus"), "prometheus is absent");
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
        port = freePort();
        nobody = freePort();
        String configuration = Files.readString(Shipped.COMPOSE.resolve("monitoring/prometheus.yml"));
        String target = "targets: [\"memphis:7777\"]";
        assertTrue(configuration.contains(target), configuration);
        // as shipped, but sooner, and with a second target where nobody listens
        Files.writeString(directory.resolve("prometheus.yml"), configuration.replace("15s", "1s").replace(target,
                "targets: [\"" + broker.host() + ':' + broker.ports().metrics() + "\", \"127.0.0.1:" + nobody + "\"]"));
        Files.writeString(directory.resolve("alerts.yaml"),
                Files.readString(Shipped.COMPOSE.resolve("monitoring/alerts.yaml")).replace("for: 1m", "for: 2s"));
        prometheus = new ProcessBuilder("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:" + port).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile()).start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (prometheus != null) {
            prometheus.destroy();
            if (!prometheus.waitFor(10, TimeUnit.SECONDS)) {
                prometheus.destroyForcibly().waitFor();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Data of an answer; a missing node while it does not answer yet. */
    private JsonNode ask(String path) {
        try {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                    .timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).path("data");
        } catch (IOException e) {
            return JSON.missingNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    private JsonNode query(String expression) {
        return ask("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)).path("result");
    }

    private String ofBroker() {
        return "instance=\"" + broker.host() + ':' + broker.ports().metrics() + "\"";
    }

    @Test
    void shouldScrapeTheBrokerAndEvaluateEachRuleWithoutAnError() {
        Eventually.value("the target is up", WAIT, () -> query("up{" + ofBroker() + "} == 1"), found -> found.size() == 1);
        JsonNode rules = Eventually.value("rules are evaluated", WAIT, () -> ask("rules").path("groups").path(0).path("rules"),
                all -> !all.isMissingNode() && all.findValuesAsText("health").stream().noneMatch("unknown"::equals));
        assertEquals(List.of(), rules.findValuesAsText("health").stream().filter(health -> !health.equals("ok")).toList(), rules::toString);
    }

    @Test
    void shouldKnowABrokerThatIsWellFromOneThatIsGone() {
        String down = "ALERTS{alertname=\"MemphisDown\",alertstate=\"firing\"}";
        JsonNode fired = Eventually.value("an alert", WAIT, () -> query(down), found -> !found.isEmpty());
        assertEquals(List.of("127.0.0.1:" + nobody), fired.findValuesAsText("instance"), fired::toString);
        for (String well : List.of("MemphisNotHealthy", "MemphisStreamFrozen", "MemphisFilesRunOut")) {
            assertEquals(0, query("ALERTS{alertname=\"" + well + "\"," + ofBroker() + '}').size(), well);
        }
    }
}
