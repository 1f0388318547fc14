package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerProcess;

/** F-171: what clients publish is nowhere on the disk to be read, and is there again with the key. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class EncryptedStorageIT {
    private static final String WORD = "xylophone";
    private static final Duration ENDS = Duration.ofSeconds(100);

    @TempDir
    Path directory;
    private final BrokerProcess broker = BrokerProcess.prepared();

    @AfterEach
    void remove() {
        broker.close();
    }

    private Map<String, String> keys(String... names) throws IOException {
        Path file = directory.resolve("storage.keys");
        Files.write(file, Stream.of(names).map(name -> {
            byte[] key = new byte[32];
            Arrays.fill(key, (byte) name.hashCode());
            return name + ' ' + Base64.getEncoder().encodeToString(key);
        }).toList());
        return Map.of("MEMPHISEE_STORAGE_KEY_FILE", file.toString());
    }

    private Connection connect() throws Exception {
        return Nats.connect(Options.builder().server("nats://localhost:" + broker.clientPort()).userInfo("root", "memphis")
            .connectionTimeout(Duration.ofSeconds(30)).build());
    }

    private List<Path> filesWithTheWord() throws IOException {
        try (Stream<Path> files = Files.walk(broker.dataDirectory().resolve("log"))) {
            return files.filter(Files::isRegularFile).filter(file -> {
                try {
                    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(WORD);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        }
    }

    @Test
    void shouldKeepMessagesThatOnlyTheKeyShows() throws Exception {
        broker.launch(keys("2026-01"));
        broker.awaitReady();
        assertTrue(broker.log().contains("MEE0405: The log is encrypted with the storage key 2026-01"), broker.log());
        try (Connection connection = connect()) {
            connection.jetStreamManagement().addStream(StreamConfiguration.builder().name(WORD + "-stream").subjects(WORD + ".>").build());
            connection.jetStream().publish(WORD + ".a", (WORD + " payload").getBytes(StandardCharsets.UTF_8));
        }
        broker.kill();
        assertEquals(List.of(), filesWithTheWord());

        broker.launch(Map.of());
        assertTrue(broker.awaitExit(ENDS), () -> broker.output());
        assertEquals(78, broker.exitValue(), () -> broker.output());
        assertTrue(broker.output().contains("MEE0404") && broker.output().contains("memphisee.storage.key.file"), broker.output());

        broker.launch(keys("2026-02", "2026-01"));
        broker.awaitReady();
        assertTrue(broker.log().contains("MEE0406: The storage key is 2026-02 now"), broker.log());
        broker.stop();
        broker.launch(keys("2026-02"));
        broker.awaitReady();
        try (Connection connection = connect()) {
            assertEquals(WORD + " payload", new String(connection.jetStreamManagement().getMessage(WORD + "-stream", 1).getData(),
                StandardCharsets.UTF_8));
        }
        assertFalse(broker.log().contains("MEE0406"), broker.log());
    }
}
