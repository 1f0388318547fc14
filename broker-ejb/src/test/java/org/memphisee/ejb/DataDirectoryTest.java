package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.run.ExitStatus;
import org.memphisee.store.version.DataVersion;

class DataDirectoryTest {

    @TempDir
    private Path root;

    private Path data() {
        return root.resolve("data");
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(data())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldSayWhichReleaseWroteItAndKeepItsIdentity() throws Exception {
        String id;
        try (DataDirectory directory = DataDirectory.open(data(), "1.0.0")) {
            id = directory.id();
            assertEquals(new DataVersion(1, "1.0.0"), DataVersion.read(data()).orElseThrow());
        }
        try (DataDirectory directory = DataDirectory.open(data(), "1.1.0")) {
            assertEquals(id, directory.id());
        }
        assertEquals(new DataVersion(1, "1.1.0"), DataVersion.read(data()).orElseThrow());
        assertEquals(List.of("broker.lock", "identity", "version"), names());
        try (DataDirectory other = DataDirectory.open(root.resolve("other"), "1.1.0")) {
            assertNotEquals(id, other.id());
        }
    }

    @Test
    void shouldTakeTheDataOfAReleaseAlongThatWroteNoVersion() throws Exception {
        Files.createDirectories(data().resolve("log"));
        Files.writeString(data().resolve("identity"), "as-before\n");
        try (DataDirectory directory = DataDirectory.open(data(), "1.0.0")) {
            assertEquals("as-before", directory.id());
        }
        assertEquals("1.0.0", DataVersion.read(data()).orElseThrow().product());
    }

    @Test
    void shouldTouchNothingOfANewerFormat() throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("version"), "memphisee-data 2\nproduct 2.0.0\n");
        StartException refused = assertThrows(StartException.class, () -> DataDirectory.open(data(), "1.0.0"));
        assertEquals(ExitStatus.WRONG_SETTINGS, refused.status());
        assertTrue(refused.getMessage().contains("MEE0822") && refused.getMessage().contains("release 2.0.0"), refused.getMessage());
        assertEquals(List.of("version"), names());
        assertEquals("memphisee-data 2\nproduct 2.0.0\n", Files.readString(data().resolve("version")));
    }

    @Test
    void shouldRefuseADirectoryThatAnotherBrokerUsesAndLeaveItsVersion() throws Exception {
        try (DataDirectory open = DataDirectory.open(data(), "1.0.0")) {
            assertFalse(open.id().isEmpty());
            StartException refused = assertThrows(StartException.class, () -> DataDirectory.open(data(), "1.1.0"));
            assertTrue(refused.getMessage().contains("MEE0006"), refused.getMessage());
            assertEquals("1.0.0", DataVersion.read(data()).orElseThrow().product());
        }
    }
}
