package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.RawConnection;

/** What a client finds in a stream. */
final class StreamReads {
    private static final Pattern MESSAGES = Pattern.compile("\"messages\": ?(\\d+)");

    private StreamReads() {
    }

    /** How many messages the stream says it has. */
    static long messages(BrokerUnderTest broker, String stream) throws IOException {
        try (RawConnection client = RawConnection.login(broker)) {
            String info = client.request("$JS.API.STREAM.INFO." + stream, "");
            Matcher found = MESSAGES.matcher(info);
            assertTrue(found.find(), info);
            return Long.parseLong(found.group(1));
        }
    }

    /** Messages that a new consumer with this filter is given; fails when that many do not come. */
    static long read(BrokerUnderTest broker, String stream, String filter, String policy, long expected)
            throws IOException {
        long from = System.nanoTime();
        try (RawConnection client = RawConnection.login(broker); RawConnection control = RawConnection.login(broker)) {
            client.send("SUB fill.read 7\r\n");
            client.flush();
            String answer = control.request("$JS.API.CONSUMER.CREATE." + stream, "{\"stream_name\":\"" + stream
                + "\",\"config\":{\"deliver_subject\":\"fill.read\",\"ack_policy\":\"none\",\"deliver_policy\":\"" + policy
                + "\",\"filter_subject\":\"" + filter + "\"}}");
            assertFalse(answer.contains("\"error\""), answer);
            double made = (System.nanoTime() - from) / 1e9;
            long read = 0;
            for (; read < expected; read++) {
                String line = client.readOperation();
                client.readBytes(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)) + 2);
            }
            if (expected > 1) {
                System.out.printf(Locale.ROOT, "%s: %,d of %s read back in %.1f s (consumer made in %.1f s)%n", stream, read,
                    filter, (System.nanoTime() - from) / 1e9, made);
            }
            return read;
        }
    }
}
