package org.memphisee.ra.inbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import org.memphisee.client.Delivery;
import org.memphisee.client.GroupFeed;
import org.memphisee.ra.AdapterContext;

/**
 * One activated message-driven bean: takes what its {@link GroupConnection} brings and has it handled by as many workers as the
 * bean may have. Messages come on a link's thread, workers are short works of the container, all state is guarded by this
 * object's lock; neither the network nor a bean is called while it is held.
 */
final class EndpointActivation implements GroupConnection.Owner {

    private static final Logger LOG = System.getLogger(EndpointActivation.class.getName());
    /** Bytes of messages to hold. */
    private static final long HELD_BYTES = 8 << 20;
    /** A worker gives its thread back after this time: works that do not end delay the container's stop. */
    private static final long SLICE_NANOS = 200_000_000;
    private static final long RETRY_MILLIS = 1_000;
    private static final long ANSWER_MILLIS = 2_000;

    private final AdapterContext context;
    private final BrokerActivationSpec spec;
    private final EndpointCalls calls;
    private final EndpointPool endpoints;
    private final ActivationFigures figures = new ActivationFigures();
    private final Settlement settlement;
    private final GroupConnection connection;
    private final HeldMessages held;
    private final Prefetch prefetch;
    private final FailurePause failures;
    private final long heartbeatMillis;
    private int workers;
    private boolean paused;
    private boolean stopping;
    private boolean stopped;

    /**
     * @throws ResourceException if the bean or its settings do not fit
     */
    EndpointActivation(AdapterContext context, MessageEndpointFactory factory, BrokerActivationSpec spec,
                              GroupConnection.Target target) throws ResourceException {
        this.context = context;
        this.spec = spec;
        calls = new EndpointCalls(factory, context.transactions());
        endpoints = new EndpointPool(calls);
        settlement = new Settlement(spec.group(), new RedeliveryDelay(spec.getRedeliveryDelay(),
            spec.getMaxRedeliveryDelay(), ThreadLocalRandom.current()::nextDouble), figures);
        connection = new GroupConnection(context, spec.group(), target, this);
        held = new HeldMessages(TimeUnit.MILLISECONDS.toNanos(spec.getAckWait()));
        prefetch = new Prefetch(spec.getMaxConcurrency(), batchSize());
        failures = new FailurePause(spec.getPauseAfterFailures(), spec.getPause(), spec.getMaxPause());
        heartbeatMillis = Math.max(25, Math.min(5_000, spec.getAckWait() / 4));
    }

    private int batchSize() {
        return calls.batches() ? spec.getBatchSize() : 1;
    }

    /** Begins; returns at once. The broker need not be there yet. */
    void start() {
        connection.start();
        context.links().schedule(this::heartbeat, heartbeatMillis);
    }

