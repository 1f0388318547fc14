package org.memphisee.ra.inbound;

import java.lang.reflect.Method;
import java.util.List;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import org.memphisee.client.Delivery;
import org.memphisee.ra.api.BatchListener;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.ReceivedMessage;

/**
 * How the beans of one activation are called. With a container-managed transaction the outcome is known from the transaction
 * itself: a synchronization hears whether it committed, so that nothing is acknowledged that was rolled back. Thread-safe.
 */
final class EndpointCalls {

    private final MessageEndpointFactory factory;
    private final TransactionSynchronizationRegistry transactions;
    private final Method method;
    private final boolean batches;
    private final boolean transacted;

    /**
     * @throws ResourceException if the bean implements neither listener or both, or the container cannot tell when a
     *         transaction has ended
     */
    EndpointCalls(MessageEndpointFactory factory, TransactionSynchronizationRegistry transactions)
        throws ResourceException {
        this.factory = factory;
        this.transactions = transactions;
        Class<?> bean = factory.getEndpointClass();
        boolean single = MessageListener.class.isAssignableFrom(bean);
        batches = BatchListener.class.isAssignableFrom(bean);
        if (single == batches) {
            throw new NotSupportedException("RA0004 " + bean.getName() + " must implement either "
                + MessageListener.class.getName() + " or " + BatchListener.class.getName());
        }
        try {
            method = batches ? BatchListener.class.getMethod("onMessages", List.class)
                : MessageListener.class.getMethod("onMessage", ReceivedMessage.class);
            transacted = factory.isDeliveryTransacted(method);
        } catch (NoSuchMethodException e) {
            throw new ResourceException("RA0004 " + bean.getName() + " lacks its listener's method", e);
        }
        if (transacted && transactions == null) {
            throw new NotSupportedException("RA0005 This container does not tell the adapter when transactions end; give "
                + bean.getName() + " the transaction attribute NOT_SUPPORTED");
        }
    }

    /** Whether one call takes several messages. */
    boolean batches() {
        return batches;
    }

    /** A bean to call, for one thread at a time. */
    MessageEndpoint create() throws UnavailableException {
        return factory.createEndpoint(null);
    }

    /** Calls the bean. */
    Outcome call(MessageEndpoint endpoint, List<Delivery> messages) {
        return transacted ? inTransaction(endpoint, messages) : directly(endpoint, messages);
    }

    private Outcome directly(MessageEndpoint endpoint, List<Delivery> messages) {
        try {
            listen(endpoint, messages);
            return new Outcome.Handled();
        } catch (Throwable e) { // whatever a bean throws, its message comes again
            return new Outcome.Failed(e);
        }
    }

    private Outcome inTransaction(MessageEndpoint endpoint, List<Delivery> messages) {
        Ending ending = new Ending();
        Throwable failure = null;
        try {
            endpoint.beforeDelivery(method);
            try {
                transactions.registerInterposedSynchronization(ending);
                listen(endpoint, messages);
            } catch (Throwable e) {
                failure = e;
            } finally {
                endpoint.afterDelivery();
            }
        } catch (ResourceException | NoSuchMethodException | RuntimeException | Error e) {
            failure = failure == null ? e : failure;
        }
        if (ending.status == Status.STATUS_COMMITTED) {
            return new Outcome.Handled(); // also when a bean threw what its container does not roll back for
        }
        return new Outcome.Failed(failure != null ? failure : new IllegalStateException("the transaction was rolled back"));
    }

    @SuppressWarnings("unchecked")
    private void listen(MessageEndpoint endpoint, List<Delivery> messages) throws Exception {
        if (batches) {
            ((BatchListener) endpoint).onMessages((List<ReceivedMessage>) (List<?>) messages);
        } else {
            ((MessageListener) endpoint).onMessage(messages.get(0));
        }
    }

    /** Hears how the transaction ended. */
    private static final class Ending implements Synchronization {
        private int status = Status.STATUS_UNKNOWN;

        @Override
        public void beforeCompletion() {
            // only the end matters
        }

        @Override
        public void afterCompletion(int ended) {
            status = ended;
        }
    }
}
