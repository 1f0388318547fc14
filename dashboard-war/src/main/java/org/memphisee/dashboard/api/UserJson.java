package org.memphisee.dashboard.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.User;
import org.memphisee.core.access.UserProfile;

/** Users in answers (management-api.md M-005 to M-007). No answer has a password or anything made of one. */
final class UserJson {

    private UserJson() { }

    /** What every form has. */
    static ObjectNode common(ObjectNode n, User user) {
        UserProfile profile = user.profile();
        return n.put("username", user.name()).put("user_type", user.type())
            .put("created_at", Texts.time(user.createdNanos())).put("avatar_id", profile.avatarId())
            .put("full_name", profile.fullName());
    }

    /** As in the list of application users. */
    static ObjectNode application(User user) {
        UserProfile profile = user.profile();
        ObjectNode n = common(Texts.object().put("id", user.id()), user).put("pending", false)
            .put("position", profile.position()).put("team", profile.team()).put("owner", profile.owner())
            .put("description", profile.description()).put("role", user.role());
        permissions(n, user.patterns());
        return n;
    }

    /** As in the list of management users. */
    static ObjectNode management(User user, String tenant) {
        return account(application(user), user, tenant);
    }

    /** As in the list for tokens of the gateway. */
    static ObjectNode tokenHolder(User user, String tenant) {
        ObjectNode n = account(application(user), user, tenant);
        n.remove("permissions");
        n.putArray("roles");
        return n;
    }

    private static ObjectNode account(ObjectNode n, User user, String tenant) {
        return n.put("password", "").put("already_logged_in", user.lastLoginNanos() > 0).put("subscription", false)
            .put("skip_get_started", user.profile().skipGetStarted()).put("tenant_name", tenant)
            .put("last_login", Texts.time(user.lastLoginNanos()));
    }

    static void permissions(ObjectNode n, PermissionPatterns patterns) {
        ObjectNode p = n.putObject("permissions");
        p.set("allow_read_permissions", Texts.texts(patterns.allowRead()));
        p.set("allow_write_permissions", Texts.texts(patterns.allowWrite()));
        p.set("deny_read_permissions", Texts.texts(patterns.denyRead()));
        p.set("deny_write_permissions", Texts.texts(patterns.denyWrite()));
    }
}
