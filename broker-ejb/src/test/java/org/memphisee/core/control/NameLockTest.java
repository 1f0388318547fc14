package org.memphisee.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

class NameLockTest {

    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final NameLock lock = ended::incrementAndGet;
    private final Consumer<Runnable> guard = work -> {
        try {
            work.run();
        } catch (IllegalStateException e) {
            answered.incrementAndGet();
        }
    };

    @Test
    void shouldBeLeftToWorkThatGoesOnElsewhere() {
        lock.keep(guard, () -> { });
        assertEquals(0, ended.get());
    }

    @Test
    void shouldEndWhenTheWorkThrows() {
        lock.keep(guard, () -> {
            throw new IllegalStateException("for this test");
        });
        assertEquals(1, ended.get());
        assertEquals(1, answered.get());
    }
}
