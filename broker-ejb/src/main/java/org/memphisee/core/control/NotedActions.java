package org.memphisee.core.control;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.SystemEvent.ActionTaken;
import org.memphisee.core.log.StoreException;

/** What is done without changing a definition, with its author in the audit before it is done (ADR 0115). Any thread. */
public final class NotedActions {

    private final ControlEngine engine;

    public NotedActions(ControlEngine engine) {
        this.engine = engine;
    }

    /**
     * Does it when it is durable who does it.
     *
     * @param action what is done; on a thread of the broker
     * @return what the action says; fails with a {@link StoreException} or a {@link ControlLoop.LoopFullException} when it was
     *     not done
     */
    public <T> CompletableFuture<T> noted(Author by, ActionTaken event, Supplier<CompletableFuture<T>> action) {
        return note(by, event, false).thenCompose(durable -> action.get());
    }

    /** The same for what makes room: when the disk has no room even for the record, it is done first and noted then. */
    public <T> CompletableFuture<T> makingRoom(Author by, ActionTaken event, Supplier<CompletableFuture<T>> action) {
        return note(by, event, true).thenCompose(durable -> action.get().whenComplete((done, failure) -> {
            if (!durable) {
                engine.resume(() -> engine.change(by, event, ChangeResult.IGNORED));
            }
        }));
    }

    private CompletableFuture<Boolean> note(Author by, ActionTaken event, boolean evenWithoutRoom) {
        CompletableFuture<Boolean> noted = new CompletableFuture<>();
        try {
            engine.submit(() -> engine.change(by, event, new ChangeResult() {
                @Override
                public void effective() {
                    noted.complete(true);
                }

                @Override
                public void failed(StoreException cause) {
                    if (cause.full() && evenWithoutRoom) {
                        noted.complete(false);
                    } else {
                        noted.completeExceptionally(cause);
                    }
                }
            }));
        } catch (ControlLoop.LoopFullException e) {
            noted.completeExceptionally(e);
        }
        return noted;
    }
}
