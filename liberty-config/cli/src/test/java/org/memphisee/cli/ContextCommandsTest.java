package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class ContextCommandsTest extends CliFixture {

    private Path own(String name) {
        return home.resolve("memphisee").resolve(name);
    }

    @Test
    void shouldKeepContextsAndListThemAsBefore() throws IOException {
        shouldEnd(0, "context", "add", "local", "--server", "localhost:6667", "--user", "root");
        shouldEnd(0, "context", "add", "prod", "--server", "broker.example.com", "--api", "https://broker.example.com", "--tls");
        shouldEnd(0, "context", "ls", "-o", "json");
        shouldPrint("context-ls.json");
        shouldEnd(0, "context", "select", "prod");
        shouldEnd(0, "context", "show", "-o", "plain", "--columns", "name,tls,selected", "--no-headers");
        assertEquals("prod\ttrue\ttrue\n", out);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own("contexts.json"))));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own("."))));
    }

    @Test
    void shouldKeepAPasswordOnlyInAFileOfItsOwnersAndNeverInTheContexts() throws IOException {
        secret = Optional.of("Top-5ecret");
        shouldEnd(0, "context", "add", "local", "--ask-password");
        assertFalse(Files.readString(own("contexts.json")).contains("Top-5ecret"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own("local.password"))));
        shouldEnd(0, "context", "rm", "local", "--yes");
        assertFalse(Files.exists(own("local.password")));
    }

    @Test
    void shouldTakeAPasswordFromTheInputWhereNobodyCanBeAsked() throws IOException {
        input = "Top-5ecret\n";
        shouldEnd(0, "context", "add", "local", "--ask-password");
        assertEquals("Top-5ecret\n", Files.readString(own("local.password")));
    }

    @Test
    void shouldRefuseAPasswordInAnArgument() {
        shouldEnd(64, "context", "add", "local", "--password", "Top-5ecret");
        assertFalse((out + err).contains("Top-5ecret"), err);
        assertTrue(err.contains("--password-file"), err);
        assertFalse(Files.exists(own("contexts.json")));
        shouldEnd(64, "mem", "connect", "-u", "root", "-p", "Top-5ecret", "-s", "localhost:9000");
        assertFalse((out + err).contains("Top-5ecret"), err);
    }

    @Test
    void shouldAskBeforeItForgetsAndNeedYesWhereNobodyIsThere() {
        shouldEnd(0, "context", "add", "local");
        shouldEnd(64, "context", "rm", "local");
        assertTrue(err.contains("--yes"), err);
        terminal = true;
        input = "n\n";
        shouldEnd(64, "context", "rm", "local");
        input = "yes\n";
        shouldEnd(0, "context", "rm", "local");
        terminal = false;
        shouldEnd(66, "context", "rm", "local", "--yes");
        shouldEnd(0, "context", "rm", "local", "--yes", "--if-exists");
    }

    @Test
    void shouldChangeWhatIsSaidAndLeaveTheRest() {
        shouldEnd(0, "context", "add", "local", "--server", "one", "--user", "ann");
        shouldEnd(0, "context", "edit", "local", "--server", "two");
        shouldEnd(0, "context", "show", "local", "--columns", "server,user", "--no-headers");
        assertEquals("two\tann\n", out);
    }

    @Test
    void shouldRefuseWrongNamesAddressesAndRepetitions() {
        shouldEnd(64, "context", "add", "../etc");
        shouldEnd(64, "context", "add", "local", "--server", "host:99999");
        shouldEnd(64, "context", "add", "local", "--api", "broker");
        shouldEnd(0, "context", "add", "local");
        shouldEnd(1, "context", "add", "local");
        shouldEnd(66, "context", "show", "other");
        shouldEnd(66, "user", "ls", "--context", "other");
    }

    @Test
    void shouldSayThatAFileIsDamagedAndLeaveItAlone() throws IOException {
        Files.createDirectories(own("."));
        Files.writeString(own("contexts.json"), "{");
        shouldEnd(65, "context", "ls");
        shouldEnd(65, "context", "add", "local");
        assertEquals("{", Files.readString(own("contexts.json")));
    }

    @Test
    void shouldTellWhichDoorsAnswer() {
        try (FakeBroker broker = new FakeBroker()) {
            broker.answer("GET /varz", 200, "{'server_name':'memphis-0'}");
            broker.answer("GET /health/ready", 503, "{'status':'DOWN'}");
            broker.answer("GET /api/monitoring/getSystemGeneralInfo", 200, "{'total_stations':0}");
            environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
            shouldEnd(0, "context", "add", "fake", "--server", "127.0.0.1:1", "--api", broker.url(), "--monitor", broker.url(),
                "--metrics", broker.url());
            shouldEnd(69, "context", "validate", "fake", "--columns", "door,answers", "--no-headers");
            assertEquals("clients\tfalse\napi\ttrue\nmonitor\ttrue\nmetrics\ttrue\n", out);
        }
    }
}
