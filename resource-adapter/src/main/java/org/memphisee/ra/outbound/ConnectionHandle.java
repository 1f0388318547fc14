package org.memphisee.ra.outbound;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishReceipt;

/** A connection in an application's hands; the container may put another managed connection behind it. */
public final class ConnectionHandle implements BrokerConnection {

    private volatile BrokerManagedConnection managed;

    ConnectionHandle(BrokerManagedConnection managed) {
        this.managed = managed;
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
        BrokerManagedConnection current = managed;
        managed = null;
        if (current != null) {
            current.closed(this);
        }
    }

    /** The container moves the handle. */
    void move(BrokerManagedConnection to) {
        managed = to;
    }

    private BrokerManagedConnection managed() {
        BrokerManagedConnection current = managed;
        if (current == null) {
            throw new BrokerException("The connection is closed; get another one from the factory");
        }
        return current;
    }
}
