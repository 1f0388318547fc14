package org.memphisee.ra.outbound;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

/**
 * A connection in an application's hands. The container may put another managed connection behind it, or take the one away while
 * the application does nothing with it; then the next use asks the container for one. Thread-safe.
 */
public final class ConnectionHandle implements BrokerConnection {

    /** Whom to ask for a managed connection, and for which user. */
    private record Origin(LazyAssociatableConnectionManager pool, BrokerManagedConnectionFactory factory,
                          LoginRequest login) { }

    private final AtomicReference<BrokerManagedConnection> managed;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** One thread at a time asks the container; whoever takes a connection away never waits for it. */
    private final Object asking = new Object();
    private volatile Origin origin;

    ConnectionHandle(BrokerManagedConnection managed) {
        this.managed = new AtomicReference<>(managed);
    }

    /** Where it comes from; without it a handle that has lost its connection is of no more use. */
    void from(ConnectionManager pool, BrokerManagedConnectionFactory factory, LoginRequest login) {
        if (pool instanceof LazyAssociatableConnectionManager lazy) {
            origin = new Origin(lazy, factory, login);
        }
    }

    @Override
    public void publish(OutboundMessage message) {
        publishAll(List.of(Objects.requireNonNull(message, "message is required")));
    }

    @Override
    public void publishAll(List<OutboundMessage> messages) {
        List<OutboundMessage> all = List.copyOf(messages);
        use((connection, transaction) -> {
            connection.publish(all, transaction);
            return null;
        });
    }

    @Override
    public CompletionStage<PublishReceipt> publishAsync(OutboundMessage message) {
        Objects.requireNonNull(message, "message is required");
        return use((connection, transaction) -> connection.publishAsync(message, transaction));
    }

    /** Works on the managed connection and in the transaction it has, both of the same moment. */
    private <T> T use(BiFunction<BrokerManagedConnection, TransactionBuffer, T> work) {
        while (true) {
            BrokerManagedConnection current = managed();
            BrokerManagedConnection.Scope scope = current.scope(this);
            if (scope != null) {
                return work.apply(current, scope.transaction());
            }
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        BrokerManagedConnection current = managed.getAndSet(null);
        Origin from = origin;
        if (current != null) {
            current.closed(this);
        } else if (from != null) {
            from.pool.inactiveConnectionClosed(this, from.factory);
        }
    }

    /** The container puts it on another connection; returns the one before, null for none. */
    BrokerManagedConnection move(BrokerManagedConnection to) {
        return managed.getAndSet(to);
    }

    /** The connection is taken away from it, unless it is on another one by now; it may get one again. */
    void leave(BrokerManagedConnection from) {
        managed.compareAndSet(from, null);
    }

    /** The connection is taken away from it for good, unless it is on another one by now. */
    void end(BrokerManagedConnection from) {
        if (managed.compareAndSet(from, null)) {
            closed.set(true);
        }
    }

    private BrokerManagedConnection managed() {
        BrokerManagedConnection current = managed.get();
        if (current == null && origin != null && !closed.get()) {
            associate();
            current = managed.get();
        }
        if (current == null) {
            throw new BrokerException("The connection is closed; get another one from the factory");
        }
        return current;
    }

    private void associate() {
        synchronized (asking) {
            Origin from = origin;
            if (managed.get() != null || closed.get()) {
                return;
            }
            try {
                from.pool.associateConnection(this, from.factory, from.login);
            } catch (ResourceException e) {
                throw PooledConnectionFactory.translated(e);
            }
        }
        BrokerManagedConnection late = closed.get() ? managed.getAndSet(null) : null;
        if (late != null) {
            late.closed(this); // by another thread meanwhile
        }
    }
}
