package org.memphisee.ra.inbound;

import java.util.ArrayDeque;
import java.util.Deque;

import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;

/** Endpoints of one activation that nobody uses now. Thread-safe; the container is never called under its lock. */
final class EndpointPool {

    private final EndpointCalls calls;
    private final Deque<MessageEndpoint> idle = new ArrayDeque<>();
    private boolean closed;

    EndpointPool(EndpointCalls calls) {
        this.calls = calls;
    }

    /**
     * An endpoint for one thread at a time.
     *
     * @throws UnavailableException if the bean is not there yet, or no longer
     */
    MessageEndpoint take() throws UnavailableException {
        synchronized (this) {
            MessageEndpoint free = idle.poll();
            if (free != null) {
                return free;
            }
        }
        return calls.create();
    }

    void giveBack(MessageEndpoint endpoint) {
        synchronized (this) {
            if (!closed) {
                idle.push(endpoint);
                return;
            }
        }
        endpoint.release();
    }

    /** Releases all; those in use when they are given back. */
    void close() {
        Deque<MessageEndpoint> all;
        synchronized (this) {
            closed = true;
            all = new ArrayDeque<>(idle);
            idle.clear();
        }
        all.forEach(MessageEndpoint::release);
    }
}
