package org.memphisee.port;

/** A client as the broker sees it. Any thread. */
public interface DeliverySink {

    /** A new, empty batch of frames for this client, for use by one thread at a time. */
    OutboundBatch newBatch();

    /** Bytes handed over and not yet taken by the operating system. */
    long queuedBytes();

    /** The most that may wait; above it the client is closed. */
    default long budgetBytes() {
        return Long.MAX_VALUE;
    }

    /**
     * Whether so much waits that whoever can should wait before sending more. False for a client that reads nothing: it
     * is not worth waiting for, and its budget decides.
     */
    default boolean congested() {
        return false;
    }

    /** Runs the action once, on any thread, as soon as the client is not {@link #congested()}; at once if it is not now. */
    default void whenRelieved(Runnable action) {
        action.run();
    }

    /** Stops reading from this client until as many {@link #resumeReading()} calls have come. */
    void pauseReading();

    /** Takes one {@link #pauseReading()} back. */
    void resumeReading();

    /**
     * Sends {@code -ERR} with the text, if there is one, and closes the connection.
     *
     * @param error text without quotes, empty for none
     */
    void close(String error);
}
