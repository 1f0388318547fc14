package org.memphisee.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server in a process of its own, with its own directories, ports and data, configured by the environment
 * as an operator would. Used by one test thread at a time.
 */
public final class BrokerProcess implements BrokerUnderTest {
    /** Halves the processor time of a start: code is compiled once, and classes that a compiler has just made are not verified. */
    public static final String QUICKLY = "-XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote";
    private static final Duration READY = Duration.ofSeconds(Integer.getInteger("it.ready.seconds", 240));
    /** A server that starts has better things to do than to answer whether it has started. */
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration STOPPED = Duration.ofSeconds(60);
    private static final int HTTP_MILLIS = 10_000;
    private static final Set<BrokerProcess> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(BrokerProcess::close), "end-brokers"));
    }

    private final BrokerPorts ports = BrokerPorts.free();
    private final BrokerHome home;
    private final boolean quick;
    private final Survivor postgres;
    private final Traces traces;
    private Process process;
    private boolean told;
    private long outputBegin;

    private BrokerProcess(boolean quick, boolean ownApplication) {
        this.quick = quick;
        home = new BrokerHome(ownApplication);
        postgres = new Survivor(home.data());
        traces = new Traces(home, ports);
        BrokerLogs.opened(home);
        OPEN.add(this);
    }

    /** A broker that does not run yet and starts quickly, at the price of throughput; the caller closes it. */
    public static BrokerProcess prepared() {
        return new BrokerProcess(true, false);
    }

    /** One that does not run yet, with the packed application in its server's directory, where a test may change it. */
    public static BrokerProcess preparedWithOwnApplication() {
        return new BrokerProcess(true, true);
    }

    /** One that does not run yet and will as an operator would have it; the caller closes it. */
    public static BrokerProcess preparedAsPackaged() {
        return new BrokerProcess(false, false);
    }

    /** A running one with empty data that started quickly, at the price of throughput; the caller closes it. */
    public static BrokerProcess started() {
        return started(prepared());
    }

    /** A running one with empty data as an operator would have it; the caller closes it. */
    static BrokerProcess startedAsPackaged() {
        return started(new BrokerProcess(false, false));
    }

    private static BrokerProcess started(BrokerProcess broker) {
        try {
            broker.startAgain();
            return broker;
        } catch (RuntimeException | Error e) {
            broker.close();
            throw e;
        }
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

    public BrokerPorts ports() {
        return ports;
    }

    /** The server's own copy of the packaged one: a test may add to it before the first start. */
    public Path serverDirectory() {
        return home.server();
    }

    /** Where the server writes, but for its logs. */
    public Path outputDirectory() {
        return home.output().resolve(BrokerHome.SERVER);
    }

    public Path dataDirectory() {
        return home.data();
    }

    @Override
    public boolean startAgain(Map<String, String> environment) {
        launch(environment);
        return awaitServing() && await("the broker has started",
                () -> http(ports.metrics(), "/health/started").code() == 200);
    }

    /** Waits until clients are served; metadata may still be on its way. False when the process has ended. */
    public boolean awaitServing() {
        return await("the broker serves", () -> Brokers.serves(this));
    }

    private boolean await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + READY.toNanos();
        Eventually.await(what + ", or has ended", READY.plusSeconds(30), STEP, () -> !process.isAlive()
                || condition.getAsBoolean() || System.nanoTime() - end > 0);
        if (process.isAlive() && System.nanoTime() - end > 0) {
            kill();
            throw new IllegalStateException("not ready within " + READY + ", it printed:\n" + output());
        }
        return process.isAlive();
    }

    /** Starts the process and does not wait for anything. */
    public void launch(Map<String, String> environment) {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("the broker runs already");
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(home.command().toString(), "run", BrokerHome.SERVER);
            builder.environment().keySet().removeIf(BrokerProcess::configures);
            builder.environment().putAll(settings());
            builder.environment().putAll(environment);
            builder.directory(home.output().toFile());
            builder.redirectErrorStream(true);
            builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.console().toFile()));
            outputBegin = Files.exists(home.console()) ? Files.size(home.console()) : 0;
            traces.starting();
            told = false;
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Variables that would reach the server from whoever started the tests. */
    private static boolean configures(String variable) {
        return variable.startsWith("WLP_") || variable.startsWith("SERVER_") || variable.startsWith("MEMPHISEE_")
                || variable.startsWith("METADATA_DB_") || variable.startsWith("MP_")
                || Set.of("JVM_ARGS", "LOG_DIR", "LOG_FILE", "VARIABLE_SOURCE_DIRS", "JAVA_TOOL_OPTIONS",
                        "ROOT_PASSWORD", "CONNECTION_TOKEN", "USER_PASS_BASED_AUTH", "DEV_ENV").contains(variable);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("JAVA_HOME", System.getProperty("java.home"));
        if (quick) {
            settings.put("JVM_ARGS", QUICKLY);
        }
        settings.put("WLP_USER_DIR", home.users().toString());
        settings.put("WLP_OUTPUT_DIR", home.output().toString());
        settings.put("TMPDIR", home.temporary().toString());
        settings.put("LOG_DIR", home.logs().toString());
        settings.put("MEMPHISEE_DATA_DIR", home.data().toString());
        home.postgresPrograms().ifPresent(programs -> settings.put("MEMPHISEE_METADATA_PROGRAMS", programs.toString()));
        settings.put("MEMPHISEE_CLIENT_PORT", Integer.toString(ports.client()));
        settings.put("MEMPHISEE_WEBSOCKET_PORT", Integer.toString(ports.webSocket()));
        settings.put("MEMPHISEE_GATEWAY_PORT", Integer.toString(ports.gateway()));
        settings.put("MEMPHISEE_DASHBOARD_PORT", Integer.toString(ports.dashboard()));
        settings.put("MEMPHISEE_MONITOR_PORT", Integer.toString(ports.monitor()));
        settings.put("MEMPHISEE_METRICS_PORT", Integer.toString(ports.metrics()));
        settings.put("MEMPHISEE_METADATA_PORT", Integer.toString(ports.metadata()));
        return settings;
    }

    /** Puts a file of the server's {@code tls} directory to those in force, as an operator does to have HTTPS. */
    public void useTlsFile(String name) {
        try {
            Path overrides = home.server().resolve("configDropins").resolve("overrides");
            Files.createDirectories(overrides);
            Files.copy(home.server().resolve("tls").resolve(name), overrides.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes it away again. */
    public void removeTlsFile(String name) {
        try {
            Files.delete(home.server().resolve("configDropins").resolve("overrides").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the lines that say the launched process is ready, whatever its ports speak. */
    public void awaitReady() {
        Eventually.await("the broker says that it is ready", READY, () -> !process.isAlive()
                || output().contains("Stop with Ctrl-C."));
        if (!process.isAlive()) {
            throw new IllegalStateException("ended, it printed:\n" + output());
        }
    }

    /** What the process printed in its present or last life. */
    public String output() {
        try {
            byte[] all = Files.readAllBytes(home.console());
            int begin = (int) Math.min(outputBegin, all.length);
            return new String(all, begin, all.length - begin, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time the running process has used, over all its threads. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Resident memory of the running process, bytes; 0 where the system does not tell. */
    public long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
        } catch (IOException e) {
            return 0; // no such file but on Linux
        }
    }

    /** What it logged since its directory was made; more than it printed. */
    public String log() {
        try {
            return Files.readString(home.logs().resolve("messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exit status of a process that has ended. */
    public int exitValue() {
        return process.exitValue();
    }

    /** Whether the embedded PostgreSQL runs. */
    public boolean databaseRuns() {
        return postgres.process().isPresent();
    }

    /** Process number of the embedded PostgreSQL, 0 when it does not run. */
    public long databaseProcess() {
        return postgres.process().map(ProcessHandle::pid).orElse(0L);
    }

    /**
     * Ends the embedded PostgreSQL as a crash would.
     *
     * @return false when it did not run
     */
    public boolean killDatabase() {
        return postgres.kill();
    }

    /** Tells the process to end in the orderly way, and does not wait for it. {@link #stop} waits. */
    public void terminate() {
        traces.ending();
        told = true;
        process.destroy();
    }

    /** In the orderly way, after which nothing of it is left but its data. */
    @Override
    public void stop() {
        traces.ending();
        if (process.isAlive() && !told) {
            process.destroy(); // twice would be a hurry
        }
        if (!awaitExit(STOPPED)) {
            kill();
            throw new IllegalStateException("does not stop within " + STOPPED + ", it printed:\n" + output());
        }
        traces.awaitGone();
        traces.requireNoFiles();
        traces.requireNoneAsked();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        if (!awaitExit(STOPPED)) {
            throw new IllegalStateException("process " + process.pid() + " outlives SIGKILL");
        }
    }

    @Override
    public boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (!OPEN.remove(this)) {
            return;
        }
        traces.ending();
        if (process != null) {
            kill();
        }
        postgres.endPrograms();
        postgres.end();
        try {
            traces.awaitGone();
        } finally {
            home.remove();
        }
    }

    /** Answer to a GET request. */
    public record Answer(int code, String body) {
    }

    /** Asks one of the broker's HTTP ports; code 0 when nobody answers there. */
    public Answer http(int port, String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + host() + ':' + port + path)
                    .toURL().openConnection();
            connection.setConnectTimeout(HTTP_MILLIS);
            connection.setReadTimeout(HTTP_MILLIS);
            try {
                int code = connection.getResponseCode();
                try (var body = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                    return new Answer(code, body == null ? "" : new String(body.readAllBytes(),
                            StandardCharsets.UTF_8));
                }
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return new Answer(0, e.toString());
        }
    }

    /** Lines the process printed in its present or last life that contain the text. */
    public List<String> outputLines(String text) {
        return output().lines().filter(line -> line.contains(text)).toList();
    }
}
