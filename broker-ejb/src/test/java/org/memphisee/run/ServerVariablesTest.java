package org.memphisee.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerVariablesTest {

    @TempDir
    private Path server;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void configure() throws IOException {
        write("server.xml", "<variable name='memphisee.dashboard.port' defaultValue='9000'/>"
            + "<variable name='memphisee.dashboard.public.port' defaultValue='${memphisee.dashboard.port}'/>"
            + "<variable name='memphisee.server.name' defaultValue='${env.POD}'/>"
            + "<variable name='a' value='${b}'/><variable name='b' value='${a}'/>");
        write("configDropins/defaults/data-directory.xml", "<variable name='memphisee.data.dir' defaultValue='/data'/>");
    }

    private void write(String file, String variables) throws IOException {
        Path path = server.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "<?xml version=\"1.0\"?><server>" + variables + "</server>");
    }

    private Optional<String> value(String key) throws IOException {
        return ServerVariables.read(server, environment).value(key);
    }

    @Test
    void shouldPreferAValueToTheEnvironmentAndThatToADefault() throws IOException {
        assertEquals(Optional.of("9000"), value("memphisee.dashboard.port"));
        assertEquals(Optional.of("9000"), value("memphisee.dashboard.public.port"));
        environment.put("MEMPHISEE_DASHBOARD_PORT", "9001");
        assertEquals(Optional.of("9001"), value("memphisee.dashboard.port"));
        assertEquals(Optional.of("9001"), value("memphisee.dashboard.public.port"));
        write("configDropins/overrides/mine.xml", "<variable name='memphisee.dashboard.port' value='9002'/>");
        assertEquals(Optional.of("9002"), value("memphisee.dashboard.port"));
        assertEquals(Optional.of("/data"), value("memphisee.data.dir"));
    }

    @Test
    void shouldNotGuessWhatItCannotResolve() throws IOException {
        assertEquals(Optional.empty(), value("memphisee.server.name"));
        environment.put("POD", "memphis-1");
        assertEquals(Optional.of("memphis-1"), value("memphisee.server.name"));
        assertEquals(Optional.empty(), value("a"));
        assertEquals(Optional.empty(), value("memphisee.client.port"));
    }

    @Test
    void shouldFailForWhatIsNoConfiguration() throws IOException {
        Files.createDirectories(server.resolve("configDropins/overrides"));
        Files.writeString(server.resolve("configDropins/overrides/broken.xml"), "<server>");
        assertThrows(IOException.class, () -> value("a"));
    }
}
