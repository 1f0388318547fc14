package org.memphisee.ra.inbound;

import java.util.function.DoubleSupplier;

import org.memphisee.client.Backoff;

/**
 * How long a failed message stays away: doubles with each attempt, plus or minus a fifth by chance.
 *
 * @param firstMillis after the first attempt
 * @param mostMillis the longest
 * @param random numbers from 0 to 1
 */
record RedeliveryDelay(long firstMillis, long mostMillis, DoubleSupplier random) {

    /** The delay after an attempt, counted from 1. */
    long afterMillis(int attempt) {
        long delay = Backoff.exponential(firstMillis, mostMillis, Math.max(0, attempt - 1));
        return Math.max(0, delay + (long) (delay * 0.4 * (random.getAsDouble() - 0.5)));
    }
}
