package org.memphisee.client;

/** Makes links to a broker. Thread-safe. */
public interface Dialer {

    /**
     * Begins to connect.
     *
     * @param address where to
     * @param listener told what comes of it
     */
    void dial(BrokerAddress address, LinkListener listener);

    /** Whether links stay inside the process, so that {@link BrokerAddress} means nothing. */
    boolean inProcess();

    /** The clock of its links and their timers, in nanoseconds as {@link System#nanoTime()}. */
    default long nanoTime() {
        return System.nanoTime();
    }
}
