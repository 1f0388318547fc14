package org.memphisee.wire;

/** What sessions report for statistics. Called by many I/O threads at once; must be cheap. */
public interface WireEvents {

    /**
     * Messages were handed to the broker; reported once per drained read.
     *
     * @param messages how many, at least 1
     * @param bytes their header blocks and payloads
     */
    void published(long messages, long bytes);

    /** A client did not send CONNECT in time. */
    void authenticationTimedOut();
}
