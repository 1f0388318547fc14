package org.memphisee.core.control.format;

import java.util.List;
import java.util.Map;

import org.memphisee.core.control.SystemEvent;

/** Events of users. */
final class UserFormats {

    static final List<EventFormat<?>> ALL = List.of(
        // version 2 has permissions, version 3 a role
        new EventFormat<>("user_created", 3, SystemEvent.UserCreated.class, UserFormats::created, UserFormats::created),
        new EventFormat<>("user_password_changed", 1, SystemEvent.UserPasswordChanged.class, UserFormats::passwordChanged,
            UserFormats::passwordChanged),
        new EventFormat<>("user_profile_changed", 1, SystemEvent.UserProfileChanged.class, UserFormats::profileChanged,
            UserFormats::profileChanged),
        new EventFormat<>("user_rights_changed", 1, SystemEvent.UserRightsChanged.class, UserFormats::rightsChanged,
            UserFormats::rightsChanged),
        new EventFormat<>("user_logged_in", 1, SystemEvent.UserLoggedIn.class, UserFormats::loggedIn, UserFormats::loggedIn),
        new EventFormat<>("root_password_given", 1, SystemEvent.RootPasswordGiven.class,
            (event, out) -> out.text("passwordHash", event.passwordHash()),
            (in, version) -> new SystemEvent.RootPasswordGiven(in.text("passwordHash"))),
        new EventFormat<>("api_key_made", 1, SystemEvent.ApiKeyMade.class, UserFormats::keyMade, UserFormats::keyMade),
        new EventFormat<>("api_key_revoked", 1, SystemEvent.ApiKeyRevoked.class,
            (event, out) -> out.number("id", event.id()), (in, version) -> new SystemEvent.ApiKeyRevoked(in.number("id"))),
        new EventFormat<>("user_removed", 1, SystemEvent.UserRemoved.class, UserFormats::removed, UserFormats::removed));

    private static final Choice<SystemEvent.UserType> USER_TYPE = Choice.of(SystemEvent.UserType.class,
        Map.of(SystemEvent.UserType.ROOT, "ROOT", SystemEvent.UserType.MANAGEMENT, "MANAGEMENT",
            SystemEvent.UserType.APPLICATION, "APPLICATION"));
    private static final Choice<SystemEvent.UserRole> USER_ROLE = Choice.of(SystemEvent.UserRole.class,
        Map.of(SystemEvent.UserRole.FULL, "FULL", SystemEvent.UserRole.VIEWER, "VIEWER"));

    private UserFormats() { }

    private static void created(SystemEvent.UserCreated event, MemberWriter out) {
        out.number("id", event.id())
            .text("name", event.name())
            .choice("type", USER_TYPE, event.type())
            .text("passwordHash", event.passwordHash())
            .textsByName("profile", event.profile())
            .number("createdNanos", event.createdNanos());
        write(event.permissions(), out.object("permissions"));
        out.choice("role", USER_ROLE, event.role());
    }

    private static SystemEvent.UserCreated created(MemberReader in, int version) throws FormatException {
        return new SystemEvent.UserCreated(
            in.number("id"),
            in.text("name"),
            in.choice("type", USER_TYPE),
            in.text("passwordHash"),
            in.textsByName("profile"),
            in.number("createdNanos"),
            version < 2 ? SystemEvent.StationPatterns.NONE : permissions(in.object("permissions")),
            version < 3 ? SystemEvent.UserRole.FULL : in.choice("role", USER_ROLE));
    }

    private static void rightsChanged(SystemEvent.UserRightsChanged event, MemberWriter out) {
        out.text("name", event.name()).choice("role", USER_ROLE, event.role());
        write(event.permissions(), out.object("permissions"));
    }

    private static SystemEvent.UserRightsChanged rightsChanged(MemberReader in, int version) throws FormatException {
        return new SystemEvent.UserRightsChanged(in.text("name"), in.choice("role", USER_ROLE),
            permissions(in.object("permissions")));
    }

    private static void write(SystemEvent.StationPatterns permissions, MemberWriter out) {
        out.texts("allowRead", permissions.allowRead())
            .texts("allowWrite", permissions.allowWrite())
            .texts("denyRead", permissions.denyRead())
            .texts("denyWrite", permissions.denyWrite());
    }

    private static SystemEvent.StationPatterns permissions(MemberReader in) throws FormatException {
        return new SystemEvent.StationPatterns(in.texts("allowRead"), in.texts("allowWrite"), in.texts("denyRead"),
            in.texts("denyWrite"));
    }

    private static void passwordChanged(SystemEvent.UserPasswordChanged event, MemberWriter out) {
        out.text("name", event.name()).text("passwordHash", event.passwordHash());
    }

    private static SystemEvent.UserPasswordChanged passwordChanged(MemberReader in, int version) throws FormatException {
        return new SystemEvent.UserPasswordChanged(in.text("name"), in.text("passwordHash"));
    }

    private static void profileChanged(SystemEvent.UserProfileChanged event, MemberWriter out) {
        out.text("name", event.name()).textsByName("profile", event.profile());
    }

    private static SystemEvent.UserProfileChanged profileChanged(MemberReader in, int version) throws FormatException {
        return new SystemEvent.UserProfileChanged(in.text("name"), in.textsByName("profile"));
    }

    private static void loggedIn(SystemEvent.UserLoggedIn event, MemberWriter out) {
        out.text("name", event.name()).number("atNanos", event.atNanos());
    }

    private static SystemEvent.UserLoggedIn loggedIn(MemberReader in, int version) throws FormatException {
        return new SystemEvent.UserLoggedIn(in.text("name"), in.number("atNanos"));
    }

    private static void removed(SystemEvent.UserRemoved event, MemberWriter out) {
        out.text("name", event.name());
    }

    private static SystemEvent.UserRemoved removed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.UserRemoved(in.text("name"));
    }

    private static void keyMade(SystemEvent.ApiKeyMade event, MemberWriter out) {
        out.number("id", event.id()).text("user", event.user()).text("name", event.name())
            .text("secretHash", event.secretHash()).number("createdNanos", event.createdNanos())
            .number("expiresNanos", event.expiresNanos());
    }

    private static SystemEvent.ApiKeyMade keyMade(MemberReader in, int version) throws FormatException {
        return new SystemEvent.ApiKeyMade(in.number("id"), in.text("user"), in.text("name"), in.text("secretHash"),
            in.number("createdNanos"), in.number("expiresNanos"));
    }
}
