package org.memphisee.it.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.memphisee.it.support.BrokerProcess;

/** Runs {@code memphisee} in processes of its own, for one broker, with a home of the test's own. */
final class Shell {
    private static final long LIMIT_SECONDS = 60;

    private final BrokerProcess broker;
    private final Path home;
    private final Path script = Path.of(System.getProperty("it.wlp"), "usr/servers/memphis/tools/memphisee");

    Shell(BrokerProcess broker, Path home) {
        this.broker = broker;
        this.home = home;
    }

    /** What a command did: exit code, standard output, standard error. */
    record Result(int code, String out, String err) {
        /** The output, times and what else differs from run to run replaced by words. */
        String steady() {
            return out.replaceAll("\"\\d{4}-\\d\\d-\\d\\dT[^\"]*\"", "\"TIME\"").strip();
        }
    }

    /** Runs a command as root. */
    Result run(String... args) {
        return run(Map.of(), "", args);
    }

    Result run(Map<String, String> environment, String input, String... args) {
        try {
            Path in = Files.writeString(home.resolve("in"), input);
            Path out = home.resolve("out");
            Path err = home.resolve("err");
            Process process = start(environment, in, out, err, args);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running: " + String.join(" ", args) + "\n" + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a command; the caller ends it. */
    Process start(Map<String, String> environment, Path in, Path out, Path err, String... args) throws IOException {
        List<String> line = new ArrayList<>(List.of("sh", script.toString()));
        line.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(line);
        Map<String, String> own = builder.environment();
        own.keySet().removeIf(name -> name.startsWith("MEMPHISEE_"));
        own.put("JAVA_HOME", System.getProperty("java.home"));
        own.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        own.put("XDG_CACHE_HOME", home.resolve("cache").toString());
        own.put("MEMPHISEE_CLI_SERVER", broker.host() + ":" + broker.clientPort());
        own.put("MEMPHISEE_CLI_API", url(broker.ports().dashboard()));
        own.put("MEMPHISEE_CLI_MONITOR", url(broker.ports().monitor()));
        own.put("MEMPHISEE_CLI_METRICS", url(broker.ports().metrics()));
        own.put("MEMPHISEE_CLI_USER", broker.user());
        own.put("MEMPHISEE_CLI_PASSWORD", broker.password());
        own.putAll(environment);
        return builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    private String url(int port) {
        return "http://" + broker.host() + ":" + port;
    }

    /** The arguments of a running process, as everybody on the machine may read them. */
    static String commandLine(long process) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc", Long.toString(process), "cmdline")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