    /**
     * Ends: nothing more comes from the broker, beans handle what is at hand within the activation's {@code stopTimeout}, what
     * they could not goes back to the group, which counts as a delivery, and the connection is closed.
     */
    void stop() {
        synchronized (this) {
            if (stopping) {
                return;
            }
            stopping = true;
        }
        connection.leave(ANSWER_MILLIS);
        boolean interrupted = awaitRest();
        List<Delivery> rest;
        synchronized (this) {
            stopped = true;
            rest = held.abandon();
        }
        settlement.returned(rest);
        connection.close(ANSWER_MILLIS);
        endpoints.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until beans have handled what is at hand; true if it was interrupted, as containers do when they stop. */
    private synchronized boolean awaitRest() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(spec.getStopTimeout());
        while (workers > 0 || !paused && held.waiting() > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                LOG.log(Level.WARNING, "RA0206 Group {0} of station {1}: {2} calls of the bean go on after stopTimeout; their "
                    + "messages come again, as do {3} that wait", spec.getConsumerGroup(), spec.getStation(),
                    Integer.toString(workers), Integer.toString(held.waiting()));
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                return true;
            }
        }
        return false;
    }

    // ---- GroupConnection.Owner: a link's thread

    @Override
    public void connected(GroupFeed feed) {
        settlement.connected(feed);
        connection.capacity(target(), HELD_BYTES);
    }

    @Override
    public void disconnected() {
        settlement.disconnected();
    }

    @Override
    public void voided() {
        settlement.voided();
        synchronized (this) {
            held.withdraw();
            notifyAll();
        }
    }

    @Override
    public void delivered(Delivery delivery) {
        synchronized (this) {
            if (!stopped) {
                held.add(delivery);
                return;
            }
        }
        settlement.returned(List.of(delivery));
    }

    @Override
    public void readComplete() {
        employ();
    }

    // ---- workers

    private synchronized int target() {
        return stopping || paused ? 0 : failures.probing() ? 1 : prefetch.target();
    }

    /** Sets workers to work as long as there is more than those at work will take. */
    private void employ() {
        int more;
        synchronized (this) {
            int allowed = paused || stopped ? 0 : failures.probing() ? 1 : spec.getMaxConcurrency();
            int useful = (held.waiting() + batchSize() - 1) / batchSize();
            more = Math.max(0, Math.min(allowed - workers, useful));
            workers += more;
        }
        for (int i = 0; i < more; i++) {
            try {
                context.work().scheduleWork(new Worker());
            } catch (WorkException e) { // the container has no thread now, or stops
                LOG.log(Level.DEBUG, "no thread for a delivery", e);
                retire();
                context.links().schedule(this::employ, RETRY_MILLIS);
            }
        }
    }

    private synchronized void retire() {
        workers--;
        notifyAll();
    }

    /** One bean at work for a while. */
    private final class Worker implements Work {

        @Override
        public void run() {
            boolean there = false;
            MessageEndpoint endpoint = null;
            try {
                endpoint = endpoints.take();
                there = true;
                long end = System.nanoTime() + SLICE_NANOS;
                List<Delivery> messages = take();
                while (!messages.isEmpty()) {
                    handle(endpoint, messages);
                    messages = System.nanoTime() - end < 0 ? take() : List.of();
                }
            } catch (UnavailableException | RuntimeException e) {
                LOG.log(Level.DEBUG, "the bean is not there yet, or no longer", e);
            } finally { // whatever happens, the place of this worker must not be lost
                if (endpoint != null) {
                    endpoints.giveBack(endpoint);
                }
                retire();
            }
            if (there) {
                employ();
            } else {
                context.links().schedule(EndpointActivation.this::employ, RETRY_MILLIS);
            }
        }

        @Override
        public void release() {
            // it ends within a moment by itself
        }
    }

    private synchronized List<Delivery> take() {
        boolean mine = !paused && !stopped && !(failures.probing() && workers > 1);
        return mine ? held.take(batchSize(), System.nanoTime()) : List.of();
    }

    private void handle(MessageEndpoint endpoint, List<Delivery> messages) {
        figures.delivered.add(messages.size());
        long begin = System.nanoTime();
        Outcome outcome = calls.call(endpoint, messages);
        long pause = 0;
        boolean recovered = false;
        synchronized (this) {
            held.settled(messages);
            if (stopping) {
                notifyAll();
            }
            prefetch.handled(messages.size(), System.nanoTime() - begin);
            if (outcome instanceof Outcome.Handled) {
                recovered = failures.succeeded();
            } else if (!paused && !stopping) {
                pause = failures.failed();
                paused = pause > 0;
            }
        }
        if (outcome instanceof Outcome.Failed failed) {
            settlement.failed(messages, failed);
            if (pause > 0) {
                pause(pause, failed.text());
            }
        } else {
            settlement.handled(messages);
        }
        if (recovered) {
            LOG.log(Level.INFO, "RA0209 Group {0} of station {1}: messages are handled again", spec.getConsumerGroup(),
                spec.getStation());
        }
        connection.capacity(target(), HELD_BYTES);
    }

    private void pause(long millis, String why) {
        figures.pauses.increment();
        LOG.log(Level.WARNING, "RA0208 Group {0} of station {1}: every message fails, deliveries pause for {2} ms: {3}",
            spec.getConsumerGroup(), spec.getStation(), Long.toString(millis), why);
        context.links().schedule(() -> {
            synchronized (this) {
                paused = false;
            }
            connection.capacity(target(), HELD_BYTES);
            employ();
        }, millis);
    }

    private void heartbeat() {
        List<Delivery> due;
        synchronized (this) {
            if (stopped && held.inHands() == 0) {
                return;
            }
            due = connection.connected() ? held.due(System.nanoTime()) : List.of();
        }
        connection.progress(due);
        context.links().schedule(this::heartbeat, heartbeatMillis);
    }

    // ---- figures: any thread

    /** What JMX shows. */
    ActivationMXBean bean() {
        return new ActivationBean(figures, this::state, this::held, this::workers);
    }

    private String state() {
        synchronized (this) {
            if (stopping) {
                return stopped ? "STOPPED" : "STOPPING";
            }
            if (paused) {
                return "PAUSED";
            }
        }
        return connection.connected() ? "CONSUMING" : "CONNECTING";
    }

    private synchronized int held() {
        return held.waiting() + held.inHands();
    }

    private synchronized int workers() {
        return workers;
    }
}
