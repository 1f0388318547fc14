package org.memphisee.it.crash;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.memphisee.it.support.BrokerUnderTest;

/**
 * A durable pull consumer of one stream: acknowledges most messages plainly, every fifth with a confirmed (double)
 * ack, and leaves every seventeenth unanswered when it comes for the first time.
 */
final class Consumer implements Runnable {
    static final String DURABLE = "crash-group";
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final BrokerUnderTest broker;
    private final StreamLedger ledger;
    private volatile boolean draining;
    private volatile boolean stopped;
    private volatile Throwable failure;

    Consumer(BrokerUnderTest broker, StreamLedger ledger) {
        this.broker = broker;
        this.ledger = ledger;
    }

    /** From now on run() ends when nothing is left to deliver or to acknowledge. */
    void drain() {
        draining = true;
    }

    void stop() {
        stopped = true;
    }

    /** What ended the last life besides the end of the broker, or null. */
    Throwable failure() {
        return failure;
    }

    private Options options() {
        return new Options.Builder().server("nats://" + broker.host() + ':' + broker.clientPort())
                .userInfo(broker.user(), broker.password()).connectionTimeout(WAIT).maxReconnects(0)
                .errorListener(new ErrorListener() { }).build();
    }

    @Override
    public void run() {
        stopped = false;
        failure = null;
        try {
            Connection connection = Nats.connect(options());
            try {
                consume(connection);
            } finally {
                connection.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (AssertionError e) {
            ledger.observed(e.getMessage());
        } catch (Exception e) {
            failure = e;
        }
    }

    private void consume(Connection connection) throws Exception {
        JetStreamManagement jsm = connection
                .jetStreamManagement(JetStreamOptions.builder().requestTimeout(WAIT).build());
        ledger.floorSeen(jsm.getConsumerInfo(ledger.name(), DURABLE).getAckFloor().getStreamSequence(), true,
                broker.isMemphis());
        JetStreamSubscription subscription = connection.jetStream()
                .subscribe(null, PullSubscribeOptions.bind(ledger.name(), DURABLE));
        while (!stopped) {
            for (Message message : subscription.fetch(100, Duration.ofMillis(500))) {
                take(message);
            }
            if (connection.getStatus() != Connection.Status.CONNECTED) {
                throw new IOException("connection lost");
            }
            ConsumerInfo info = jsm.getConsumerInfo(ledger.name(), DURABLE);
            ledger.floorSeen(info.getAckFloor().getStreamSequence(), false, broker.isMemphis());
            if (draining && info.getNumPending() == 0 && info.getNumAckPending() == 0) {
                return;
            }
        }
    }

    private void take(Message message) throws TimeoutException, InterruptedException {
        long sequence = message.metaData().streamSequence();
        long deliveries = message.metaData().deliveredCount();
        Payload.parse(message.getData());
        ledger.delivered(sequence, deliveries);
        if (sequence % 17 == 0 && deliveries == 1) {
            return;
        }
        ledger.acknowledging(sequence);
        if (sequence % 5 == 0) {
            message.ackSync(WAIT);
            ledger.doubleAcknowledged(sequence);
        } else {
            message.ack();
        }
    }
}
