package org.memphisee.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the cluster of {@link ClusterScripts} in the foreground: what each node says has its name in front, and when all are
 * ready one banner says where they are. When one ends before that, all end; later the others go on, which is what they are for.
 * All end when this process is told to. Part of the build's process.
 */
public final class ClusterLauncher {

    /** Longer than a node's own launcher takes. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(100);
    private static final long LOOK_MILLIS = 500;
    private static final int ANSWER_MILLIS = 2_000;
    private static final String BANNER_BEGINS = "Memphis EE is ready";
    private static final String BANNER_ENDS = "Stop with Ctrl-C.";

    private final Path directory;
    private final Path script;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final AtomicInteger status = new AtomicInteger(-1);
    private volatile boolean ready;

    /**
     * Of nodes that a build made.
     *
     * @param directory has the nodes
     * @param script runs a program until it or this process ends
     * @param environment variables of all nodes
     */
    ClusterLauncher(Path directory, Path script, Map<String, String> environment, PrintStream out) {
        this.directory = directory;
        this.script = script;
        this.environment = environment;
        this.out = out;
    }

    /** Arguments: directory of the nodes, script. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(new ClusterLauncher(Path.of(arguments[0]), Path.of(arguments[1]), System.getenv(), System.out).run());
    }

    /** Runs the nodes until all have ended; the exit status of the first that ended. */
    int run() throws InterruptedException {
        long begin = System.nanoTime();
        List<Child> children = new ArrayList<>();
        for (int node = 0; node < ClusterScripts.NODES; node++) {
            children.add(new Child(STOP_LIMIT));
        }
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> running = new ArrayList<>();
        for (int node = 0; node < ClusterScripts.NODES; node++) {
            int number = node;
            running.add(threads.submit(() -> node(number, children)));
        }
        threads.submit(() -> announce(begin));
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (java.util.concurrent.ExecutionException e) {
                out.println(e.getCause().getMessage());
                status.compareAndSet(-1, ExitStatus.START_FAILED);
                children.forEach(Child::stop);
            }
        }
        threads.shutdownNow();
        return status.get();
    }

    private void node(int number, List<Child> all) {
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString(),
            directory.resolve("node-" + number).resolve("run").toString(), "memphis").redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            int its = all.get(number).run(builder, started -> new Thread(() -> print(number, started), "memphis-" + number).start());
            boolean first = status.compareAndSet(-1, its);
            if (ready) {
                out.println("memphis-" + number + " has ended with status " + its + "; the others go on. To run it again: "
                    + directory.resolve("node-" + number).resolve("run"));
            } else if (first) {
                out.println("memphis-" + number + " has ended with status " + its + "; the others are stopped.");
                all.forEach(Child::stop);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memphis-" + number + " cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // told to stop
        }
    }

    /** Its own banner is not shown: there is one for the cluster. */
    private void print(int number, Process process) {
        boolean banner = false;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                banner |= line.contains(BANNER_BEGINS);
                if (!banner && !line.isBlank()) {
                    out.println("memphis-" + number + " | " + line);
                }
                banner &= !line.contains(BANNER_ENDS);
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    private void announce(long begin) {
        try {
            for (int node = 0; node < ClusterScripts.NODES; node++) {
                while (!ready(port("METRICS", 7777, node))) {
                    Thread.sleep(LOOK_MILLIS);
                }
            }
            ready = true;
            banner((System.nanoTime() - begin) / 1e9).forEach(out::println);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // before it was ready
        }
    }

    private List<String> banner(double seconds) {
        return List.of("", String.format(java.util.Locale.ROOT, "The cluster of %d nodes is ready (%.1f s)", ClusterScripts.NODES, seconds),
            "", row("Clients", "localhost", "CLIENT", 6666), row("Dashboard", "http://localhost", "DASHBOARD", 9000),
            row("REST", "http://localhost", "GATEWAY", 4444), row("Monitor", "http://localhost", "MONITOR", 8222),
            row("Health", "http://localhost", "METRICS", 7777), "", BANNER_ENDS);
    }

    private String row(String name, String host, String variable, int port) {
        List<String> ports = new ArrayList<>();
        for (int node = 0; node < ClusterScripts.NODES; node++) {
            ports.add(host + ":" + port(variable, port, node));
        }
        return String.format(java.util.Locale.ROOT, "  %-10s %s", name, String.join("  ", ports));
    }

    /** As the scripts count. */
    private int port(String variable, int usual, int node) {
        try {
            return Integer.parseInt(environment.getOrDefault("MEMPHISEE_" + variable + "_PORT", String.valueOf(usual))) + node;
        } catch (NumberFormatException e) {
            return usual + node; // the node says what is wrong
        }
    }

    private static boolean ready(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/health/ready").toURL()
                .openConnection();
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false; // not yet
        }
    }
}
