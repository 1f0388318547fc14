package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.memphisee.core.CoreClient.Message;
import org.memphisee.core.api.Author;
import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.StationView;
import org.memphisee.store.memory.MemoryLogStore;
import org.memphisee.support.Await;

/** A whole broker with stations whose members give up messages, as SDKs do. */
abstract class LetterFixture {

    static final Author ROOT = Author.named("root");

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    Broker broker;
    CoreClient client;

    @BeforeEach
    void start() throws StoreException {
        broker = WholeBroker.open(WholeBroker.options(2, 1_000_000), store, new WholeBroker.Events(happened));
        client = new CoreClient(broker, WholeBroker.SECRET);
    }

    @AfterEach
    void stop() throws StoreException {
        broker.close();
        assertEquals(List.of(), happened);
    }

    void restart() throws StoreException {
        broker.close();
        store.crash();
        store = store.reopen();
        start();
    }

    /** The power goes during the so-many-th write from now. */
    void cutPower(int writes, MemoryLogStore.Moment moment) {
        store.cutPower(writes, moment);
    }

    boolean powerCut() {
        return store.powerCut();
    }

    /** An empty disk; the next start is the first one there. */
    void clean() {
        store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    }

    void station(String name, String dls) {
        assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + name
            + "\",\"retention_type\":\"ack_based\",\"retention_value\":0,\"storage_type\":\"file\",\"replicas\":1,"
            + "\"idempotency_window_in_ms\":120000,\"partitions_number\":2,\"schema_name\":\"\",\"username\":\"root\","
            + "\"dls_configuration\":{\"poison\":true,\"Schemaverse\":true},\"dls_station\":\"" + dls + "\",\"version\":2}"));
    }

    void join(String station, String group) {
        join(station, group, 30_000);
    }

    void join(String station, String group, int ackMillis) {
        String answer = client.request("$memphis_consumer_creations", "{\"name\":\"m\",\"station_name\":\"" + station
            + "\",\"connection_id\":\"c1\",\"consumer_type\":\"application\",\"consumers_group\":\"" + group + "\",\"max_ack_time_ms\":"
            + ackMillis + ",\"max_msg_deliveries\":2,\"start_consume_from_sequence\":1,\"last_messages\":-1,\"req_version\":4,"
            + "\"username\":\"root\"}");
        assertTrue(answer.contains("\"error\":\"\""), answer);
    }

    void publish(String stream, String header, String payload) {
        String answer = CoreClient.get(client.ask(stream + ".final", header, payload));
        assertFalse(answer.contains("error"), answer);
    }

    /** A member dead-letters the next message as an SDK does. */
    void deadLetter(String stream, String group, String reason) {
        Message m = client.fetch(stream, group.replace('.', '#'), 1).get(0);
        client.publish(m.reply(), "", "+TERM");
        String[] token = m.reply().split("\\.");
        int dollar = stream.indexOf('$');
        client.publish("$memphis_nacked_dls", "", "{\"station_name\":\"" + stream.substring(0, dollar) + "\",\"error\":\"" + reason
            + "\",\"partition\":" + stream.substring(dollar + 1) + ",\"cg_name\":\"" + group + "\",\"seq\":" + token[5] + "}");
    }

    StationView view(String station) {
        return CoreClient.get(broker.control().memphis().administration().queries().find(station)).orElseThrow();
    }

    DeadLetters letters() {
        return broker.control().deadLetters();
    }

    List<DeadLetter> list(String station, Letter.Kind kind) {
        return CoreClient.get(letters().newest(view(station), -1, kind, Long.MAX_VALUE, 100));
    }

    List<DeadLetter> await(String station, int count) {
        Await.until(count + " dead letters of " + station, () -> list(station, Letter.Kind.UNACKED).size() == count);
        return list(station, Letter.Kind.UNACKED);
    }

    static String payload(DeadLetter letter) {
        return new String(letter.message().orElseThrow().payload(), StandardCharsets.UTF_8);
    }
}
