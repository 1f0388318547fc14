package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.ApiKey;
import org.memphisee.core.access.NewApiKey;

/** Keys with which programs use this API (features.md F-179). */
final class ApiKeyOperations {

    List<Operation> all() {
        return List.of(Operation.get("v2/api-keys", this::list), Operation.post("v2/api-keys", this::make).own(),
            Operation.delete("v2/api-keys", this::revoke).own());
    }

    private JsonNode list(Call call) {
        ObjectNode answer = Texts.object();
        ArrayNode keys = answer.putArray("keys");
        call.engine().users().apiKeys().list(call.user().name()).forEach(key -> keys.add(json(key)));
        return answer;
    }

    private JsonNode make(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name");
        long days = body.number("expires_days");
        body.check();
        call.requireSignIn();
        NewApiKey made = Waiting.await(call.engine().users().apiKeys().make(call.author(), name, days));
        return json(made.key()).put("key", made.secret());
    }

    private JsonNode revoke(Call call) {
        JsonBody body = call.body();
        long id = body.requiredNumber("id");
        body.check();
        Waiting.await(call.engine().users().apiKeys().revoke(call.author(), id));
        return Texts.object();
    }

    private static ObjectNode json(ApiKey key) {
        return Texts.object().put("id", key.id()).put("user", key.user()).put("name", key.name())
            .put("created_at", Texts.time(key.createdNanos())).put("expires_at", Texts.time(key.expiresNanos()));
    }
}
