package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;

import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.WindowPublisher;

/**
 * Something of which a broker holds very many, as clients make it: filled in ten parts, whose rates are kept, read back through
 * a consumer with a filter, and the same again after a restart. Every answer of every publish is looked at.
 */
abstract class Filling {
    private static final int PARTS = 10;
    private static final int WINDOW = 8_192;
    private static final byte[] PAYLOAD = "payload8".getBytes(StandardCharsets.US_ASCII);
    private static final String ZEROS = "0".repeat(36);
    private static final Duration ANSWERED = Duration.ofMinutes(2);

    private final String what;
    final String stream;
    final long count;
    private final List<Double> rates = new ArrayList<>();

    private Filling(String what, String stream, long count) {
        this.what = what;
        this.stream = stream;
        this.count = count;
    }

    /** Messages with ids of 36 characters in one stream whose window is the usual two minutes. */
    static Filling ids(long count) {
        return new Filling("messages with ids", "fill-ids", count) {
            @Override
            void create(RawConnection client) throws IOException {
                create(client, "\"subjects\":[\"fill-ids.*\"],\"duplicate_window\":120000000000");
            }

            @Override
            void publish(WindowPublisher publisher, long number) throws IOException {
                publisher.publish("fill-ids." + number % 2, id(number), PAYLOAD);
            }

            @Override
            void check(BrokerUnderTest broker) throws IOException {
                assertEquals(count, StreamReads.messages(broker, stream));
                assertEquals(count / 2, StreamReads.read(broker, stream, "fill-ids.1", "all", count / 2));
                try (RawConnection client = RawConnection.login(broker)) {
                    client.send("SUB again 9\r\nHPUB fill-ids.0 again " + headers().length() + ' ' + (headers().length() + 1)
                        + "\r\n" + headers() + "x\r\n");
                    String answer = client.readMessage().payload();
                    assertTrue(answer.contains("\"duplicate\": true") || answer.contains("\"duplicate\":true"), answer);
                }
            }

            private String headers() {
                return "NATS/1.0\r\nNats-Msg-Id: " + id(count - 1) + "\r\n\r\n";
            }

            private static String id(long number) {
                String digits = Long.toString(number);
                return ZEROS.substring(digits.length()) + digits;
            }
        };
    }

    /** Keys of a key-value bucket, one value each. */
    static Filling keys(long count) {
        return new Filling("keys of a bucket", "KV_fill", count) {
            @Override
            void create(RawConnection client) throws IOException {
                create(client, "\"subjects\":[\"$KV.fill.>\"],\"max_msgs_per_subject\":1,\"discard\":\"new\","
                    + "\"allow_rollup_hdrs\":true,\"deny_delete\":true,\"allow_direct\":true");
            }

            @Override
            void publish(WindowPublisher publisher, long number) throws IOException {
                publisher.publish(key(number), "", PAYLOAD);
            }

            @Override
            void check(BrokerUnderTest broker) throws IOException {
                assertEquals(count, StreamReads.messages(broker, stream));
                assertEquals(count / 10, StreamReads.read(broker, stream, "$KV.fill.*.7", "last_per_subject", count / 10));
                Random random = new Random(3);
                publish(broker, count / PARTS, number -> key(random.nextLong(count)));
                assertEquals(count, StreamReads.messages(broker, stream));
            }

            private static String key(long number) {
                return "$KV.fill." + number + '.' + number % 10;
            }
        };
    }

    /** Messages on one subject. */
    static Filling one(long count) {
        return new Filling("messages on one subject", "fill-one", count) {
            @Override
            void create(RawConnection client) throws IOException {
                create(client, "\"subjects\":[\"fill-one.>\"]");
            }

            @Override
            void publish(WindowPublisher publisher, long number) throws IOException {
                publisher.publish("fill-one.a", "", PAYLOAD);
            }

            @Override
            void check(BrokerUnderTest broker) throws IOException {
                assertEquals(count, StreamReads.messages(broker, stream));
                assertEquals(count, StreamReads.read(broker, stream, "fill-one.a", "all", count));
            }
        };
    }

    abstract void create(RawConnection client) throws IOException;

    abstract void publish(WindowPublisher publisher, long number) throws IOException;

    /** What must be there, now and after a restart. */
    abstract void check(BrokerUnderTest broker) throws IOException;

    final void create(RawConnection client, String members) throws IOException {
        String answer = client.request("$JS.API.STREAM.CREATE." + stream,
            "{\"name\":\"" + stream + "\",\"storage\":\"file\"," + members + '}');
        assertFalse(answer.contains("\"error\""), answer);
    }

    /** Makes it, in parts. */
    final void fill(BrokerUnderTest broker) throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            create(client);
        }
        AtomicReference<String> refusal = new AtomicReference<>("");
        try (WindowPublisher publisher = publisher(broker, refusal)) {
            long number = 0;
            for (int part = 1; part <= PARTS; part++) {
                long from = System.nanoTime();
                long begin = number;
                for (long end = count * part / PARTS; number < end; number++) {
                    publish(publisher, number);
                }
                publisher.drain(ANSWERED);
                assertEquals("", refusal.get());
                rates.add((number - begin) * 1e9 / (System.nanoTime() - from));
                System.out.printf(Locale.ROOT, "%s: %,d at %,.0f/s%n", what, number, rates.get(part - 1));
            }
            assertEquals(count, publisher.acknowledged());
        }
    }

    final void publish(BrokerUnderTest broker, long messages, LongFunction<String> subject)
            throws IOException {
        long from = System.nanoTime();
        AtomicReference<String> refusal = new AtomicReference<>("");
        try (WindowPublisher publisher = publisher(broker, refusal)) {
            for (long i = 0; i < messages; i++) {
                publisher.publish(subject.apply(i), "", PAYLOAD);
            }
            publisher.drain(ANSWERED);
        }
        assertEquals("", refusal.get());
        System.out.printf(Locale.ROOT, "%s: %,d more at %,.0f/s%n", what, messages, messages * 1e9 / (System.nanoTime() - from));
    }

    private static WindowPublisher publisher(BrokerUnderTest broker, AtomicReference<String> refusal) throws IOException {
        return new WindowPublisher(broker, WINDOW, (number, sequence, duplicate, error) -> {
            if (!error.isEmpty() || duplicate) {
                refusal.set(duplicate ? "a duplicate: " + number : error);
            }
        });
    }

    /** Rate of the last part in relation to the best of all. */
    final double remainingRate() {
        return rates.get(PARTS - 1) / Collections.max(rates);
    }

    @Override
    public String toString() {
        return count + " " + what;
    }
}
