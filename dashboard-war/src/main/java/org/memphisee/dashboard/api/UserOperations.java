package org.memphisee.dashboard.api;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.Permissions;
import org.memphisee.core.access.User;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.access.Users;

/** Users (management-api.md M-005 to M-008, M-010, M-015 to M-019). */
final class UserOperations {

    private static final String TENANT = "$memphis";

    List<Operation> all() {
        return List.of(Operation.post("usermgmt/addUser", this::add),
            Operation.get("usermgmt/getAllUsers", this::list),
            Operation.get("usermgmt/getApplicationUsers", this::applicationUsers),
            Operation.delete("usermgmt/removeUser", this::remove),
            Operation.put("v2/users/rights", this::changeRights),
            Operation.put("usermgmt/changePassword", this::changePassword).own(),
            Operation.put("usermgmt/editAvatar", this::editAvatar).own(),
            Operation.post("usermgmt/doneNextSteps", call -> Texts.object()).own(),
            Operation.post("usermgmt/skipGetStarted", this::skipTour).own(),
            Operation.post("usermgmt/sendTrace", UserOperations::dropTrace).own());
    }

    private static Users users(Call call) {
        return call.engine().users();
    }

    private JsonNode add(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("username");
        String type = body.requiredText("user_type").toLowerCase(Locale.ROOT);
        UserProfile profile = new UserProfile(body.text("full_name"), body.text("team"), body.text("position"),
            body.text("description"), call.user().name(), body.has("avatar_id") ? avatar(body.number("avatar_id")) : 1,
            false);
        PermissionPatterns permissions = new PermissionPatterns(body.texts("allow_read_permissions"),
            body.texts("allow_write_permissions"), body.texts("deny_read_permissions"),
            body.texts("deny_write_permissions"));
        NewUser wanted = new NewUser(name, type, body.text("password"), profile, permissions, body.text("role"));
        body.check();
        call.requireSignIn();
        Waiting.await(users(call).createUser(call.author(), wanted));
        User user = users(call).find(name.toLowerCase(Locale.ROOT))
            .orElseThrow(() -> ApiFailure.showable("User does not exist"));
        boolean byToken = call.settings().access().mode() == BrokerSettings.AuthMode.TOKEN;
        return UserJson.application(user).put("already_logged_in", false).put("broker_connection_creds",
            byToken && user.application() ? connectionToken(call, call.user()) : "");
    }

    /** The token that all clients share; empty for people with limits, because who has it may connect as anybody. */
    static String connectionToken(Call call, User person) {
        Permissions permissions = users(call).permissions(person.name());
        return permissions.restricted() || permissions.readOnly() ? "" : call.settings().access().connectionToken();
    }

    private static int avatar(long id) {
        return (int) Math.max(0, Math.min(id, 999_999_999));
    }

    private JsonNode list(Call call) {
        ObjectNode answer = Texts.object();
        ArrayNode applications = answer.putArray("application_users");
        ArrayNode people = answer.putArray("management_users");
        for (User user : users(call).list()) {
            if (user.name().startsWith("$")) {
                continue;
            }
            if (user.application()) {
                applications.add(UserJson.application(user));
            } else {
                people.add(UserJson.management(user, TENANT));
            }
        }
        return answer;
    }

    private JsonNode applicationUsers(Call call) {
        ArrayNode answer = Texts.array();
        users(call).list().stream().filter(user -> user.application())
            .forEach(user -> answer.add(UserJson.tokenHolder(user, TENANT)));
        return answer;
    }

    private JsonNode remove(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("username").toLowerCase(Locale.ROOT);
        body.check();
        Waiting.await(users(call).removeUser(call.author(), name));
        return Texts.object();
    }

    /** Ours: what a user may do from now on, as a whole. */
    private JsonNode changeRights(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("username").toLowerCase(Locale.ROOT);
        String role = body.text("role");
        PermissionPatterns permissions = new PermissionPatterns(body.texts("allow_read_permissions"),
            body.texts("allow_write_permissions"), body.texts("deny_read_permissions"),
            body.texts("deny_write_permissions"));
        body.check();
        call.requireSignIn();
        Waiting.await(users(call).changeRights(call.author(), name, role, permissions));
        return UserJson.application(users(call).find(name)
            .orElseThrow(() -> ApiFailure.showable("User does not exist")));
    }

    private JsonNode changePassword(Call call) {
        JsonBody body = call.body();
        String name = body.requiredText("username").toLowerCase(Locale.ROOT);
        String password = body.requiredText("password");
        body.check();
        call.requireSignIn();
        Waiting.await(users(call).changePassword(call.author(), name, password));
        return Texts.object();
    }

    private JsonNode editAvatar(Call call) {
        JsonBody body = call.body();
        int avatar = avatar(body.requiredNumber("avatar_id"));
        body.check();
        User user = call.user();
        Waiting.await(users(call).changeProfile(call.author(), user.name(), profile -> profile.withAvatar(avatar)));
        ObjectNode answer = UserJson.common(Texts.object().put("id", user.id()), user);
        answer.remove("full_name");
        return answer.put("already_logged_in", user.lastLoginNanos() > 0).put("avatar_id", avatar);
    }

    private JsonNode skipTour(Call call) {
        Waiting.await(users(call).changeProfile(call.author(), call.user().name(), UserProfile::withoutTour));
        return Texts.object();
    }

    /** Nothing about anybody leaves this machine. */
    private static JsonNode dropTrace(Call call) {
        JsonBody body = call.body();
        body.requiredText("trace_name");
        body.require(body.has("trace_params"), "trace_params", "required");
        body.object("trace_params");
        body.check();
        return Texts.object();
    }
}
