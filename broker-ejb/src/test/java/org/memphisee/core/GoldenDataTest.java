package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.core.api.Author;
import org.memphisee.core.definitions.ConflictPolicy;
import org.memphisee.core.definitions.DefinitionsReport;
import org.memphisee.core.log.StoreException;
import org.memphisee.schema.Languages;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;
import org.memphisee.store.version.DataVersion;

/**
 * Data directories that releases wrote, and that this one works on: {@code golden/data-<release>.zip}, one for each release. A release is
 * ready when {@code -Dmemphisee.golden.data=<release>} has written its own, and the test reads it with those before it.
 */
class GoldenDataTest {

    private static final Path RESOURCES = Path.of("src/test/resources/golden");
    private static final Author ROOT = new Author("root", Author.Door.MANAGEMENT, "127.0.0.1", "golden");
    private static final String DEFINITIONS = """
        {"format":"memphisee.definitions","version":1,"settings":{"logs_retention":"9"},
        "users":[{"name":"shop","password":"Secret-1x","permissions":{"allow_write":["orders"]}}],"tags":[{"name":"red"}],
        "schemas":[{"name":"order","versions":[{"content":"{}"},{"content":"{\\"type\\":\\"object\\"}"}],"active":2}],
        "stations":[{"name":"orders","retention_type":"messages","retention_value":1000,"partitions":2,"durability":"interval",
        "schema":{"name":"order","version":1,"enforcement":"warn"},"groups":[{"name":"billing","max_deliveries":3}]},
        {"name":"jobs","retention_type":"ack_based","groups":[{"name":"workers"}]}]}""";

    private final List<String> unexpected = new CopyOnWriteArrayList<>();

    @TempDir
    private Path directory;

    private interface Work {
        void with(Broker broker, CoreClient client) throws Exception;
    }

    private void run(Path data, Work work) throws Exception {
        Files.createDirectories(data.resolve("log"));
        try (JeLogStore store = JeLogStore.open(new JeStoreSettings(data.resolve("log"), 16L << 20, 0, task -> new Thread(task, "drop")))) {
            try (Broker broker = open(store)) {
                work.with(broker, new CoreClient(broker, WholeBroker.SECRET));
            }
        }
        assertEquals(List.of(), unexpected);
    }

    private Broker open(JeLogStore store) throws StoreException {
        return Broker.open(WholeBroker.options(2, 1_000_000), store, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }, new WholeBroker.Events(unexpected), new Languages());
    }

    /** Messages, positions and everything that may be defined. */
    private void fill(Path data) throws Exception {
        run(data, (broker, client) -> {
            DefinitionsReport report = CoreClient.get(broker.control().transfer().bringIn(ROOT,
                DEFINITIONS.getBytes(StandardCharsets.UTF_8), ConflictPolicy.FAIL, false));
            assertEquals(List.of(), report.failed());
            client.request("$JS.API.STREAM.CREATE.plain", "{\"name\":\"plain\",\"subjects\":[\"plain.>\"],\"max_msgs_per_subject\":1,"
                + "\"allow_direct\":true}");
            client.request("$JS.API.CONSUMER.CREATE.plain.reader", "{\"stream_name\":\"plain\",\"config\":{\"durable_name\":\"reader\","
                + "\"ack_policy\":\"explicit\",\"filter_subject\":\"plain.b\"}}");
            for (int i = 1; i <= 20; i++) {
                client.request("orders$1.final", "{\"order\":" + i + "}");
                client.request("orders$2.final", "{\"order\":" + i * 100 + "}");
                client.request("plain." + (i % 2 == 0 ? "a" : "b"), "value " + i);
            }
            for (int i = 1; i <= 5; i++) {
                CoreClient.get(client.ask("jobs$1.final", "msg-id: job-" + i, "job " + i));
            }
            client.request("$JS.API.STREAM.MSG.DELETE.orders$1", "{\"seq\":4}");
            acknowledge(client, "orders$1", "billing", 7);
            acknowledge(client, "jobs$1", "workers", 2);
        });
        DataVersion.write(data, System.getProperty("memphisee.golden.data", "test"));
    }

    private static void acknowledge(CoreClient client, String stream, String consumer, int count) {
        for (CoreClient.Message message : client.fetch(stream, consumer, count)) {
            client.request(message.reply(), "+ACK"); // answered when it is durable
        }
    }

    private void shouldHoldWhatWasWritten(Path data) throws Exception {
        assertEquals(1, DataVersion.read(data).orElseThrow().format());
        run(data, (broker, client) -> {
            DefinitionsReport same = CoreClient.get(broker.control().transfer().bringIn(ROOT,
                DEFINITIONS.getBytes(StandardCharsets.UTF_8), ConflictPolicy.FAIL, false));
            assertTrue(same.changes().stream().noneMatch(change -> change.toString().contains("CREATE")), same.toString());
            List<CoreClient.Message> orders = client.fetch("orders$1", "billing", 12);
            assertEquals("{\"order\":9}", orders.get(0).payload(), "seven were acknowledged and the fourth was removed before");
            assertEquals("{\"order\":20}", orders.get(11).payload());
            assertEquals("{\"order\":100}", client.fetch("orders$2", "billing", 1).get(0).payload());
            assertEquals("job 3", client.fetch("jobs$1", "workers", 1).get(0).payload());
            String twice = client.request("$JS.API.STREAM.INFO.jobs$1", "");
            assertTrue(twice.contains("\"messages\":3"), twice);
            assertTrue(client.request("$JS.API.DIRECT.GET.plain", "{\"last_by_subj\":\"plain.a\"}").contains("value 20"));
            assertEquals("value 19", client.fetch("plain", "reader", 1).get(0).payload());
            String ack = client.request("orders$1.final", "{\"order\":21}");
            assertTrue(ack.contains("\"seq\":21"), ack);
        });
        run(data, (broker, client) -> assertTrue(client.request("$JS.API.STREAM.INFO.orders$1", "").contains("\"last_seq\":21")));
    }

    static List<Path> releases() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            return files.filter(file -> file.getFileName().toString().matches("data-.*\\.zip")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldWorkOnTheDataOfEachRelease(Path release) throws Exception {
        unpack(release, directory);
        shouldHoldWhatWasWritten(directory);
    }

    /** What the golden data are made by still makes what the test looks for. */
    @Test
    void shouldWorkOnItsOwnData() throws Exception {
        fill(directory);
        shouldHoldWhatWasWritten(directory);
    }

    @Test
    @EnabledIfSystemProperty(named = "memphisee.golden.data", matches = ".+")
    void shouldWriteTheDataOfThisRelease() throws Exception {
        fill(directory);
        pack(directory, RESOURCES.resolve("data-" + System.getProperty("memphisee.golden.data") + ".zip"));
    }

    private static void pack(Path data, Path zip) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(data)) {
            all.filter(Files::isRegularFile).filter(file -> !file.getFileName().toString().endsWith(".lck")).sorted().forEach(files::add);
        }
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Path file : files) {
                out.putNextEntry(new ZipEntry(data.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    private static void unpack(Path zip, Path to) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = to.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                try (OutputStream out = Files.newOutputStream(file)) {
                    copy(in, out);
                }
            }
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        in.transferTo(out);
    }
}
