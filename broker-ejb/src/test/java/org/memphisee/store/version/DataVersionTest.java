package org.memphisee.store.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataVersionTest {

    @TempDir
    private Path data;

    private void write(String text) throws Exception {
        Files.writeString(data.resolve(DataVersion.FILE), text);
    }

    @Test
    void shouldReadWhatItWrote() throws Exception {
        assertEquals(Optional.empty(), DataVersion.read(data));
        DataVersion.write(data, "1.2.3");
        assertEquals(Optional.of(new DataVersion(1, "1.2.3")), DataVersion.read(data));
        DataVersion.write(data, "1.3.0");
        assertEquals("1.3.0", DataVersion.read(data).orElseThrow().product());
        assertFalse(Files.exists(data.resolve("version.new")));
    }

    /** The text of format 1, which every later release reads. */
    @Test
    void shouldWriteTheSameTextForEver() throws Exception {
        DataVersion.write(data, "1.2.3");
        assertEquals("memphisee-data 1\nproduct 1.2.3\n", Files.readString(data.resolve(DataVersion.FILE)));
    }

    @Test
    void shouldNotMindWhatALaterReleaseAddsBehind() throws Exception {
        write("memphisee-data 1\nproduct 1.9.0\nlevel 7\n" + "x".repeat(100_000));
        assertEquals(new DataVersion(1, "1.9.0"), DataVersion.read(data).orElseThrow());
    }

    @Test
    void shouldRefuseANewerFormatAndNameTheReleaseThatReadsIt() throws Exception {
        write("memphisee-data 2\nproduct 2.0.0\n");
        String message = assertThrows(DataVersionException.class, () -> DataVersion.read(data)).getMessage();
        assertTrue(message.contains("format 2, written by release 2.0.0") && message.contains("up to 1"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "memphisee-data", "memphisee-data 0", "memphisee-data -1", "memphisee-data 99999999999", "1", "\u0000"})
    void shouldRefuseWhatItDoesNotUnderstand(String text) throws Exception {
        write(text);
        String message = assertThrows(DataVersionException.class, () -> DataVersion.read(data)).getMessage();
        assertTrue(message.contains("does not begin with") && message.contains("backup"), message);
    }

    @Test
    void shouldRefuseADirectoryInItsPlace() throws Exception {
        Files.createDirectory(data.resolve(DataVersion.FILE));
        assertThrows(DataVersionException.class, () -> DataVersion.read(data));
    }
}
