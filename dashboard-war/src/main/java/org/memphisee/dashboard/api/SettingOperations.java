package org.memphisee.dashboard.api;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.core.settings.RuntimeValue;

/** Settings that are changed while the broker runs (management-api.md M-070, M-071). */
final class SettingOperations {

    List<Operation> all() {
        return List.of(Operation.get("configurations/getClusterConfig", this::values),
            Operation.put("configurations/editClusterConfig", this::edit),
            Operation.put("usermgmt/editAnalytics", this::analytics),
            Operation.get("v2/settings", this::details),
            Operation.post("v2/settings/reset", this::reset));
    }

    private JsonNode values(Call call) {
        ObjectNode answer = Texts.object();
        call.engine().runtime().all().stream().filter(value -> !value.setting().flag()).forEach(value -> put(answer, value));
        return answer;
    }

    /** M-014: kept, and nothing follows from it. */
    private JsonNode analytics(Call call) {
        JsonBody body = call.body();
        boolean wanted = body.flag("send_analytics");
        body.check();
        requireAll(call);
        Waiting.await(call.engine().runtime().change(call.author(), Map.of(RuntimeSetting.ANALYTICS, String.valueOf(wanted))));
        return Texts.object();
    }

    static void put(ObjectNode to, RuntimeValue value) {
        if (value.setting().flag()) {
            to.put(value.setting().key(), Boolean.parseBoolean(value.value()));
        } else if (value.setting().number()) {
            to.put(value.setting().key(), Long.parseLong(value.value()));
        } else {
            to.put(value.setting().key(), value.value());
        }
    }

    /** Optional members that are absent keep their value; a number 0 counts as absent. */
    private JsonNode edit(Call call) {
        JsonBody body = call.body();
        Map<RuntimeSetting, String> wanted = new EnumMap<>(RuntimeSetting.class);
        number(wanted, RuntimeSetting.DEAD_LETTER_HOURS, body.requiredNumber("dls_retention"));
        number(wanted, RuntimeSetting.LOG_DAYS, body.requiredNumber("logs_retention"));
        number(wanted, RuntimeSetting.MEMBER_HOURS, body.requiredNumber("gc_producer_consumer_retention_hours"));
        number(wanted, RuntimeSetting.TIERED_SECONDS, body.number("tiered_storage_time_sec"));
        number(wanted, RuntimeSetting.MESSAGE_MIB, body.number("max_msg_size_mb"));
        text(wanted, RuntimeSetting.BROKER_HOST, body.has("broker_host"), body.text("broker_host"));
        text(wanted, RuntimeSetting.UI_HOST, body.has("ui_host"), body.text("ui_host"));
        text(wanted, RuntimeSetting.GATEWAY_HOST, body.has("rest_gw_host"), body.text("rest_gw_host"));
        body.check();
        requireAll(call);
        Waiting.await(call.engine().runtime().change(call.author(), wanted));
        return values(call);
    }

    private static void number(Map<RuntimeSetting, String> wanted, RuntimeSetting setting, long value) {
        if (value != 0) {
            wanted.put(setting, Long.toString(value));
        }
    }

    private static void text(Map<RuntimeSetting, String> wanted, RuntimeSetting setting, boolean given, String value) {
        if (given) {
            wanted.put(setting, value);
        }
    }

    private JsonNode details(Call call) {
        ArrayNode answer = Texts.array();
        call.engine().runtime().all().forEach(value -> answer.add(json(value)));
        return answer;
    }

    private static ObjectNode json(RuntimeValue value) {
        RuntimeSetting setting = value.setting();
        ObjectNode n = Texts.object().put("key", setting.key()).put("value", value.value()).put("initial", value.initial())
            .put("source", value.source().word()).put("unit", setting.unit());
        if (setting.number()) {
            n.put("min", setting.min()).put("max", setting.max());
        }
        return n;
    }

    /** Takes a change back: what is configured holds again. */
    private JsonNode reset(Call call) {
        JsonBody body = call.body();
        String key = body.requiredText("key").toLowerCase(Locale.ROOT);
        body.check();
        RuntimeSetting setting = Stream.of(RuntimeSetting.values()).filter(s -> s.key().equals(key)).findFirst()
            .orElseThrow(() -> ApiFailure.showable("There is no setting " + key));
        requireAll(call);
        Waiting.await(call.engine().runtime().change(call.author(), Map.of(setting, "")));
        return details(call);
    }

    /** Settings concern everybody, so people with limits do not change them. */
    static void requireAll(Call call) {
        String user = call.user().name();
        if (call.engine().users().permissions(user).restricted()) {
            throw ApiFailure.showable("user " + user + " is not allowed to change settings");
        }
    }
}
