package org.memphisee.dashboard.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.access.User;
import org.memphisee.core.settings.RuntimeSetting;
import org.memphisee.token.TokenPair;

/**
 * The answer to who has signed in (management-api.md 2). What this release does not have yet is shown at its default.
 */
final class SignedInUser {

    private SignedInUser() { }

    /** Topics tell of all stations and of the server: not for people with limits, whose pages ask again and again instead. */
    private static String topicPassword(Call call, User user) {
        return call.engine().users().permissions(user.name()).restricted() ? "" : call.engine().topicPassword();
    }

    static ObjectNode of(Call call, User user, TokenPair tokens) {
        BrokerSettings settings = call.settings();
        ObjectNode n = Texts.object().put("jwt", tokens.access()).put("expires_in", tokens.accessMillis())
            .put("user_id", user.id()).put("role", user.role());
        UserJson.common(n, user).put("already_logged_in", user.lastLoginNanos() > 0)
            .put("skip_get_started", user.profile().skipGetStarted())
            .put("last_login", Texts.time(user.lastLoginNanos()));
        n.put("env", settings.dashboard().kubernetes() ? "K8S" : "docker").put("namespace", settings.dashboard().namespace())
            .put("http_port", settings.listen().dashboardPort()).put("clients_port",
            settings.listen().clientPort())
            .put("rest_gw_port", settings.listen().gatewayPort())
            .put("user_pass_based_auth", settings.access().mode() == BrokerSettings.AuthMode.PASSWORD)
            .put("connection_token", UserOperations.connectionToken(call, user)).put("account_id", 1)
            .put("ws_host", call.host() + ":" + settings.listen().webSocketPort()).put("internal_ws_pass", topicPassword(call,
                user))
            .put("light_icon", "").put("dark_icon", "")
            .putArray("brand_colors");
        call.engine().runtime().all().stream().filter(value -> value.setting() != RuntimeSetting.MEMBER_HOURS)
            .forEach(value -> SettingOperations.put(n, value));
        return n;
    }
}
