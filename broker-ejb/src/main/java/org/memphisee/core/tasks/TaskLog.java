package org.memphisee.core.tasks;

import java.util.concurrent.CompletableFuture;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;

/** Brings events of tasks into the log. Any thread. */
final class TaskLog {

    private final ControlEngine engine;

    TaskLog(ControlEngine engine) {
        this.engine = engine;
    }

    /** Appends the begin under a number of its own; fails when the control loop is full or the store refuses. */
    CompletableFuture<SystemEvent.TaskStarted> begin(Author by, SystemEvent.TaskStarted task) {
        CompletableFuture<SystemEvent.TaskStarted> done = new CompletableFuture<>();
        try {
            engine.submit(() -> {
                SystemEvent.TaskStarted numbered = new SystemEvent.TaskStarted(engine.allocateId(), task.kind(),
                    task.station(), task.user(), task.arguments(), task.atNanos());
                engine.change(by, numbered, result(done, numbered));
            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    /** Appends what became of a task that runs; never refused but by the store. */
    CompletableFuture<SystemEvent> append(SystemEvent event) {
        CompletableFuture<SystemEvent> done = new CompletableFuture<>();
        engine.resume(() -> engine.change(Author.BROKER, event, result(done, event)));
        return done;
    }

    private static <E extends SystemEvent> ChangeResult result(CompletableFuture<E> done, E event) {
        return new ChangeResult() {
            @Override
            public void effective() {
                done.complete(event);
            }

            @Override
            public void failed(StoreException cause) {
                done.completeExceptionally(cause);
            }
        };
    }
}
