package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.integrations.Messenger;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.notices.Alert;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.tiering.FakeObjectStore;
import org.memphisee.schema.Languages;
import org.memphisee.store.memory.MemoryLogStore;

/** What a whole broker tells people elsewhere of messages that nobody can process or that do not fit (F-112, F-131). */
class LetterAlertsTest {

    private static final Author ROOT = Author.named("root");
    private static final Map<String, String> KEYS = Map.of("auth_token", "xoxb-1", "channel_id", "C1");

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    private Broker broker;
    private CoreClient client;
    private Integrations integrations;

    @BeforeEach
    void start() throws StoreException {
        broker = Broker.open(WholeBroker.options(2, 1_000_000), new MemoryLogStore(MemoryLogStore.Disk.KEEPS), task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }, new WholeBroker.Events(happened), new Languages());
        client = new CoreClient(broker, WholeBroker.SECRET);
        integrations = CoreClient.get(broker.control().integrate(new Integrations.Services(new Messenger() {
            @Override
            public CompletableFuture<Answer> check(Target target) {
                return CompletableFuture.completedFuture(Answer.DONE);
            }

            @Override
            public CompletableFuture<Answer> send(Target target, String title, String text, String link) {
                sent.add(title + '|' + text + '|' + link);
                return CompletableFuture.completedFuture(Answer.DONE);
            }
        }, new FakeObjectStore()), new SecretBox(new byte[32]), 1 << 20));
        CoreClient.get(broker.control().runtime().change(ROOT, Map.of(RuntimeSetting.UI_HOST, "https://ui.example")));
    }

    @AfterEach
    void stop() {
        broker.close();
        assertEquals(List.of(), happened);
    }

    private void wanted(String... switches) throws InterruptedException {
        Map<String, Boolean> on = new java.util.HashMap<>();
        for (String one : switches) {
            on.put(one, true);
        }
        CoreClient.get(integrations.create(ROOT, "slack", KEYS, on));
        assertTrue(next().startsWith("Memphis|"));
    }

    private String next() throws InterruptedException {
        String message = sent.poll(20, TimeUnit.SECONDS);
        assertTrue(message != null, "nothing was sent");
        return message;
    }

    private void station(String more) {
        assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"s.t\",\"partitions_number\":2,"
            + "\"dls_configuration\":{\"poison\":true,\"Schemaverse\":true}" + more + "}"));
    }

    private void join() {
        client.request("$memphis_consumer_creations", "{\"name\":\"m\",\"station_name\":\"s.t\",\"connection_id\":\"c1\","
            + "\"consumer_type\":\"application\",\"consumers_group\":\"g.1\",\"max_ack_time_ms\":30000,\"max_msg_deliveries\":2,"
            + "\"start_consume_from_sequence\":1,\"last_messages\":-1,\"req_version\":4,\"username\":\"root\"}");
    }

    @Test
    void shouldSendOneAlertOfAFloodOfPoisonWithTheWayToALetter() throws InterruptedException {
        wanted("poison_message_alert");
        station("");
        join();
        for (int i = 0; i < 300; i++) {
            CoreClient.get(client.ask("s#t$" + (1 + i % 2) + ".final", "x"));
        }
        for (int partition = 1; partition <= 2; partition++) {
            client.fetch("s#t$" + partition, "g#1", 150).forEach(m -> client.publish(m.reply(), "", "+TERM no good"));
        }
        String alert = next();
        assertTrue(alert.matches("(?s)Poison message\\|Station s\\.t: group g\\.1 dead-lettered a message( \\(and \\d+ more\\))?\nno good"
            + "\\|https://ui\\.example/stations/s\\.t/\\d+"), alert);
        long id = Long.parseLong(alert.substring(alert.lastIndexOf('/') + 1));
        assertTrue(CoreClient.get(broker.control().deadLetters().find("root", "s.t", id)).isPresent());
        assertEquals(null, sent.poll(3, TimeUnit.SECONDS), "the rest of the minute is one alert more");
        assertEquals(1, broker.control().notices().raised(Alert.Kind.POISON_MESSAGE));
    }

    private void schema() {
        client.request("$memphis_schema_creations",
            "{\"name\":\"n\",\"type\":\"json\",\"schema_content\":\"{\\\"type\\\":\\\"integer\\\"}\"}");
    }

    @Test
    void shouldSendAnAlertOfWhatDoesNotFitIfThatIsWanted() throws InterruptedException {
        wanted("schema_validation_fail_alert");
        schema();
        station(",\"schema_name\":\"n\"");
        join();
        CoreClient.get(client.ask("s#t$1.final", "7"));
        client.fetch("s#t$1", "g#1", 1).forEach(m -> client.publish(m.reply(), "", "+TERM"));
        assertTrue(client.request("s#t$1.final", "\"x\"").contains("20720"));
        String alert = next();
        assertTrue(alert.startsWith("Schema validation has failed|Station s.t: a message does not fit schema n\n"), alert);
        assertTrue(alert.contains("integer"), alert);
        assertTrue(alert.contains("|https://ui.example/stations/s.t"), alert);
    }

    /** SDKs check for themselves, and tell only when they are told that somebody wants to hear of it. */
    @Test
    void shouldTellSdksWhetherAlertsOfSchemasAreWanted() throws InterruptedException {
        station("");
        String producer = "{\"name\":\"p\",\"station_name\":\"s.t\",\"connection_id\":\"c1\",\"producer_type\":\"application\","
            + "\"req_version\":3,\"username\":\"root\"}";
        assertTrue(client.request("$memphis_producer_creations", producer).contains("\"send_notification\":false"));
        client.subscribe("$memphis_sdk_clients_updates");
        wanted("schema_validation_fail_alert");
        assertEquals("{\"station_name\":\"\",\"type\":\"send_notification\",\"update\":true}", client.next().payload());
        assertTrue(client.request("$memphis_producer_creations", producer).contains("\"send_notification\":true"));
        CoreClient.get(integrations.update(ROOT, "slack", KEYS, Map.of("schema_validation_fail_alert", true,
            "poison_message_alert", true))); // nothing new for SDKs
        CoreClient.get(integrations.remove(ROOT, "slack"));
        assertEquals("{\"station_name\":\"\",\"type\":\"send_notification\",\"update\":false}", client.next().payload());
    }
}
