package org.memphisee.core.integrations;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

import org.memphisee.core.integrations.Messenger.Answer;
import org.memphisee.core.integrations.Messenger.Target;
import org.memphisee.core.notices.Alert;

/** What is particular to the integration with Slack: its keys, switches, rules and texts (features.md 7.3, 7.5). */
final class Slack {

    static final String NAME = "slack";
    static final String TOKEN = "auth_token";
    static final String CHANNEL = "channel_id";
    /** Base of the API of a service that speaks like Slack; not of the reference. */
    static final String URL = "url";
    static final String MASKED = "xoxb-****";

    private static final Map<Alert.Kind, String> SWITCHES = new EnumMap<>(Map.of(
        Alert.Kind.POISON_MESSAGE, "poison_message_alert", Alert.Kind.SCHEMA_FAILURE, "schema_validation_fail_alert",
        Alert.Kind.DISCONNECTION, "disconnection_events_alert"));

    private Slack() { }

    /** Name of the switch of a kind of alert. */
    static String switchOf(Alert.Kind kind) {
        return SWITCHES.get(kind);
    }

    /** All switches, those that are not named off. */
    static Map<String, Boolean> switches(Map<String, Boolean> wanted) {
        Map<String, Boolean> all = new LinkedHashMap<>();
        SWITCHES.values().forEach(name -> all.put(name, wanted.getOrDefault(name, false)));
        return all;
    }

    /** The target that keys mean, or a refusal. */
    static Target target(Map<String, String> keys, String token) {
        String channel = keys.getOrDefault(CHANNEL, "");
        String url = keys.getOrDefault(URL, "");
        if (token.isEmpty()) {
            throw new IntegrationRefusal("must provide auth token for slack integration");
        }
        if (channel.isEmpty()) {
            throw new IntegrationRefusal("must provide channel ID for slack integration");
        }
        if (!KeyTexts.plain(token)) {
            throw new IntegrationRefusal("invalid auth token");
        }
        if (!KeyTexts.plain(channel)) {
            throw new IntegrationRefusal("invalid channel ID");
        }
        if (!url.isEmpty() && !KeyTexts.address(url)) {
            throw new IntegrationRefusal("invalid url, it has to begin with https:// or http:// and name a host");
        }
        return new Target(url, token, channel);
    }

    /** What a person is told who tried it; a refusal unless it worked. */
    static void require(Answer answer) {
        switch (answer.outcome()) {
            case DONE -> { }
            case BAD_TOKEN -> throw new IntegrationRefusal("invalid auth token");
            case BAD_CHANNEL -> throw new IntegrationRefusal("invalid channel ID");
            case LIMITED -> throw new IntegrationRefusal("Slack asks us to wait, try again in a minute");
            case FAILED, FORBIDDEN -> throw new IntegrationRefusal("Slack could not be reached: " + answer.reason());
        }
    }
}
