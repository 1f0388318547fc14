package org.memphisee.core.access;

import java.util.Objects;

/**
 * A user to be made, as asked for and not yet checked.
 *
 * @param name name in any case
 * @param type {@code application} or {@code management}
 * @param password password
 * @param profile what people write about it
 * @param permissions which stations it may use
 * @param role {@code full} or {@code viewer}, empty for full
 */
public record NewUser(String name, String type, String password, UserProfile profile, PermissionPatterns permissions,
                      String role) {
    public NewUser {
        Objects.requireNonNull(name, "name is required");
        Objects.requireNonNull(type, "type is required");
        Objects.requireNonNull(password, "password is required");
        Objects.requireNonNull(profile, "profile is required");
        Objects.requireNonNull(permissions, "permissions are required");
        Objects.requireNonNull(role, "role is required");
    }

    /** One that may do whatever its type and its permissions allow. */
    public NewUser(String name, String type, String password, UserProfile profile, PermissionPatterns permissions) {
        this(name, type, password, profile, permissions, "");
    }

    @Override
    public String toString() { // never print the password
        return "NewUser[name=" + name + ", type=" + type + "]";
    }
}
