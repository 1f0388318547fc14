package org.memphisee.ra.inbound;

import java.util.concurrent.atomic.LongAdder;

/** Counters of one activation. Thread-safe. */
final class ActivationFigures {
    final LongAdder delivered = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder exhausted = new LongAdder();
    final LongAdder pauses = new LongAdder();
}
