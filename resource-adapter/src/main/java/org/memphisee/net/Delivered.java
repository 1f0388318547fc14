package org.memphisee.net;

/** Told of messages that were queued to a client. Any thread; must be cheap. */
interface Delivered {

    /**
     * Messages were handed over to the client's queue.
     *
     * @param messages how many
     * @param bytes their header blocks and payloads
     */
    void delivered(long messages, long bytes);
}
