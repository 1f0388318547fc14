package org.memphisee.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.cli.Shell.Result;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;

/** Commands against the running broker: their JSON, their exit codes, and how each group fails. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class CommandLineIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path home;

    private static Shell shell;
    private static BrokerProcess broker;

    @BeforeAll
    static void start() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
        shell = new Shell(broker, home);
    }

    private static Result done(String... args) {
        return ends(0, args);
    }

    private static Result ends(int code, String... args) {
        Result result = shell.run(args);
        assertEquals(code, result.code(), () -> String.join(" ", args) + "\n" + result.out() + result.err());
        if (code != 0) {
            assertTrue(result.err().startsWith("memphisee: "), result::err);
        }
        return result;
    }

    private static JsonNode item(Result result) throws IOException {
        return JSON.readTree(result.out()).path("items").path(0);
    }

    /** The golden files of {@code src/test/resources/cli}; -Dit.golden.write=true writes them. */
    private static void shouldPrint(String golden, Result result) throws IOException {
        Path file = Path.of("src/test/resources/cli", golden);
        if (Boolean.getBoolean("it.golden.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, result.steady() + "\n");
        }
        assertEquals(Files.readString(file).strip(), result.steady());
    }

    @Test
    void shouldWalkThroughTheLifeOfAStation() throws IOException {
        shouldPrint("station-create.json", done("station", "create", "cli.walk", "--max-age", "1h", "--partitions", "2", "-o", "json"));
        ends(1, "station", "create", "cli.walk");
        done("station", "create", "cli.walk", "--if-not-exists");
        shouldPrint("station-produce.json", done("station", "produce", "cli.walk", "first order", "--partition", "2", "-H", "source=shop",
            "--id", "1", "-o", "json"));
        assertEquals(1, item(done("station", "produce", "cli.walk", "first order", "--partition", "2", "--id", "1", "-o", "json"))
            .path("duplicates").asInt());
        Result lines = shell.run(Map.of(), "one\ntwo\nthree\n", "station", "produce", "cli.walk", "--columns", "messages", "--no-headers");
        assertEquals("3", lines.out().strip(), lines.err());
        ends(1, "station", "produce", "cli.walk", "x", "--partition", "3");
        shouldPrint("message-get.json", done("station", "message", "get", "cli.walk", "1", "--partition", "2", "-o", "json"));
        assertEquals("first order", done("station", "message", "get", "cli.walk", "1", "--partition", "2", "--raw").out());
        ends(66, "station", "message", "get", "cli.walk", "99");
        assertEquals(4, done("station", "peek", "cli.walk", "--no-headers").out().lines().count());
        assertEquals(4, done("station", "tail", "cli.walk", "--from-start", "--count", "4").out().lines().count());

        Result read = done("station", "consume", "cli.walk", "--group", "billing", "--count", "4", "-o", "json");
        assertEquals(4, read.out().lines().count(), read.out());
        assertTrue(read.out().contains("\"kind\":\"Message\",\"apiVersion\":\"memphisee/v1\",\"station\":\"cli.walk\""), read.out());
        Eventually.await("the group has nothing left to read and nobody reads", Duration.ofSeconds(20), () ->
            shell.run("group", "ls", "cli.walk", "--columns", "name,active,lag,inProcess", "--no-headers").out().equals("billing\tfalse\t0\t0\n"));
        shouldPrint("group-info.json", done("group", "info", "cli.walk", "billing", "-o", "json"));
        assertTrue(done("group", "members", "cli.walk", "billing").out().contains("memphisee-cli"));
        ends(66, "group", "info", "cli.walk", "nobody");
        ends(64, "group", "rm", "cli.walk", "billing");
        done("group", "rm", "cli.walk", "billing", "--yes");
        ends(66, "group", "rm", "cli.walk", "billing", "--yes");

        shouldPrint("station-info.json", done("station", "info", "cli.walk", "-o", "json"));
        assertTrue(done("station", "ls", "--match", "cli.w*", "--no-headers").out().startsWith("cli.walk\t2\t4\tmessage_age_sec\t3600\t"));
        done("station", "message", "rm", "cli.walk", "1", "--partition", "2", "--yes");
        done("station", "purge", "cli.walk", "--yes");
        assertEquals("0", done("station", "report", "--columns", "name,messages", "--no-headers").out().lines()
            .filter(line -> line.startsWith("cli.walk\t")).findFirst().orElseThrow().split("\t")[1]);
        ends(64, "station", "rm", "cli.walk");
        done("station", "rm", "cli.walk", "--yes");
        ends(66, "station", "info", "cli.walk");
        done("station", "rm", "cli.walk", "--yes", "--if-exists");
    }

    @Test
    void shouldAdministerStationsSchemasGroupsAndTheBroker() throws IOException {
        done("station", "create", "cli.admin");
        assertEquals("messages\t9", done("station", "edit", "cli.admin", "--max-messages", "9", "--columns", "retentionType,retentionValue",
            "--no-headers").out().strip());
        ends(64, "station", "grow", "cli.admin", "2");
        assertEquals(2, item(done("station", "grow", "cli.admin", "2", "--yes", "-o", "json")).path("partitions").asInt());
        ends(66, "station", "edit", "cli.nowhere", "--max-messages", "9");

        String schema = Files.writeString(home.resolve("schema.json"), "{\"type\":\"object\"}").toString();
        done("schema", "create", "cli-schema", "--type", "json", "--file", schema);
        ends(1, "schema", "create", "cli-schema", "--type", "json", "--file", schema);
        ends(65, "schema", "validate", "--type", "json", "--file", Files.writeString(home.resolve("none.json"), "{").toString());
        done("schema", "attach", "cli-schema", "cli.admin", "--enforcement", "warn");
        done("schema", "enforce", "cli.admin", "off");
        assertEquals("cli-schema\tcli.admin\n", done("schema", "stations", "cli-schema", "--no-headers").out());
        done("schema", "new-version", "cli-schema", "--file", Files.writeString(home.resolve("s2.json"), "true").toString(), "--activate");
        assertEquals("true", done("schema", "show", "cli-schema", "--raw").out());
        ends(1, "schema", "rm", "cli-schema", "--unused", "--yes");
        done("schema", "detach", "cli.admin");
        done("schema", "rm", "cli-schema", "--unused", "--yes");
        ends(66, "schema", "show", "cli-schema");

        assertTrue(done("tag", "set", "cli.admin", "--add", "cli-tag").out().contains("cli-tag"));
        assertTrue(done("tag", "ls", "--used").out().contains("cli-tag"));
        done("station", "produce", "cli.admin", "one", "--partition", "1");
        done("station", "consume", "cli.admin", "--group", "readers", "--count", "1");
        JsonNode moved = item(done("group", "reset", "cli.admin", "readers", "--to", "start", "--dry-run", "--force", "-o", "json"));
        assertTrue(moved.path("dryRun").asBoolean(), moved::toString);
        assertEquals(2, done("group", "positions", "cli.admin", "readers", "--no-headers").out().lines().count());
        ends(66, "group", "reset", "cli.admin", "nobody", "--to", "start", "--yes");
        assertEquals("", done("dls", "ls", "cli.admin", "--no-headers").out());
        done("dls", "purge", "cli.admin", "--yes");
        done("dls", "resend", "cli.admin", "--all");
        ends(66, "dls", "show", "9000000000");
        ends(66, "dls", "ls", "cli.nowhere");

        assertTrue(done("audit", "ls", "--station", "cli.admin").out().contains("station_updated"));
        assertTrue(done("audit", "definition", "station", "cli.admin", "--at", "2100-01-01T00:00:00Z").out().contains("cli.admin"));
        JsonNode key = item(done("key", "make", "cli", "--days", "1", "-o", "json"));
        assertTrue(key.path("key").asText().startsWith("mak_"), key::toString);
        done("key", "revoke", key.path("id").asText(), "--yes");
        ends(66, "key", "revoke", key.path("id").asText(), "--yes");
        assertTrue(done("config", "set", "broker_host=cli.example").out().contains("cli.example"));
        ends(1, "config", "set", "dls_retention=31");
        done("config", "reset", "broker_host");
        done("task", "ls");
        ends(66, "task", "cancel", "9000000000");
        done("task", "notices");
        assertFalse(done("server", "logs", "--no-headers").out().isEmpty());
        assertTrue(done("server", "logs", "--download").out().contains(": "));
        done("station", "rm", "cli.admin", "--yes");
    }

    @Test
    void shouldTakeAStationOutWithItsGroupsAndBringItBack() throws IOException {
        done("station", "create", "cli.saved", "--partitions", "3");
        for (int i = 1; i <= 9; i++) {
            done("station", "produce", "cli.saved", "message " + i, "--partition", Integer.toString(1 + i % 3), "-H", "n=" + i);
        }
        done("station", "consume", "cli.saved", "--group", "readers", "--count", "9");
        Eventually.await("what was acknowledged is known", Duration.ofSeconds(20), () ->
            done("group", "info", "cli.saved", "readers", "--columns", "lag,inProcess", "--no-headers").out().equals("0\t0\n"));
        done("station", "message", "rm", "cli.saved", "2", "--partition", "1", "--yes");
        done("station", "produce", "cli.saved", "not read yet", "--partition", "2");
        String lag = done("group", "info", "cli.saved", "readers", "--columns", "name,lag", "--no-headers").out();
        String messages = done("station", "peek", "cli.saved", "--last", "20", "-o", "json").out();
        assertTrue(messages.contains("message 9") && lag.equals("readers\t1\n"), messages + lag);
        String backup = home.resolve("cli.saved").toString();
        JsonNode report = JSON.readTree(done("station", "report", "--bytes", "-o", "json").out()).path("items");
        assertTrue(report.path(0).path("bytes").asLong() >= report.path(report.size() - 1).path("bytes").asLong(), report::toString);
        report.forEach(item -> assertTrue(!item.path("name").asText().equals("cli.saved") || item.path("bytes").asLong() > 8,
            item::toString));
        assertTrue(report.findValuesAsText("name").contains("cli.saved"), report::toString);

        assertEquals(3, done("station", "backup", "cli.saved", "--to", backup, "--no-headers").out().lines().count());
        ends(64, "station", "backup", "cli.saved", "--to", backup);
        assertFalse(Files.exists(home.resolve("cli.saved.partial")));
        done("station", "restore", backup, "--dry-run");
        ends(1, "station", "restore", backup);
        assertEquals(messages, done("station", "peek", "cli.saved", "--last", "20", "-o", "json").out(), "what is there stays");

        done("station", "restore", backup, "--as", "cli.twin");
        assertEquals(payloads("cli.saved"), payloads("cli.twin"), "beside it, with another name");
        assertEquals(lag, done("group", "info", "cli.twin", "readers", "--columns", "name,lag", "--no-headers").out());
        assertEquals("not read yet", JSON.readTree(done("station", "consume", "cli.twin", "--group", "readers", "--count", "1", "-o", "json")
            .out()).path("payload").asText());
        assertEquals(lag, done("group", "info", "cli.saved", "readers", "--columns", "name,lag", "--no-headers").out());
        done("station", "rm", "cli.twin", "--yes");

        done("station", "rm", "cli.saved", "--yes");
        byte[] archive = Files.readAllBytes(Path.of(backup, "2", "stream.tar.s2"));
        byte[] altered = archive.clone();
        altered[altered.length / 2] ^= 1;
        Files.write(Path.of(backup, "2", "stream.tar.s2"), altered);
        ends(65, "station", "restore", backup);
        ends(66, "station", "info", "cli.saved");
        Files.write(Path.of(backup, "2", "stream.tar.s2"), archive);

        done("station", "restore", backup);
        assertEquals(messages, done("station", "peek", "cli.saved", "--last", "20", "-o", "json").out());
        assertEquals(lag, done("group", "info", "cli.saved", "readers", "--columns", "name,lag", "--no-headers").out());
        done("station", "produce", "cli.saved", "goes on", "--partition", "3");
        done("station", "rm", "cli.saved", "--yes");
        ends(66, "station", "backup", "cli.saved", "--to", home.resolve("none").toString());
    }

    private static List<String> payloads(String station) throws IOException {
        return JSON.readTree(done("station", "peek", station, "--last", "20", "-o", "json").out()).path("items").findValuesAsText("payload");
    }

    @Test
    void shouldKeepUsersAndTheirPasswordsOutOfSight() throws IOException {
        Path password = Files.writeString(home.resolve("new"), "Secret-1x\n");
        shouldPrint("user-add.json", done("user", "add", "cli.user", "--new-password-file", password.toString(), "--allow-write", "cli.u*",
            "-o", "json"));
        ends(1, "user", "add", "cli.user", "--new-password-file", password.toString());
        assertTrue(done("user", "ls", "--type", "application").out().contains("cli.user"));
        assertEquals("cli.user\tfull\t\tcli.u*\t\t", done("user", "permissions", "cli.user", "--no-headers").out().stripTrailing() + "\t\t");
        done("user", "rights", "cli.user", "--allow-write", "cli.u*", "--allow-read", "cli.u*");
        ends(1, "user", "rights", "root", "--role", "viewer");
        Map<String, String> asUser = Map.of("MEMPHISEE_CLI_USER", "cli.user", "MEMPHISEE_CLI_PASSWORD", "Secret-1x");
        assertEquals(0, shell.run(asUser, "", "server", "ping").code());
        assertEquals(77, shell.run(asUser, "", "station", "produce", "cli.other", "x").code());
        assertEquals(77, shell.run(asUser, "", "station", "ls").code(), "applications do not use the API");
        done("user", "passwd", "cli.user", "--new-password-file", Files.writeString(home.resolve("newer"), "Secret-2x\n").toString());
        assertEquals(77, shell.run(asUser, "", "server", "ping").code());
        done("user", "rm", "cli.user", "--yes");
        ends(66, "user", "rm", "cli.user", "--yes");
        done("user", "rm", "cli.user", "--yes", "--if-exists");
    }

    @Test
    void shouldNotShowThePasswordToOthersOnTheMachine() throws IOException, InterruptedException {
        done("station", "create", "cli.secret");
        Path password = Files.writeString(home.resolve("hidden"), "Hidden-3x\n");
        done("user", "add", "cli.hidden", "--new-password-file", password.toString());
        Path out = home.resolve("tail.out");
        Process tail = shell.start(Map.of("MEMPHISEE_CLI_USER", "cli.hidden", "MEMPHISEE_CLI_PASSWORD",
            "Hidden-3x"), Files.writeString(home.resolve("tail.in"), ""), out, home.resolve("tail.err"), "station",
            "tail", "cli.secret", "--count", "1", "--raw");
        try {
            Eventually.await("the script has become the program", Duration.ofSeconds(30), () ->
                Shell.commandLine(tail.pid()).contains("org.memphisee.cli.Main"));
            assertFalse(Shell.commandLine(tail.pid()).contains("Hidden-3x"), "in the arguments");
            Eventually.await("the program reads from now on", Duration.ofSeconds(30), () ->
                !shell.run("connection", "ls", "--of", "cli.hidden", "--no-headers").out().isEmpty());
            for (int i = 0; i < 20 && tail.isAlive(); i++) {
                done("station", "produce", "cli.secret", "hello");
                tail.waitFor(500, TimeUnit.MILLISECONDS);
            }
            assertEquals("hello\n", Files.readString(out));
        } finally {
            tail.destroyForcibly();
            tail.waitFor(10, TimeUnit.SECONDS);
            done("station", "rm", "cli.secret", "--yes");
            done("user", "rm", "cli.hidden", "--yes");
        }
    }

    @Test
    void shouldTellHowTheServerIs() throws IOException {
        assertEquals(3, done("server", "ping", "-c", "3", "--no-headers").out().lines().count());
        JsonNode info = item(done("server", "info", "-o", "json"));
        assertEquals(broker.clientPort(), info.path("clientPort").asInt());
        assertTrue(info.path("memoryBytes").asLong() > 0 && !info.path("version").asText().isEmpty(), info.toString());
        Result checks = shell.run("server", "check", "--all", "--format", "json");
        assertEquals(8, JSON.readTree(checks.out()).path("items").size(), checks.out());
        assertEquals(0, shell.run("server", "check", "ready", "connection", "streams", "roundtrip").code(), checks.out());
        assertEquals(2, shell.run("server", "check", "connection", "--server", "127.0.0.1:1").code());
        assertEquals(3, shell.run(Map.of("MEMPHISEE_CLI_PASSWORD", "wrong"), "", "server", "check", "groups").code());
        Path dump = home.resolve("dump.zip");
        done("server", "dump", dump.toString());
        try (var zip = new java.util.zip.ZipFile(dump.toFile())) {
            for (String part : List.of("monitor/varz.json", "monitor/jsz.json", "health/ready.json", "metrics.txt")) {
                assertTrue(zip.getEntry(part).getSize() > 0, part);
            }
        }
        assertTrue(done("server", "self-test", "--writes", "20").out().contains("network"));
        assertTrue(done("connection", "top", "--rounds", "1", "--every", "1").err().contains("messages/s in"));
        ends(69, "server", "info", "--monitor", "http://127.0.0.1:1");
    }

    @Test
    void shouldMakeLoads() throws IOException {
        JsonNode produce = item(done("bench", "produce", "--station", "cli-bench", "--count", "20000", "--in-flight", "500", "--connections",
            "2", "-o", "json"));
        assertEquals(20_000, produce.path("messages").asInt());
        assertTrue(produce.path("p99Micros").asDouble() >= produce.path("p50Micros").asDouble(), produce.toString());
        assertEquals("20000", done("station", "info", "cli-bench", "--columns", "messages", "--no-headers").out().strip());
        assertEquals(20_000, item(done("bench", "consume", "--station", "cli-bench", "-o", "json")).path("messages").asInt());
        assertEquals("", done("group", "ls", "cli-bench", "--no-headers").out(), "what a load made goes with it");
        assertEquals(2_000, item(done("bench", "both", "--station", "cli-bench", "--count", "2000", "-o", "json")).path("messages").asInt());
        JsonNode latency = item(done("bench", "latency", "--station", "cli-bench", "--rate", "500", "--count", "500", "-o", "json"));
        assertTrue(latency.path("p50Micros").asDouble() > 0 && latency.has("lateP99Micros"), latency.toString());
        assertTrue(done("bench", "request", "--count", "200", "--csv").out().startsWith("mode,connections,size,"));
        assertEquals(0, shell.run("mem", "bench", "consumer", "--station", "cli-bench", "--count", "100", "--batch-size", "10", "--host",
            broker.host() + ":" + broker.clientPort(), "--user", broker.user()).code());
        ends(66, "bench", "produce", "--station", "cli-bench", "--partition", "9", "--count", "1");
        ends(69, "bench", "produce", "--count", "1", "--server", "127.0.0.1:1");
        done("station", "rm", "cli-bench", "--yes");
    }

    @Test
    void shouldRememberBrokersAndTryTheirDoors() {
        Map<String, String> alone = Map.of("MEMPHISEE_CLI_SERVER", "", "MEMPHISEE_CLI_API", "", "MEMPHISEE_CLI_MONITOR", "",
            "MEMPHISEE_CLI_METRICS", "", "MEMPHISEE_CLI_USER", "", "MEMPHISEE_CLI_PASSWORD", "");
        String http = "http://" + broker.host() + ":";
        assertEquals(0, shell.run(alone, broker.password() + "\n", "context", "add", "here", "--ask-password", "--user", broker.user(),
            "--server", broker.host() + ":" + broker.clientPort(), "--api", http + broker.ports().dashboard(), "--monitor",
            http + broker.ports().monitor(), "--metrics", http + broker.ports().metrics()).code());
        Result doors = shell.run(alone, "", "context", "validate");
        assertEquals(0, doors.code(), doors.out() + doors.err());
        assertEquals(0, shell.run(alone, "", "station", "ls").code());
        assertEquals(0, shell.run(alone, "wrong\n", "context", "edit", "here", "--ask-password").code());
        assertEquals(77, shell.run(alone, "", "station", "ls").code());
        assertEquals(0, shell.run(alone, "", "context", "rm", "here", "--yes").code());
    }

    @Test
    void shouldLeaveTheStoreOfARunningBrokerAlone() {
        Result refused = shell.run("data", "list", "--data", broker.dataDirectory().toString());
        assertEquals(1, refused.code(), refused.err());
        assertTrue(refused.err().startsWith("memphis-store: "), refused.err());
    }
}
