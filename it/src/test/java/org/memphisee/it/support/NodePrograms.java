package org.memphisee.it.support;

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
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The programs in {@code it/clients/node}, which print one JSON line with {@code "ok":true} at their end. */
public final class NodePrograms {
    private static final Path PROGRAMS = Path.of("clients", "node").toAbsolutePath();
    private static final int LIMIT_SECONDS = 240;

    private NodePrograms() {
    }

    /** Whether they can be run; installs their packages if need be. */
    public static boolean available() throws InterruptedException {
        return available(PROGRAMS, List.of("memphis-dev", "underscore", "nats.ws", "@nats-io/jetstream", "ws"));
    }

    /** The same for programs of another directory, which need these packages. */
    public static boolean available(Path programs, List<String> packages) throws InterruptedException {
        return runs(programs, "node", "--version") && (packagesThere(programs, packages)
                || runs(programs, "npm", "ci", "--no-audit", "--no-fund") && packagesThere(programs, packages));
    }

    private static boolean packagesThere(Path programs, List<String> packages) {
        return packages.stream().allMatch(name -> Files.isDirectory(programs.resolve("node_modules").resolve(name)));
    }

    private static boolean runs(Path programs, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).directory(programs.toFile()).redirectErrorStream(true)
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

    /** Starts one with the broker's credentials; what it says on its error stream goes to the file. */
    public static Process start(BrokerUnderTest broker, File errors, Map<String, String> environment, String program,
                                String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", program));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(PROGRAMS.toFile());
        builder.environment().put("MEMPHIS_USER", broker.user());
        builder.environment().put("MEMPHIS_PASSWORD", broker.password());
        builder.environment().putAll(environment);
        return builder.redirectError(errors).start();
    }

    /** Its standard output. */
    public static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads to its end and fails unless it succeeded. */
    public static void assertSucceeds(Process process, BufferedReader output, File errors)
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

    /** Runs one to its end. */
    public static void run(BrokerUnderTest broker, File errors, Map<String, String> environment, String program,
                           String... arguments) throws IOException, InterruptedException {
        Process process = start(broker, errors, environment, program, arguments);
        try (BufferedReader output = output(process)) {
            assertSucceeds(process, output, errors);
        } finally {
            process.destroyForcibly();
        }
    }
}
