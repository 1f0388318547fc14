package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;

/**
 * Runs the Node programs of {@code it/clients/node} against the broker. Skipped where node is missing or its packages
 * can neither be found nor installed.
 */
@Tag("node")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class NodeClientsIT {
    private static final Path PROGRAMS = Path.of("clients", "node").toAbsolutePath();
    private static final int LIMIT_SECONDS = 240;
    private static BrokerUnderTest broker;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        boolean ready = runs("node", "--version")
                && (packagesThere() || runs("npm", "ci", "--no-audit", "--no-fund") && packagesThere());
        Assumptions.assumeTrue(ready, "skipped: node or npm packages missing");
        broker = Brokers.shared();
    }

    private static boolean packagesThere() {
        return Files.isDirectory(PROGRAMS.resolve("node_modules/memphis-dev"))
                && Files.isDirectory(PROGRAMS.resolve("node_modules/nats.ws"))
                && Files.isDirectory(PROGRAMS.resolve("node_modules/underscore"));
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).directory(PROGRAMS.toFile()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    private Process start(File errors, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", program));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(PROGRAMS.toFile());
        builder.environment().put("MEMPHIS_USER", broker.user());
        builder.environment().put("MEMPHIS_PASSWORD", broker.password());
        return builder.redirectError(errors).start();
    }

    private static void assertSucceeds(Process process, BufferedReader output, File errors)
            throws IOException, InterruptedException {
        String last = "";
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            last = line;
            System.out.println("node: " + line);
        }
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("does not end: " + Files.readString(errors.toPath()));
        }
        assertEquals(0, process.exitValue(), () -> {
            try {
                return Files.readString(errors.toPath());
            } catch (IOException e) {
                return e.toString();
            }
        });
        assertTrue(last.contains("\"ok\":true"), last);
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        File errors = temporary.resolve("errors").toFile();
        Process process = start(errors, program, arguments);
        try (BufferedReader output = output(process)) {
            assertSucceeds(process, output, errors);
        } finally {
            process.destroyForcibly();
        }
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
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
    void shouldServeTheMemphisSdkOverARestart() throws Exception {
        Brokers.assumeMemphis(broker);
        String state = temporary.resolve("walk.json").toString();
        run("memphis-walk.mjs", "first", broker.host(), port(), state);
        broker.restart();
        run("memphis-walk.mjs", "second", broker.host(), port(), state);
    }

    @Test
    void shouldTakeMemphisSdkClientsBackAfterARestart() throws Exception {
        Brokers.assumeMemphis(broker);
        File errors = temporary.resolve("errors").toFile();
        Process process = start(errors, "memphis-walk.mjs", "reconnect", broker.host(), port());
        try (BufferedReader output = output(process)) {
            String line = output.readLine();
            assertEquals("READY", line, () -> "ended before it was ready, see " + errors);
            broker.restart();
            process.getOutputStream().write("go\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            assertSucceeds(process, output, errors);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldPassTheSmokeTest() throws Exception {
        Brokers.assumeMemphis(broker);
        run("smoke.mjs", broker.host(), port());
    }
}
