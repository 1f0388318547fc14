package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
    private static final int SCRAPES = 7;
    private static final int PUBLISHES = Integer.getInteger("it.scrape.publishes", 1_500);

    @Test
    @Timeout(180)
    void shouldScrapeManySeriesWithinASecond() throws Exception {
        Brokers.assumeMemphis(Brokers.shared());
        BrokerProcess broker = (BrokerProcess) Brokers.shared();
        ManyGroups groups = new ManyGroups(broker, PARTITIONS);
        try (RawConnection client = RawConnection.login(broker); RawConnection publisher = RawConnection.login(broker)) {
            groups.create(client);
            String text = groups.scrape();
            assertTrue(occurrences(text, "memphis_stream_last_seq{") >= PARTITIONS);
            assertTrue(occurrences(text, "memphis_consumer_num_pending{") >= PARTITIONS * ManyGroups.GROUPS);
            publish(publisher, groups); // both that follow find the same code compiled
            long[] alone = publish(publisher, groups);
            long[] scrapes = new long[SCRAPES];
            for (int i = 0; i < SCRAPES; i++) {
                Thread.sleep(1_100); // a new snapshot for each
                long begin = System.nanoTime();
                groups.scrape();
                scrapes[i] = System.nanoTime() - begin;
            }
            AtomicBoolean done = new AtomicBoolean();
            Thread scraper = new Thread(() -> keepScraping(groups, done));
            scraper.start();
            long[] beside = publish(publisher, groups);
            done.set(true);
            scraper.join();
            Arrays.sort(scrapes);
            System.out.printf(Locale.ROOT, "scrape of %d partitions x %d groups, %.1f MB: p50 %.0f ms, max %.0f ms; publish p50/p99"
                    + " alone %.2f/%.2f ms, beside one scrape a second %.2f/%.2f ms, resident %d MiB%n", PARTITIONS,
                    ManyGroups.GROUPS, text.length() / 1e6, millis(scrapes[SCRAPES / 2]), millis(scrapes[SCRAPES - 1]), millis(at(alone, 50)),
                    millis(at(alone, 99)), millis(at(beside, 50)), millis(at(beside, 99)), resident(broker) >> 20);
            assertTrue(scrapes[0] < 1_000_000_000L, "the best scrape took " + millis(scrapes[0]) + " ms");
            assertTrue(at(beside, 50) < 3 * at(alone, 50) + 2_000_000L, "publishing waits for scrapes");
            groups.destroy(client);
            assertEquals(0, occurrences(groups.scrape(), groups.station()), "its series are gone with the next scrape");
        }
    }

    private static long[] publish(RawConnection client, ManyGroups groups) throws IOException {
        long[] times = new long[PUBLISHES];
        for (int i = 0; i < PUBLISHES; i++) {
            long begin = System.nanoTime();
            client.request(groups.subject(i), "0123456789");
            times[i] = System.nanoTime() - begin;
        }
        Arrays.sort(times);
        return times;
    }

    private static void keepScraping(ManyGroups groups, AtomicBoolean done) {
        while (!done.get()) {
            try {
                groups.scrape();
                Thread.sleep(1_000);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
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
