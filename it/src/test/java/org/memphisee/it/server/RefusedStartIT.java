package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;

/** A server that must not run says why in one line, and ends. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RefusedStartIT {
    private static final Duration ENDS = Duration.ofSeconds(100);
    private static BrokerProcess broker;

    @BeforeAll
    static void prepare() {
        broker = BrokerProcess.prepared();
    }

    @AfterAll
    static void remove() {
        broker.close();
    }

    /** What settings keep from starting ends with 78: another try would not help. */
    private static void assertRefuses(Map<String, String> environment, String... words) {
        assertRefuses(78, environment, words);
    }

    /** The server ends by itself with this status, and one line of its output has all the words. */
    private static void assertRefuses(int status, Map<String, String> environment, String... words) {
        broker.launch(environment);
        boolean ended = broker.awaitExit(ENDS);
        if (!ended) {
            broker.kill();
        }
        assertTrue(ended, () -> "still runs; printed:\n" + broker.output());
        assertEquals(status, broker.exitValue(), () -> broker.output());
        List<String> lines = broker.output().lines().filter(line -> List.of(words).stream().allMatch(line::contains))
                .toList();
        assertEquals(1, lines.size(), () -> "lines with " + List.of(words) + " in:\n" + broker.output());
    }

    @Test
    void shouldNameTheLineOfInitialUsersThatIsWrong(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("users.yaml"), "users:\n  mgmt:\n  - user: anna\n    password: weak-and-secret\n");
        assertRefuses(Map.of("INITIAL_CONFIG_FILE", file.toString()), "MEE0002", "memphisee.initial.users", "line 3: user anna",
                "Password must be at least 8 characters long");
        assertFalse(broker.output().contains("weak-and-secret"), () -> broker.output());
    }

    private static void assertRefusesPort(int port, String variable) throws IOException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(port, taken.getLocalPort());
            assertRefuses(1, Map.of(), "Port " + port, "in use", variable);
        }
    }

    @Test
    void shouldNameAClientPortInUse() throws IOException {
        assertRefusesPort(broker.ports().client(), "MEMPHISEE_CLIENT_PORT");
    }

    @Test
    void shouldNameAnHttpPortInUse() throws IOException {
        assertRefusesPort(broker.ports().monitor(), "MEMPHISEE_MONITOR_PORT");
    }

    @Test
    void shouldNameADatabasePortInUseThatWasChosenOnPurpose() throws IOException {
        assertRefusesPort(broker.ports().metadata(), "MEMPHISEE_METADATA_PORT");
    }

    @Test
    void shouldNameKeyAndValueOfAWrongSetting() {
        assertRefuses(Map.of("MEMPHISEE_MAX_PAYLOAD", "12 parsecs"), "memphisee.max.payload", "12 parsecs", "allowed");
        assertTrue(BrokerPorts.isFree(broker.clientPort()));
    }

    /** rest-gateway.md R-016. */
    @Test
    void shouldNotSignTokensWithAnEmptySecret() {
        assertRefuses(Map.of("REFRESH_JWT_SECRET_REST_GW", ""), "memphisee.gateway.jwt.refresh.secret", "set and empty",
                "allowed");
    }
}
