package org.memphisee.core.control;

import java.util.Map;

/**
 * A user as defined.
 *
 * @param created how it was made, with the rights that it has now
 * @param passwordHash its present password, as an encoded salted hash
 * @param profile its present texts for people
 * @param lastLoginNanos when it last signed in to the management API, 0 for never
 */
public record UserDefinition(UserEvent.UserCreated created, String passwordHash, Map<String, String> profile,
                             long lastLoginNanos) {

    public UserDefinition {
        profile = Map.copyOf(profile);
    }

    /** A user as it was made. */
    static UserDefinition of(UserEvent.UserCreated created) {
        return new UserDefinition(created, created.passwordHash(), created.profile(), 0);
    }

    UserDefinition withPassword(String hash) {
        return new UserDefinition(created, hash, profile, lastLoginNanos);
    }

    UserDefinition withProfile(Map<String, String> texts) {
        return new UserDefinition(created, passwordHash, texts, lastLoginNanos);
    }

    UserDefinition withRights(UserEvent.UserRole role, UserEvent.StationPatterns permissions) {
        return new UserDefinition(new UserEvent.UserCreated(created.id(), created.name(), created.type(), created.passwordHash(),
            created.profile(), created.createdNanos(), permissions, role), passwordHash, profile, lastLoginNanos);
    }

    UserDefinition withLogin(long atNanos) {
        return new UserDefinition(created, passwordHash, profile, atNanos);
    }

    /** Its number; a user that comes back under the same name has another. */
    public long id() {
        return created.id();
    }

    /** User name, lower case. */
    public String name() {
        return created.name();
    }

    /** What it may connect to. */
    public UserEvent.UserType type() {
        return created.type();
    }

    @Override
    public String toString() { // never print the hash
        return "UserDefinition[" + created + "]";
    }
}
