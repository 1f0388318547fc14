package org.memphisee.core.access;

import java.util.Objects;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.control.UserEvent.UserRole;
import org.memphisee.core.control.UserEvent.UserType;

/**
 * A user that a fresh installation begins with (features.md F-163), checked by the same rules as one that is added later.
 * Immutable.
 */
public final class FirstUser {

    private final String name;
    private final UserType type;
    private final UserRole role;
    private final String password;
    private final String passwordHash;
    private final UserProfile profile;
    private final PermissionPatterns permissions;

    private FirstUser(String name, UserType type, UserRole role, String password, String passwordHash, UserProfile profile,
                      PermissionPatterns permissions) {
        this.name = name;
        this.type = type;
        this.role = role;
        this.password = password;
        this.passwordHash = passwordHash;
        this.profile = profile;
        this.permissions = permissions;
    }

    /**
     * A user with a password.
     *
     * @param sharedToken whether clients share one token: then those without a password get one that nobody knows
     * @throws AccessRefusal a rule is broken; the text has nothing of the password
     */
    public static FirstUser of(NewUser wanted, boolean sharedToken) {
        UserType type = UserRules.type(wanted.type());
        boolean unknown = sharedToken && type == UserType.APPLICATION && wanted.password().isEmpty();
        if (!unknown) {
            UserRules.checkPassword(wanted.password());
        }
        return checked(wanted, unknown ? PasswordHash.unknown() : wanted.password(), "");
    }

    /**
     * A user whose password nobody wrote down.
     *
     * @param wanted the user, its password empty
     * @param passwordHash the password in the form in which it is stored
     * @throws AccessRefusal a rule is broken; the text has nothing of the hash
     */
    public static FirstUser hashed(NewUser wanted, String passwordHash) {
        if (!PasswordHash.wellFormed(passwordHash) || PasswordHash.weaker(passwordHash, PasswordHash.FEWEST_ITERATIONS)) {
            throw new AccessRefusal(Reason.INVALID, "the hash of the password has to be pbkdf2-sha256$1$<iterations>$<salt>$<hash> "
                + "with " + PasswordHash.FEWEST_ITERATIONS + " to " + PasswordHash.MOST_ITERATIONS
                + " iterations, at least 16 bytes of salt and 32 of hash, both in base64");
        }
        return checked(wanted, "", passwordHash);
    }

    private static FirstUser checked(NewUser wanted, String password, String passwordHash) {
        String name = UserRules.name(Objects.requireNonNull(wanted, "user is required").name());
        if (name.equals(Users.ROOT)) {
            throw new AccessRefusal(Reason.INVALID, "root is there anyway, its password is a setting of its own");
        }
        UserRules.checkPatterns(wanted.permissions());
        UserType type = UserRules.type(wanted.type());
        return new FirstUser(name, type, UserRules.role(type, wanted.role()), password, passwordHash,
            UserRules.profile(wanted.profile()), wanted.permissions());
    }

    /** User name, lower case. */
    public String name() {
        return name;
    }

    UserType type() {
        return type;
    }

    UserRole role() {
        return role;
    }

    /** Empty when there is a hash. */
    String password() {
        return password;
    }

    /** Empty when there is a password. */
    String passwordHash() {
        return passwordHash;
    }

    UserProfile profile() {
        return profile;
    }

    PermissionPatterns permissions() {
        return permissions;
    }

    @Override
    public String toString() { // never print secrets
        return "FirstUser[name=" + name + ", type=" + type + "]";
    }
}
