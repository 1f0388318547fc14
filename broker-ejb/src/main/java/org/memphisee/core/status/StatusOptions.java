package org.memphisee.core.status;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.memphisee.core.status.StatusPages.RefusedException;
import org.memphisee.port.ServerIdentity;

/**
 * The body of a question: which servers are meant, and what the page is to show, in the names of NATS tools.
 *
 * @param body the object, empty when there is none
 */
record StatusOptions(JsonNode body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Members that are called otherwise in the query of a page. */
    private static final Map<String, String> NAMES = Map.of("subscriptions", "subs", "account", "acc", "consumer", "consumers",
        "leader_only", "leader-only", "include_unused", "unused");
    private static final List<String> STATES = List.of("open", "closed", "any");

    /** Reads a body; an empty one asks for everything. */
    static StatusOptions read(byte[] payload) throws RefusedException {
        if (payload.length == 0) {
            return new StatusOptions(JSON.createObjectNode());
        }
        try {
            JsonNode body = JSON.readTree(payload);
            if (body != null && body.isObject()) {
                return new StatusOptions(body);
            }
        } catch (IOException malformed) {
            // answered below
        }
        throw new RefusedException("the body of the request is no JSON object");
    }

    /** Whether this server is one of those that are asked. It is in no cluster and no domain, and has no tags. */
    boolean meant(ServerIdentity identity, String host) {
        boolean exactly = body.path("exact_match").asBoolean();
        return matches("server_name", identity.serverName(), exactly) && matches("host", host, exactly)
            && matches("cluster", "", exactly) && matches("domain", "", exactly) && body.path("tags").isEmpty();
    }

    private boolean matches(String member, String own, boolean exactly) {
        String asked = body.path(member).asText();
        return asked.isEmpty() || (exactly ? own.equals(asked) : own.contains(asked));
    }

    /** As the query of a page. */
    Map<String, String> parameters(String path) {
        Map<String, String> parameters = new HashMap<>();
        body.properties().forEach(member -> {
            if (member.getValue().isValueNode() && !member.getValue().isNull()) {
                String name = path.equals("/healthz") ? member.getKey() : NAMES.getOrDefault(member.getKey(), member.getKey());
                parameters.put(name, member.getValue().asText());
            }
        });
        JsonNode state = body.path("state");
        if (state.isInt() && state.asInt() >= 0 && state.asInt() < STATES.size()) {
            parameters.put("state", STATES.get(state.asInt()));
        }
        if (body.path("subscriptions_detail").asBoolean()) {
            parameters.put("subs", "detail");
        }
        return parameters;
    }

    /** Accounts that are asked for; empty for all. */
    List<String> accounts() {
        List<String> names = new ArrayList<>();
        body.path("accounts").forEach(name -> names.add(name.asText()));
        return names;
    }
}
