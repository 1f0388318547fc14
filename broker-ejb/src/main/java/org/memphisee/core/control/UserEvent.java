package org.memphisee.core.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Events of users, what they may do, and their keys for programs. */
public sealed interface UserEvent extends SystemEvent.Kind {

    /** What a user may connect to (features.md 8.1). */
    enum UserType { ROOT, MANAGEMENT, APPLICATION }

    /** What a user may do where permissions for stations do not decide. */
    enum UserRole {
        /** Whatever its type and its patterns allow. */
        FULL,
        /** People who look and change nothing but what is their own. */
        VIEWER
    }

    /**
     * Which stations a user may use: patterns of external names in which {@code *} stands for any run of characters.
     * Without any pattern everything is allowed (wire-protocol.md 2.6).
     *
     * @param allowRead stations to consume from
     * @param allowWrite stations to create, remove and produce to
     * @param denyRead stations not to consume from, whatever is allowed
     * @param denyWrite stations not to change or produce to, whatever is allowed
     */
    record StationPatterns(List<String> allowRead, List<String> allowWrite, List<String> denyRead,
                           List<String> denyWrite) {

        /** No patterns. */
        public static final StationPatterns NONE = new StationPatterns(List.of(), List.of(), List.of(), List.of());

        public StationPatterns {
            allowRead = List.copyOf(allowRead);
            allowWrite = List.copyOf(allowWrite);
            denyRead = List.copyOf(denyRead);
            denyWrite = List.copyOf(denyWrite);
        }
    }

    /**
     * A user came to be.
     *
     * @param id its number
     * @param name user name, lower case
     * @param type what it may connect to
     * @param passwordHash encoded salted hash, never a password
     * @param profile free texts for people, e.g. {@code description}
     * @param createdNanos when
     * @param permissions which stations it may use
     * @param role what else it may do
     */
    record UserCreated(long id, String name, UserType type, String passwordHash, Map<String, String> profile,
                       long createdNanos, StationPatterns permissions, UserRole role) implements UserEvent {
        public UserCreated {
            profile = Map.copyOf(profile);
            Objects.requireNonNull(permissions, "permissions are required");
            Objects.requireNonNull(role, "role is required");
        }

        /** A user that may do what its type and its permissions allow. */
        public UserCreated(long id, String name, UserType type, String passwordHash, Map<String, String> profile,
                           long createdNanos, StationPatterns permissions) {
            this(id, name, type, passwordHash, profile, createdNanos, permissions, UserRole.FULL);
        }

        @Override
        public String toString() { // never print the hash
            return "UserCreated[id=" + id + ", name=" + name + ", type=" + type + "]";
        }
    }

    /**
     * What a user may do changed; both are complete.
     *
     * @param name user name
     * @param role what it may do from now on
     * @param permissions which stations it may use from now on
     */
    record UserRightsChanged(String name, UserRole role, StationPatterns permissions) implements UserEvent {
        public UserRightsChanged {
            Objects.requireNonNull(role, "role is required");
            Objects.requireNonNull(permissions, "permissions are required");
        }
    }

    /** A user's password changed. */
    record UserPasswordChanged(String name, String passwordHash) implements UserEvent {
        @Override
        public String toString() { // never print the hash
            return "UserPasswordChanged[name=" + name + "]";
        }
    }

    /**
     * The settings gave root a password; until they give another, what root gets by other ways stays.
     *
     * @param passwordHash encoded salted hash of what they gave
     */
    record RootPasswordGiven(String passwordHash) implements UserEvent {
        @Override
        public String toString() { // never print the hash
            return "RootPasswordGiven[]";
        }
    }

    /** The texts for people about a user changed; the map is complete. */
    record UserProfileChanged(String name, Map<String, String> profile) implements UserEvent {
        public UserProfileChanged {
            profile = Map.copyOf(profile);
        }
    }

    /** A user signed in to the management API. */
    record UserLoggedIn(String name, long atNanos) implements UserEvent { }

    /**
     * A user made a key for programs; it goes with the user.
     *
     * @param id its number
     * @param user whose it is
     * @param name what its user calls it
     * @param secretHash SHA-256 of the random secret, hexadecimal, never the secret
     * @param createdNanos when
     * @param expiresNanos from when on it is worth nothing, 0 for never
     */
    record ApiKeyMade(long id, String user, String name, String secretHash, long createdNanos, long expiresNanos)
        implements UserEvent {
        @Override
        public String toString() { // never print the hash
            return "ApiKeyMade[id=" + id + ", user=" + user + ", name=" + name + "]";
        }
    }

    /** A key for programs is worth nothing any more. */
    record ApiKeyRevoked(long id) implements UserEvent { }

    /** A user went. */
    record UserRemoved(String name) implements UserEvent { }
}
