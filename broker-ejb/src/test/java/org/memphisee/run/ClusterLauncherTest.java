package org.memphisee.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpServer;

/** Three nodes with the launcher of the cluster in a process of its own, and shell scripts in place of the servers. */
class ClusterLauncherTest {

    private static final List<String> PORTS = List.of("CLIENT", "WEBSOCKET", "GATEWAY", "DASHBOARD", "MONITOR", "METRICS",
        "METADATA", "CLUSTER");
    private static final String SERVER = """
        #!/bin/sh
        trap 'echo stopped >> "$MARK.$MEMPHISEE_SERVER_NAME"; exit 0' TERM
        echo "Memphis EE is ready"
        echo "  Clients"
        echo "Stop with Ctrl-C."
        echo "something of $MEMPHISEE_SERVER_NAME"
        echo "$MEMPHISEE_CLIENT_PORT $MEMPHISEE_CLUSTER_PORT $MEMPHISEE_CLUSTER_MODE $MEMPHISEE_CLUSTER_MEMBERS $MEMPHISEE_DATA_DIR \
        $MEMPHISEE_GATEWAY_JWT_SECRET" > "$MARK.new.$MEMPHISEE_SERVER_NAME"
        mv "$MARK.new.$MEMPHISEE_SERVER_NAME" "$MARK.$MEMPHISEE_SERVER_NAME"
        while [ ! -e "$MARK.end.$MEMPHISEE_SERVER_NAME" ]; do sleep 0.05; done
        exit 5
        """;

    @TempDir
    private Path directory;

    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final List<HttpServer> health = new ArrayList<>();
    private Process launcher;

    @BeforeEach
    void build() throws IOException {
        Path wlp = directory.resolve("target/wlp");
        Files.writeString(Files.createDirectories(wlp.resolve("usr/servers/memphis")).resolve("server.xml"), "<server/>");
        executable(Files.createDirectories(wlp.resolve("bin")).resolve("server"), SERVER);
        Path script = executable(directory.resolve("run-server.sh"), "exec \"$1\" run \"$2\"\n");
        int next = 20_000 + (int) (System.nanoTime() % 9_000);
        for (String name : PORTS) {
            while (!free(next)) {
                next++;
            }
            ports.put(name, next);
            next += ClusterScripts.NODES;
        }
        for (int again = 0; again < 2; again++) { // a later build keeps the secrets
            ClusterScripts.write(directory.resolve("cluster"), System.getProperty("java.class.path"), List.of(wlp.toString(), "1.2.3",
                "memphis", directory.resolve("run").toString(), script.toString(), directory.toString()));
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        health.forEach(server -> server.stop(0));
        if (launcher != null) {
            List<ProcessHandle> all = new ArrayList<>(launcher.descendants().toList());
            all.add(launcher.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            launcher.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private static boolean free(int first) {
        for (int i = 0; i < ClusterScripts.NODES; i++) {
            try (ServerSocket socket = new ServerSocket(first + i, 1, InetAddress.getByName("127.0.0.1"))) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
            "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), ClusterLauncher.class.getName(),
            directory.resolve("cluster").toString(), directory.resolve("run-server.sh").toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("MEMPHISEE_") || name.equals("ROOT_PASSWORD"));
        builder.environment().put("MARK", directory.resolve("mark").toString());
        ports.forEach((name, port) -> builder.environment().put("MEMPHISEE_" + name + "_PORT", port.toString()));
        launcher = builder.redirectErrorStream(true).redirectOutput(directory.resolve("console").toFile()).start();
    }

    private Path mark(int node) {
        return directory.resolve("mark.memphis-" + node);
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (!condition.getAsBoolean()) {
            assertTrue(launcher.isAlive() && System.nanoTime() < deadline, () -> what + ": " + console());
            Thread.sleep(20);
        }
    }

    private void awaitNodes() throws InterruptedException {
        for (int i = 0; i < ClusterScripts.NODES; i++) {
            int node = i;
            await("node " + node, () -> Files.exists(mark(node)));
        }
    }

    private String console() {
        try {
            return Files.readString(directory.resolve("console"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void beReady() throws IOException {
        for (int i = 0; i < ClusterScripts.NODES; i++) {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", ports.get("METRICS") + i), 0);
            server.createContext("/health/ready", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            health.add(server);
        }
    }

    @Test
    void shouldRunThreeNodesWithPortsAndDataOfTheirOwnAndOneBannerForAll() throws Exception {
        launch();
        awaitNodes();
        List<String> members = new ArrayList<>();
        for (int i = 0; i < ClusterScripts.NODES; i++) {
            members.add("memphis-" + i + "@127.0.0.1:" + (ports.get("CLUSTER") + i));
        }
        String secret = Files.readString(mark(0)).strip().split(" +")[5];
        for (int i = 0; i < ClusterScripts.NODES; i++) {
            assertEquals(List.of(String.valueOf(ports.get("CLIENT") + i), String.valueOf(ports.get("CLUSTER") + i), "static",
                String.join(",", members), directory.resolve("data/memphis-" + i).toString(), secret),
                List.of(Files.readString(mark(i)).strip().split(" +")));
        }
        assertEquals(64, secret.length());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("cluster/secrets"))));
        assertFalse(console().contains("is ready"), "nobody is");

        beReady();
        await("the banner", () -> console().contains("Stop with Ctrl-C."));
        assertTrue(console().contains("The cluster of 3 nodes is ready"), this::console);
        assertTrue(console().contains("localhost:" + ports.get("CLIENT") + "  localhost:" + (ports.get("CLIENT") + 1)), this::console);
        assertTrue(console().contains("memphis-1 | something of memphis-1"), this::console);
        assertFalse(console().contains("Memphis EE is ready"), this::console);

        launcher.destroy();
        assertTrue(launcher.waitFor(50, TimeUnit.SECONDS), "the launcher ends");
        for (int i = 0; i < ClusterScripts.NODES; i++) {
            assertTrue(Files.readString(mark(i)).contains("stopped"), this::console);
        }
    }

    @Test
    void shouldEndWithTheFirstNodeThatEndsBeforeAllAreReady() throws Exception {
        launch();
        awaitNodes();
        Files.createFile(directory.resolve("mark.end.memphis-1"));
        assertTrue(launcher.waitFor(50, TimeUnit.SECONDS), "the launcher ends");
        assertEquals(5, launcher.exitValue(), this::console);
        assertTrue(console().contains("memphis-1 has ended with status 5"), this::console);
        assertTrue(Files.readString(mark(0)).contains("stopped") && Files.readString(mark(2)).contains("stopped"), this::console);
    }

    @Test
    void shouldGoOnWithTheOthersWhenANodeEndsLater() throws Exception {
        launch();
        awaitNodes();
        beReady();
        await("the banner", () -> console().contains("Stop with Ctrl-C."));
        Files.createFile(directory.resolve("mark.end.memphis-1"));
        await("the end of one", () -> console().contains("memphis-1 has ended with status 5; the others go on. To run it again: "
            + directory.resolve("cluster/node-1/run")));
        assertFalse(Files.readString(mark(0)).contains("stopped"), this::console);
        launcher.destroy();
        assertTrue(launcher.waitFor(50, TimeUnit.SECONDS), "the launcher ends");
        assertTrue(Files.readString(mark(0)).contains("stopped") && Files.readString(mark(2)).contains("stopped"), this::console);
    }
}
