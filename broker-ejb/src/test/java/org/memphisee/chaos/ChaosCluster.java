package org.memphisee.chaos;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.memphisee.support.FreePort;

/**
 * Nodes in processes, called n0, n1 and so on, with {@link Ways} between them. What they say is in files beside what they keep.
 * One thread does things to them; any thread asks where they are.
 */
final class ChaosCluster implements AutoCloseable {

    private static final long SECONDS = 1_000_000_000L;

    private final Path directory;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Ways ways;
    private final Thread end = new Thread(this::killAll);
    private int dumps;

    private static final class Node {
        private final String name;
        private final int listen;
        private final int clients;
        private final NodeDisk disk;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private String crashPoint = "";
        private volatile Process process;

        Node(String name, int listen, int clients, NodeDisk disk) {
            this.name = name;
            this.listen = listen;
            this.clients = clients;
            this.disk = disk;
        }
    }

    /**
     * So many nodes, none of which runs.
     *
     * @param megabytes of a file system for each; 0 for directories
     */
    ChaosCluster(Path directory, int count, int megabytes) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        Map<String, Integer> listening = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = "n" + i;
            int listen = FreePort.any();
            listening.put(name, listen);
            nodes.put(name, new Node(name, listen, FreePort.any(), new NodeDisk(directory.resolve(name), megabytes)));
        }
        ways = new Ways(listening);
        Runtime.getRuntime().addShutdownHook(end);
    }

    List<String> names() {
        return List.copyOf(nodes.keySet());
    }

    List<String> running() {
        return names().stream().filter(this::runs).toList();
    }

    boolean runs(String name) {
        Process process = nodes.get(name).process;
        return process != null && process.isAlive();
    }

    Ways ways() {
        return ways;
    }

    NodeDisk disk(String name) {
        return nodes.get(name).disk;
    }

    /** Where a node serves clients, whether it does or not. */
    int port(String name) {
        return nodes.get(name).clients;
    }

    /** A setting of a node from its next start on. */
    void setting(String name, String setting, String value) {
        nodes.get(name).settings.put(setting, value);
    }

    /** Starts what does not run, and waits until all serve. */
    void startAll() throws IOException {
        for (String name : names()) {
            if (!runs(name)) {
                launch(name);
            }
        }
        for (String name : names()) {
            awaitServing(name, 60);
        }
    }

    /** A node halts when it reaches a point the so-many-th time, in its next life only. */
    void launchToCrash(String name, String point) throws IOException {
        nodes.get(name).crashPoint = point;
        launch(name);
    }

    /** Starts a node, and does not wait. */
    synchronized void launch(String name) throws IOException {
        Node node = nodes.get(name);
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-ea", "-Xmx256m",
            "-Xss512k",
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto", "-cp", classPath()));
        Map<String, String> settings = new LinkedHashMap<>(node.settings);
        settings.put("name", name);
        settings.put("members", String.join(",", names()));
        settings.put("listen", "127.0.0.1:" + node.listen);
        settings.put("clients", "127.0.0.1:" + node.clients);
        settings.put("directory", node.disk.directory().toString());
        settings.put("peers", names().stream().filter(peer -> !peer.equals(name)).map(peer -> peer + "=127.0.0.1:"
            + ways.port(name, peer)).collect(Collectors.joining(",")));
        settings.forEach((key, value) -> command.add("-Dchaos." + key + "=" + value));
        command.add(ChaosNode.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output(name).toFile()));
        if (!node.crashPoint.isEmpty()) {
            builder.environment().put("MEMPHISEE_CRASH_POINT", node.crashPoint);
            command.add(1, "-Dchaos.halt=" + node.crashPoint); // of each, only one knows the point
            node.crashPoint = "";
        }
        node.process = builder.start();
        ways.up(name);
        node.process.onExit().thenAccept(ended -> openAgain(name, ended));
    }

    /** What a server does by itself when the node in it wants to be opened again. */
    private synchronized void openAgain(String name, Process ended) {
        if (ended.exitValue() == ChaosNode.OPEN_AGAIN && nodes.get(name).process == ended) {
            try {
                ways.down(name);
                launch(name);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String classPath() {
        if (ChaosNode.class.getClassLoader() instanceof URLClassLoader loader) {
            return Stream.of(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    /** What a node says. */
    Path output(String name) {
        return directory.resolve(name + ".out");
    }

    /** Waits until a node serves clients, or has ended. @return whether it serves */
    boolean awaitServing(String name, long seconds) {
        long until = System.nanoTime() + seconds * SECONDS;
        while (System.nanoTime() < until) {
            if (!runs(name)) {
                return false;
            }
            try (LineClient client = new LineClient(port(name))) {
                return !client.ended();
            } catch (IOException e) {
                LockSupport.parkNanos(20_000_000);
            }
        }
        return false;
    }

    /** Ends a process as if its machine did. */
    void kill(String name) throws IOException {
        Node node = nodes.get(name);
        if (node.process != null) {
            node.process.destroyForcibly();
            try {
                if (!node.process.waitFor(20, TimeUnit.SECONDS)) {
                    throw new IOException(name + " does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        ways.down(name);
    }

    /** Ends a process in order. */
    void stop(String name) throws IOException {
        order(name, "stop");
        try {
            nodes.get(name).process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill(name);
    }

    /** Its process stands still. */
    void pause(String name) throws IOException {
        if (runs(name)) {
            Shell.run("kill", "-STOP", String.valueOf(nodes.get(name).process.pid()));
        }
    }

    /** It goes on. */
    void resume(String name) throws IOException {
        if (runs(name)) {
            Shell.run("kill", "-CONT", String.valueOf(nodes.get(name).process.pid()));
        }
    }

    private void order(String name, String order) throws IOException {
        OutputStream in = nodes.get(name).process.getOutputStream();
        in.write((order + "\n").getBytes(StandardCharsets.US_ASCII));
        in.flush();
    }

    /** What all nodes think; of one that does not answer, that. */
    String dump() {
        StringBuilder all = new StringBuilder();
        for (String name : names()) {
            all.append("-- ").append(name).append(runs(name) ? "" : " does not run").append('\n');
            Path file = directory.resolve(name + "-" + ++dumps + ".dump");
            try {
                if (runs(name)) {
                    order(name, "dump " + file);
                    long until = System.nanoTime() + 3 * SECONDS;
                    while (!Files.exists(file) && System.nanoTime() < until) {
                        LockSupport.parkNanos(5_000_000);
                    }
                    all.append(Files.exists(file) ? Files.readString(file) : "does not answer\n");
                }
            } catch (IOException e) {
                all.append(e).append('\n');
            }
        }
        return all.toString();
    }

    /** The last lines that a node said. */
    String said(String name, int lines) {
        try {
            List<String> all = Files.readAllLines(output(name));
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Whoever plays the story is made to end. */
    private void killAll() {
        nodes.values().forEach(node -> {
            if (node.process != null) {
                node.process.destroyForcibly();
            }
        });
        nodes.values().forEach(node -> {
            try {
                node.disk.close();
            } catch (IOException e) {
                System.err.println(node.disk.directory() + " stays mounted: " + e.getMessage());
            }
        });
    }

    @Override
    public void close() throws IOException {
        for (String name : names()) {
            kill(name);
        }
        ways.close();
        for (Node node : nodes.values()) {
            node.disk.close();
        }
        Runtime.getRuntime().removeShutdownHook(end);
    }
}
