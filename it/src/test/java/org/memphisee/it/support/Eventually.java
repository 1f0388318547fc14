package org.memphisee.it.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Polls a condition until it holds or a deadline passes; what tests use instead of sleeping. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long STEP_NANOS = 5_000_000;

    private Eventually() {
    }

    /** Waits at most a minute for {@code condition}. */
    public static void await(String what, Callable<Boolean> condition) {
        await(what, LIMIT, condition);
    }

    /** Waits at most {@code limit} for {@code condition}; an exception of the condition ends the wait. */
    public static void await(String what, Duration limit, Callable<Boolean> condition) {
        value(what, limit, condition, holds -> holds);
    }

    /** The same, but asks only so often: for questions that cost whoever is asked something. */
    public static void await(String what, Duration limit, Duration step, Callable<Boolean> condition) {
        await(what, limit, () -> {
            if (call(condition)) {
                return true;
            }
            LockSupport.parkNanos(step.toNanos());
            return false;
        });
    }

    /** Reads a value until it is acceptable and returns it; the last value is part of the failure. */
    public static <T> T value(String what, Duration limit, Callable<T> read, Predicate<T> acceptable) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            T value = call(read);
            if (acceptable.test(value)) {
                return value;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit + ": " + what + ", last seen: " + value);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private static <T> T call(Callable<T> read) {
        try {
            return read.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e.toString(), e);
        }
    }
}
