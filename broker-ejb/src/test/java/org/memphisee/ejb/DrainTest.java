package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens in which order when the process is asked to end; a minute and more pass only in numbers. */
@Timeout(30)
final class DrainTest implements Drain.Process {

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch announced = new CountDownLatch(1);
    /** Two threads say something at the same time. */
    private static final List<String> ORDER = List.of("not ready", "at most 5 s: 0", "left, in a hurry: true", "closed",
        "stop 0, at most 0 s");
    private Thread beside;
    private long delayMillis;
    private Drain.Leave leave = hurry -> { };
    private volatile long now = Long.MAX_VALUE; // it overflows, as such clocks may

    private final Drain drain = new Drain(() -> {
        seen.add("not ready");
        announced.countDown();
    }, () -> delayMillis, hurry -> leave.leave(hurry), () -> seen.add("closed"), this);

    @AfterEach
    void end() throws InterruptedException {
        beside.join();
    }

    @Test
    void shouldCloseAndEndInGoodOrderWhenAskedOnce() throws InterruptedException {
        drain.ask(0);
        beside.join();

        assertEquals(List.of("not ready", "at most 60 s: 0", "closed", "stop 0, at most 15 s"), seen);
    }

    @Test
    void shouldNotWaitAnyLongerWhenAskedAgain() throws InterruptedException {
        delayMillis = Duration.ofHours(1).toMillis();
        drain.ask(0);
        announced.await();
        drain.ask(130); // the same Ctrl-C, passed on by somebody
        now += Drain.SAME.toNanos() + 1;
        assertEquals(List.of("not ready"), seen);

        drain.ask(0);
        beside.join();

        assertEquals(List.of("not ready", "at most 5 s: 0", "closed", "stop 0, at most 0 s"),
            seen.stream().distinct().toList());
    }

    @Test
    void shouldCloseAfterOthersHaveTakenOver() throws InterruptedException {
        leave = hurry -> seen.add("left, in a hurry: " + hurry.within(1));
        drain.ask(0);
        beside.join();

        assertEquals(List.of("not ready", "left, in a hurry: false", "at most 60 s: 0", "closed", "stop 0, at most 15 s"), seen);
    }

    @Test
    void shouldNotLeaveInOrderWhenAskedAgain() throws InterruptedException {
        CountDownLatch leaving = new CountDownLatch(1);
        leave = hurry -> {
            leaving.countDown();
            seen.add("left, in a hurry: " + hurry.within(Duration.ofHours(1).toMillis()));
        };
        drain.ask(0);
        leaving.await();
        now += Drain.SAME.toNanos() + 1;
        drain.ask(0);
        beside.join();

        assertEquals(List.of("not ready", "at most 5 s: 0", "left, in a hurry: true", "closed", "stop 0, at most 0 s"),
            seen.stream().distinct().sorted(java.util.Comparator.comparingInt(ORDER::indexOf)).toList());
    }

    @Test
    void shouldCloseWhenNobodyCanTakeOverForADefect() throws InterruptedException {
        leave = hurry -> {
            throw new IllegalStateException("a defect of the test");
        };
        drain.ask(0);
        beside.join();

        assertEquals(List.of("not ready", "at most 60 s: 0", "closed", "stop 0, at most 15 s"), seen);
    }

    @Test
    void shouldEndEvenIfClosingFails() throws InterruptedException {
        Drain failing = new Drain(() -> { }, () -> 0, hurry -> { }, () -> {
            seen.add("fails");
            throw new IllegalStateException("closing");
        }, this);
        failing.ask(130);
        beside.join();

        assertEquals(List.of("at most 60 s: 130", "fails", "stop 130, at most 15 s"), seen);
    }

    @Override
    public void beside(String name, Runnable task) {
        beside = new Thread(task, name);
        beside.setUncaughtExceptionHandler((thread, failure) -> { });
        beside.start();
    }

    @Override
    public void stop(int status, Duration limit) {
        seen.add("stop " + status + ", at most " + limit.toSeconds() + " s");
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void endAfter(int status, Duration limit) {
        seen.add("at most " + limit.toSeconds() + " s: " + status);
    }
}
