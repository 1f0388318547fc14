package org.memphisee.core.consumer;

import org.memphisee.core.wire.AdvisoryOutlet;
import org.memphisee.core.wire.PullRequest;

/** What a consumer needs of its partition beyond the messages. Shard's thread only. */
public interface ConsumerEnvironment extends AdvisoryOutlet {

    /** Monotonic clock, nanoseconds, for deadlines. */
    long nowNanos();

    /** A pull request got its first message after this time; for statistics. */
    void served(long waitedNanos);

    /** So many messages were delivered, for statistics. */
    void delivered(long messages);

    /**
     * Has the broker serve what is left of a request that serves the consumer from now on; false when nobody can, and whoever
     * asked is to be told that it ends.
     */
    boolean handOn(PullRequest rest);

    /** The inbox for a subject. */
    Inbox inbox(String subject, String queueGroup);

    /** Tells, never inside a call to the consumer, when somebody comes to or leaves the subject, until closed. */
    AutoCloseable watch(String subject, Runnable changed);

    /** Runs the action soon, not inside a call to the consumer. */
    void soon(Runnable action);

    /** The consumer wants {@code onTimer()} at or soon after this monotonic time; replaces its earlier wish. */
    void wakeAt(long nowNanos);

    /** The consumer's durable state changed: store it with the next transaction, at the latest after the interval. */
    void stateChanged();

    /**
     * Answers the acknowledgement that is being taken now, once everything that changed up to now is durable. When another broker
     * serves the consumer before that, it is given the acknowledgement and answers.
     *
     * @param reply where the answer goes
     */
    void confirm(String reply);

    /** A message is settled for this consumer: acknowledged or terminated. Interest and workqueue retention ask. */
    void settled(long sequence);

    /**
     * Whether a message that a client terminated is needed as long as one that ran out of deliveries is: no group of an
     * ack-based station lets go of what it gave up.
     */
    boolean keepsTerminated();

    /**
     * It gave up a message: no deliveries are left, or a client terminated it. It holds the message still, and is told by
     * {@link Consumer#letGo} when that was kept elsewhere.
     *
     * @param deliveries how often it had it
     * @param reason what the client said, empty for nothing
     */
    void gaveUp(long sequence, int deliveries, boolean terminated, String reason);

    /** What had to be read to count what is not delivered was read. */
    void counted();

    /** The consumer was idle longer than its threshold and wants to be removed. */
    void removeInactive();
}
