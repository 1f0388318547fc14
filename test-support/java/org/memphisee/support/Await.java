package org.memphisee.support;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** For what must become true and nobody announces: asked again every two milliseconds, for 20 seconds. */
public final class Await {

    private Await() { }

    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never happened: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
