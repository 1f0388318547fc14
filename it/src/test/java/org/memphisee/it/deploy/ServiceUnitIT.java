package org.memphisee.it.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit for systemd as shipped (deploy.md 4), as systemd reads it; its programs are looked for where the server is installed here. */
final class ServiceUnitIT {
    private static final String HOME = "/opt/memphisee";
    /** Of a hundred; a service without any rule has 96. */
    private static final int MOST_EXPOSED = 50;

    @TempDir
    private Path directory;
    private String unit;

    @BeforeEach
    void read() throws IOException {
        assumeTrue(Shipped.present("systemd-analyze"), "systemd-analyze is absent");
        unit = Files.readString(Shipped.SERVER.resolve("systemd/memphisee.service"));
        assertTrue(unit.contains(HOME), unit);
    }

    private Shipped.Ended analyze(String text, String... command) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("memphisee.service"), text.replace(HOME, Shipped.SERVER.toString()));
        List<String> full = new java.util.ArrayList<>(List.of("systemd-analyze"));
        full.addAll(List.of(command));
        full.add(file.toString());
        return Shipped.run(directory, Map.of(), full);
    }

    @Test
    void shouldBeUnderstoodWhole() throws Exception {
        Shipped.Ended ended = analyze(unit, "verify", "--man=no");
        assertEquals("", ended.text());
        assertEquals(0, ended.status());
    }

    /** Else the test above says nothing. */
    @Test
    void shouldBeHeardOfAMistypedKeyAndOfAProgramThatIsNotThere() throws Exception {
        assertTrue(analyze(unit.replace("ProtectHome", "ProtectHom"), "verify", "--man=no").text().contains("ProtectHom"));
        assertTrue(analyze(unit.replace("memphisee-server", "memphisee-none"), "verify", "--man=no").text().contains("memphisee-none"));
    }

    @Test
    void shouldExposeLittle() throws Exception {
        Shipped.Ended ended = analyze(unit, "security", "--offline=true", "--threshold=" + MOST_EXPOSED);
        assertEquals(0, ended.status(), ended::text);
    }
}
