package org.memphisee.core.jetstream;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.partition.StreamState;

/** Tells subscribers that snapshots and restores begin and end (jetstream-new.md 6). Any thread. */
final class TransferAdvisories {

    private static final String PREFIX = "$JS.EVENT.ADVISORY.STREAM.";
    private static final String TYPE = "io.nats.jetstream.advisory.v1.";

    private final ControlEngine engine;

    TransferAdvisories(ControlEngine engine) {
        this.engine = engine;
    }

    void snapshotBegins(String stream, StreamState state, ClientIdentity client) {
        ObjectNode n = envelope("snapshot_create", stream, client);
        n.set("state", StreamJson.state(state));
        send("SNAPSHOT_CREATE", stream, n);
    }

    void snapshotEnds(String stream, long began, String why, ClientIdentity client) {
        ObjectNode n = times(envelope("snapshot_complete", stream, client), began);
        StreamJson.text(n, "error", why);
        send("SNAPSHOT_COMPLETE", stream, n);
    }

    void restoreBegins(String stream, ClientIdentity client) {
        send("RESTORE_CREATE", stream, envelope("restore_create", stream, client));
    }

    void restoreEnds(String stream, long began, long bytes, ClientIdentity client) {
        send("RESTORE_COMPLETE", stream, times(envelope("restore_complete", stream, client), began).put("bytes", bytes));
    }

    private ObjectNode envelope(String type, String stream, ClientIdentity client) {
        ObjectNode n = StreamJson.node().put("type", TYPE + type).put("id", engine.world().newId())
            .put("timestamp", Times.format(engine.clock().wallNanos())).put("stream", stream);
        n.putObject("client").put("acc", client.tenant()).put("user", client.user());
        return n;
    }

    private ObjectNode times(ObjectNode n, long began) {
        return n.put("start", Times.format(began)).put("end", Times.format(engine.clock().wallNanos()));
    }

    private void send(String what, String stream, ObjectNode n) {
        String subject = PREFIX + what + "." + stream;
        if (engine.publisher().heard(subject)) {
            engine.publisher().publish(subject, n.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
