package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.integrations.IntegrationView;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.settings.RuntimeSetting;

/** Where alerts are sent to and messages stored that leave their station (management-api.md M-080 to M-087). Secrets go in and never come out. */
final class IntegrationOperations {

    /** Names of the reference that are asked for and cannot be made. */
    private static final Set<String> NEVER_THERE = Set.of("github");

    List<Operation> all() {
        return List.of(Operation.post("integrations/createIntegration", this::create),
            Operation.post("integrations/updateIntegration", this::update),
            Operation.delete("integrations/disconnectIntegration", this::remove),
            Operation.get("integrations/getIntegrationDetails", this::details),
            Operation.get("integrations/getAllIntegrations", this::list),
            Operation.get("integrations/getSourceCodeBranches", call -> {
                throw ApiFailure.showable("Source code integrations are not supported");
            }),
            Operation.post("integrations/requestIntegration", this::request).own(),
            Operation.get("integrations/getAuditLogs", this::notes),
            Operation.post("v2/integrations/test", this::test));
    }

    private static Integrations integrations(Call call) {
        return call.engine().integrations();
    }

    private JsonNode create(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name");
        JsonBody keys = body.object("keys");
        Map<String, String> reach = Map.of("auth_token", keys.text("auth_token"), "channel_id", keys.text("channel_id"),
            "url", keys.text("url"), "access_key", keys.text("access_key"), "secret_key", keys.text("secret_key"),
            "bucket_name", keys.text("bucket_name"), "region", keys.text("region"), "s3_path_style", keys.text("s3_path_style"));
        JsonBody properties = body.object("properties");
        Map<String, Boolean> switches = Map.of("poison_message_alert", properties.flag("poison_message_alert"),
            "schema_validation_fail_alert", properties.flag("schema_validation_fail_alert"),
            "disconnection_events_alert", properties.flag("disconnection_events_alert"));
        String page = body.text("ui_url");
        body.check();
        requireAll(call);
        if (name.equals("slack") && page.isEmpty() && call.engine().runtime().text(RuntimeSetting.UI_HOST).isEmpty()) {
            throw ApiFailure.showable("must provide UI url for slack integration");
        }
        if (!page.isEmpty() && call.engine().runtime().text(RuntimeSetting.UI_HOST).isEmpty()) {
            Waiting.await(call.engine().runtime().change(call.author(), Map.of(RuntimeSetting.UI_HOST, page)));
        }
        return json(call, Waiting.await(integrations(call).create(call.author(), name, reach, switches)));
    }

    private JsonNode update(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name");
        JsonBody keys = body.object("keys");
        Map<String, String> reach = Map.of("auth_token", keys.text("auth_token"), "channel_id", keys.text("channel_id"),
            "url", keys.text("url"), "access_key", keys.text("access_key"), "secret_key", keys.text("secret_key"),
            "bucket_name", keys.text("bucket_name"), "region", keys.text("region"), "s3_path_style", keys.text("s3_path_style"));
        JsonBody properties = body.object("properties");
        Map<String, Boolean> switches = Map.of("poison_message_alert", properties.flag("poison_message_alert"),
            "schema_validation_fail_alert", properties.flag("schema_validation_fail_alert"),
            "disconnection_events_alert", properties.flag("disconnection_events_alert"));
        body.check();
        requireAll(call);
        return json(call, Waiting.await(integrations(call).update(call.author(), name, reach, switches)));
    }

    private JsonNode remove(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name");
        body.check();
        requireAll(call);
        Waiting.await(integrations(call).remove(call.author(), name));
        return Texts.object();
    }

    private JsonNode details(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("name");
        query.check();
        if (name.equals("github")) {
            return Texts.object().put("application_name", "");
        }
        return NEVER_THERE.contains(name) ? NullNode.instance
            : integrations(call).find(name).<JsonNode>map(found -> json(call, found)).orElse(NullNode.instance);
    }

    private JsonNode list(Call call) {
        ArrayNode answer = Texts.array();
        integrations(call).list().forEach(integration -> answer.add(json(call, integration)));
        return answer;
    }

    private static ObjectNode json(Call call, IntegrationView integration) {
        ObjectNode n = Texts.object().put("id", 1).put("name", integration.name());
        ObjectNode keys = n.putObject("keys");
        integration.keys().forEach(keys::put);
        ObjectNode properties = n.putObject("properties");
        integration.switches().forEach(properties::put);
        IntegrationView.State state = integration.state();
        return n.put("tenant_name", call.engine().tenant()).put("is_valid", integration.valid()).put("sent", state.sent())
            .put("waiting", state.waiting()).put("dropped", state.dropped())
            .put("last_sent_at", Texts.time(state.lastSentNanos())).put("last_error", state.lastError());
    }

    /** What somebody misses is nobody's business but theirs: nothing leaves this machine. */
    private JsonNode request(Call call) {
        JsonBody body = call.body();
        body.requiredText("request_content");
        body.check();
        return Texts.object();
    }

    private JsonNode notes(Call call) {
        ApiQuery query = call.query();
        String name = query.requiredText("name");
        query.check();
        ArrayNode answer = Texts.array();
        if (!NEVER_THERE.contains(name)) {
            Waiting.await(integrations(call).notes(name)).forEach(note -> answer.addObject().put("id", answer.size())
                .put("message", note.text()).put("created_at", Texts.time(note.atNanos()))
                .put("tenant_name", call.engine().tenant()));
        }
        return answer;
    }

    private JsonNode test(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("name");
        body.check();
        requireAll(call);
        Waiting.await(integrations(call).test(name));
        return Texts.object();
    }

    /** Alerts tell of all stations, so people with limits do not say where they go. */
    private static void requireAll(Call call) {
        String user = call.user().name();
        if (call.engine().users().permissions(user).restricted()) {
            throw ApiFailure.showable("user " + user + " is not allowed to change integrations");
        }
    }
}
