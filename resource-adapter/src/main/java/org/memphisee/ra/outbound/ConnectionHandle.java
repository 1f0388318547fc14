package org.memphisee.ra.outbound;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

/** A connection in an application's hands; the container may put another managed connection behind it. */
public final class ConnectionHandle implements BrokerConnection {

    private final AtomicReference<BrokerManagedConnection> managed;

    ConnectionHandle(BrokerManagedConnection managed) {
        this.managed = new AtomicReference<>(managed);
    }

    @Override
    public void publish(OutboundMessage message) {
        managed().publish(List.of(Objects.requireNonNull(message, "message is required")));
    }

    @Override
    public void publishAll(List<OutboundMessage> messages) {
        managed().publish(List.copyOf(messages));
    }

    @Override
    public CompletionStage<PublishReceipt> publishAsync(OutboundMessage message) {
        return managed().publishAsync(Objects.requireNonNull(message, "message is required"));
    }

    @Override
    public void close() {
        BrokerManagedConnection current = managed.getAndSet(null);
        if (current != null) {
            current.closed(this);
        }
    }

    /** The container puts it on another connection; returns the one before, null for none. */
    BrokerManagedConnection move(BrokerManagedConnection to) {
        return managed.getAndSet(to);
    }

    /** The connection is taken away from it, unless it is on another one by now. */
    void leave(BrokerManagedConnection from) {
        managed.compareAndSet(from, null);
    }

    private BrokerManagedConnection managed() {
        BrokerManagedConnection current = managed.get();
        if (current == null) {
            throw new BrokerException("The connection is closed; get another one from the factory");
        }
        return current;
    }
}
