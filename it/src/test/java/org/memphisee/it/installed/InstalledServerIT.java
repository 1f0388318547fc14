package org.memphisee.it.installed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;

/**
 * The installed server from its first start to its second end, as another user who may write only where data, work and logs
 * are. About a minute: two starts. The tests follow each other on the same server.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class InstalledServerIT {
    private static final long MIB = 1 << 20;
    private static final long SIZE_GOAL = 180 * MIB;
    private static final Duration STOP_GOAL = Duration.ofSeconds(Integer.getInteger("it.stop.seconds", 10));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path places;
    private static InstalledServer server;
    private static Map<String, String> before;

    @BeforeAll
    static void prepare() throws Exception {
        server = new InstalledServer(places);
        before = files();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    @Order(1)
    void shouldBeSmallReadableForAllAndWritableForNobodyElse() throws IOException {
        long size = 0;
        try (Stream<Path> all = Files.walk(server.home())) {
            for (Path file : all.toList()) {
                size += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
                var rights = Files.getPosixFilePermissions(file);
                assertTrue(Files.isSymbolicLink(file) || rights.contains(PosixFilePermission.OTHERS_READ)
                        && !rights.contains(PosixFilePermission.OTHERS_WRITE)
                        && !rights.contains(PosixFilePermission.GROUP_WRITE), file + " " + rights);
            }
        }
        System.out.printf("installed server: %d MiB%n", size / MIB);
        assertTrue(size <= SIZE_GOAL, size / MIB + " MiB");
    }

    @Test
    @Order(1)
    void shouldNameTheLicenceOfEachLibrary() throws IOException {
        String notice = Files.readString(server.home().resolve("NOTICE"));
        try (Stream<Path> libraries = Files.list(server.home().resolve("wlp/usr/servers/memphis/apps/broker.ear/lib"))) {
            List<String> unnamed = libraries.map(file -> file.getFileName().toString()).filter(name -> !notice.contains(name))
                    .toList();
            assertEquals(List.of(), unnamed);
        }
    }

    /** Nothing of the machine that built it. */
    @Test
    @Order(1)
    void shouldHoldNothingOfWhereItWasBuilt() throws IOException {
        String built = Path.of("").toAbsolutePath().getParent() + "/";
        try (Stream<Path> all = Files.walk(server.home())) {
            List<Path> telling = all.filter(file -> file.toString().matches(".*\\.(xml|env|options|sh|properties)"))
                    .filter(file -> read(file).contains(built)).limit(10).toList();
            assertEquals(List.of(), telling);
        }
    }

    @Test
    @Order(1)
    void shouldRefuseAtOnceADirectoryThatItsUserMayNotWriteTo() throws Exception {
        if (!server.asOtherUser()) {
            return; // root may write everywhere, and others own what they make
        }
        String data = places + "/data-of-another"; // whose directory belongs to who runs the test
        InstalledServer.Ended ended = server.command(Map.of("MEMPHISEE_DATA_DIR", data), "memphisee-server", "run");

        assertEquals(78, ended.status(), ended::output);
        assertEquals(1, ended.output().lines().count(), ended::output);
        assertTrue(ended.output().contains(data + " cannot be written by user " + InstalledServer.USER)
                && ended.output().contains("MEMPHISEE_DATA_DIR"), ended::output);
    }

    @Test
    @Order(1)
    void shouldSayThatItDoesNotRun() throws Exception {
        assertEquals(3, server.command(Map.of(), "memphisee-server", "status").status());
        assertEquals(0, server.command(Map.of(), "memphisee-server", "stop").status());
        assertEquals(64, server.command(Map.of(), "memphisee-server", "fly").status());
        assertEquals(1, server.command(Map.of(), "health").status());
    }

    @Test
    @Order(2)
    void shouldServeEveryDoorAndUseTheMemoryThatFits() throws Exception {
        server.startAgain();

        Path database = server.data().resolve("postgres/data/postmaster.pid");
        Eventually.await("the database runs", () -> Files.exists(database));
        assertEquals(200, status(server.ports().gateway(), "/monitoring/status"));
        assertEquals(400, status(server.ports().webSocket(), "/")); // it wants an upgrade
        assertEquals(200, status(server.ports().dashboard(), "/"));
        assertEquals(200, status(server.ports().monitor(), "/varz"));
        assertEquals(200, status(server.ports().metrics(), "/metrics"));
        String command = String.join(" ", Files.readString(Path.of("/proc", Long.toString(server.process().pid()), "cmdline"))
                .split("\0"));
        assertTrue(command.startsWith(System.getProperty("java.home")) || command.contains("java"), command);
        for (String option : server.command(Map.of(), "memory").output().trim().split(" ")) {
            assertTrue(command.contains(option), option + " in " + command);
        }
        assertTrue(read(places.resolve("logs/messages.log")).contains("(epoll, "));
        InstalledServer.Ended status = server.command(Map.of(), "memphisee-server", "status");
        assertEquals(0, status.status(), status::output);
        InstalledServer.Ended ping = server.command(Map.of("MEMPHISEE_CLI_SERVER", "localhost:" + server.ports().client(),
                "MEMPHISEE_CLI_USER", "root", "MEMPHISEE_CLI_PASSWORD", "memphis"), "memphisee", "server", "ping");
        assertEquals(0, ping.status(), ping::output);
    }

    /** A message goes in and comes out; a client that stays is told that it should leave; all ends soon, and well. */
    @Test
    @Order(3)
    void shouldStopSoonWithSuccessAfterTellingItsClients() throws Exception {
        try (RawConnection client = RawConnection.login(server)) {
            String made = client.request("$JS.API.STREAM.CREATE.kept",
                    "{\"name\":\"kept\",\"subjects\":[\"kept.>\"],\"storage\":\"file\"}");
            assertFalse(made.contains("\"error\""), made);
            assertTrue(client.request("kept.a", "first").contains("\"seq\":1"));
            assertTrue(client.request("$JS.API.STREAM.MSG.GET.kept", "{\"seq\":1}").contains("Zmlyc3Q=")); // "first"
            long begin = System.nanoTime();
            server.signal("TERM");
            String told = client.readLine();
            while (told != null && !told.startsWith("INFO ")) {
                told = client.readLine();
            }
            assertTrue(told != null && told.contains("\"ldm\":true"), told);
            assertTrue(server.awaitExit(Duration.ofSeconds(60)), server::output);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            System.out.printf("installed server: stopped %.1f s after SIGTERM%n", took.toMillis() / 1000.0);
            assertEquals(0, server.process().exitValue(), server::output);
            assertTrue(took.compareTo(STOP_GOAL) <= 0, took::toString);
        }
        assertTrue(server.output().contains("MEE0010: Stopped after"), server::output);
        assertFalse(Files.exists(server.data().resolve("postgres/data/postmaster.pid")), "the database is stopped");
    }

    /** The second life has the first one's data, and its console is for programs. */
    @Test
    @Order(4)
    void shouldKeepItsDataAndWriteObjectsToTheConsole() throws Exception {
        server.startAgain(Map.of("MEMPHISEE_LOG_CONSOLE_FORMAT", "json", "MEMPHISEE_LOG_CONSOLE_LEVEL", "INFO",
                "MEMPHISEE_DRAIN_DELAY", "5m"));

        try (RawConnection client = RawConnection.login(server)) {
            assertTrue(client.request("$JS.API.STREAM.MSG.GET.kept", "{\"seq\":1}").contains("Zmlyc3Q="));
        }
        List<String> lines = Eventually.value("it says that it is ready", Duration.ofSeconds(60),
                () -> server.output().lines().toList(), seen -> seen.stream().anyMatch(line -> line.contains("MEE0008")));
        assertEquals(List.of(), lines.stream().filter(line -> line.contains("MEE0014")).toList(), "settings nobody knows");
        for (String line : lines) {
            if (!line.isEmpty()) {
                JsonNode object = JSON.readTree(line);
                assertTrue(object.isObject() && object.has("message"), line);
            }
        }
    }

    /** As long as the drain's delay lasts: not ready, and whoever is here is served. Asked again, it ends at once. */
    @Test
    @Order(5)
    void shouldServeWhileItIsNoLongerReadyAndEndAtOnceWhenToldAgain() throws Exception {
        try (RawConnection client = RawConnection.login(server)) {
            server.signal("TERM");
            InstalledServer.Ended health = Eventually.value("not ready", Duration.ofSeconds(30),
                    () -> server.command(Map.of(), "health"), ended -> ended.status() == 1);
            List<String> down = new ArrayList<>();
            JSON.readTree(health.output()).path("checks").forEach(check -> {
                if (check.path("status").asText().equals("DOWN")) {
                    down.add(check.path("name").asText());
                }
            });
            assertEquals(List.of("draining"), down, health::output);
            assertEquals(0, server.command(Map.of(), "health", "live").status());
            assertTrue(client.request("kept.a", "second").contains("\"seq\":2"));
            long begin = System.nanoTime();
            Eventually.await("told again until it heard", Duration.ofSeconds(60), () -> {
                server.signal("TERM"); // those of the first second are the same request
                return server.awaitExit(Duration.ofMillis(200));
            });
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            System.out.printf("installed server: ended %.1f s after a second SIGTERM%n", took.toMillis() / 1000.0);
            assertEquals(0, server.process().exitValue(), server::output);
            assertTrue(took.compareTo(Duration.ofSeconds(8)) <= 0, took::toString);
        }
    }

    @Test
    @Order(6)
    void shouldHaveWrittenNothingBesideDataWorkAndLogs() throws IOException {
        assertEquals(before, files());
        assertTrue(server.asOtherUser() || !System.getProperty("user.name").equals("root"),
                "root's server is tried as another user; that one could not reach " + server.home());
    }

    /** Name, size and time of all files of the installation. */
    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(server.home())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int status(int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(30_000);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
