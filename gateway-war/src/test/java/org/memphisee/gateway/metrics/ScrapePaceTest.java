package org.memphisee.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class ScrapePaceTest {

    private final List<Long> pauses = new ArrayList<>();

    private void write(long bytes) throws Exception {
        try (TextWriter out = new TextWriter(OutputStream.nullOutputStream(), new ScrapePace() {
            @Override
            void pause(long nanos) {
                pauses.add(nanos);
            }
        })) {
            byte[] line = new byte[100];
            for (long written = 0; written < bytes; written += line.length) {
                out.raw(line);
            }
        }
    }

    private long millis() {
        return pauses.stream().mapToLong(n -> n).sum() / 1_000_000;
    }

    @Test
    void shouldNotKeepAScraperOfLittleWaiting() throws Exception {
        write(200_000);
        assertEquals(List.of(), pauses);
    }

    @Test
    void shouldPauseOftenInALongAnswer() throws Exception {
        write(16_600_000);
        assertEquals(63, pauses.size());
        assertTrue(millis() < 300, millis() + " ms");
    }

    @Test
    void shouldNotKeepAScraperOfVeryMuchWaitingForLong() throws Exception {
        write(200_000_000);
        assertEquals(400, millis());
    }
}
