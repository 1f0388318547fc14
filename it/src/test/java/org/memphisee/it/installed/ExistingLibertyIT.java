package org.memphisee.it.installed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.Eventually;

/**
 * The application in somebody else's Liberty, which has another name, an application and a port of its own, and includes the very file that our
 * own server includes (docs/guide/existing-liberty.md). One start, about half a minute.
 */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class ExistingLibertyIT {
    private static final String NAME = "theirs";
    private static final Duration READY = Duration.ofSeconds(Integer.getInteger("it.ready.seconds", 240));

    @TempDir
    private static Path directory;
    private static Path runtime;
    private static BrokerPorts ports;
    private static int theirs;
    private static Process process;
    private static Path console;

    @BeforeAll
    static void start() throws Exception {
        runtime = Path.of(System.getProperty("it.wlp")).toAbsolutePath().normalize();
        Path ours = runtime.resolve("usr/servers/memphis");
        ports = BrokerPorts.free();
        theirs = BrokerPorts.free().client();
        Path server = directory.resolve("usr/servers").resolve(NAME);
        Files.createDirectories(server.resolve("apps/hello.war"));
        Files.writeString(server.resolve("apps/hello.war/index.html"), "their page");
        Files.copy(ours.resolve("apps/broker.ear"), server.resolve("apps/broker.ear"));
        Files.copy(ours.resolve("memphisee.xml"), server.resolve("memphisee.xml"));
        Files.writeString(server.resolve("server.xml"), example("xml").replace("9080", Integer.toString(theirs)));
        Files.writeString(server.resolve("jvm.options"), example("properties") + "-XX:TieredStopAtLevel=1\n");
        console = directory.resolve("console.txt");
        ProcessBuilder builder = new ProcessBuilder(runtime.resolve("bin/server").toString(), "run", NAME);
        builder.redirectErrorStream(true).redirectOutput(console.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("MEMPHISEE_") || name.equals("ROOT_PASSWORD"));
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.put("WLP_USER_DIR", directory.resolve("usr").toString());
        variables.put("WLP_OUTPUT_DIR", directory.resolve("output").toString());
        variables.put("MEMPHISEE_DATA_DIR", directory.resolve("data").toString());
        Map<String, Integer> numbers = new HashMap<>(Map.of("CLIENT", ports.client(), "WEBSOCKET", ports.webSocket(), "GATEWAY",
                ports.gateway(), "DASHBOARD", ports.dashboard(), "MONITOR", ports.monitor(), "METRICS", ports.metrics(),
                "METADATA", ports.metadata()));
        numbers.forEach((name, port) -> variables.put("MEMPHISEE_" + name + "_PORT", port.toString()));
        process = builder.start();
        long end = System.nanoTime() + READY.toNanos();
        Eventually.await("ready, or ended", READY.plusSeconds(30), () -> !process.isAlive() || System.nanoTime() > end
                || status(ports.metrics(), "/health/ready") == 200);
        assertTrue(process.isAlive() && status(ports.metrics(), "/health/ready") == 200, ExistingLibertyIT::output);
    }

    @AfterAll
    static void end() throws Exception {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        String data = directory.resolve("data") + "/"; // the database outlives a broker that was killed
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.filter(one -> one.info().commandLine().map(line -> line.contains(data)).orElse(false))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** A block of the page, as people copy it. */
    private static String example(String language) throws IOException {
        String page = Files.readString(Path.of("../docs/guide/existing-liberty.md"));
        int begin = page.indexOf("```" + language + "\n") + language.length() + 4;
        return page.substring(begin, page.indexOf("```", begin));
    }

    private static String output() {
        try {
            return Files.readString(console, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int status(int port, String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
            connection.setConnectTimeout(5_000);
            connection.setReadTimeout(30_000);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return 0;
        }
    }

    private static String body(int port) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/hello/index.html").toURL().openConnection();
        connection.setReadTimeout(30_000);
        try {
            return connection.getResponseCode() == 200
                    ? new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : "";
        } finally {
            connection.disconnect();
        }
    }

    @Test
    void shouldStoreAndDeliverAMessage() throws Exception {
        Options options = Options.builder().server("nats://127.0.0.1:" + ports.client()).userInfo("root", "memphis")
                .connectionTimeout(Duration.ofSeconds(30)).build();
        try (Connection connection = Nats.connect(options)) {
            connection.jetStreamManagement().addStream(StreamConfiguration.builder().name("theirs").subjects("theirs.>").build());
            JetStream stream = connection.jetStream();
            assertEquals(1, stream.publish("theirs.a", "hello".getBytes(StandardCharsets.UTF_8)).getSeqno());
            var subscription = stream.subscribe("theirs.>");
            assertEquals("hello", new String(subscription.nextMessage(Duration.ofSeconds(30)).getData(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldServeItsOwnPortsAndLeaveTheirsAlone() throws Exception {
        assertEquals(200, status(ports.dashboard(), "/"));
        assertEquals(200, status(ports.gateway(), "/monitoring/status"));
        assertEquals(200, status(ports.monitor(), "/varz"));
        assertEquals(200, status(ports.metrics(), "/metrics"));
        assertEquals(200, status(theirs, "/hello/index.html"));
        assertEquals(404, status(theirs, "/varz"));
        assertEquals(404, status(theirs, "/api/status"));
        assertEquals("their page", body(theirs));
        for (int port : List.of(ports.dashboard(), ports.monitor(), ports.metrics())) { // the dashboard has a page for each path
            assertFalse(body(port).contains("their page"), () -> "their application on " + port);
        }
    }
}
