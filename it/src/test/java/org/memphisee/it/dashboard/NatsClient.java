package org.memphisee.it.dashboard;

import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.util.List;
import org.memphisee.it.support.BrokerUnderTest;

/** Somebody who publishes and consumes while the dashboard looks on. */
final class NatsClient {
    private static final Duration WAIT = Duration.ofSeconds(20);

    private NatsClient() {
    }

    static Connection connect(BrokerUnderTest broker) throws Exception {
        return Nats.connect(new Options.Builder().server("nats://" + broker.host() + ':' + broker.clientPort())
                .userInfo(broker.user(), broker.password()).connectionTimeout(WAIT)
                .errorListener(new io.nats.client.ErrorListener() { }).build());
    }

    /** A durable consumer of everything. */
    static void consumer(Connection connection, String stream, String name) throws Exception {
        connection.jetStreamManagement().addOrUpdateConsumer(stream,
                ConsumerConfiguration.builder().durable(name).ackPolicy(AckPolicy.Explicit).build());
    }

    /** Fetches and acknowledges so many messages. */
    static void acknowledge(Connection connection, String stream, String consumer, int count) throws Exception {
        JetStreamSubscription subscription =
                connection.jetStream().subscribe(null, PullSubscribeOptions.bind(stream, consumer));
        List<Message> messages = subscription.fetch(count, WAIT);
        if (messages.size() != count) {
            throw new AssertionError("fetched " + messages.size() + " of " + count);
        }
        for (Message message : messages) {
            message.ackSync(WAIT);
        }
        subscription.unsubscribe();
    }
}
