package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.client.Destination;
import org.memphisee.core.client.LocalMessage;
import org.memphisee.core.client.PartitionChoice;
import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.stations.StationChange;
import org.memphisee.core.stations.StationView;
import org.memphisee.schema.Languages;
import org.memphisee.store.memory.MemoryLogStore;
import org.memphisee.support.Await;

/** What the broker refuses because it does not fit its schema, or only warns of, is a dead letter where such are kept. */
class SchemaLettersTest {

    private static final Author ROOT = Author.named("root");

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    private Broker broker;
    private CoreClient client;

    @BeforeEach
    void start() throws StoreException {
        broker = Broker.open(WholeBroker.options(2, 1_000_000), store, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }, new WholeBroker.Events(happened), new Languages());
        client = new CoreClient(broker, WholeBroker.SECRET);
    }

    @AfterEach
    void stop() {
        broker.close();
        assertEquals(List.of(), happened);
    }

    private void restart() throws StoreException {
        broker.close();
        store.crash();
        store = store.reopen();
        start();
    }

    private void station(String name, boolean kept, String more) {
        assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + name + "\",\"partitions_number\":1,"
            + "\"dls_configuration\":{\"poison\":true,\"Schemaverse\":" + kept + "}" + more + "}"));
    }

    private void schema() {
        assertEquals("{\"error\":\"\"}", client.request("$memphis_schema_creations",
            "{\"name\":\"n\",\"type\":\"json\",\"schema_content\":\"{\\\"type\\\":\\\"integer\\\"}\"}"));
    }

    private StationView view(String station) {
        return CoreClient.get(broker.control().memphis().administration().queries().find(station)).orElseThrow();
    }

    private List<DeadLetter> failures(String station, int count) {
        Await.until(count + " failures of " + station, () -> view(station).deadLetters().schema() == count);
        return CoreClient.get(broker.control().deadLetters().newest(view(station), -1, Letter.Kind.SCHEMA, Long.MAX_VALUE, 100));
    }

    private static String payload(DeadLetter letter) {
        return new String(letter.message().orElseThrow().payload(), StandardCharsets.UTF_8);
    }

    private String publish(String stream, String header, String payload) {
        return CoreClient.get(client.ask(stream + ".final", header, payload));
    }

    private void change(StationChange change) {
        CoreClient.get(broker.control().memphis().administration().change(ROOT, change));
    }

    @Test
    void shouldKeepWhatWasRefusedWithTheReason() throws StoreException {
        schema();
        station("s", true, ",\"schema_name\":\"n\"");
        assertTrue(publish("s$1", "$memphis_producedBy: p", "\"bad\"").contains("20720"));
        assertTrue(publish("s$1", "", "7").contains("\"seq\":1"));
        failures("s", 1);
        restart();
        DeadLetter letter = failures("s", 1).get(0);
        assertEquals("\"bad\"", payload(letter));
        assertTrue(letter.letter().error().contains("integer"), letter.letter().error());
        assertEquals(0, letter.letter().sequence());
        assertTrue(new String(letter.message().orElseThrow().header(), StandardCharsets.UTF_8).contains("$memphis_producedBy: p\r\n"));
        client.publish("s$1.final", "", "\"nobody waits for an answer\"");
        assertEquals(2, failures("s", 2).size());
        assertEquals(1, view("s").messages());
    }

    @Test
    void shouldKeepWhatIsStoredWithAWarning() {
        schema();
        station("s", true, "");
        CoreClient.get(broker.control().memphis().schemas().attach(ROOT, List.of("s"), "n", Enforcement.WARN));
        assertTrue(publish("s$1", "", "\"odd\"").contains("\"seq\":1"));
        assertEquals("\"odd\"", payload(failures("s", 1).get(0)));
        assertEquals(1, view("s").messages());
    }

    @Test
    void shouldKeepNothingWhereTheStationDoesNotWantItUntilItDoes() {
        schema();
        station("s", false, ",\"schema_name\":\"n\"");
        assertTrue(publish("s$1", "", "\"lost\"").contains("20720"));
        change(StationChange.deadLetters("s", false, true));
        assertTrue(publish("s$1", "", "\"kept\"").contains("20720"));
        assertEquals("\"kept\"", payload(failures("s", 1).get(0)));
        change(StationChange.deadLetters("s", true, false));
        assertTrue(publish("s$1", "", "\"lost again\"").contains("20720"));
        CoreClient.get(client.ask("s$1.final", "7")); // behind it
        assertEquals(1, failures("s", 1).size());
    }

    @Test
    void shouldKeepThoseOfAStreamThatSaysSo() {
        schema();
        client.request("$JS.API.STREAM.CREATE.PLAIN", "{\"name\":\"PLAIN\",\"subjects\":[\"p.>\"],"
            + "\"metadata\":{\"memphisee.dead-letters\":\"true\"}}");
        assertEquals("", client.request("$memphis_schema_attachments", "{\"name\":\"n\",\"station_name\":\"PLAIN\"}"));
        assertTrue(CoreClient.get(client.ask("p.a", "x")).contains("20720"));
        assertEquals("x", payload(failures("PLAIN", 1).get(0)));
    }

    @Test
    void shouldGiveTheDeadLetterStationACopyAndMakeNoLetterOfACopyThatDoesNotFit() {
        schema();
        station("s", true, ",\"schema_name\":\"n\",\"dls_station\":\"dead\"");
        assertTrue(publish("s$1", "k: v", "\"bad\"").contains("20720"));
        Await.until("the copy", () -> view("dead").messages() == 1);
        assertTrue(client.request("$JS.API.STREAM.MSG.GET.dead$1", "{\"seq\":1}").contains("\"data\":\"ImJhZCI=\""));
        assertEquals("", client.request("$memphis_schema_attachments", "{\"name\":\"n\",\"station_name\":\"dead\"}"));
        assertTrue(publish("s$1", "k: v", "\"bad too\"").contains("20720"));
        failures("s", 2);
        Await.until("the copy is refused", () -> broker.rejections().stream().anyMatch(r -> r.stream().equals("dead$1") && r.refused() > 1));
        assertEquals(0, view("dead").deadLetters().schema());
    }

    @Test
    void shouldPutBackWhatFitsOnly() {
        schema();
        station("s", true, ",\"schema_name\":\"n\"");
        publish("s$1", "", "\"7\"");
        long id = failures("s", 1).get(0).letter().id();
        String why = assertThrows(ExecutionException.class, () -> broker.control().deadLetters().putBack(ROOT, view("s"), id, null, null)
            .get()).getCause().getMessage();
        assertTrue(why.startsWith("Schema validation has failed: "), why);
        assertEquals(1, failures("s", 1).size());
        CoreClient.get(broker.control().deadLetters().putBack(ROOT, view("s"), id, null, "7".getBytes(StandardCharsets.UTF_8)));
        assertEquals(0, failures("s", 0).size());
        assertEquals(1, view("s").messages());
    }

    @Test
    void shouldKeepWhatADoorInTheProcessWasRefused() {
        schema();
        station("s", true, ",\"schema_name\":\"n\"");
        assertThrows(ExecutionException.class, () -> broker.local().connection("rest-gateway", "root").publish(new Destination("s",
            "rest-gateway", PartitionChoice.ROUND_ROBIN), new LocalMessage(new byte[0], "x".getBytes(StandardCharsets.UTF_8))).get());
        assertEquals("x", payload(failures("s", 1).get(0)));
    }

    /** A flood costs the letters of one producer, not those of another one, nor the messages of a third. */
    @Test
    void shouldBoundWhatAFloodLeaves() {
        schema();
        station("s", true, ",\"schema_name\":\"n\"");
        for (int i = 0; i < 5_000; i++) {
            client.publish("s$1.final", "", "\"flood\"");
        }
        assertTrue(publish("s$1", "$memphis_producedBy: other", "\"mine\"").contains("20720"));
        assertTrue(publish("s$1", "", "7").contains("\"seq\":1"));
        Await.until("the letter of the other producer", () -> CoreClient.get(broker.control().deadLetters().newest(view("s"), -1,
            Letter.Kind.SCHEMA, Long.MAX_VALUE, 10)).stream().anyMatch(l -> payload(l).equals("\"mine\"")));
        assertFalse(view("s").deadLetters().schema() > 1_201, "of two minutes at most");
        assertEquals(5_001, view("s").deadLetters().schema() + view("s").deadLetters().notKept());
    }
}
