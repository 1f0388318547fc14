package org.memphisee.ejb;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.memphisee.core.time.LatencyHistogram;

/**
 * How long requests to an HTTP door took, by route and status. Thread-safe, without locks and without allocation once a
 * route and status were seen.
 */
public final class RequestTimings {

    private static final int LOWEST = 100;
    private static final int STATUSES = 900;

    private final Map<String, AtomicReferenceArray<LatencyHistogram>> routes = new ConcurrentHashMap<>();

    /** Gets each route and status that was seen. */
    @FunctionalInterface
    public interface Visitor<X extends Exception> {
        void visit(String route, int status, LatencyHistogram took) throws X;
    }

    /**
     * A request was answered.
     *
     * @param route which kind of request, never what a client chose: each one makes series
     * @param status HTTP status
     * @param tookNanos from its arrival to its answer
     */
    public void record(String route, int status, long tookNanos) {
        AtomicReferenceArray<LatencyHistogram> byStatus = routes.get(route);
        if (byStatus == null) {
            byStatus = routes.computeIfAbsent(route, r -> new AtomicReferenceArray<>(STATUSES));
        }
        int at = Math.min(STATUSES - 1, Math.max(0, status - LOWEST));
        LatencyHistogram histogram = byStatus.get(at);
        if (histogram == null) {
            byStatus.compareAndSet(at, null, new LatencyHistogram());
            histogram = byStatus.get(at);
        }
        histogram.record(tookNanos);
    }

    /** Shows everything recorded. */
    public <X extends Exception> void each(Visitor<X> visitor) throws X {
        for (Map.Entry<String, AtomicReferenceArray<LatencyHistogram>> route : routes.entrySet()) {
            for (int i = 0; i < STATUSES; i++) {
                LatencyHistogram took = route.getValue().get(i);
                if (took != null) {
                    visitor.visit(route.getKey(), i + LOWEST, took);
                }
            }
        }
    }
}
