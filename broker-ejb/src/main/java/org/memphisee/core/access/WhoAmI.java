package org.memphisee.core.access;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.control.ControlSettings;

/** Tells a client as whom it is connected, and to which server: what NATS tools ask first. Any thread. */
public final class WhoAmI {

    /** Open to every user; says nothing of others. */
    static final String SUBJECT = "$SYS.REQ.USER.INFO";

    private final ControlSettings settings;
    private final AtomicLong answers = new AtomicLong();

    public WhoAmI(ControlSettings settings) {
        this.settings = settings;
    }

    /** Serves the question. */
    public void bind(ApiRegistry registry) {
        registry.serve(SUBJECT, this::answer);
    }

    private void answer(ApiRequest request) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("server").put("name", settings.serverName()).put("id", settings.serverName())
            .put("jetstream", true).put("seq", answers.incrementAndGet()).put("time", Instant.now().toString());
        answer.putObject("data").put("user", request.client().user()).put("account", settings.tenant());
        request.reply().send(answer.toString().getBytes(StandardCharsets.UTF_8));
    }
}
