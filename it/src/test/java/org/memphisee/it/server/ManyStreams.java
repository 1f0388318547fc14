package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.RawConnection;

/** Very many streams of one message each. */
final class ManyStreams {
    private static final int SAMPLES = 100;
    private static final Pattern STREAMS = Pattern.compile("\"streams\": ?(\\d+)");

    private final int count;

    ManyStreams(int count) {
        this.count = count;
    }

    void fill(BrokerUnderTest broker) throws IOException {
        long from = System.nanoTime();
        try (RawConnection client = RawConnection.login(broker)) {
            for (int i = 0; i < count; i++) {
                String name = "many-" + i;
                String made = client.request("$JS.API.STREAM.CREATE." + name, "{\"name\":\"" + name + "\",\"subjects\":[\""
                    + name + ".>\"]}");
                assertFalse(made.contains("\"error\""), made);
                String stored = client.request(name + ".a", "payload8");
                assertTrue(stored.contains("\"seq\""), stored);
            }
        }
        System.out.printf(Locale.ROOT, "streams: %,d made and published to in %.1f s%n", count, (System.nanoTime() - from) / 1e9);
    }

    /** Each is known, and some are read through a consumer with a filter. */
    void check(BrokerUnderTest broker) throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            String names = client.request("$JS.API.STREAM.NAMES", "{\"subject\":\"many-" + (count - 1) + ".a\"}");
            assertTrue(names.contains("\"many-" + (count - 1) + '"'), names);
            Matcher account = STREAMS.matcher(client.request("$JS.API.INFO", ""));
            assertTrue(account.find());
            assertTrue(Integer.parseInt(account.group(1)) >= count, account.group());
        }
        int step = Math.max(1, count / SAMPLES);
        int read = 0;
        for (int i = 0; i < count; i += step) {
            assertEquals(1, StreamReads.messages(broker, "many-" + i));
            assertEquals(1, StreamReads.read(broker, "many-" + i, "many-" + i + ".a", "all", 1));
            read++;
        }
        System.out.printf(Locale.ROOT, "streams: %d of them read%n", read);
    }
}
