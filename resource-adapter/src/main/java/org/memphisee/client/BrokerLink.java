package org.memphisee.client;

/** Carries the bytes of one conversation with a broker. Any thread unless stated. */
public interface BrokerLink {

    /**
     * Sends bytes after everything sent before; drops them when the link is closed.
     *
     * @param bytes whole operations; the array belongs to the link from now on
     */
    void send(byte[] bytes);

    /** Runs a task on the link's thread, later. */
    Task schedule(Runnable task, long delayMillis);

    /** From now on bytes are encrypted; the peer begins with its handshake. Link's thread. */
    void encrypt();

    /** Ends the link after what was sent; {@link LinkListener#closed} follows. Again does nothing. */
    void close();

    /** A scheduled task. */
    interface Task {

        /** Calls it off. */
        void cancel();
    }
}
