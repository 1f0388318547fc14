package org.memphisee.ra.api;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A connection to publish with; close it soon, it goes back to the pool. Thread-safe, but a transaction belongs to the
 * thread that began it.
 *
 * <p>Inside a JTA transaction messages are kept in memory, within the factory's {@code transactionBytes}, and sent when
 * the transaction commits: commit returns after the broker has stored all of them, and a rollback sends none. Outside a
 * transaction each call publishes at once.
 */
public interface BrokerConnection extends AutoCloseable {

    /**
     * Publishes one message. Outside a transaction it is on the broker's disk when this returns.
     *
     * @throws PublishRefusedException if the broker does not take the message; nothing was stored
     * @throws BrokerUnavailableException if the broker is lost or does not answer: the message may be stored or not, so
     *         give it an {@link OutboundMessage#withId id} before publishing it again
     * @throws BrokerException if the transaction's buffer is full, or the connection is closed
     */
    void publish(OutboundMessage message);

    /**
     * Publishes messages in their order, all at once: much faster than one by one. Outside a transaction all of them are on
     * the broker's disk when this returns; if it throws, some may be.
     *
     * @throws BrokerException as for {@link #publish(OutboundMessage)}
     */
    void publishAll(List<OutboundMessage> messages);

    /**
     * Publishes one message and does not wait. Outside a transaction the stage completes when the message is on the broker's
     * disk; inside one when the transaction has committed, and exceptionally when it was rolled back. Waits only when the
     * factory's {@code maxInFlightBytes} are on their way.
     *
     * @return completes, on a thread of the container, with where the message is, or with a {@link BrokerException}
     */
    CompletionStage<PublishReceipt> publishAsync(OutboundMessage message);

    /** Gives the connection back; again does nothing. An open transaction goes on without it. */
    @Override
    void close();
}
