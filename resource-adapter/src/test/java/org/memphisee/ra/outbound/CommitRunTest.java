package org.memphisee.ra.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.client.Backoff;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;
import org.memphisee.ra.api.OutboundMessage;

/** How long a commit goes on trying, by a clock that moves only when somebody sleeps. */
class CommitRunTest {

    private final List<Long> pauses = new ArrayList<>();
    private final List<OutboundMessage> messages = List.of(OutboundMessage.to("s", "a"), OutboundMessage.to("s", "b"));

    private final CommitRun.Ticker ticker = new CommitRun.Ticker() {
        private long now = 5;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long millis) {
            pauses.add(millis);
            now += millis * 1_000_000;
        }
    };

    private CommitRun run(CommitRun.Connections connections, long limit) {
        return new CommitRun(connections, new Backoff(100, 400, () -> 0), limit, ticker);
    }

    @Test
    void shouldTryLaterEachTimeUntilTheLimit() {
        BrokerException given = assertThrows(BrokerException.class, () -> run(() -> {
            throw new BrokerUnavailableException("down");
        }, 2_000).run(messages));

        assertEquals("0 of 2 messages of the transaction were stored: down", given.getMessage());
        assertEquals(List.of(100L, 200L, 400L, 400L, 400L, 400L, 400L), pauses);
    }

    @Test
    void shouldNotTryAgainWhatWasRefused() {
        BrokerException refused = assertThrows(BrokerException.class, () -> run(() -> {
            throw new BrokerException("user may not");
        }, 2_000).run(messages));

        assertTrue(refused.getMessage().endsWith("user may not"), refused.getMessage());
        assertEquals(List.of(), pauses);
    }

    @Test
    void shouldGiveUpWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        try {
            CommitRun.Ticker interrupted = new CommitRun.Ticker() {
                @Override
                public long nanoTime() {
                    return 0;
                }

                @Override
                public void sleep(long millis) throws InterruptedException {
                    Thread.sleep(millis);
                }
            };
            assertThrows(BrokerException.class, () -> new CommitRun(() -> {
                throw new BrokerUnavailableException("down");
            }, new Backoff(100, 400, () -> 0), 2_000, interrupted).run(messages));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }
}
