package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

    @TempDir
    private Path directory;

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("logs").resolve("gateway_access.0.log"));
    }

    @Test
    void shouldWriteALineForEachRequestWhenAskedTo() throws IOException {
        try (AccessLog log = AccessLog.in(directory.resolve("logs"))) {
            log.add(200, 1234, "POST", "/stations/a/produce/single");
            log.add(401, 5, "GET", "/x");
            assertEquals(List.of(), lines());
            log.write();
            List<String> lines = lines();
            assertEquals(2, lines.size());
            assertTrue(lines.get(0).matches("\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}] 200 1234 POST "
                + "/stations/a/produce/single"), lines.get(0));
        }
    }

    @Test
    void shouldWriteTheRestWhenClosed() throws IOException {
        try (AccessLog log = AccessLog.in(directory.resolve("logs"))) {
            log.add(200, 1, "GET", "/last");
        }
        assertTrue(lines().get(0).endsWith(" 200 1 GET /last"));
    }

    @Test
    void shouldGoOnInTheSameFileAfterARestart() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (AccessLog log = AccessLog.in(directory.resolve("logs"))) {
                log.add(200, i, "GET", "/");
            }
        }
        assertEquals(2, lines().size());
    }

    @Test
    void shouldLetNoClientWriteLinesOfItsOwn() throws IOException {
        try (AccessLog log = AccessLog.in(directory.resolve("logs"))) {
            log.add(404, 1, "GET\n", "/a\r\n[now] 200 1 GET /fake\u0007\u00e9" + "x".repeat(5_000));
        }
        List<String> lines = lines();
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).length() < 1_200, () -> "length " + lines.get(0).length());
        assertTrue(lines.get(0).contains("GET? /a??[now]?200"), lines.get(0));
    }

    @Test
    void shouldCountWhatItCannotKeepInsteadOfGrowing() throws IOException {
        try (AccessLog log = AccessLog.in(directory.resolve("logs"))) {
            for (int i = 0; i < 100_000; i++) {
                log.add(200, 1, "GET", "/stations/a/produce/single");
            }
        }
        List<String> lines = lines();
        assertTrue(lines.size() < 60_000, () -> lines.size() + " lines");
        String last = lines.get(lines.size() - 1);
        assertTrue(last.endsWith(" requests more, whose lines were lost"), last);
        long lost = Long.parseLong(last.replaceAll(".*] (\\d+) requests.*", "$1"));
        assertEquals(100_000, lost + lines.size() - 1);
    }

    @Test
    void shouldServeWithoutALogWhereNoneCanBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("logs"), "a file where a directory should be");
        try (AccessLog log = AccessLog.in(file)) {
            log.add(200, 1, "GET", "/");
            log.write();
        }
        assertFalse(Files.isDirectory(file));
    }
}
