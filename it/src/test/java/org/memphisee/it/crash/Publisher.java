package org.memphisee.it.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.WindowPublisher;

/**
 * Publishes numbered messages into one stream until its connection breaks. With message ids it sends what was
 * unanswered once more in the next life, in order and before anything new; without, unanswered numbers are given up.
 */
final class Publisher implements Runnable {
    private static final int WINDOW = 64;
    private static final int REPEATED = 20;
    private static final int BACKLOG = 4000;

    private final BrokerUnderTest broker;
    private final int id;
    private final String subject;
    private final StreamLedger ledger;
    private final boolean messageIds;
    private final Deque<Payload> unanswered = new ArrayDeque<>();
    private final Deque<Payload> answered = new ArrayDeque<>();
    private volatile boolean stopped;
    private volatile String refusal = "";
    private long number;

    Publisher(BrokerUnderTest broker, int id, String subject, StreamLedger ledger, boolean messageIds) {
        this.broker = broker;
        this.id = id;
        this.subject = subject;
        this.ledger = ledger;
        this.messageIds = messageIds;
    }

    /**
     * Ends the present life in the orderly way: what is under way is answered first. Before {@link #run}: no effect.
     */
    void stop() {
        stopped = true;
    }

    /** The last error the broker answered, empty for none. */
    String refusal() {
        return refusal;
    }

    @Override
    public void run() {
        stopped = false;
        ConcurrentMap<Long, Payload> underWay = new ConcurrentHashMap<>();
        try (WindowPublisher connection = new WindowPublisher(broker, WINDOW, (sent, sequence, duplicate, error) ->
                answer(underWay, sent, sequence, duplicate, error))) {
            if (messageIds) {
                repeat(connection, underWay);
            }
            while (!stopped) {
                awaitConsumers(connection);
                publish(connection, underWay, new Payload(id, ++number));
            }
            connection.drain(Duration.ofSeconds(60));
        } catch (IOException e) {
            // the broker was killed: what that means for the unanswered is decided by the next life
            return;
        } finally {
            if (!messageIds) {
                synchronized (unanswered) {
                    unanswered.clear();
                }
            }
        }
    }

    /** Keeps the backlog small, so that a run ends soon after its last kill. */
    private void awaitConsumers(WindowPublisher connection) throws IOException {
        while (!stopped && ledger.backlog() > BACKLOG) {
            connection.flush();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What is unanswered goes again, and some of what was answered too: neither may be stored twice. */
    private void repeat(WindowPublisher connection, ConcurrentMap<Long, Payload> underWay) throws IOException {
        Deque<Payload> again = new ArrayDeque<>();
        synchronized (unanswered) {
            again.addAll(answered);
            again.addAll(unanswered);
        }
        for (Payload payload : again) {
            send(connection, underWay, payload);
        }
    }

    private void publish(WindowPublisher connection, ConcurrentMap<Long, Payload> underWay, Payload payload)
            throws IOException {
        synchronized (unanswered) {
            unanswered.add(payload);
        }
        send(connection, underWay, payload);
    }

    private void send(WindowPublisher connection, ConcurrentMap<Long, Payload> underWay, Payload payload)
            throws IOException {
        // known before it is sent: its answer may come while publish is still running
        underWay.put(connection.nextNumber(), payload);
        connection.publish(subject, messageIds ? payload.messageId() : "", payload.bytes());
    }

    private void answer(ConcurrentMap<Long, Payload> underWay, long sent, long sequence, boolean duplicate,
            String error) {
        Payload payload = underWay.remove(sent);
        if (error.isEmpty()) {
            ledger.acknowledged(sequence, payload, duplicate);
        } else {
            refusal = error;
        }
        synchronized (unanswered) {
            // oldest first, and answers come in order: found at once
            unanswered.removeFirstOccurrence(payload);
            if (error.isEmpty() && !duplicate) {
                answered.add(payload);
                if (answered.size() > REPEATED) {
                    answered.remove();
                }
            }
        }
    }
}
