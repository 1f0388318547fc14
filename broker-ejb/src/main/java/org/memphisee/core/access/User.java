package org.memphisee.core.access;

import java.util.Locale;
import java.util.Objects;

import org.memphisee.core.control.UserDefinition;
import org.memphisee.core.control.UserEvent.UserRole;
import org.memphisee.core.control.UserEvent.UserType;

/**
 * A user as doors know it: nobody outside this package gets at the hash of the password. Immutable and one object for each
 * state of the user: when anything about it changes, there is another. Any thread.
 */
public final class User {

    private final UserDefinition defined;
    private final UserProfile profile;
    private final PermissionPatterns patterns;

    User(UserDefinition defined) {
        this.defined = Objects.requireNonNull(defined, "definition is required");
        profile = UserProfile.of(defined);
        patterns = PermissionPatterns.of(defined.created().permissions());
    }

    /** Its number; a user that comes back under the same name has another. */
    public long id() {
        return defined.id();
    }

    /** User name, lower case. */
    public String name() {
        return defined.name();
    }

    /** {@code root}, {@code management} or {@code application}. */
    public String type() {
        return defined.type().name().toLowerCase(Locale.ROOT);
    }

    /** {@code full} or {@code viewer}. */
    public String role() {
        return defined.created().role().name().toLowerCase(Locale.ROOT);
    }

    /** Whether it only looks. */
    public boolean viewer() {
        return defined.created().role() == UserRole.VIEWER;
    }

    /** Whether it may be a client: produce and consume, on whatever port. */
    public boolean mayConnect() {
        return defined.type() != UserType.MANAGEMENT;
    }

    /** Whether it may sign in to the management API. */
    public boolean maySignIn() {
        return !application();
    }

    /** Whether it is there for programs. */
    public boolean application() {
        return defined.type() == UserType.APPLICATION;
    }

    /** What people write about it. */
    public UserProfile profile() {
        return profile;
    }

    /** Which stations it may use, as people wrote it. */
    public PermissionPatterns patterns() {
        return patterns;
    }

    /** When it was made, nanoseconds since the epoch. */
    public long createdNanos() {
        return defined.created().createdNanos();
    }

    /** When it last signed in to the management API, nanoseconds since the epoch, 0 for never. */
    public long lastLoginNanos() {
        return defined.lastLoginNanos();
    }

    /** Its present password, as an encoded salted hash. */
    String passwordHash() {
        return defined.passwordHash();
    }

    @Override
    public String toString() { // never print the hash
        return "User[" + name() + "]";
    }
}
