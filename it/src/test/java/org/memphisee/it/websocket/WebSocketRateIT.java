package org.memphisee.it.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.RawConnection.Door;
import org.memphisee.it.support.WindowPublisher;

/**
 * Publishing with a window through both doors in turn: WebSocket reaches at least half of TCP. The generator masks each
 * byte on the same machine, which is part of what is measured. {@code -Dit.rate.millis} and {@code -Dit.rate.rounds} make
 * it a benchmark; the rates are printed.
 */
@Tag("load")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class WebSocketRateIT {
    private static final long MILLIS = Long.getLong("it.rate.millis", 700);
    private static final int ROUNDS = Integer.getInteger("it.rate.rounds", 3);
    private static final int ATTEMPTS = 4;
    private static final int WINDOW = 2_000;
    private static final double SHARE = 0.5;

    @Test
    void shouldReachHalfOfTcpWithSmallMessages() throws IOException {
        compare(128);
    }

    @Test
    void shouldReachHalfOfTcpWithLargerMessages() throws IOException {
        compare(1024);
    }

    private static void compare(int size) throws IOException {
        BrokerUnderTest broker = Brokers.shared();
        double share = 0;
        for (int attempt = 0; attempt < ATTEMPTS && share < SHARE; attempt++) {
            Map<Door, List<Double>> rates = new EnumMap<>(Door.class);
            for (int round = 0; round <= ROUNDS; round++) {
                for (Door door : Door.values()) {
                    double rate = rate(broker, door, size);
                    if (round > 0) { // the first one warms up
                        rates.computeIfAbsent(door, d -> new ArrayList<>()).add(rate);
                    }
                }
            }
            double tcp = median(rates.get(Door.TCP));
            double webSocket = median(rates.get(Door.WEBSOCKET));
            share = webSocket / tcp;
            System.out.printf(Locale.ROOT, "publish, window %d, %d B: TCP %.0f/s, WebSocket %.0f/s, share %.2f %s%n", WINDOW,
                    size, tcp, webSocket, share, rates);
        }
        assertTrue(share >= SHARE, "share of TCP: " + share);
    }

    private static double median(List<Double> rates) {
        Collections.sort(rates);
        return rates.get(rates.size() / 2);
    }

    /** Acknowledged messages per second. */
    private static double rate(BrokerUnderTest broker, Door door, int size) throws IOException {
        String stream = "rate-" + System.nanoTime();
        request(broker, "$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream
                + ".>\"],\"storage\":\"file\",\"max_bytes\":67108864}");
        byte[] payload = new byte[size];
        try (WindowPublisher publisher = new WindowPublisher(broker, WINDOW, (number, sequence, duplicate, error) -> { },
                door)) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(MILLIS)) {
                for (int i = 0; i < 100; i++) {
                    publisher.publish(stream + ".a", "", payload);
                }
            }
            publisher.drain(Duration.ofSeconds(30));
            return publisher.acknowledged() * 1e9 / (System.nanoTime() - begin);
        } finally {
            request(broker, "$JS.API.STREAM.DELETE." + stream, "");
        }
    }

    private static void request(BrokerUnderTest broker, String subject, String payload) throws IOException {
        try (RawConnection control = RawConnection.login(broker)) {
            String answer = control.request(subject, payload);
            assertTrue(!answer.contains("\"error\""), answer);
        }
    }
}
