package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;

/**
 * What a scrape costs with many partitions and five groups on each (O-026): 200 of them, or as many as
 * {@code -Dit.scrape.partitions} says. Prints what it saw.
 */
final class ScrapeCostIT {
    private static final int PARTITIONS = Integer.getInteger("it.scrape.partitions", 200);
    private static final int GROUPS = 5;
    private static final int SCRAPES = 7;
    private static final int PUBLISHES = Integer.getInteger("it.scrape.publishes", 1_500);

    @Test
    @Timeout(180)
    void shouldScrapeManySeriesWithinASecond() throws Exception {
        Brokers.assumeMemphis(Brokers.shared());
        BrokerProcess broker = (BrokerProcess) Brokers.shared();
        String station = "scrape" + Long.toHexString(System.nanoTime());
        try (RawConnection client = RawConnection.login(broker); RawConnection publisher = RawConnection.login(broker)) {
            assertEquals("", client.request("$memphis_station_creations", "{\"name\":\"" + station
                    + "\",\"retention_type\":\"messages\",\"retention_value\":100000,\"storage_type\":\"file\","
                    + "\"replicas\":1,\"idempotency_window_in_ms\":0,\"dls_configuration\":{\"poison\":true,"
                    + "\"schemaverse\":true},\"username\":\"root\",\"partitions_number\":" + PARTITIONS + "}"));
            for (int group = 0; group < GROUPS; group++) {
                for (int p = 1; p <= PARTITIONS; p++) {
                    String stream = station + '$' + p;
                    client.request("$JS.API.CONSUMER.CREATE." + stream + ".g" + group, "{\"stream_name\":\"" + stream
                            + "\",\"config\":{\"name\":\"g" + group + "\",\"durable_name\":\"g" + group
                            + "\",\"ack_policy\":\"explicit\"}}");
                }
            }
            String text = scrape(broker);
            assertTrue(occurrences(text, "memphis_stream_last_seq{") >= PARTITIONS);
            assertTrue(occurrences(text, "memphis_consumer_num_pending{") >= PARTITIONS * GROUPS);
            publish(publisher, station); // both that follow find the same code compiled
            long[] alone = publish(publisher, station);
            long[] scrapes = new long[SCRAPES];
            for (int i = 0; i < SCRAPES; i++) {
                Thread.sleep(1_100); // a new snapshot for each
                long begin = System.nanoTime();
                scrape(broker);
                scrapes[i] = System.nanoTime() - begin;
            }
            AtomicBoolean done = new AtomicBoolean();
            Thread scraper = new Thread(() -> keepScraping(broker, done));
            scraper.start();
            long[] beside = publish(publisher, station);
            done.set(true);
            scraper.join();
            Arrays.sort(scrapes);
            System.out.printf(Locale.ROOT, "scrape of %d partitions x %d groups, %.1f MB: p50 %.0f ms, max %.0f ms; publish p50/p99"
                    + " alone %.2f/%.2f ms, beside one scrape a second %.2f/%.2f ms, resident %d MiB%n", PARTITIONS,
                    GROUPS, text.length() / 1e6, millis(scrapes[SCRAPES / 2]), millis(scrapes[SCRAPES - 1]), millis(at(alone, 50)),
                    millis(at(alone, 99)), millis(at(beside, 50)), millis(at(beside, 99)), resident(broker) >> 20);
            assertTrue(scrapes[0] < 1_000_000_000L, "the best scrape took " + millis(scrapes[0]) + " ms");
            assertTrue(at(beside, 50) < 3 * at(alone, 50) + 2_000_000L, "publishing waits for scrapes");
            client.request("$memphis_station_destructions", "{\"station_name\":\"" + station
                    + "\",\"username\":\"root\"}");
            assertEquals(0, occurrences(scrape(broker), station), "its series are gone with the next scrape");
        }
    }

    private static long[] publish(RawConnection client, String station) throws IOException {
        long[] times = new long[PUBLISHES];
        for (int i = 0; i < PUBLISHES; i++) {
            long begin = System.nanoTime();
            client.request(station + '$' + (1 + i % PARTITIONS) + ".final", "0123456789");
            times[i] = System.nanoTime() - begin;
        }
        Arrays.sort(times);
        return times;
    }

    private static void keepScraping(BrokerProcess broker, AtomicBoolean done) {
        while (!done.get()) {
            try {
                scrape(broker);
                Thread.sleep(1_000);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String scrape(BrokerProcess broker) throws IOException {
        HttpURLConnection http = (HttpURLConnection) URI.create("http://" + broker.host() + ':'
                + broker.ports().metrics() + "/metrics").toURL().openConnection();
        http.setReadTimeout(60_000);
        try (var in = http.getInputStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static long resident(BrokerProcess broker) {
        String varz = broker.http(broker.ports().monitor(), "/varz").body().replace(" ", "");
        return Long.parseLong(varz.replaceAll("(?s).*\"mem\":(\\d+).*", "$1"));
    }

    private static int occurrences(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            count++;
        }
        return count;
    }

    private static long at(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
