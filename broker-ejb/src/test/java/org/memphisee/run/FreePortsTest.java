package org.memphisee.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.config.InvalidSettingsException;
import org.memphisee.config.SettingSource;
import org.memphisee.config.SettingsLoader;

class FreePortsTest {

    private static final List<String> NAMES = List.of("CLIENT", "WEBSOCKET", "GATEWAY", "DASHBOARD", "MONITOR", "METRICS",
        "METADATA");

    @TempDir
    private Path directory;

    private final Map<String, ServerSocket> taken = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void choosePorts() throws IOException {
        environment.put("MEMPHISEE_DATA_DIR", directory.toString());
        for (String name : NAMES) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
            taken.put(name, socket);
            environment.put("MEMPHISEE_" + name + "_PORT", String.valueOf(socket.getLocalPort()));
        }
    }

    @AfterEach
    void freeAll() throws IOException {
        for (ServerSocket socket : taken.values()) {
            socket.close();
        }
    }

    private void freeAllBut(List<String> names) throws IOException {
        for (String name : NAMES) {
            if (!names.contains(name)) {
                taken.get(name).close();
            }
        }
    }

    private List<String> conflicts() {
        try {
            return new FreePorts(new SettingsLoader(SettingSource.of("nothing", Map.of()), environment,
                new SettingsLoader.Machine(2, 1L << 30, "/home/somebody")).load().settings()).conflicts();
        } catch (InvalidSettingsException e) {
            throw new AssertionError(e);
        }
    }

    private void assertNames(String name, String line) {
        assertTrue(line.startsWith("MEE0004: Port " + taken.get(name).getLocalPort() + " "), line);
        assertTrue(line.contains("MEMPHISEE_" + name + "_PORT"), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLIENT", "WEBSOCKET", "GATEWAY", "DASHBOARD", "MONITOR", "METRICS", "METADATA"})
    void shouldNameThePortInUseAndItsVariable(String name) throws IOException {
        freeAllBut(List.of(name));
        List<String> lines = conflicts();
        assertEquals(1, lines.size(), lines::toString);
        assertNames(name, lines.get(0));
    }

    @Test
    void shouldNameAllPortsInUseAtOnce() {
        List<String> lines = conflicts();
        assertEquals(NAMES.size(), lines.size(), lines::toString);
        for (int i = 0; i < NAMES.size(); i++) {
            assertNames(NAMES.get(i), lines.get(i));
        }
    }

    @Test
    void shouldAcceptFreePorts() throws IOException {
        freeAllBut(List.of());
        assertEquals(List.of(), conflicts());
    }

    @Test
    void shouldNotAskForAPortThatIsNotUsed() throws IOException {
        freeAllBut(List.of("WEBSOCKET", "METADATA"));
        environment.put("MEMPHISEE_WEBSOCKET_PORT", "0");
        environment.put("MEMPHISEE_METADATA_MODE", "external");
        assertEquals(List.of(), conflicts());
    }

    /** A file of a process that is no PostgreSQL says nothing; a living one of our directory is stopped at the start. */
    @Test
    void shouldTellADatabaseThatOutlivedItsBrokerFromOtherPrograms() throws IOException, InterruptedException {
        freeAllBut(List.of("METADATA"));
        Path data = Files.createDirectories(directory.resolve("postgres").resolve("data"));
        List<String> pidFile = new ArrayList<>(List.of(String.valueOf(ProcessHandle.current().pid()), data.toString(), "0",
            String.valueOf(taken.get("METADATA").getLocalPort())));
        Files.write(data.resolve("postmaster.pid"), pidFile);
        assertEquals(1, conflicts().size(), "this process is no PostgreSQL");

        Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve("postgres").resolve("postgres"));
        Process survivor = new ProcessBuilder(program.toString(), "60").start();
        try {
            pidFile.set(0, String.valueOf(survivor.pid()));
            Files.write(data.resolve("postmaster.pid"), pidFile);
            assertEquals(List.of(), conflicts());
            pidFile.set(3, "1");
            Files.write(data.resolve("postmaster.pid"), pidFile);
            assertEquals(1, conflicts().size(), "it has another port");
        } finally {
            survivor.destroyForcibly().waitFor();
        }
    }
}
