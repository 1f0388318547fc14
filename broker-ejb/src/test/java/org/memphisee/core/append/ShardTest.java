package org.memphisee.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import org.memphisee.core.time.BrokerClock;

class ShardTest {

    private long now = 100;
    private final List<Throwable> escaped = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Shard shard = new Shard(0, new BrokerClock() {
        @Override
        public long wallNanos() {
            return now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    }, () -> done.add("handover"), (s, e) -> escaped.add(e), 1_000);

    private ShardCommand.Batch batch(String name, int bytes) {
        ShardCommand.Batch b = new ShardCommand.Batch();
        b.add(() -> done.add(name), bytes);
        return b;
    }

    @Test
    void shouldRunWhatWasSubmittedInOrderAndHandOverOnce() {
        shard.execute(() -> done.add("a"));
        shard.submit(batch("b", 1), ShardCommand.Reader.NONE);
        shard.execute(() -> shard.atEndOfTurn(() -> done.add("end")));
        assertEquals(Long.MAX_VALUE, shard.turn());
        assertEquals(List.of("a", "b", "end", "handover"), done);
    }

    @Test
    void shouldAskToBeTurnedAgainWhenACommandSubmitsAnother() {
        shard.execute(() -> shard.execute(() -> done.add("later")));
        assertEquals(0, shard.turn());
        shard.turn();
        assertTrue(done.contains("later"));
    }

    @Test
    void shouldReadTheWallClockOnceForWhatWasHandedOverTogether() {
        List<Long> times = new ArrayList<>();
        ShardCommand.Batch together = new ShardCommand.Batch();
        for (int i = 0; i < 2; i++) {
            together.add(() -> {
                times.add(shard.wallNanos());
                now++;
            }, 0);
        }
        shard.submit(together, ShardCommand.Reader.NONE);
        shard.execute(() -> {
            times.add(shard.wallNanos());
            shard.atEndOfTurn(() -> {
                now++;
                times.add(shard.wallNanos());
            });
        });
        shard.turn();
        assertEquals(List.of(100L, 100L, 102L, 103L), times);
    }

    @Test
    void shouldGoOnAfterACommandThatThrows() {
        shard.execute(() -> {
            throw new IllegalStateException("bad");
        });
        shard.execute(() -> done.add("next"));
        shard.turn();
        assertEquals(1, escaped.size());
        assertTrue(done.contains("next"));
    }

    @Test
    void shouldPauseAReaderOverTheBudgetAndResumeItWhenHalfIsFree() {
        AtomicInteger paused = new AtomicInteger();
        ShardCommand.Reader reader = new ShardCommand.Reader() {
            @Override
            public void pauseReading() {
                paused.incrementAndGet();
            }

            @Override
            public void resumeReading() {
                paused.decrementAndGet();
            }
        };
        shard.submit(batch("a", 900), reader);
        assertEquals(0, paused.get());
        shard.submit(batch("b", 200), reader);
        assertEquals(1, paused.get());
        shard.hold(600);
        shard.turn();
        assertEquals(1, paused.get());
        shard.release(600);
        shard.execute(() -> { });
        shard.turn();
        assertEquals(0, paused.get());
        assertEquals(0, shard.heldBytes());
    }

    @RepeatedTest(20)
    void shouldRunTimersInOrderOfTheirTimes(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        List<Long> fired = new ArrayList<>();
        List<ShardTimer> timers = new ArrayList<>();
        long[] times = new long[60];
        for (int i = 0; i < times.length; i++) {
            int n = i;
            timers.add(new ShardTimer(() -> fired.add(times[n])));
        }
        for (int k = 0; k < 300; k++) {
            int i = random.nextInt(times.length);
            if (random.nextInt(5) == 0) {
                shard.cancel(timers.get(i));
            } else {
                times[i] = 200 + random.nextInt(1_000);
                shard.set(timers.get(i), times[i]);
            }
        }
        long set = timers.stream().filter(ShardTimer::set).count();
        long last = 0;
        for (long next = shard.turn(); next != Long.MAX_VALUE; next = shard.turn()) {
            assertTrue(next > last);
            last = next;
            now = next;
        }
        assertEquals(set, fired.size());
        assertEquals(fired.stream().sorted().toList(), fired);
    }
}
