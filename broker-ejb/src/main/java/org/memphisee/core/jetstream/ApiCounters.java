package org.memphisee.core.jetstream;

import java.util.concurrent.atomic.LongAdder;

/** Requests and errors so far, as INFO tells them. Thread-safe. */
public final class ApiCounters {

    final LongAdder total = new LongAdder();
    final LongAdder errors = new LongAdder();

    /** Requests answered. */
    public long total() {
        return total.sum();
    }

    /** Of those, answered with an error. */
    public long errors() {
        return errors.sum();
    }
}
