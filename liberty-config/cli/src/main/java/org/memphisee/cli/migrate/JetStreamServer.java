package org.memphisee.cli.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.client.BrokerSession;

/** A server with JetStream's API, as source or as target. */
public final class JetStreamServer implements Target {

    static final String API = "$JS.API.";
    private static final int STREAM_NOT_FOUND = 10059;

    private final Broker broker;
    private final BrokerSession session;

    /** Over a session that the caller closes. */
    public JetStreamServer(Broker broker) {
        this.broker = broker;
        session = broker.open();
    }

    Broker broker() {
        return broker;
    }

    BrokerSession session() {
        return session;
    }

    /** Largest message it takes, in bytes. */
    public int maxPayload() {
        return session.maxPayload();
    }

    /** Asks the API; errors end the command. */
    JsonNode ask(String operation, JsonNode body) {
        return broker.request(session, API + operation, body.toString());
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public List<JsonNode> streams() {
        return all("STREAM.LIST", "streams");
    }

    @Override
    public List<JsonNode> consumers(String stream) {
        return all("CONSUMER.LIST." + stream, "consumers");
    }

    private List<JsonNode> all(String operation, String member) {
        List<JsonNode> found = new ArrayList<>();
        int total = 1;
        while (found.size() < total) {
            JsonNode page = ask(operation, object().put("offset", found.size()));
            page.path(member).forEach(found::add);
            total = page.path("total").asInt();
            if (page.path(member).isEmpty()) {
                break; // some went meanwhile
            }
        }
        return found;
    }

    @Override
    public Optional<JsonNode> stream(String name) {
        JsonNode answer = broker.ask(session, API + "STREAM.INFO." + name, "");
        JsonNode error = answer.path("error");
        if (error.isMissingNode()) {
            return Optional.of(answer);
        }
        if (error.path("err_code").asInt() == STREAM_NOT_FOUND) {
            return Optional.empty();
        }
        throw CliFailure.refused(error.path("description").asText());
    }

    /**
     * Streams that keep messages whatever consumers do are read by a consumer that acknowledges nothing; others message by
     * message, because no consumer can read them without a trace (ADR 0166).
     */
    @Override
    public MessageReader read(JsonNode info, long from, long to) {
        String retention = info.path("config").path("retention").asText("limits");
        if (retention.equals("limits") && info.path("config").path("max_consumers").asLong(-1) <= 0) {
            return new PushReader(this, info.path("config").path("name").asText(), from, to);
        }
        return new SingleReader(this, info, from, to);
    }

    @Override
    public Intake begin(String stream, JsonNode config, Optional<StationPlace> station, String id, boolean restart) {
        return new ArchiveIntake(this, stream, config, station, id, restart);
    }
}
