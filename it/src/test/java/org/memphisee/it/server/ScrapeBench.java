package org.memphisee.it.server;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.RawConnection;

/**
 * What a client that publishes and waits notices of scrapes (O-026): periods without and with them in turn, in one run. Not
 * part of the tests; docs/benchmarks.md has the command.
 */
public class ScrapeBench {
    private static final int PARTITIONS = Integer.getInteger("bench.partitions", 1_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 6);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("bench.seconds", 4));
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("bench.interval", 1));

    private long[] scrapes = {};
    private long bytes;

    /** The same without Maven, from the directory {@code it}, with system property {@code it.wlp}. */
    public static void main(String[] none) throws Exception {
        new ScrapeBench().measure();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void measure() throws Exception {
        try (BrokerProcess broker = BrokerProcess.preparedAsPackaged()) {
            broker.startAgain(Map.of());
            ManyGroups groups = new ManyGroups(broker, PARTITIONS);
            try (RawConnection client = RawConnection.login(broker)) {
                groups.create(client);
                period(client, groups, false); // compiled once both have run
                period(client, groups, true);
                scrapes = new long[0];
                long[] alone = {};
                long[] beside = {};
                for (int i = 0; i < ROUNDS; i++) {
                    long[] without = period(client, groups, false);
                    long[] with = period(client, groups, true);
                    System.out.printf(Locale.ROOT, "round %d: p99 %.2f ms without, %.2f ms with scrapes%n", i + 1,
                            at(without, 990), at(with, 990));
                    alone = together(alone, without);
                    beside = together(beside, with);
                }
                System.out.printf(Locale.ROOT, "%d scrapes of %d KB, median %.0f ms, longest %.0f ms%n", scrapes.length, bytes / 1000,
                        at(scrapes, 500), at(scrapes, 1000));
                show("without", alone);
                show("with", beside);
            }
        }
    }

    /** Times of the publishes of one period, sorted. */
    private long[] period(RawConnection client, ManyGroups groups, boolean scraped) throws Exception {
        long end = System.nanoTime() + PERIOD_NANOS;
        Thread scraper = new Thread(() -> scrape(groups, end));
        if (scraped) {
            scraper.start();
        }
        LongStream.Builder times = LongStream.builder();
        for (long begin = System.nanoTime(), turn = 0; begin < end; turn++) {
            client.request(groups.subject(turn), "0123456789".repeat(10));
            long now = System.nanoTime();
            times.add(now - begin);
            begin = now;
        }
        scraper.join();
        return times.build().sorted().toArray();
    }

    private void scrape(ManyGroups groups, long end) {
        try {
            long pause = Math.min(INTERVAL_NANOS, PERIOD_NANOS) / 2;
            for (long at = System.nanoTime() + pause; at < end; at += INTERVAL_NANOS) {
                TimeUnit.NANOSECONDS.sleep(at - System.nanoTime());
                long begin = System.nanoTime();
                bytes = groups.scrapePacked();
                scrapes = together(scrapes, new long[] {System.nanoTime() - begin});
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void show(String what, long[] times) {
        System.out.printf(Locale.ROOT, "publish and wait, %s scrapes: %d, p50 %.3f ms, p99 %.3f ms, p99.9 %.2f ms%n", what,
                times.length, at(times, 500), at(times, 990), at(times, 999));
    }

    private static long[] together(long[] a, long[] b) {
        return LongStream.concat(Arrays.stream(a), Arrays.stream(b)).sorted().toArray();
    }

    private static double at(long[] sorted, int permille) {
        return sorted[(int) Math.min(sorted.length - 1, (long) sorted.length * permille / 1000)] / 1e6;
    }
}
