package org.memphisee.adapter;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import javax.transaction.xa.XAResource;
import org.memphisee.ra.api.BatchListener;
import org.memphisee.ra.api.MessageListener;
import org.memphisee.ra.api.ReceivedMessage;

/** Beans of one kind, as a container offers them. */
final class Beans implements MessageEndpointFactory {

    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger made = new AtomicInteger();
    /** So many times the container has no endpoint, and says so in its own way. */
    final AtomicInteger refusals = new AtomicInteger();
    private final StandInContainer container;
    private final MessageListener single;
    private final BatchListener batch;
    private final boolean transacted;

    private Beans(StandInContainer container, MessageListener single, BatchListener batch, boolean transacted) {
        this.container = container;
        this.single = single;
        this.batch = batch;
        this.transacted = transacted;
    }

    static Beans single(StandInContainer container, boolean transacted, MessageListener listener) {
        return new Beans(container, listener, null, transacted);
    }

    static Beans batches(StandInContainer container, BatchListener listener) {
        return new Beans(container, null, listener, false);
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) throws UnavailableException {
        if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("the application is starting");
        }
        open.incrementAndGet();
        made.incrementAndGet();
        return single == null ? new Batch() : new Single();
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeout) throws UnavailableException {
        return createEndpoint(resource);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
        return transacted;
    }

    @Override
    public String getActivationName() {
        return "bean";
    }

    @Override
    public Class<?> getEndpointClass() {
        return single == null ? BatchListener.class : MessageListener.class;
    }

    private abstract class Endpoint implements MessageEndpoint {
        private boolean failed;

        final void run(Call call) throws Exception {
            failed = true;
            call.run();
            failed = false;
        }

        @Override
        public void beforeDelivery(Method method) {
            container.begin();
        }

        @Override
        public void afterDelivery() {
            container.end(!failed);
        }

        @Override
        public void release() {
            open.decrementAndGet();
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private final class Single extends Endpoint implements MessageListener {
        @Override
        public void onMessage(ReceivedMessage message) throws Exception {
            run(() -> single.onMessage(message));
        }
    }

    private final class Batch extends Endpoint implements BatchListener {
        @Override
        public void onMessages(List<ReceivedMessage> messages) throws Exception {
            run(() -> batch.onMessages(messages));
        }
    }
}
