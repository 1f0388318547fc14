package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.WindowPublisher;

/** A client that publishes to a stream all the time on a thread of its own, about a thousand messages a second. */
final class Load implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final BrokerUnderTest broker;
    private final String stream;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long acknowledged;
    private volatile String failure = "";

    Load(BrokerUnderTest broker, String stream) throws IOException {
        this.broker = broker;
        this.stream = stream;
        try (RawConnection connection = RawConnection.login(broker)) {
            success(connection.request("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream
                    + "\",\"subjects\":[\"" + stream + ".>\"],\"storage\":\"file\",\"max_bytes\":67108864}"));
        }
        thread = new Thread(this::publish, "load");
        thread.start();
    }

    /** Fails on an answer of the JetStream API that is an error. */
    static String success(String answer) {
        assertTrue(!answer.contains("\"error\""), answer);
        return answer;
    }

    private void publish() {
        byte[] payload = new byte[256];
        try (WindowPublisher publisher = new WindowPublisher(broker, 16, (number, sequence, duplicate, error) -> {
            if (error.isEmpty()) {
                acknowledged++;
            } else {
                failure = error;
            }
        })) {
            while (!stopped && failure.isEmpty()) {
                publisher.publish(stream + ".a", "", payload);
                publisher.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            publisher.drain(LIMIT);
        } catch (IOException e) {
            failure = e.toString();
        }
    }

    /** Waits until this many more messages were acknowledged. */
    void awaitMore(long messages) {
        long goal = acknowledged + messages;
        Eventually.await("publishes are acknowledged", LIMIT, () -> {
            assertTrue(failure.isEmpty(), failure);
            return acknowledged >= goal;
        });
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertTrue(failure.isEmpty(), failure);
    }
}
