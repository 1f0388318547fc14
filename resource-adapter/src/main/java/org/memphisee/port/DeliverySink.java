package org.memphisee.port;

/** A client as the broker sees it. Any thread. */
public interface DeliverySink {

    /** A new, empty batch of frames for this client, for use by one thread at a time. */
    OutboundBatch newBatch();

    /** Bytes handed over and not yet taken by the operating system. */
    long queuedBytes();

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
