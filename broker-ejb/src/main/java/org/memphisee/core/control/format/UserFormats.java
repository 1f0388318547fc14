package org.memphisee.core.control.format;

import java.util.List;
import java.util.Map;

import org.memphisee.core.control.UserEvent;

/** Events of users. */
final class UserFormats {

    static final List<EventFormat<?>> ALL = List.of(
        // version 2 has permissions, version 3 a role
        new EventFormat<>("user_created", 3, UserEvent.UserCreated.class, UserFormats::created, UserFormats::created),
        new EventFormat<>("user_password_changed", 1, UserEvent.UserPasswordChanged.class, UserFormats::passwordChanged,
            UserFormats::passwordChanged),
        new EventFormat<>("user_profile_changed", 1, UserEvent.UserProfileChanged.class, UserFormats::profileChanged,
            UserFormats::profileChanged),
        new EventFormat<>("user_rights_changed", 1, UserEvent.UserRightsChanged.class, UserFormats::rightsChanged,
            UserFormats::rightsChanged),
        new EventFormat<>("user_logged_in", 1, UserEvent.UserLoggedIn.class, UserFormats::loggedIn, UserFormats::loggedIn),
        new EventFormat<>("root_password_given", 1, UserEvent.RootPasswordGiven.class,
            (event, out) -> out.text("passwordHash", event.passwordHash()),
            (in, version) -> new UserEvent.RootPasswordGiven(in.text("passwordHash"))),
        new EventFormat<>("api_key_made", 1, UserEvent.ApiKeyMade.class, UserFormats::keyMade, UserFormats::keyMade),
        new EventFormat<>("api_key_revoked", 1, UserEvent.ApiKeyRevoked.class,
            (event, out) -> out.number("id", event.id()), (in, version) -> new UserEvent.ApiKeyRevoked(in.number("id"))),
        new EventFormat<>("user_removed", 1, UserEvent.UserRemoved.class, UserFormats::removed, UserFormats::removed));

    private static final Choice<UserEvent.UserType> USER_TYPE = Choice.of(UserEvent.UserType.class,
        Map.of(UserEvent.UserType.ROOT, "ROOT", UserEvent.UserType.MANAGEMENT, "MANAGEMENT",
            UserEvent.UserType.APPLICATION, "APPLICATION"));
    private static final Choice<UserEvent.UserRole> USER_ROLE = Choice.of(UserEvent.UserRole.class,
        Map.of(UserEvent.UserRole.FULL, "FULL", UserEvent.UserRole.VIEWER, "VIEWER"));

    private UserFormats() { }

    private static void created(UserEvent.UserCreated event, MemberWriter out) {
        out.number("id", event.id())
            .text("name", event.name())
            .choice("type", USER_TYPE, event.type())
            .text("passwordHash", event.passwordHash())
            .textsByName("profile", event.profile())
            .number("createdNanos", event.createdNanos());
        write(event.permissions(), out.object("permissions"));
        out.choice("role", USER_ROLE, event.role());
    }

    private static UserEvent.UserCreated created(MemberReader in, int version) throws FormatException {
        return new UserEvent.UserCreated(
            in.number("id"),
            in.text("name"),
            in.choice("type", USER_TYPE),
            in.text("passwordHash"),
            in.textsByName("profile"),
            in.number("createdNanos"),
            version < 2 ? UserEvent.StationPatterns.NONE : permissions(in.object("permissions")),
            version < 3 ? UserEvent.UserRole.FULL : in.choice("role", USER_ROLE));
    }

    private static void rightsChanged(UserEvent.UserRightsChanged event, MemberWriter out) {
        out.text("name", event.name()).choice("role", USER_ROLE, event.role());
        write(event.permissions(), out.object("permissions"));
    }

    private static UserEvent.UserRightsChanged rightsChanged(MemberReader in, int version) throws FormatException {
        return new UserEvent.UserRightsChanged(in.text("name"), in.choice("role", USER_ROLE),
            permissions(in.object("permissions")));
    }

    private static void write(UserEvent.StationPatterns permissions, MemberWriter out) {
        out.texts("allowRead", permissions.allowRead())
            .texts("allowWrite", permissions.allowWrite())
            .texts("denyRead", permissions.denyRead())
            .texts("denyWrite", permissions.denyWrite());
    }

    private static UserEvent.StationPatterns permissions(MemberReader in) throws FormatException {
        return new UserEvent.StationPatterns(in.texts("allowRead"), in.texts("allowWrite"), in.texts("denyRead"),
            in.texts("denyWrite"));
    }

    private static void passwordChanged(UserEvent.UserPasswordChanged event, MemberWriter out) {
        out.text("name", event.name()).text("passwordHash", event.passwordHash());
    }

    private static UserEvent.UserPasswordChanged passwordChanged(MemberReader in, int version) throws FormatException {
        return new UserEvent.UserPasswordChanged(in.text("name"), in.text("passwordHash"));
    }

    private static void profileChanged(UserEvent.UserProfileChanged event, MemberWriter out) {
        out.text("name", event.name()).textsByName("profile", event.profile());
    }

    private static UserEvent.UserProfileChanged profileChanged(MemberReader in, int version) throws FormatException {
        return new UserEvent.UserProfileChanged(in.text("name"), in.textsByName("profile"));
    }

    private static void loggedIn(UserEvent.UserLoggedIn event, MemberWriter out) {
        out.text("name", event.name()).number("atNanos", event.atNanos());
    }

    private static UserEvent.UserLoggedIn loggedIn(MemberReader in, int version) throws FormatException {
        return new UserEvent.UserLoggedIn(in.text("name"), in.number("atNanos"));
    }

    private static void removed(UserEvent.UserRemoved event, MemberWriter out) {
        out.text("name", event.name());
    }

    private static UserEvent.UserRemoved removed(MemberReader in, int version) throws FormatException {
        return new UserEvent.UserRemoved(in.text("name"));
    }

    private static void keyMade(UserEvent.ApiKeyMade event, MemberWriter out) {
        out.number("id", event.id()).text("user", event.user()).text("name", event.name())
            .text("secretHash", event.secretHash()).number("createdNanos", event.createdNanos())
            .number("expiresNanos", event.expiresNanos());
    }

    private static UserEvent.ApiKeyMade keyMade(MemberReader in, int version) throws FormatException {
        return new UserEvent.ApiKeyMade(in.number("id"), in.text("user"), in.text("name"), in.text("secretHash"),
            in.number("createdNanos"), in.number("expiresNanos"));
    }
}
