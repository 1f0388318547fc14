package org.memphisee.it.clients;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Eventually;

/** One jnats connection and the streams a test made with it; closing removes them. */
final class JnatsFixture implements AutoCloseable {
    static final Duration WAIT = Duration.ofSeconds(30);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final BrokerUnderTest broker;
    private final List<String> streams = new ArrayList<>();
    private Connection connection;

    JnatsFixture(BrokerUnderTest broker) throws IOException, InterruptedException {
        this.broker = broker;
        this.connection = connect(broker);
    }

    static Connection connect(BrokerUnderTest broker) throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder()
                .server("nats://" + broker.host() + ':' + broker.clientPort())
                .userInfo(broker.user(), broker.password())
                .connectionTimeout(WAIT).requestCleanupInterval(Duration.ofSeconds(1))
                .errorListener(new io.nats.client.ErrorListener() { })
                .maxReconnects(-1).reconnectWait(Duration.ofMillis(100)).build());
    }

    /** Restarts the broker and connects anew. */
    void restartBroker() throws IOException, InterruptedException {
        connection.close();
        broker.restart();
        connection = connect(broker);
    }

    Connection connection() {
        return connection;
    }

    JetStream js() throws IOException {
        return connection.jetStream(io.nats.client.JetStreamOptions.builder().requestTimeout(WAIT).build());
    }

    JetStreamManagement jsm() throws IOException {
        return connection.jetStreamManagement(io.nats.client.JetStreamOptions.builder().requestTimeout(WAIT).build());
    }

    static String name(String prefix) {
        return prefix + '-' + ProcessHandle.current().pid() + '-' + NAMES.incrementAndGet();
    }

    /** A stream of its own on {@code <name>.>}. */
    String stream(UnaryOperator<StreamConfiguration.Builder> settings) throws IOException, JetStreamApiException {
        String name = name("jnats");
        StreamInfo info = jsm().addStream(settings.apply(StreamConfiguration.builder().name(name).subjects(name + ".>"))
                .build());
        streams.add(info.getConfiguration().getName());
        return name;
    }

    String stream() throws IOException, JetStreamApiException {
        return stream(builder -> builder);
    }

    /** Publishes m1 to m{@code count} on the subjects {@code <stream>.0}, {@code .1}, {@code .2} in turn. */
    void fill(String stream, int count) throws IOException, JetStreamApiException {
        JetStream js = js();
        for (int i = 0; i < count; i++) {
            js.publish(stream + '.' + i % 3, bytes("m" + (i + 1)), PublishOptions.builder().build());
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(io.nats.client.Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Eventually.await(what, WAIT, condition);
    }

    @Override
    public void close() throws IOException, JetStreamApiException {
        try {
            JetStreamManagement jsm = jsm();
            for (String stream : streams) {
                if (jsm.getStreamNames().contains(stream)) {
                    jsm.deleteStream(stream);
                }
            }
        } finally {
            closeConnection();
        }
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
