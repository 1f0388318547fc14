package org.memphisee.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use whom (D2, D3): nothing but the build keeps it, since the container shares one class loader. */
class ImportRulesTest {

    private static final Path SOURCES = Path.of("src", "main", "java", "org", "memphisee");

    @ParameterizedTest
    @CsvSource({
        "port, jakarta.", "port, io.netty.", "port, com.fasterxml.", "port, org.memphisee.wire",
        "port, org.memphisee.net", "port, org.memphisee.ra",
        "wire, jakarta.", "wire, io.netty.", "wire, org.memphisee.net", "wire, org.memphisee.ra",
        "net, jakarta.", "net, org.memphisee.ra.outbound", "net, org.memphisee.ra.inbound",
        "wire, org.memphisee.client", "port, org.memphisee.client",
        "client, jakarta.", "client, io.netty.", "client, org.memphisee.net", "client, org.memphisee.port",
        "client, org.memphisee.ra.inbound", "client, org.memphisee.ra.outbound", "ra/api, jakarta.",
        "ra/api, org.memphisee.client", "ra/inbound, io.netty.", "ra/outbound, io.netty.",
        "'', org.memphisee.core", "'', org.memphisee.store", "'', org.memphisee.ejb"})
    void shouldNotMention(String room, String forbidden) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES.resolve(room))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                if (Files.readString(file).contains(forbidden)) {
                    found.add(file.toString());
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void shouldDescribeEveryPackage() throws IOException {
        try (Stream<Path> rooms = Files.walk(SOURCES)) {
            List<Path> bare = rooms.filter(r -> Files.isDirectory(r) && !r.equals(SOURCES)).filter(room -> Files.notExists(room.resolve("package-info.java"))).toList();
            assertTrue(bare.isEmpty(), "without package-info: " + bare);
        }
    }
}
