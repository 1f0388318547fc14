package org.memphisee.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memphisee.support.Await;

/** When others wait for a client, and in which order they go on. */
class CongestionTest {

    private static final long BUDGET = 1 << 20;
    private static final long MARK = BUDGET / 4;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> released = new ArrayList<>();
    private long taken;
    private long silentNanos;
    private final Congestion congestion = new Congestion(channel.eventLoop(), BUDGET, 8, new Congestion.Progress() {
        @Override
        public long taken() {
            return taken;
        }

        @Override
        public long silentNanos() {
            return silentNanos;
        }
    });

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void waits(String who) {
        congestion.whenRelieved(() -> released.add(who));
    }

    private void until(boolean present) {
        congestion.watch();
        Await.until("waited for: " + present, () -> {
            channel.runScheduledPendingTasks();
            return congestion.present() == present;
        });
    }

    @Test
    void shouldBeginAboveAQuarterOfTheBudgetAndEndWithAnEighthLess() {
        assertFalse(congestion.rose(MARK));
        assertFalse(congestion.present());
        assertTrue(congestion.rose(MARK + 1));
        assertFalse(congestion.rose(MARK + 2), "known already");
        waits("a");
        congestion.fell(MARK - MARK / 8 + 1);
        assertTrue(congestion.present());
        assertEquals(List.of(), released);
        congestion.fell(MARK - MARK / 8);
        assertFalse(congestion.present());
        assertEquals(List.of("a"), released);
    }

    @Test
    void shouldLetThoseGoFirstWhoHaveWaitedLongest() {
        congestion.rose(MARK + 1);
        waits("a");
        waits("b");
        congestion.whenRelieved(() -> {
            released.add("c");
            congestion.rose(MARK + 1);
            waits("c again");
        });
        congestion.fell(0);
        assertEquals(List.of("a", "b", "c"), released);
        congestion.fell(0);
        assertEquals("c again", released.get(3));
    }

    @Test
    void shouldKeepNobodyWhoComesWhenItIsOver() {
        waits("a");
        assertEquals(List.of("a"), released);
    }

    @Test
    void shouldNotWaitForOneWhoIsSilentUntilItTakesSomethingAgain() {
        congestion.rose(MARK + 1);
        waits("a");
        silentNanos = 1_000_000_000;
        until(false);
        assertEquals(List.of("a"), released);
        assertFalse(congestion.rose(MARK + 2), "nobody waits again while it is silent");
        taken++;
        until(true);
        congestion.fell(0);
        assertFalse(congestion.present());
    }

    @Test
    void shouldNotWaitForOneWhoWasSilentLongBeforeOthersSentMuch() {
        silentNanos = 1_000_000_000;
        congestion.rose(MARK + 1);
        congestion.watch();
        assertFalse(congestion.present());
    }

    @Test
    void shouldGiveUpOneWhoTakesTooLittleUntilItHasCaughtUp() {
        congestion.rose(MARK + 1);
        congestion.watch();
        Await.until("given up", () -> {
            taken++;
            channel.runScheduledPendingTasks();
            return !congestion.present();
        });
        taken += BUDGET;
        congestion.watch();
        channel.runScheduledPendingTasks();
        assertFalse(congestion.present());
        congestion.fell(0);
        assertTrue(congestion.rose(MARK + 1), "as if nothing had been");
    }
}
