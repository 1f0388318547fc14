package org.memphisee.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build's launcher in a process of its own, with a shell script in place of the server. */
class LauncherTest {

    private static final List<String> PORTS = List.of("CLIENT", "WEBSOCKET", "GATEWAY", "DASHBOARD", "MONITOR", "METRICS",
        "METADATA");
    /** Says where it runs and what it sees, and takes a moment to stop. */
    private static final String SERVER = """
        #!/bin/sh
        trap 'sleep 1; echo stopped >> "$MARK"; exit 0' TERM
        echo "$0 $* $WLP_USER_DIR $MEMPHISEE_DATA_DIR $$" > "$MARK.new"
        mv "$MARK.new" "$MARK"
        [ -z "$STATUS" ] || exit "$STATUS"
        while :; do sleep 0.05; done
        """;

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private Path wlp;
    private Path server;
    private Path mark;
    private Path script;
    private Process launcher;

    @BeforeEach
    void build() throws IOException {
        wlp = directory.resolve("target/wlp");
        server = Files.createDirectories(wlp.resolve("usr/servers/memphis"));
        Files.writeString(server.resolve("server.xml"), "<server/>");
        Files.createDirectories(server.resolve("apps"));
        Files.writeString(server.resolve("apps/broker.ear"), "one");
        Files.createDirectories(server.resolve("workarea"));
        Files.writeString(server.resolve("workarea/of-the-build"), "");
        executable(Files.createDirectories(wlp.resolve("bin")).resolve("server"), SERVER);
        script = executable(directory.resolve("run-server.sh"), "exec \"$1\" run \"$2\"\n");
        mark = directory.resolve("mark");
        environment.put("MARK", mark.toString());
        environment.put("WLP_USER_DIR", "/of/another/installation");
        environment.put("MEMPHISEE_DATA_DIR", "data");
        List<ServerSocket> taken = new ArrayList<>(); // all at a time: else one port may come twice
        for (String name : PORTS) {
            taken.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
            environment.put("MEMPHISEE_" + name + "_PORT", String.valueOf(taken.get(taken.size() - 1).getLocalPort()));
        }
        for (ServerSocket socket : taken) {
            socket.close();
        }
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        if (launcher != null) {
            List<ProcessHandle> all = new ArrayList<>(launcher.descendants().toList());
            all.add(launcher.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            launcher.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void launch() throws IOException {
        Files.deleteIfExists(mark);
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
            "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Launcher.class.getName(), wlp.toString(),
            "1.2.3", "memphis", directory.resolve("run").toString(), script.toString(), directory.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("MEMPHISEE_") || name.equals("ROOT_PASSWORD"));
        builder.environment().putAll(environment);
        launcher = builder.redirectErrorStream(true).redirectOutput(directory.resolve("console").toFile()).start();
    }

    /** Words the server saw: itself, "run", its name, directory of users' files, of data, number of its process. */
    private String[] running() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (!Files.exists(mark)) {
            assertTrue(launcher.isAlive() && System.nanoTime() < deadline, this::console);
            Thread.onSpinWait();
        }
        return Files.readString(mark).strip().split(" ");
    }

    private int ended() throws InterruptedException {
        assertTrue(launcher.waitFor(50, TimeUnit.SECONDS), "the launcher ends");
        return launcher.exitValue();
    }

    private String console() {
        try {
            return Files.readString(directory.resolve("console"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path copy() {
        return directory.resolve("run").resolve(environment.get("MEMPHISEE_CLIENT_PORT"));
    }

    @Test
    void shouldRunCopiesThatABuildDoesNotTouch() throws Exception {
        launch();
        String[] seen = running();
        assertEquals(List.of(directory.resolve("run/liberty-1.2.3/bin/server").toString(), "run", "memphis", copy().toString(),
            directory.resolve("data").toString()), List.of(seen).subList(0, 5));
        assertEquals("one", Files.readString(copy().resolve("servers/memphis/apps/broker.ear")));
        assertFalse(Files.exists(copy().resolve("servers/memphis/workarea")));
        try (Stream<Path> files = Files.walk(wlp)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
        assertTrue(Files.exists(Path.of(seen[0])));
        assertTrue(Files.exists(copy().resolve("servers/memphis/server.xml")));
    }

    @Test
    void shouldTakeOverWhatABuildChangedAndKeepWhatTheServerMade() throws Exception {
        environment.put("STATUS", "0");
        Files.createDirectories(server.resolve("configDropins/overrides"));
        Files.writeString(server.resolve("configDropins/overrides/mine.xml"), "<server/>");
        launch();
        assertEquals(0, ended(), this::console);
        Path copied = copy().resolve("servers/memphis");
        assertTrue(Files.exists(copied.resolve("configDropins/overrides/mine.xml")));
        Files.createDirectories(copied.resolve("workarea"));
        Files.writeString(copied.resolve("workarea/cache"), "warm");

        Files.delete(server.resolve("configDropins/overrides/mine.xml"));
        Files.writeString(server.resolve("apps/broker.ear"), "two and longer");
        launch();
        assertEquals(0, ended(), this::console);
        assertEquals("two and longer", Files.readString(copied.resolve("apps/broker.ear")));
        assertFalse(Files.exists(copied.resolve("configDropins/overrides/mine.xml")));
        assertEquals("warm", Files.readString(copied.resolve("workarea/cache")));
    }

    @Test
    void shouldRemoveRuntimesThatNobodyRunsFrom() throws Exception {
        environment.put("STATUS", "0");
        Path old = runtime("liberty-1.0.0");
        Path killed = runtime("copying-123");
        Path other = copyOf("65001", "liberty-1.1.0"); // ended: nobody has its lock
        Path earlier = runtime("liberty-1.1.0");
        launch();
        assertEquals(0, ended(), this::console);
        assertFalse(Files.exists(old) || Files.exists(killed) || Files.exists(earlier));
        assertTrue(Files.exists(other) && Files.exists(directory.resolve("run/liberty-1.2.3/bin/server")));
    }

    @Test
    void shouldKeepTheRuntimeOfAnotherBroker() throws Exception {
        environment.put("STATUS", "0");
        Path old = runtime("liberty-1.0.0");
        Path earlier = runtime("liberty-1.1.0");
        Path other = copyOf("65001", "liberty-1.1.0");
        try (FileChannel channel = FileChannel.open(other.resolve("lock"), StandardOpenOption.WRITE)) {
            channel.lock();
            launch();
            assertEquals(0, ended(), this::console);
            assertTrue(Files.exists(earlier.resolve("bin/server")));
            assertFalse(Files.exists(old));

            old = runtime("liberty-1.0.0");
            Files.delete(other.resolve("runtime")); // it does not say what it runs from
            launch();
            assertEquals(0, ended(), this::console);
            assertTrue(Files.exists(earlier) && Files.exists(old));
        }
    }

    private Path runtime(String name) throws IOException {
        Path runtime = Files.createDirectories(directory.resolve("run").resolve(name).resolve("bin"));
        Files.writeString(runtime.resolve("server"), "");
        return runtime.getParent();
    }

    private Path copyOf(String port, String runtime) throws IOException {
        Path copy = Files.createDirectories(directory.resolve("run").resolve(port));
        Files.writeString(copy.resolve("lock"), "");
        Files.writeString(copy.resolve("runtime"), runtime);
        return copy;
    }

    @Test
    void shouldNotEndBeforeTheServerHas() throws Exception {
        launch();
        ProcessHandle process = ProcessHandle.of(Long.parseLong(running()[5])).orElseThrow();
        launcher.destroy();
        assertEquals(143, ended());
        assertFalse(process.isAlive(), "the server has ended before");
        assertTrue(Files.readString(mark).endsWith("stopped\n"), "in good order");
    }

    @Test
    void shouldEndAsTheServerEnds() throws Exception {
        environment.put("STATUS", "7");
        launch();
        assertEquals(7, ended());
        assertFalse(console().contains("Exception"), this::console);
    }

    @Test
    void shouldNameAllTakenPortsAndStartNothing() throws Exception {
        try (ServerSocket client = taken("CLIENT"); ServerSocket metadata = taken("METADATA")) {
            launch();
            assertEquals(ExitStatus.START_FAILED, ended());
            List<String> lines = console().lines().toList();
            assertEquals(2, lines.size(), this::console);
            assertTrue(lines.get(0).startsWith("MEE0004: Port " + client.getLocalPort()), this::console);
            assertTrue(lines.get(1).startsWith("MEE0004: Port " + metadata.getLocalPort()), this::console);
        }
        assertFalse(Files.exists(mark));
        assertFalse(Files.exists(directory.resolve("run")));
    }

    private ServerSocket taken(String name) throws IOException {
        return new ServerSocket(Integer.parseInt(environment.get("MEMPHISEE_" + name + "_PORT")), 1,
            InetAddress.getByName("127.0.0.1"));
    }

    @Test
    void shouldKeepAndHeedWhatPeopleAddedToTheCopy() throws Exception {
        environment.put("STATUS", "0");
        launch();
        assertEquals(0, ended(), this::console);
        Path overrides = Files.createDirectories(copy().resolve("servers/memphis/configDropins/overrides"));
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            environment.remove("MEMPHISEE_MONITOR_PORT");
            Files.writeString(overrides.resolve("mine.xml"), "<server><variable name='memphisee.monitor.port' value='"
                + other.getLocalPort() + "'/></server>");
            launch();
            assertEquals(ExitStatus.START_FAILED, ended(), this::console);
            assertTrue(console().startsWith("MEE0004: Port " + other.getLocalPort() + " (monitor)"), this::console);
        }
        assertTrue(Files.exists(overrides.resolve("mine.xml")));
    }

    @Test
    void shouldNameWrongSettingsAndStartNothing() throws Exception {
        environment.put("MEMPHISEE_MAX_PAYLOAD", "12 parsecs");
        environment.put("ROOT_PASSWORD", "{aes}not-ours-to-decode");
        launch();
        assertEquals(ExitStatus.WRONG_SETTINGS, ended());
        assertEquals(1, console().lines().count(), this::console);
        assertTrue(console().startsWith("MEE0002: Wrong setting: memphisee.max.payload"), this::console);
        assertFalse(Files.exists(mark));
    }

    @Test
    void shouldRunNoSecondServerFromTheSameCopy() throws Exception {
        launch();
        running();
        try (ServerCopy none = ServerCopy.open(copy())) {
            throw new AssertionError("taken: " + none.root());
        } catch (IOException e) {
            assertTrue(e.getMessage().contains(copy().toString()), e.getMessage());
        }
    }
}
