package org.memphisee.core.access;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.access.PasswordCheck.Outcome;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserDefinition;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.control.UserEvent.UserRole;
import org.memphisee.core.control.UserEvent.UserType;
import org.memphisee.core.time.World;

/**
 * The users of the installation and their changes (features.md 8), for every door. Any thread. Changes complete when
 * durable, or exceptionally with an {@link AccessRefusal} for people or a
 * {@link org.memphisee.core.log.StoreException}.
 */
public final class Users implements AutoCloseable {

    /** Name of the one user that cannot be removed. */
    public static final String ROOT = "root";

    private static final Author ROOT_ITSELF = new Author(ROOT, Author.Door.BROKER, "", "");

    /** Logins of one user nearer together than this are one for the log. */
    private static final long LOGIN_GRAIN_NANOS = 60_000_000_000L;

    /** A user with its permissions ready for use. */
    private record Known(User user, Permissions permissions) { }

    /** A user to be made, checked, without its password. */
    record Wanted(String name, UserType type, UserRole role, Map<String, String> profile, PermissionPatterns permissions) { }

    private final ControlEngine engine;
    private final PasswordCheck passwords;
    private final UserChanges changes;
    private final ApiKeys apiKeys;
    private final UserImport imports;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile Consumer<String> revoked = user -> { };
    private final RootAccount root;

    /** Users that work through the engine; hashing happens on one thread of the world. */
    public Users(ControlEngine engine, World world) {
        this.engine = engine;
        this.passwords = new PasswordCheck(world, this::strengthen);
        this.changes = new UserChanges(engine, passwords);
        this.apiKeys = new ApiKeys(engine, changes);
        this.root = new RootAccount(engine, passwords, changes, this);
        this.imports = new UserImport(engine, changes);
    }

    /** Users that are made together with root, in their order, when there is no root yet; before {@link #start()}. */
    public void beginWith(List<FirstUser> users) {
        root.beginWith(users);
    }

    /**
     * Takes over the recovered users, follows changes, and makes {@code root}, or gives it the configured password if
     * that is another than at the start before. Before clients may connect.
     */
    public CompletableFuture<Void> start() {
        return know().thenCompose(known -> ensureRoot());
    }

