package org.memphisee.it.hostile;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.WindowPublisher;

/**
 * Bad input costs nobody else: the rate of a well-behaved publisher beside it stays above three quarters of what it
 * was. Undisturbed and disturbed windows alternate and their medians are compared; a noisy comparison is repeated, at
 * most four times.
 */
@Tag("load")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class HostileClientsIT {
    private static final long WINDOW_MILLIS = Long.getLong("it.hostile.window.millis", 1500);
    private static final int ROUNDS = Integer.getInteger("it.hostile.rounds", 3);
    private static final int ATTEMPTS = 5;
    private static final double SHARE = 0.75;
    private static final int MESSAGE = 512;

    private final String stream = "hostile-" + System.nanoTime();
    private BrokerUnderTest broker;
    private volatile boolean stopped;
    private volatile long acknowledged;
    private volatile Throwable failure;
    private Thread wellBehaved;

    @BeforeEach
    void startTheWellBehavedClient() throws IOException {
        broker = Brokers.shared();
        request("$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream
                + ".>\"],\"storage\":\"file\",\"max_bytes\":268435456}");
        wellBehaved = new Thread(this::publishAllTheTime, "well-behaved");
        wellBehaved.start();
        Eventually.await("the well-behaved client publishes", () -> acknowledged > 1000 || failure != null);
    }

    @AfterEach
    void stopTheWellBehavedClient() throws IOException, InterruptedException {
        stopped = true;
        wellBehaved.join(60_000);
        request("$JS.API.STREAM.DELETE." + stream, "");
        if (failure != null) {
            fail("the well-behaved client failed", failure);
        }
    }

    private void request(String subject, String payload) throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.send("SUB inbox.hostile 1\r\nPUB " + subject + " inbox.hostile " + payload.length() + "\r\n"
                    + payload
                    + "\r\n");
            String answer = connection.readMessage().payload();
            assertTrue(!answer.contains("\"error\""), answer);
        }
    }

    private void publishAllTheTime() {
        byte[] payload = new byte[MESSAGE];
        try (WindowPublisher publisher = new WindowPublisher(broker, 256, (number, sequence, duplicate, error) -> {
            if (error.isEmpty()) {
                acknowledged = number + 1;
            } else {
                failure = new AssertionError(error);
            }
        })) {
            while (!stopped && failure == null) {
                publisher.publish(stream + ".a", "", payload);
            }
            publisher.drain(Duration.ofSeconds(60));
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /** Messages acknowledged per second over one window. */
    private double rate(long millis) {
        long start = System.nanoTime();
        long before = acknowledged;
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long now = start; now < end; now = System.nanoTime()) {
            LockSupport.parkNanos(end - now);
        }
        return (acknowledged - before) * 1e9 / (System.nanoTime() - start);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private void assertCostsNobodyElse(String name, long windowMillis, Hostility.Step step) {
        List<String> figures = new ArrayList<>();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            List<Double> undisturbed = new ArrayList<>();
            List<Double> disturbed = new ArrayList<>();
            long steps;
            try (Hostility hostility = new Hostility(step)) {
                for (int round = 0; round < ROUNDS; round++) {
                    undisturbed.add(rate(windowMillis));
                    long before = hostility.steps();
                    hostility.on();
                    Eventually.await("hostility begins", () -> hostility.steps() > before);
                    disturbed.add(rate(windowMillis));
                    hostility.off();
                }
                steps = hostility.steps();
            }
            double share = median(disturbed) / median(undisturbed);
            figures.add(String.format(Locale.ROOT, "%s: %.0f/s alone, %.0f/s beside %d hostile steps, share %.2f", name,
                    median(undisturbed), median(disturbed), steps, share));
            System.out.println("hostile " + figures.get(figures.size() - 1));
            if (share >= SHARE) {
                return;
            }
        }
        fail("a well-behaved client suffers: " + figures);
    }

    @Test
    void shouldNotSufferFromGarbage() {
        assertCostsNobodyElse("garbage bytes", WINDOW_MILLIS, HostileSteps.garbage(broker));
    }

    @Test
    void shouldNotSufferFromHalfFrames() {
        assertCostsNobodyElse("half frames", WINDOW_MILLIS, HostileSteps.halfFrames(broker));
    }

    @Test
    void shouldNotSufferFromOversizedPayloads() {
        assertCostsNobodyElse("oversized payloads", WINDOW_MILLIS, HostileSteps.oversized(broker));
    }

    @Test
    void shouldNotSufferFromAThousandConnectionsThatNeverSendConnect() {
        // long enough for the authentication time-out of all of them to fall into it
        assertCostsNobodyElse("1000 silent connections", Math.max(WINDOW_MILLIS, 3000), HostileSteps.silent(broker,
                1000));
    }

    @Test
    void shouldNotSufferFromASubscriberThatNeverReads() {
        assertCostsNobodyElse("subscriber that never reads", WINDOW_MILLIS, HostileSteps.neverReads(broker));
    }

    @Test
    void shouldCutOffASubscriberThatNeverReads() throws IOException {
        byte[] block = new byte[256 * 1024];
        try (RawConnection subscriber = RawConnection.login(broker);
                RawConnection publisher = RawConnection.login(broker);
                RawConnection reader = RawConnection.login(broker)) {
            subscriber.send("SUB flood.cut 1\r\n");
            subscriber.flush();
            long sent = 0;
            boolean cut = false;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!cut && System.nanoTime() < end) {
                publisher.send("PUB flood.cut " + block.length + "\r\n");
                publisher.send(block);
                publisher.send("\r\n");
                sent += block.length;
                publisher.flush();
                try {
                    subscriber.send("PING\r\n");
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertTrue(cut, "still connected after " + sent / (1 << 20) + " MiB");
            assertTrue(sent >= 1 << 20, "cut off after only " + sent + " bytes: that is no slow consumer");
            System.out.println("hostile cut off after " + sent / (1 << 20) + " MiB");
            reader.flush();
            publisher.flush();
        }
    }
}
