package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.client.Destination;
import org.memphisee.core.client.LocalMessage;
import org.memphisee.core.client.LocalRefusal;
import org.memphisee.core.client.PartitionChoice;
import org.memphisee.core.client.Stored;
import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.Rejections;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaLanguages;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.schema.Languages;
import org.memphisee.store.memory.MemoryLogStore;

/** What becomes of messages of stations with a schema, in a whole broker. */
class SchemaEnforcementTest {

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
    private final Slow languages = new Slow();
    private Broker broker;
    private CoreClient client;

    /** The real languages; a message that begins with a blank waits until the test lets it go on. */
    private static final class Slow implements SchemaLanguages {
        private final Languages real = new Languages();
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch waits = new CountDownLatch(1);

        @Override
        public SchemaText read(SchemaType type, String file, String content, String messageName) throws SchemaException {
            return real.read(type, file, content, messageName);
        }

        @Override
        public MessageCheck check(SchemaType type, SchemaText text) throws SchemaException {
            MessageCheck check = real.check(type, text);
            return (bytes, offset, length) -> {
                if (length > 0 && bytes[offset] == ' ') {
                    waits.countDown();
                    await(go);
                }
                return check.problem(bytes, offset, length);
            };
        }

        @Override
        public List<String> breaks(SchemaType type, SchemaText reader, SchemaText writer) throws SchemaException {
            return real.breaks(type, reader, writer);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody counted down");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        broker = Broker.open(WholeBroker.options(1, 20_000_000), new MemoryLogStore(MemoryLogStore.Disk.KEEPS), task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }, new WholeBroker.Events(happened), languages);
        client = new CoreClient(broker, WholeBroker.SECRET);
        station("s", "");
        assertEquals("{\"error\":\"\"}", client.request("$memphis_schema_creations",
            "{\"name\":\"n\",\"type\":\"json\",\"schema_content\":\"{\\\"type\\\":\\\"integer\\\"}\"}"));
    }

    private void station(String name, String more) {
        assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + name + "\",\"partitions_number\":1" + more
            + "}"));
    }

    private void attach(String station) {
        assertEquals("", client.request("$memphis_schema_attachments",
            "{\"name\":\"n\",\"station_name\":\"" + station + "\"}"));
    }

    private void detach() {
        assertEquals("", client.request("$memphis_schema_detachments", "{\"station_name\":\"s\"}"));
    }

    @AfterEach
    void stop() {
        languages.go.countDown();
        broker.close();
        assertEquals(List.of(), happened);
    }

    @Test
    void shouldRefuseWhatDoesNotFitAndSayWhy() {
        attach("s");
        assertTrue(client.request("s$1.final", "1").contains("\"seq\":1"));
        String refusal = client.request("s$1.final", "\"x\"");
        assertTrue(refusal.contains("\"code\":400") && refusal.contains("\"err_code\":20720")
            && refusal.contains("Schema validation has failed: ") && refusal.contains("integer"), refusal);
        client.publish("s$1.final", "", "\"y\"");
        assertTrue(client.request("s$1.final", "2").contains("\"seq\":2"));
        assertEquals(List.of(new Rejections("s$1", "n", SchemaType.JSON, 2, 0, broker.rejections().get(0).last())), broker.rejections());
        assertTrue(broker.rejections().get(0).last().contains("integer"));
    }

    @Test
    void shouldCheckFromTheFirstMessageOfAStationThatIsMadeWithASchema() {
        station("t", ",\"schema_name\":\"n\"");
        assertTrue(client.request("t$1.final", "x").contains("20720"));
    }

    @Test
    void shouldKeepTheOrderOfAPublisherWhenASchemaComesAndGoes() {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        answers.add(client.ask("s$1.final", "1"));
        attach("s");
        answers.add(client.ask("s$1.final", " 2"));
        await(languages.waits);
        detach();
        for (int i = 3; i < 50; i++) {
            answers.add(client.ask("s$1.final", "\"not checked any more " + i + "\""));
        }
        languages.go.countDown();
        for (int i = 0; i < answers.size(); i++) {
            String answer = CoreClient.get(answers.get(i));
            assertTrue(answer.contains("\"seq\":" + (i + 1)), i + ": " + answer);
        }
        assertTrue(client.request("s$1.final", "last").contains("\"seq\":50"));
    }

    @Test
    void shouldStoreOfABatchWhatComesBeforeTheFirstThatDoesNotFit() throws Exception {
        attach("s");
        for (int i = 0; i < 50; i++) { // who is told first depends on two threads
            List<CompletableFuture<Stored>> results = CoreClient.get(broker.local().connection("door", "root")
                .publishAll(new Destination("s", "door", PartitionChoice.ROUND_ROBIN), List.of(message("1"), message("x"), message("3"))));
            assertEquals(i + 1, CoreClient.get(results.get(0)).sequence());
            assertEquals(LocalRefusal.Kind.INVALID, refusal(results.get(1)).kind());
            assertTrue(refusal(results.get(1)).getMessage().startsWith("Schema validation has failed: "));
            assertEquals(LocalRefusal.Kind.FAILED, refusal(results.get(2)).kind());
        }
    }

    private static LocalMessage message(String text) {
        return new LocalMessage(new byte[0], text.getBytes(StandardCharsets.UTF_8));
    }

    private static LocalRefusal refusal(CompletableFuture<Stored> result) throws Exception {
        try {
            result.get(20, TimeUnit.SECONDS);
            throw new AssertionError("stored");
        } catch (ExecutionException e) {
            return (LocalRefusal) e.getCause();
        }
    }

    @Test
    void shouldHoldUpNobodyElseWhileAMessageIsLookedAt() {
        station("free", "");
        attach("s");
        CompletableFuture<String> slow = client.ask("s$1.final", " 1");
        await(languages.waits);
        assertTrue(client.request("free$1.final", "x").contains("\"seq\":1"));
        assertEquals("", client.request("$memphis_schema_attachments", "{\"name\":\"n\",\"station_name\":\"free\"}"));
        languages.go.countDown();
        assertTrue(CoreClient.get(slow).contains("\"seq\":1"));
    }
}