    /** Takes over the recovered users, and follows changes. */
    public CompletableFuture<Void> know() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.resume(() -> {
            engine.listen((index, event) -> apply(event));
            engine.definitions().users().forEach(this::know);
            apiKeys.recover();
            ready.complete(null);
        });
        return ready;
    }

    /** Makes {@code root}, or gives it the configured password if that is another than at the start before. */
    public CompletableFuture<Void> ensureRoot() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.resume(() -> complete(root.ensure(), ready));
        return ready;
    }

    /** Finds out whether root's password is the one that everybody knows; root is there. */
    public CompletableFuture<Void> judgeRoot() {
        CompletableFuture<Void> judged = new CompletableFuture<>();
        engine.resume(() -> complete(root.judge(), judged));
        return judged;
    }

    /**
     * Names users who have to come in anew: removed, with a new password, or with other rights. Called on the control
     * loop after look-ups know it; one listener.
     */
    public void whenRevoked(Consumer<String> listener) {
        revoked = listener;
    }

    /** A password that was hashed with fewer iterations than today's is hashed again, now that we have it. */
    private void strengthen(String name, String password, String hash) {
        int iterations = engine.settings().passwordIterations();
        if (!PasswordHash.weaker(hash, iterations)) {
            return;
        }
        passwords.execute(() -> { // behind those who wait; when too many do, at the first sign-in after the next start
            String stronger = PasswordHash.strengthened(password, hash, iterations);
            changes.append(Author.BROKER, () -> {
                if (!requireUser(name).passwordHash().equals(hash)) {
                    throw new AccessRefusal(Reason.EXISTS, "The password was changed meanwhile");
                }
                return new UserEvent.UserPasswordChanged(name, stronger);
            });
        });
    }

    static void complete(CompletableFuture<Void> from, CompletableFuture<Void> to) {
        from.whenComplete((done, failure) -> {
            if (failure == null) {
                to.complete(null);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private void know(UserDefinition defined) {
        User user = new User(defined);
        known.put(user.name(), new Known(user, Permissions.of(user.patterns(), user.viewer())));
    }

    private void apply(SystemEvent event) {
        apiKeys.apply(event);
        if (event instanceof UserEvent.UserCreated e) {
            engine.definitions().user(e.name()).ifPresent(this::know);
        } else if (event instanceof UserEvent.UserProfileChanged e) {
            engine.definitions().user(e.name()).ifPresent(this::know);
        } else if (event instanceof UserEvent.UserLoggedIn e) {
            engine.definitions().user(e.name()).ifPresent(this::know);
        } else if (event instanceof UserEvent.UserRightsChanged e) {
            engine.definitions().user(e.name()).ifPresent(this::know);
            revoked.accept(e.name()); // what a connection may do was decided when it came in
        } else if (event instanceof UserEvent.UserPasswordChanged e) {
            passwordChanged(e);
        } else if (event instanceof UserEvent.UserRemoved e) {
            known.remove(e.name());
            passwords.forget(e.name());
            revoked.accept(e.name());
        }
    }

    private void passwordChanged(UserEvent.UserPasswordChanged e) {
        Known before = known.get(e.name());
        engine.definitions().user(e.name()).ifPresent(this::know);
        if (before != null && sameCredential(before.user().passwordHash(), e.passwordHash())) {
            return; // hashed again: nobody has to sign in anew
        }
        passwords.forget(e.name());
        revoked.accept(e.name());
        if (e.name().equals(ROOT)) {
            root.judge();
        }
    }

    private static boolean sameCredential(String hash, String other) {
        return PasswordHash.credential(hash).equals(PasswordHash.credential(other));
    }

    // ---- reading

    /** Keys with which programs use the management API. */
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    /** Users that come from another installation. */
    public UserImport imports() {
        return imports;
    }

    /** Whether two encoded hashes are of one password that somebody gave once, however often it was hashed since. */
    public static boolean samePassword(String hash, String other) {
        return sameCredential(hash, other);
    }

    /** The user whose key for programs this is, as the user is now; empty when it is worth nothing (any more). */
    public Optional<User> byApiKey(String secret) {
        return apiKeys.user(secret).flatMap(this::find).filter(User::maySignIn);
    }

    /** A user by exact name. */
    public Optional<User> find(String name) {
        return Optional.ofNullable(known.get(name)).map(Known::user);
    }

    /** All users, by name. */
    public List<User> list() {
        Collection<Known> all = known.values();
        return all.stream().map(Known::user).sorted(Comparator.comparing(User::name)).toList();
    }

    /** What a user may do; somebody who is no user may do nothing. */
    public Permissions permissions(String name) {
        Known user = known.get(name);
        return user == null ? Permissions.NOTHING : user.permissions();
    }

    /**
     * Whether root's password is the one that everybody knows, however root got it; true until that is known. Then only
     * this machine may come in (D21).
     */
    public boolean wellKnownPassword() {
        return root.wellKnownPassword();
    }

    /** Whether this start gave root another password than it had, because the settings say so. */
    public boolean rootPasswordReplaced() {
        return root.passwordReplaced();
    }

    /** Whether this start made root: the installation is new. */
    public boolean fresh() {
        return root.fresh();
    }

    /** Whether the credential of the user as it was then still counts. */
    public boolean current(User then) {
        Known now = known.get(then.name());
        return now != null && now.user().id() == then.id() && sameCredential(now.user().passwordHash(), then.passwordHash());
    }

    /** Tells whether the password is the user's; at once, or later on the hashing thread. */
    void verify(User user, String password, Consumer<Outcome> result) {
        passwords.verify(user.name(), password, user.passwordHash(), result);
    }

    /** The user with this name and password; empty when there is none. Refused as busy when too many wait to be checked. */
    public CompletableFuture<Optional<User>> authenticate(String name, String password) {
        CompletableFuture<Optional<User>> result = new CompletableFuture<>();
        Optional<User> user = find(name);
        if (user.isEmpty()) {
            result.complete(Optional.empty());
        } else {
            verify(user.get(), password, outcome -> {
                if (outcome == Outcome.BUSY) {
                    result.completeExceptionally(new AccessRefusal(Reason.BUSY,
                        "Too many passwords wait to be checked, try again in a moment"));
                } else {
                    result.complete(user.filter(u -> outcome == Outcome.RIGHT && current(u)));
                }
            });
        }
        return result;
    }

    /** Whether a first person may still sign up: root has never signed in and there is nobody else. */
    public boolean signUpOpen() {
        Known root = known.get(ROOT);
        return known.size() <= 1 && (root == null || root.user().lastLoginNanos() == 0);
    }

    // ---- changing

    /**
     * Creates a management or application user, who may do nothing that the one who asks may not.
     *
     * @param by who asks
     */
    public CompletableFuture<Void> createUser(Author by, NewUser wanted) {
        return refusing(() -> {
            String name = UserRules.name(wanted.name());
            UserType type = UserRules.type(wanted.type());
            UserRole role = UserRules.role(type, wanted.role());
            UserRules.checkPatterns(wanted.permissions());
            UserProfile profile = UserRules.profile(wanted.profile());
            String password = password(type, wanted.password());
            Permissions given = Permissions.of(wanted.permissions(), role == UserRole.VIEWER);
            Runnable check = () -> requireOver(by.user(), given, notToGive(by));
            check.run(); // before the costly hash
            return create(by, new Wanted(name, type, role, profile.texts(), wanted.permissions()), password, check);
        });
    }

    private static String notToGive(Author by) {
        return "user " + by.user() + " is not allowed to give permissions that it does not have";
    }

    /** Refuses who may not do everything that the other may, changes nothing, or is no user (any more). */
    private void requireOver(String actor, Permissions other, String text) {
        if (!known.containsKey(actor) || permissions(actor).readOnly() || !permissions(actor).cover(other)) {
            throw new AccessRefusal(Reason.NOT_ALLOWED, text);
        }
    }

    /** Where clients share one token, they need no password of their own; what they get then nobody knows. */
    private String password(UserType type, String wanted) {
        boolean byToken = engine.settings().authMode() == ControlSettings.AuthMode.TOKEN;
        if (byToken && type == UserType.APPLICATION && wanted.isEmpty()) {
            return PasswordHash.unknown();
        }
        UserRules.checkPassword(wanted);
        return wanted;
    }

    /**
     * Creates the first person of an installation, who is named by an e-mail address; refused once somebody has been
     * here.
     */
    public CompletableFuture<Void> signUp(Author by, NewUser wanted) {
        return refusing(() -> {
            String name = UserRules.email(wanted.name());
            UserRules.checkPassword(wanted.password());
            Map<String, String> profile = UserRules.profile(wanted.profile()).texts();
            return changes.withHash(by, wanted.password(), hash -> {
                if (!signUpOpen()) {
                    throw new AccessRefusal(Reason.NOT_ALLOWED, "Sign-up is closed, ask a management user");
                }
                return new UserEvent.UserCreated(engine.allocateId(), name, UserType.MANAGEMENT, hash, profile,
                    engine.clock().wallNanos(), PermissionPatterns.NONE.stored());
            });
        });
    }

    /** Creates a user that may use all stations, for root. */
    public CompletableFuture<Void> createUser(String name, String type, String password, Map<String, String> profile) {
        return createUser(ROOT_ITSELF, new NewUser(name, type, password, new UserProfile("", "", "",
            profile.getOrDefault("description", ""), "", 1, false), PermissionPatterns.NONE));
    }

    /**
     * Removes a user, who may do nothing that the one who asks may not; its connections are cut.
     *
     * @param by who asks
     */
    public CompletableFuture<Void> removeUser(Author by, String name) {
        return refusing(() -> {
            if (name.equals(by.user())) {
                throw new AccessRefusal(Reason.NOT_ALLOWED, "You can not remove your own user");
            }
            if (name.equals(ROOT)) {
                throw new AccessRefusal(Reason.NOT_ALLOWED, "You can not remove the root user");
            }
            return changes.append(by, () -> {
                requireOver(by.user(), rights(requireUser(name)), "user " + by.user() + " is not allowed to remove user " + name);
                return new UserEvent.UserRemoved(name);
            });
        });
    }

    /**
     * Changes what a user may do, who may do nothing before and afterwards that the one who asks may not; its connections are
     * cut, so that they come in with the new rights.
     *
     * @param by who asks
     * @param role {@code full} or {@code viewer}, empty for full
     * @param permissions all of them
     */
    public CompletableFuture<Void> changeRights(Author by, String name, String role, PermissionPatterns permissions) {
        return refusing(() -> {
            if (name.equals(ROOT)) {
                throw new AccessRefusal(Reason.NOT_ALLOWED, "The rights of the root user can not be changed");
            }
            if (name.equals(by.user())) {
                throw new AccessRefusal(Reason.NOT_ALLOWED, "You can not change your own rights");
            }
            UserRules.checkPatterns(permissions);
            return changes.append(by, () -> {
                UserDefinition user = requireUser(name);
                UserRole wanted = UserRules.role(user.type(), role);
                requireOver(by.user(), rights(user),
                    "user " + by.user() + " is not allowed to change the rights of user " + name);
                requireOver(by.user(), Permissions.of(permissions, wanted == UserRole.VIEWER), notToGive(by));
                return new UserEvent.UserRightsChanged(name, wanted, permissions.stored());
            });
        });
    }

    private static Permissions rights(UserDefinition user) {
        return Permissions.of(PermissionPatterns.of(user.created().permissions()), user.created().role() == UserRole.VIEWER);
    }

    /**
     * Changes a password; only the user itself and root may. The user's connections are cut.
     *
     * @param by who asks
     */
    public CompletableFuture<Void> changePassword(Author by, String name, String password) {
        return refusing(() -> {
            if (name.equals(ROOT) && !by.user().equals(ROOT)) {
                throw new AccessRefusal(Reason.NOT_ALLOWED,
                    "Change root password: This operation can be done only by the root user");
            }
            if (!by.user().equals(name) && !by.user().equals(ROOT)) {
                throw new AccessRefusal(Reason.NOT_ALLOWED,
                    "Change user password: This operation can be done only by the user or the root user");
            }
            UserRules.checkPassword(password);
            return setPassword(by, name, password);
        });
    }

    /** Changes what is written about a user; the operator gets the profile as it is. */
    public CompletableFuture<Void> changeProfile(Author by, String name, UnaryOperator<UserProfile> change) {
        return changes.append(by, () -> {
            UserDefinition user = requireUser(name);
            return new UserEvent.UserProfileChanged(name,
                UserRules.profile(change.apply(UserProfile.of(user))).texts());
        });
    }

    /** Remembers that a user signed in to the management API. */
    public CompletableFuture<Void> loggedIn(Author by, User user) {
        long now = engine.clock().wallNanos();
        if (user.lastLoginNanos() > 0 && now - user.lastLoginNanos() < LOGIN_GRAIN_NANOS) {
            return CompletableFuture.completedFuture(null);
        }
        return changes.append(by, () -> {
            requireUser(user.name());
            return new UserEvent.UserLoggedIn(user.name(), now);
        });
    }

    CompletableFuture<Void> create(Author by, Wanted wanted, String password, Runnable check) {
        return changes.withHash(by, password, hash -> {
            check.run();
            return created(wanted, hash);
        });
    }

    /** A user with a hashed password. Control loop. */
    UserEvent.UserCreated created(Wanted wanted, String hash) {
        if (engine.definitions().user(wanted.name()).isPresent()) {
            throw new AccessRefusal(Reason.EXISTS, "A user with the name " + wanted.name() + " already exists");
        }
        return new UserEvent.UserCreated(engine.allocateId(), wanted.name(), wanted.type(), hash, wanted.profile(),
            engine.clock().wallNanos(), wanted.permissions().stored(), wanted.role());
    }

    CompletableFuture<Void> setPassword(Author by, String name, String password) {
        return changes.withHash(by, password, hash -> {
            requireUser(name);
            return new UserEvent.UserPasswordChanged(name, hash);
        });
    }

    /** The user as defined; control loop only. */
    private UserDefinition requireUser(String name) {
        return engine.definitions().user(name)
            .orElseThrow(() -> new AccessRefusal(Reason.UNKNOWN_USER, "User does not exist"));
    }

    private interface Starting {
        CompletableFuture<Void> start();
    }

    private static CompletableFuture<Void> refusing(Starting starting) {
        try {
            return starting.start();
        } catch (AccessRefusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public void close() {
        passwords.close();
    }
}
