package org.memphisee.core.access;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.PasswordCheck.Outcome;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.control.UserEvent.UserRole;
import org.memphisee.core.control.UserEvent.UserType;

/**
 * The account of root: made at the first start together with whoever begins with it, its password given by the settings once, and
 * whether everybody knows that password. What is asked for may be asked on any thread.
 */
final class RootAccount {

    private static final Users.Wanted ROOT = new Users.Wanted(Users.ROOT, UserType.ROOT, UserRole.FULL, Map.of(),
        PermissionPatterns.NONE);

    private final ControlEngine engine;
    private final PasswordCheck passwords;
    private final UserChanges changes;
    private final Users users;
    private List<FirstUser> first = List.of();
    private volatile boolean wellKnownPassword = true;
    private volatile boolean passwordReplaced;
    private volatile boolean fresh;

    RootAccount(ControlEngine engine, PasswordCheck passwords, UserChanges changes, Users users) {
        this.engine = engine;
        this.passwords = passwords;
        this.changes = changes;
        this.users = users;
    }

    /** Users that are made before root when there is no root yet. */
    void beginWith(List<FirstUser> others) {
        first = List.copyOf(others);
    }

    boolean wellKnownPassword() {
        return wellKnownPassword;
    }

    boolean passwordReplaced() {
        return passwordReplaced;
    }

    /** Whether this start made root. */
    boolean fresh() {
        return fresh;
    }

    /** Makes root, with whoever begins with it, or gives it the password of the settings if that is another than before. */
    CompletableFuture<Void> ensure() {
        String password = engine.settings().rootPassword();
        boolean given = engine.settings().rootPasswordGiven();
        User root = users.find(Users.ROOT).orElse(null);
        if (root == null) {
            fresh = true;
            return makeFirst()
                .thenCompose(made -> users.create(Author.BROKER, ROOT, password, () -> { }))
                .thenCompose(made -> given ? rememberGiven(password) : CompletableFuture.completedFuture(null))
                .thenRun(() -> wellKnownPassword = password.equals(ControlSettings.WELL_KNOWN_PASSWORD));
        }
        if (!given) {
            return judge(); // a default never takes the place of what somebody chose
        }
        String before = engine.definitions().rootPasswordGiven();
        CompletableFuture<Boolean> same = new CompletableFuture<>();
        if (!passwords.execute(() -> same.complete(!before.isEmpty() && PasswordHash.matches(password, before)))) {
            same.complete(false);
        }
        return same.thenCompose(unchanged -> unchanged ? judge() : givePassword(root, password));
    }

    /** Root comes last: as long as it is not there, the next start makes whoever is missing after a crash. */
    private CompletableFuture<Void> makeFirst() {
        CompletableFuture<Void> made = CompletableFuture.completedFuture(null);
        for (FirstUser user : first) {
            made = made.thenCompose(before -> users.find(user.name()).isPresent() ? CompletableFuture.completedFuture(null)
                : makeFirst(user));
        }
        return made;
    }

    private CompletableFuture<Void> makeFirst(FirstUser user) {
        Users.Wanted wanted = new Users.Wanted(user.name(), user.type(), user.role(), user.profile().texts(), user.permissions());
        return user.passwordHash().isEmpty() ? users.create(Author.BROKER, wanted, user.password(), () -> { })
            : changes.append(Author.BROKER, () -> users.created(wanted, user.passwordHash()));
    }

    /** The settings have another password for root than at the start before: it takes the place of what root has. */
    private CompletableFuture<Void> givePassword(User root, String password) {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        passwords.verify(Users.ROOT, password, root.passwordHash(), outcome -> {
            if (outcome == Outcome.RIGHT) {
                ready.complete(null);
            } else {
                passwordReplaced = true;
                Users.complete(users.setPassword(Author.BROKER, Users.ROOT, password), ready);
            }
        });
        return ready.thenCompose(done -> rememberGiven(password))
            .thenRun(() -> wellKnownPassword = password.equals(ControlSettings.WELL_KNOWN_PASSWORD));
    }

    private CompletableFuture<Void> rememberGiven(String password) {
        return changes.withHash(Author.BROKER, password, UserEvent.RootPasswordGiven::new);
    }

    /** Finds out whether root's password is the one that everybody knows. */
    CompletableFuture<Void> judge() {
        CompletableFuture<Void> judged = new CompletableFuture<>();
        User root = users.find(Users.ROOT).orElseThrow();
        passwords.verify(Users.ROOT, ControlSettings.WELL_KNOWN_PASSWORD, root.passwordHash(), outcome -> {
            if (users.current(root)) {
                wellKnownPassword = outcome == Outcome.RIGHT;
            }
            judged.complete(null);
        });
        return judged;
    }
}
