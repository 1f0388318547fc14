package org.memphisee.core.access;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEvent.UserType;
import org.memphisee.core.control.Turn;
import org.memphisee.core.control.UserDefinition;
import org.memphisee.core.log.StoreException;

/**
 * The users of the installation and their changes (features.md 8). Any thread. Changes complete when durable, or
 * exceptionally with an {@link AccessRefusal} for people or a {@link StoreException}.
 */
public final class Users implements AutoCloseable {

    /** Name of the one user that cannot be removed. */
    public static final String ROOT = "root";

    private final ControlEngine engine;
    private final PasswordCheck passwords;
    private final Map<String, UserDefinition> known = new ConcurrentHashMap<>();

    /** Users that work through the engine; hashing happens on one thread made by the factory. */
    public Users(ControlEngine engine, ThreadFactory threads) {
        this.engine = engine;
        this.passwords = new PasswordCheck(threads);
    }

    /**
     * Takes over the recovered users, follows changes, and gives {@code root} the configured password if it has another.
     * Before clients may connect.
     */
    public CompletableFuture<Void> start() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.resume(() -> {
            engine.listen((index, event) -> apply(event));
            engine.definitions().users().forEach(user -> known.put(user.name(), user));
            ensureRoot(ready);
        });
        return ready;
    }

    private void ensureRoot(CompletableFuture<Void> ready) {
        String password = engine.settings().rootPassword();
        UserDefinition root = known.get(ROOT);
        if (root == null) {
            complete(create(ROOT, UserType.ROOT, password, Map.of()), ready);
            return;
        }
        passwords.verify(ROOT, password, root.passwordHash(), same -> {
            if (same) {
                ready.complete(null);
            } else {
                complete(setPassword(ROOT, password), ready);
            }
        });
    }

    private static void complete(CompletableFuture<Void> from, CompletableFuture<Void> to) {
        from.whenComplete((done, failure) -> {
            if (failure == null) {
                to.complete(null);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private void apply(SystemEvent event) {
        if (event instanceof SystemEvent.UserCreated e) {
            known.put(e.name(), new UserDefinition(e, e.passwordHash()));
        } else if (event instanceof SystemEvent.UserPasswordChanged e) {
            known.computeIfPresent(e.name(), (name, user) -> new UserDefinition(user.created(), e.passwordHash()));
            passwords.forget(e.name());
        } else if (event instanceof SystemEvent.UserRemoved e) {
            known.remove(e.name());
            passwords.forget(e.name());
        }
    }

    /** A user by exact name. */
    public Optional<UserDefinition> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** Tells whether the password is the user's. */
    public void verify(UserDefinition user, String password, Consumer<Boolean> result) {
        passwords.verify(user.name(), password, user.passwordHash(), result);
    }

    /**
     * Creates a management or application user.
     *
     * @param type {@code application} or {@code management}, as people write it
     * @param profile free texts, e.g. {@code description}
     */
    public CompletableFuture<Void> createUser(String name, String type, String password, Map<String, String> profile) {
        return refusing(() -> {
            String stored = UserRules.name(name);
            UserType userType = switch (type) {
                case "application" -> UserType.APPLICATION;
                case "management" -> UserType.MANAGEMENT;
                default -> throw new AccessRefusal("user type has to be application/management and not " + type);
            };
            UserRules.checkPassword(password);
            return create(stored, userType, password, profile);
        });
    }

    /** Removes a user. */
    public CompletableFuture<Void> removeUser(String actor, String name) {
        return refusing(() -> {
            if (name.equals(ROOT)) {
                throw new AccessRefusal("You can not remove the root user");
            }
            if (name.equals(actor)) {
                throw new AccessRefusal("You can not remove your own user");
            }
            return change((turn, done) -> {
                requireUser(name);
                append(turn, done, new SystemEvent.UserRemoved(name));
            });
        });
    }

    /** Changes a password; only the user itself and root may. */
    public CompletableFuture<Void> changePassword(String actor, String name, String password) {
        return refusing(() -> {
            if (name.equals(ROOT) && !actor.equals(ROOT)) {
                throw new AccessRefusal("Change root password: This operation can be done only by the root user");
            }
            if (!actor.equals(name) && !actor.equals(ROOT)) {
                throw new AccessRefusal(
                    "Change user password: This operation can be done only by the user or the root user");
            }
            UserRules.checkPassword(password);
            return setPassword(name, password);
        });
    }

    private CompletableFuture<Void> create(String name, UserType type, String password, Map<String, String> profile) {
        return hashed(password, (hash, done) -> inTurn(done, turn -> {
            if (engine.definitions().user(name).isPresent()) {
                throw new AccessRefusal("A user with the name " + name + " already exists");
            }
            append(turn, done, new SystemEvent.UserCreated(engine.allocateId(), name, type, hash, profile,
                engine.clock().wallNanos()));
        }));
    }

    private CompletableFuture<Void> setPassword(String name, String password) {
        return hashed(password, (hash, done) -> inTurn(done, turn -> {
            requireUser(name);
            append(turn, done, new SystemEvent.UserPasswordChanged(name, hash));
        }));
    }

    private void requireUser(String name) {
        if (engine.definitions().user(name).isEmpty()) {
            throw new AccessRefusal("User " + name + " does not exist");
        }
    }

    private interface Hashed {
        void go(String hash, CompletableFuture<Void> done);
    }

    private interface Change {
        void go(Turn turn, CompletableFuture<Void> done);
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

    private CompletableFuture<Void> hashed(String password, Hashed next) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean taken = passwords.execute(() ->
            next.go(PasswordHash.encode(password, engine.settings().passwordIterations()), done));
        if (!taken) {
            done.completeExceptionally(new AccessRefusal("the broker is busy checking passwords, try again"));
        }
        return done;
    }

    private CompletableFuture<Void> change(Change change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        inTurn(done, turn -> change.go(turn, done));
        return done;
    }

    private void inTurn(CompletableFuture<Void> done, Consumer<Turn> work) {
        try {
            engine.submit(() -> engine.userTurn(turn -> {
                try {
                    work.accept(turn);
                } catch (AccessRefusal refusal) {
                    turn.done();
                    done.completeExceptionally(refusal);
                }
            }));
        } catch (ControlLoop.LoopFullException e) {
            done.completeExceptionally(new AccessRefusal("the broker is busy, try again"));
        }
    }

    private void append(Turn turn, CompletableFuture<Void> done, SystemEvent event) {
        engine.change(event, ControlEngine.ending(turn, new ChangeResult() {
            @Override
            public void effective() {
                done.complete(null);
            }

            @Override
            public void failed(StoreException cause) {
                done.completeExceptionally(cause);
            }
        }));
    }

    @Override
    public void close() {
        passwords.close();
    }
}
