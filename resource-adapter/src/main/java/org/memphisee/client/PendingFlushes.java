package org.memphisee.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import org.memphisee.ra.api.BrokerException;

/** Those who wait for a PONG, in the order of their PINGs. Thread-safe. */
final class PendingFlushes {

    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private BrokerException closed;

    /**
     * Waits for the answer to a PING.
     *
     * @param ping sends it; called under the lock, so that PINGs leave in the order in which they wait, and not at
     *        all when it is too late
     */
    synchronized CompletableFuture<Void> add(Runnable ping) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (closed == null) {
            waiting.add(done);
            ping.run();
        } else {
            done.completeExceptionally(closed);
        }
        return done;
    }

    /** A PONG came. */
    void answered() {
        CompletableFuture<Void> first;
        synchronized (this) {
            first = waiting.poll();
        }
        if (first != null) {
            first.complete(null);
        }
    }

    /** No PONG will come any more. */
    void close(BrokerException why) {
        Queue<CompletableFuture<Void>> rest;
        synchronized (this) {
            closed = why;
            rest = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        rest.forEach(f -> f.completeExceptionally(why));
    }
}
