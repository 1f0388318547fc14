package org.memphisee.it.installed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Eventually;

/**
 * One installed server with its own places for data, work and logs. Where we are root it runs as another user, who may write
 * nowhere else. Used by one test thread.
 */
final class InstalledServer implements BrokerUnderTest {
    /** Somebody whom the system knows, as PostgreSQL wants it, and who owns nothing. */
    static final String USER = "65534";
    private static final Duration READY = Duration.ofSeconds(Integer.getInteger("it.ready.seconds", 240));
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration STOPPED = Duration.ofSeconds(60);

    private final BrokerPorts ports = BrokerPorts.free();
    private final Path home = Path.of(System.getProperty("it.image", "../liberty-config/target/image")).toAbsolutePath().normalize();
    private final Path places;
    private final boolean otherUser;
    private Process process;
    private Path console;
    private int starts;

    /**
     * A server that does not run yet.
     *
     * @param places where it may write; made by the test, removed by the test
     */
    InstalledServer(Path places) throws IOException, InterruptedException {
        this.places = places;
        if (!Files.exists(home.resolve("bin/memphisee-server"))) {
            throw new IllegalStateException("no installed server in " + home + "; mvn package makes it");
        }
        for (String place : List.of("data", "work", "logs", "tmp")) {
            Files.createDirectories(places.resolve(place));
        }
        otherUser = System.getProperty("user.name").equals("root") && run(as(USER, List.of("test", "-x",
                home.resolve("bin/memphisee-server").toString()))) == 0;
        if (otherUser) {
            run(List.of("chmod", "-R", "a+rX", places.toString()));
            for (String place : List.of("data", "work", "logs", "tmp")) {
                run(List.of("chown", USER + ":" + USER, places.resolve(place).toString()));
            }
        }
    }

    Path home() {
        return home;
    }

    BrokerPorts ports() {
        return ports;
    }

    Path data() {
        return places.resolve("data");
    }

    /** Whether it is another user who runs it. */
    boolean asOtherUser() {
        return otherUser;
    }

    /** Begins a command of the installation; the process is the server itself when the command is {@code run}. */
    Process begin(Path output, Map<String, String> environment, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin").resolve(program).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(otherUser ? as(USER, command) : command);
        builder.directory(places.resolve("tmp").toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        Map<String, String> variables = builder.environment();
        String path = variables.get("PATH");
        variables.clear();
        variables.put("PATH", path);
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.put("TMPDIR", places.resolve("tmp").toString());
        variables.put("JVM_ARGS", BrokerProcess.QUICKLY + " -Djava.io.tmpdir=" + places.resolve("tmp"));
        variables.put("MEMPHISEE_DATA_DIR", data().toString());
        variables.put("MEMPHISEE_WORK_DIR", places.resolve("work").toString());
        variables.put("MEMPHISEE_LOG_DIR", places.resolve("logs").toString());
        Map<String, Integer> numbers = new HashMap<>(Map.of("CLIENT", ports.client(), "WEBSOCKET", ports.webSocket(), "GATEWAY",
                ports.gateway(), "DASHBOARD", ports.dashboard(), "MONITOR", ports.monitor(), "METRICS", ports.metrics(),
                "METADATA", ports.metadata()));
        numbers.forEach((name, port) -> variables.put("MEMPHISEE_" + name + "_PORT", port.toString()));
        variables.putAll(environment);
        return builder.start();
    }

    /** Runs a command to its end. */
    Ended command(Map<String, String> environment, String program, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(places, "command", ".txt");
        Process command = begin(output, environment, program, arguments);
        if (!command.waitFor(120, TimeUnit.SECONDS)) {
            command.destroyForcibly();
            throw new IllegalStateException(program + " does not end, it printed:\n" + Files.readString(output));
        }
        return new Ended(command.exitValue(), Files.readString(output));
    }

    /** How a command ended. */
    record Ended(int status, String output) { }

    @Override
    public boolean startAgain(Map<String, String> environment) {
        try {
            console = places.resolve("console-" + ++starts + ".txt");
            process = begin(console, environment, "memphisee-server", "run");
            long end = System.nanoTime() + READY.toNanos();
            Eventually.await("ready, or ended", READY.plusSeconds(30), STEP, () -> !process.isAlive() || System.nanoTime() > end
                    || command(Map.of(), "health").status() == 0);
            if (process.isAlive() && command(Map.of(), "health").status() != 0) {
                kill();
                throw new IllegalStateException("not ready within " + READY + ", it printed:\n" + output());
            }
            return process.isAlive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it printed since its last start. */
    String output() {
        try {
            return Files.readString(console, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process, which is the JVM: nothing stands between it and who started it. */
    Process process() {
        return process;
    }

    /** Sends a signal. */
    void signal(String name) throws IOException, InterruptedException {
        run(List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    @Override
    public boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        process.destroy();
        if (!awaitExit(STOPPED)) {
            kill();
            throw new IllegalStateException("does not stop within " + STOPPED + ", it printed:\n" + output());
        }
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        awaitExit(STOPPED);
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill();
        }
        String data = data() + "/"; // the database outlives a broker that was killed
        Stream<ProcessHandle> ours = ProcessHandle.allProcesses()
                .filter(one -> one.info().commandLine().map(line -> line.contains(data)).orElse(false));
        ours.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int clientPort() {
        return ports.client();
    }

    @Override
    public int webSocketPort() {
        return ports.webSocket();
    }

    @Override
    public boolean isMemphis() {
        return true;
    }

    private static List<String> as(String user, List<String> command) {
        List<String> full = new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--no-new-privs",
                "--inh-caps=-all"));
        full.addAll(command);
        return full;
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor();
    }
}
