package org.memphisee.core.jetstream;

import java.util.concurrent.atomic.LongAdder;

/** Requests and errors so far, as INFO tells them. Thread-safe. */
final class ApiCounters {

    final LongAdder total = new LongAdder();
    final LongAdder errors = new LongAdder();
}
