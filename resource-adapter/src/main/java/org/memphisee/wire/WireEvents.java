package org.memphisee.wire;

import org.memphisee.port.ConnectOptions;

/** What sessions report for statistics. Called by many I/O threads at once; must be cheap. */
public interface WireEvents {

    /**
     * Messages were handed to the broker; reported once per drained read.
     *
     * @param messages how many, at least 1
     * @param bytes their header blocks and payloads
     */
    void published(long messages, long bytes);

    /** A client has introduced itself, possibly once more. */
    default void introduced(ConnectOptions options) { }

    /** A message has to wait because its receiver reads too slowly. */
    default void heldBack() { }

    /** A client subscribed or ended a subscription. */
    default void subscriptionsChanged() { }

    /**
     * A client answered PING.
     *
     * @param nanos time since it was sent
     */
    default void roundTrip(long nanos) { }

    /**
     * The server's side ends a conversation; not told when the client just goes.
     *
     * @param error what the client is told, empty for nothing
     * @param reason why
     */
    default void closing(String error, CloseReason reason) { }

    /** A client did not send CONNECT in time. */
    void authenticationTimedOut();
}
