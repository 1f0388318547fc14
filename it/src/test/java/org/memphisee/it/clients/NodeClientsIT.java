package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.NodePrograms;

/**
 * Runs the Node programs of {@code it/clients/node} against the broker. Skipped where node is missing or its packages
 * can neither be found nor installed.
 */
@Tag("node")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class NodeClientsIT {
    private static BrokerUnderTest broker;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void prepare() throws InterruptedException {
        Assumptions.assumeTrue(NodePrograms.available(), "skipped: node or npm packages missing");
        broker = Brokers.shared();
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        NodePrograms.run(broker, temporary.resolve("errors").toFile(), Map.of(), program, arguments);
    }

    private String port() {
        return Integer.toString(broker.clientPort());
    }

    @Test
    void shouldServeEverythingNatsJsCanAsk() throws Exception {
        run("nats-js.mjs", broker.host(), port());
    }

    @Test
    void shouldServeEverythingNatsWsCanAsk() throws Exception {
        run("nats-js.mjs", "ws://" + broker.host(), Integer.toString(broker.webSocketPort()));
    }

    @Test
    void shouldServeWebSocketClients() throws Exception {
        Brokers.assumeMemphis(broker);
        run("web-socket.mjs", "ws://" + broker.host() + ":" + broker.webSocketPort());
    }

    @Test
    void shouldServeTheMemphisSdkOverARestartAndTakeItsClientsBack() throws Exception {
        Brokers.assumeMemphis(broker);
        String state = temporary.resolve("walk.json").toString();
        run("memphis-walk.mjs", "first", broker.host(), port(), state);
        File errors = temporary.resolve("reconnecting").toFile();
        Process process = NodePrograms.start(broker, errors, Map.of(), "memphis-walk.mjs", "reconnect", broker.host(), port());
        try (BufferedReader output = NodePrograms.output(process)) {
            String line = output.readLine();
            assertEquals("READY", line, () -> "ended before it was ready, see " + errors);
            broker.restart();
            process.getOutputStream().write("go\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            NodePrograms.assertSucceeds(process, output, errors);
        } finally {
            process.destroyForcibly();
        }
        run("memphis-walk.mjs", "second", broker.host(), port(), state);
    }

    @Test
    void shouldServeEveryPublicMethodOfTheMemphisSdk() throws Exception {
        Brokers.assumeMemphis(broker);
        run("memphis-all.mjs", broker.host(), port());
    }

    @Test
    void shouldServeTheMemphisSdkWithDeadLetters() throws Exception {
        Brokers.assumeMemphis(broker);
        run("memphis-letters.mjs", broker.host(), port(), Integer.toString(((BrokerProcess) broker).ports().dashboard()));
    }

    @Test
    void shouldEnforceSchemasWithTheMemphisSdkAndPastIt() throws Exception {
        Brokers.assumeMemphis(broker);
        run("memphis-walk.mjs", "schemas", broker.host(), port());
    }

    @Test
    void shouldPassTheSmokeTest() throws Exception {
        Brokers.assumeMemphis(broker);
        run("smoke.mjs", broker.host(), port());
    }
}
