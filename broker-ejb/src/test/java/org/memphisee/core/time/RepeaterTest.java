package org.memphisee.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RepeaterTest {

    private static final long NEVER = TimeUnit.DAYS.toNanos(1);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<Thread> made = new ArrayList<>();
    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

    private Thread thread(Runnable loop) {
        Thread thread = new Thread(loop);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, failure) -> uncaught.add(failure));
        made.add(thread);
        return thread;
    }

    @Test
    void shouldDoItAgainAndAgainOnItsOwnThread() throws Exception {
        CountDownLatch times = new CountDownLatch(3);
        List<String> names = new CopyOnWriteArrayList<>();
        try (Repeater repeater = new Repeater("memphisee-look", SHORT, () -> {
            names.add(Thread.currentThread().getName());
            times.countDown();
        }, this::thread)) {
            assertTrue(times.await(20, TimeUnit.SECONDS));
        }
        assertEquals("memphisee-look", names.get(2));
        assertFalse(made.get(0).isAlive());
    }

    @Test
    void shouldEndAPauseWhenItIsClosed() {
        AtomicInteger times = new AtomicInteger();
        new Repeater("look", NEVER, times::incrementAndGet, this::thread).close();
        assertFalse(made.get(0).isAlive());
        assertEquals(0, times.get());
    }

    @Test
    void shouldGoOnAfterAnInterrupt() throws Exception {
        Semaphore looked = new Semaphore(0);
        try (Repeater repeater = new Repeater("look", NEVER, looked::release, this::thread)) {
            for (int i = 0; i < 3; i++) {
                made.get(0).interrupt(); // ends the pause
                assertTrue(looked.tryAcquire(20, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void shouldGoOnAfterATaskThatThrows() throws Exception {
        CountDownLatch times = new CountDownLatch(2);
        IllegalStateException failure = new IllegalStateException("for this test");
        try (Repeater repeater = new Repeater("look", SHORT, () -> {
            times.countDown();
            throw failure;
        }, this::thread)) {
            assertTrue(times.await(20, TimeUnit.SECONDS));
        }
        assertEquals(failure, uncaught.get(0));
    }

    @Test
    void shouldRefuseToSpin() {
        assertThrows(IllegalArgumentException.class, () -> new Repeater("look", 0, () -> { }, this::thread));
    }
}
