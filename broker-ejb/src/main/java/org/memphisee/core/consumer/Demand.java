package org.memphisee.core.consumer;

/** Who wants the messages: the waiting pull requests, or the deliver subject of a push consumer. */
sealed interface Demand permits PullQueue, PushDelivery {

    /** How often interest and congestion are asked for, in messages to one inbox. */
    int CHECK_INTERVAL = 16;
    /** Pause before a congested inbox is tried again. */
    long CONGESTION_PAUSE_NANOS = 1_000_000;

    /** A turn of the shard begins: what was known of inboxes is old. */
    void beginTurn();

    /** Whether somebody takes a message now. */
    boolean ready(long now);

    /**
     * The inbox for a message of this size, after {@link #ready}. Ends requests that it does not fit.
     *
     * @return null when nobody is left; no Optional, because this runs for every message
     */
    Inbox inboxFor(long size, long now);

    /** The message was sent. */
    void sent(long size, long now);

    /** There are no more messages at present. */
    void caughtUp(long now);

    /** What is next cannot be read, and nothing comes before that was mended: who asks is told. */
    void unreadable();

    /** Sends heartbeats and ends what has expired. */
    void onTimer(long now);

    /** When {@link #onTimer} or another try is due, NEVER when it is not. */
    long nextWake();
}
