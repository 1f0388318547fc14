package org.memphisee.core.jetstream;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.memphisee.store.memory.MemoryLogStore;

/** Streams of a whole broker saved and restored as a client does. */
abstract class SnapshotFixture {

    final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    LiveClient client;

    /** What a snapshot was answered with, its bytes, and the header of the last message. */
    record Snapshot(JsonNode answer, byte[] bytes, String status) { }

    @BeforeEach
    void start() throws Exception {
        client = new LiveClient(store);
    }

    @AfterEach
    void stop() {
        client.close();
    }

    Snapshot snapshot(String stream, String more) {
        client.subscribe("snap." + stream, "snap-" + stream);
        JsonNode answer = client.done("STREAM.SNAPSHOT." + stream, "{'deliver_subject':'snap." + stream + "'" + more + "}");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        LiveClient.Message m = client.next();
        while (m.bytes().length > 0) {
            all.writeBytes(m.bytes());
            if (!m.reply().isEmpty()) {
                client.publish(m.reply(), "", "", "");
            }
            m = client.next();
        }
        return new Snapshot(answer, all.toByteArray(), m.status());
    }

    /** Sends it in chunks; the last answer. */
    JsonNode send(String to, byte[] bytes, int chunk) {
        for (int at = 0; at < bytes.length; at += chunk) {
            LiveClient.Message m = client.request(to, "", Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk)));
            if (m.bytes().length > 0) {
                return m.json();
            }
        }
        return client.request(to, "", "").json();
    }
}
