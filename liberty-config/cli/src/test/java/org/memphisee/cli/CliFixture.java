package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.io.TempDir;
import org.memphisee.cli.run.Surroundings;

/** Runs commands in this process, with a home, an environment and a person of the test's own. */
abstract class CliFixture {

    @TempDir
    Path home;

    final Map<String, String> environment = new HashMap<>();
    String input = "";
    boolean terminal;
    Optional<String> secret = Optional.empty();
    Surroundings.Secrets secrets = question -> secret;
    String out = "";
    String err = "";

    /** The exit code; what was printed is in {@link #out} and {@link #err}. */
    int run(String... args) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        environment.putIfAbsent("XDG_CONFIG_HOME", home.toString());
        int code = Main.run(new Surroundings(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(printed, false, StandardCharsets.UTF_8), new PrintStream(said, true, StandardCharsets.UTF_8), environment,
            terminal, secrets), args);
        out = printed.toString(StandardCharsets.UTF_8);
        err = said.toString(StandardCharsets.UTF_8);
        return code;
    }

    void shouldEnd(int code, String... args) {
        assertEquals(code, run(args), () -> String.join(" ", args) + "\n" + out + err);
    }

    /** Compares with a golden file of {@code src/test/resources/golden}. */
    void shouldPrint(String golden) throws IOException {
        Path file = Path.of("src/test/resources/golden", golden);
        if (Boolean.getBoolean("memphisee.golden.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, out);
        }
        assertEquals(Files.readString(file), out);
    }
}
