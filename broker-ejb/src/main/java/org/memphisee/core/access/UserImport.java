package org.memphisee.core.access;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserEvent;

/**
 * Users that come from another installation, with the hash of their password instead of the password. Who asks has been looked at: only
 * people without limits may import, and only root gives others a password. Any thread; changes complete when durable, or with an
 * {@link AccessRefusal}.
 */
public final class UserImport {

    private final ControlEngine engine;
    private final UserChanges changes;

    UserImport(ControlEngine engine, UserChanges changes) {
        this.engine = engine;
        this.changes = changes;
    }

    /**
     * The user in its stored form, as it would be made; an {@link AccessRefusal} when it breaks a rule.
     *
     * @param wanted the user; its password may be empty
     * @param hash the hash of its password, empty for none
     */
    public static NewUser checked(NewUser wanted, String hash) {
        String name = wanted.name().contains("@") ? UserRules.email(wanted.name()) : UserRules.name(wanted.name());
        if (name.equals(Users.ROOT)) {
            throw new AccessRefusal(Reason.INVALID, "root is made by the settings and is not imported; remove it");
        }
        String role = UserRules.role(UserRules.type(wanted.type()), wanted.role()).name().toLowerCase(Locale.ROOT);
        UserRules.checkPatterns(wanted.permissions());
        if (!wanted.password().isEmpty()) {
            UserRules.checkPassword(wanted.password());
        }
        if (!hash.isEmpty() && !PasswordHash.wellFormed(hash)) {
            throw new AccessRefusal(Reason.INVALID, "password_hash is none of this broker's; leave it out");
        }
        return new NewUser(name, wanted.type(), wanted.password(), UserRules.profile(wanted.profile()), wanted.permissions(),
            role);
    }

    /**
     * Makes a user. Without password and hash it gets a password that nobody knows, until root gives it another one.
     *
     * @param wanted a {@link #checked} user
     */
    public CompletableFuture<Void> create(Author by, NewUser wanted, String hash) {
        if (!hash.isEmpty()) {
            return changes.append(by, () -> created(wanted, hash));
        }
        String password = wanted.password().isEmpty() ? PasswordHash.unknown() : wanted.password();
        return changes.withHash(by, password, made -> created(wanted, made));
    }

    private SystemEvent created(NewUser wanted, String hash) {
        if (engine.definitions().user(wanted.name()).isPresent()) {
            throw new AccessRefusal(Reason.EXISTS, "A user with the name " + wanted.name() + " already exists");
        }
        Map<String, String> profile = wanted.profile().texts();
        UserEvent.UserType type = UserRules.type(wanted.type());
        return new UserEvent.UserCreated(engine.allocateId(), wanted.name(), type, hash, profile, engine.clock().wallNanos(),
            wanted.permissions().stored(), UserRules.role(type, wanted.role()));
    }

    /** Gives a user the password of this hash; its connections are cut. */
    public CompletableFuture<Void> givePassword(Author by, String name, String hash) {
        return changes.append(by, () -> {
            if (engine.definitions().user(name).isEmpty()) {
                throw new AccessRefusal(Reason.UNKNOWN_USER, "User does not exist");
            }
            return new UserEvent.UserPasswordChanged(name, hash);
        });
    }
}
