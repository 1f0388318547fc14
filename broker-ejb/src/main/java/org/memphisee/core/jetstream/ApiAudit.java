package org.memphisee.core.jetstream;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.control.ControlEngine;

/** Tells who listens of each request to the API, who made it and how it was answered (jetstream-api.md 6.15). Any thread. */
final class ApiAudit {

    static final String SUBJECT = "$JS.EVENT.ADVISORY.API";
    /** Characters of a body that are told; an answer to LIST may be longer than a message. */
    private static final int MOST = 64 << 10;

    private final ControlEngine engine;
    private final InternalPublisher publisher;

    ApiAudit(ControlEngine engine) {
        this.engine = engine;
        this.publisher = engine.publisher();
    }

    /** A request was answered; nothing is made of it that nobody hears. */
    void answered(ApiRequest request, byte[] response) {
        if (!publisher.heard(SUBJECT)) {
            return;
        }
        String server = engine.settings().serverName();
        ObjectNode event = StreamJson.node().put("type", "io.nats.jetstream.advisory.v1.api_audit")
            .put("id", engine.world().newId()).put("timestamp", Times.format(engine.clock().wallNanos()))
            .put("server", server);
        ObjectNode client = event.putObject("client").put("acc", request.client().tenant())
            .put("user", request.client().user());
        if (!request.client().lang().isEmpty()) {
            client.put("lang", request.client().lang());
        }
        client.put("server", server);
        event.put("subject", request.subject());
        if (request.payload().length > 0) {
            event.put("request", text(request.payload()));
        }
        event.put("response", text(response));
        publisher.publish(SUBJECT, event.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 4 * MOST), StandardCharsets.UTF_8);
        return text.length() <= MOST ? text : text.substring(0, MOST) + "...";
    }
}
