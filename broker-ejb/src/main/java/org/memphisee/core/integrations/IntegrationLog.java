package org.memphisee.core.integrations;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;

/** Brings changes of integrations into the log, and what is to be remembered of them. Any thread. */
final class IntegrationLog {

    private final ControlEngine engine;

    IntegrationLog(ControlEngine engine) {
        this.engine = engine;
    }

    /** Appends what the supplier makes on the control loop; it may throw a refusal. */
    CompletableFuture<Void> append(Author by, Supplier<SystemEvent> event) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            engine.submit(() -> {
                try {
                    change(by, event.get(), done);
                } catch (IntegrationRefusal refusal) {
                    done.completeExceptionally(refusal);
                }
            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    /** Adds a line to what people read about an integration; lost when the store does not take it. */
    void note(String name, String text) {
        engine.resume(() -> change(Author.BROKER, new SystemEvent.IntegrationNoted(name, text, engine.clock().wallNanos()),
            new CompletableFuture<>()));
    }

    private void change(Author by, SystemEvent event, CompletableFuture<Void> done) {
        engine.change(by, event, new ChangeResult() {
            @Override
            public void effective() {
                done.complete(null);
            }

            @Override
            public void failed(StoreException cause) {
                done.completeExceptionally(cause);
            }
        });
    }
}
