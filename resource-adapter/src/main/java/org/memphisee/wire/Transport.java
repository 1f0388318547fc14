package org.memphisee.wire;

/** What a session needs of the connection it speaks on. Called by the connection's I/O thread unless stated. */
public interface Transport {

    /**
     * Sends bytes after everything handed over before. May gather them with others until the read is over.
     *
     * @param bytes a whole line; nobody changes the array any more
     */
    void write(byte[] bytes);

    /**
     * Sends what waits, for a bounded time, and closes. What arrives from now on is dropped.
     *
     * @param reason told to the client where the transport has words for it
     */
    void closeAfterFlush(CloseReason reason);

    /**
     * Runs a task on the I/O thread later.
     *
     * @param task what to do
     * @param delayMillis how long to wait, at least 0
     * @return the way to call it off, on the I/O thread
     */
    Cancellable schedule(Runnable task, long delayMillis);

    /** Runs a task on the I/O thread, never inside this call. Any thread. */
    void execute(Runnable task);

    /**
     * Tells whether messages for this client may be framed as HMSG.
     *
     * @param supported false until CONNECT said otherwise
     */
    void headersSupported(boolean supported);

    /** A scheduled task. */
    interface Cancellable {

        /** Calls the task off; does nothing if it ran already. */
        void cancel();
    }
}
