package org.memphisee.core.access;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.log.StoreException;

/** Brings changes of users through hashing and the control loop into the log, one after the other. Any thread. */
final class UserChanges {

    private final ControlEngine engine;
    private final PasswordCheck passwords;

    UserChanges(ControlEngine engine, PasswordCheck passwords) {
        this.engine = engine;
        this.passwords = passwords;
    }

    /** Makes an event of a password's hash, on the control loop; throws a refusal. */
    interface Hashed {
        SystemEvent event(String hash);
    }

    /** Hashes, then appends what the hash is made to. */
    CompletableFuture<Void> withHash(Author by, String password, Hashed next) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean taken = passwords.execute(() -> {
            String hash = PasswordHash.encode(password, engine.settings().passwordIterations());
            append(by, done, () -> next.event(hash));
        });
        if (!taken) {
            done.completeExceptionally(
                new AccessRefusal(Reason.BUSY, "the broker is busy checking passwords, try again"));
        }
        return done;
    }

    /** Appends what the supplier makes on the control loop, after all earlier changes; it throws a refusal. */
    CompletableFuture<Void> append(Author by, Supplier<SystemEvent> event) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        append(by, done, event);
        return done;
    }

    private void append(Author by, CompletableFuture<Void> done, Supplier<SystemEvent> event) {
        underLock(done, lock -> engine.change(by, event.get(), ControlEngine.ending(lock, new ChangeResult() {
            @Override
            public void effective() {
                done.complete(null);
            }

            @Override
            public void failed(StoreException cause) {
                done.completeExceptionally(cause);
            }
        })));
    }

    private void underLock(CompletableFuture<Void> done, Consumer<NameLock> work) {
        try {
            engine.submit(() -> engine.lockUsers(lock -> {
                try {
                    work.accept(lock);
                } catch (AccessRefusal refusal) {
                    lock.release();
                    done.completeExceptionally(refusal);
                }
            }));
        } catch (ControlLoop.LoopFullException e) {
            done.completeExceptionally(new AccessRefusal(Reason.BUSY, "the broker is busy, try again"));
        }
    }
}
