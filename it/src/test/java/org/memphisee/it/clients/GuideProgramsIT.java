package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.NodePrograms;

/** Programs and commands of the guide's first pages, as they stand there but for address, user and password. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class GuideProgramsIT {
    private static final Path GUIDE = Path.of("../docs/guide");
    private static final long LIMIT_SECONDS = 60;

    private static BrokerProcess broker;

    @TempDir
    private Path directory;

    @BeforeAll
    static void find() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
    }

    /** The server is shared. */
    @AfterAll
    static void clean() throws IOException, InterruptedException {
        if (broker == null) {
            return;
        }
        try (Connection connection = Nats.connect(Options.builder().server("nats://" + broker.host() + ":" + broker.clientPort())
            .userInfo(broker.user(), broker.password()).build())) {
            for (String stream : List.of("first-events", "KV_first-settings")) {
                connection.request("$JS.API.STREAM.DELETE." + stream, new byte[0], Duration.ofSeconds(20));
            }
            for (String station : List.of("orders.first", "orders-rest")) {
                connection.request("$memphis_station_destructions", ("{\"station_name\":\"" + station + "\",\"username\":\"" + broker.user()
                    + "\"}").getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(20));
            }
        }
    }

    private static List<String> blocks(String page, String language) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher block = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```").matcher(Files.readString(GUIDE.resolve(page)));
        while (block.find()) {
            found.add(block.group(1));
        }
        return found;
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(out.toFile()).start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(out);
        assertTrue(ended && process.exitValue() == 0, printed);
        return printed;
    }

    private String node(String page, String... replacements) throws IOException, InterruptedException {
        Assumptions.assumeTrue(NodePrograms.available(), "skipped: node or npm packages missing");
        List<String> programs = blocks(page, "js");
        assertEquals(1, programs.size(), page);
        String program = replaced(programs.get(0), replacements);
        Files.createSymbolicLink(directory.resolve("node_modules"), Path.of("clients/node/node_modules").toAbsolutePath());
        Files.writeString(directory.resolve("first.mjs"), program);
        return run("node", "first.mjs");
    }

    private static String replaced(String text, String... replacements) {
        String result = text;
        for (int i = 0; i < replacements.length; i += 2) {
            assertTrue(result.contains(replacements[i]), replacements[i]);
            result = result.replace(replacements[i], replacements[i + 1]);
        }
        return result;
    }

    @Test
    void shouldRunTheProgramForMemphisSdks() throws Exception {
        String printed = node("first-steps-memphis.md", "host: 'localhost'", "host: '" + broker.host() + "', port: " + broker.clientPort(),
            "username: 'root'", "username: '" + broker.user() + "'", "password: 'memphis'", "password: '" + broker.password() + "'");
        assertEquals(List.of("{\"order\":1} web", "{\"order\":2} web", "{\"order\":3} web"), printed.lines().sorted().toList());
    }

    @Test
    void shouldRunTheProgramForNatsClients() throws Exception {
        assertEquals("stored as number 1\nfirst.events.login { user: 'ann' } web\nblue\nnow\n", node("first-steps-nats.md", "localhost:6666",
            broker.host() + ":" + broker.clientPort(), "user: 'root'", "user: '" + broker.user() + "'", "pass: 'memphis'", "pass: '"
                + broker.password() + "'"));
    }

    @Test
    void shouldRunTheCommandsWithCurl() throws Exception {
        Assumptions.assumeTrue(Stream.of("/usr/bin/curl", "/bin/curl").anyMatch(curl -> Files.isExecutable(Path.of(curl))), "no curl here");
        String script = replaced(String.join("echo\n", blocks("rest.md", "bash")), "localhost:4444", broker.host() + ":"
            + broker.ports().gateway(), "\"password\":\"memphis\"", "\"password\":\"" + broker.password() + "\"");
        List<String> lines = run("bash", "-euo", "pipefail", "-c", script).lines().filter(line -> !line.isEmpty()).toList();
        String done = "{\"error\":null,\"success\":true}";
        assertEquals(done + done, lines.get(0), lines.toString());
        for (int order = 1; order <= 3; order++) {
            assertTrue(lines.get(1).contains("{\\\"order\\\":" + order + "}"), lines.toString());
        }
        assertEquals(done, lines.get(2), lines.toString());
    }
}
