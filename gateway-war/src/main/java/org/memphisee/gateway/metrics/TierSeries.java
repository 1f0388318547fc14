package org.memphisee.gateway.metrics;

import java.util.function.ToLongFunction;

import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

import org.memphisee.core.tiering.TierFigures;
import org.memphisee.ejb.BrokerEngine;

/** What tiered storage has done, moved on before a scrape. One thread at a time. */
final class TierSeries {

    private final BrokerEngine engine;
    private final Counter stored;
    private final Counter failed;
    private final Counter messages;
    private final Counter lost;

    TierSeries(MetricRegistry registry, BrokerEngine engine) {
        this.engine = engine;
        stored = registry.counter("memphis_tiered_storage_uploads", new Tag("result", "success"));
        failed = registry.counter("memphis_tiered_storage_uploads", new Tag("result", "failure"));
        messages = registry.counter("memphis_tiered_storage_messages");
        lost = registry.counter("memphis_tiered_storage_lost_messages");
    }

    /** Brings the counters to where the broker is. */
    void advance() {
        TierFigures now = engine.tieredStorage();
        move(stored, now, TierFigures::uploads);
        move(failed, now, TierFigures::failures);
        move(messages, now, TierFigures::messages);
        move(lost, now, TierFigures::lost);
    }

    private static void move(Counter counter, TierFigures to, ToLongFunction<TierFigures> figure) {
        counter.inc(Math.max(0, figure.applyAsLong(to) - counter.getCount()));
    }
}
