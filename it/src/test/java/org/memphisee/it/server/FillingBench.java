package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerProcess;

/**
 * Fills the packaged server with its shipped heap over the client protocol, with as much as an operator may come to have: ids,
 * keys, messages on one subject or streams ({@code -Dbench.filling}, {@code -Dbench.count}). It reads back, starts it again, reads
 * back, and says rates, times and resident memory. Not part of the tests; docs/benchmarks.md has the command.
 */
public class FillingBench {
    private static final String WHAT = System.getProperty("bench.filling", "ids");
    private static final long COUNT = Long.getLong("bench.count", 20_000_000);
    private static final double READY_SECONDS = 30;

    /** The same without Maven, from the directory {@code it}, with system property {@code it.wlp}. */
    public static void main(String[] none) throws Exception {
        new FillingBench().measure();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void measure() throws IOException {
        try (BrokerProcess broker = BrokerProcess.preparedAsPackaged()) {
            broker.startAgain(Map.of());
            say(broker, "empty");
            if (WHAT.equals("streams")) {
                ManyStreams streams = new ManyStreams((int) COUNT);
                streams.fill(broker);
                say(broker, "filled");
                streams.check(broker);
                restart(broker);
                streams.check(broker);
            } else {
                Filling filling = filling();
                filling.fill(broker);
                say(broker, "filled");
                System.out.printf(Locale.ROOT, "rate at last / best: %.2f%n", filling.remainingRate());
                filling.check(broker);
                say(broker, "read");
                restart(broker);
                filling.check(broker);
                assertTrue(filling.remainingRate() >= 1.0 / 3, "keeps a third of its rate");
            }
            say(broker, "read again");
            broker.stop();
        }
    }

    private static Filling filling() {
        return switch (WHAT) {
            case "ids" -> Filling.ids(COUNT);
            case "keys" -> Filling.keys(COUNT);
            case "one" -> Filling.one(COUNT);
            default -> throw new IllegalArgumentException("bench.filling is ids, keys, one or streams");
        };
    }

    private static void restart(BrokerProcess broker) {
        broker.stop();
        long from = System.nanoTime();
        broker.launch(Map.of());
        broker.awaitReady();
        double seconds = (System.nanoTime() - from) / 1e9;
        System.out.printf(Locale.ROOT, "ready %.1f s after the start of the process%n", seconds);
        say(broker, "restarted");
        assertTrue(seconds <= READY_SECONDS, "ready within " + READY_SECONDS + " s");
    }

    private static void say(BrokerProcess broker, String when) {
        System.out.printf(Locale.ROOT, "%s: resident %d MB%n", when, broker.residentBytes() / 1_000_000);
    }
}
