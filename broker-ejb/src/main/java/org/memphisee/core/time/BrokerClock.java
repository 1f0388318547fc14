package org.memphisee.core.time;

import java.time.Instant;

/** Time as a port (D17). Thread-safe. */
public interface BrokerClock {

    /** Nanoseconds since the epoch. */
    long wallNanos();

    /** Monotonic nanoseconds, for deadlines. */
    long nowNanos();

    /** The real clock. */
    BrokerClock SYSTEM = new BrokerClock() {
        @Override
        public long wallNanos() {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public long nowNanos() {
            return System.nanoTime();
        }
    };
}
