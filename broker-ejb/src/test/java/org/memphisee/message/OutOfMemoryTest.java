package org.memphisee.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shipped options of the JVM and the shipped script say when memory is exhausted. */
class OutOfMemoryTest {

    private static final Path CONFIGURATION = Path.of("..", "liberty-config", "src", "main", "liberty", "config");
    private static final int EXHAUSTED = 3;

    @TempDir
    private Path server;

    /** Takes memory until there is none. */
    static final class Glutton {
        public static void main(String[] arguments) {
            List<byte[]> all = new ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        }
    }

    private String run() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String option : Files.readAllLines(CONFIGURATION.resolve("jvm.options"))) {
            if (option.contains("OutOfMemory") && option.startsWith("-")) {
                command.add(option);
            }
        }
        command.addAll(List.of("-Xmx32m", "-cp", System.getProperty("java.class.path"), Glutton.class.getName()));
        Path output = server.resolve("output");
        Process process = new ProcessBuilder(command).directory(server.toFile()).redirectErrorStream(true)
            .redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(50, TimeUnit.SECONDS));
        assertEquals(EXHAUSTED, process.exitValue());
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayWithNumberAndRemedyThatMemoryIsExhausted() throws Exception {
        Files.createDirectories(server.resolve("tools"));
        Files.copy(CONFIGURATION.resolve("tools").resolve("out-of-memory"), server.resolve("tools").resolve("out-of-memory"));
        Path log = Files.createDirectories(server.resolve("logs")).resolve("messages.log");
        Files.writeString(log, "before\n");
        String line = OperatorMessage.MEMORY_EXHAUSTED.lineWithRemedy();

        String output = run();

        assertTrue(output.contains(line), output);
        assertEquals("before\n" + line + "\n", Files.readString(log));
    }
}
