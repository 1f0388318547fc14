package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.memphisee.core.api.SubscriptionFigures;

/** One SUB of one client. Read by any thread, changed by its session's thread. */
final class ClientSubscription implements Interest {

    private static final AtomicLongFieldUpdater<ClientSubscription> DELIVERED =
        AtomicLongFieldUpdater.newUpdater(ClientSubscription.class, "delivered");

    final ClientSession session;
    final byte[] pattern;
    final byte[] sid;
    /** Queue group, empty for none. */
    final String queue;
    private volatile long delivered;
    private volatile long maxDeliveries = Long.MAX_VALUE;
    private volatile boolean active = true;

    ClientSubscription(ClientSession session, byte[] pattern, byte[] sid, String queue) {
        this.session = session;
        this.pattern = pattern;
        this.sid = sid;
        this.queue = queue;
    }

    /** What a monitor shows of it. Any thread. */
    SubscriptionFigures figures() {
        long max = maxDeliveries;
        return new SubscriptionFigures(session.clientId(), new String(pattern, StandardCharsets.UTF_8), queue,
            new String(sid, StandardCharsets.UTF_8), delivered, max == Long.MAX_VALUE ? 0 : max);
    }

    boolean active() {
        return active;
    }

    void end() {
        active = false;
    }

    /** Limits the total number of deliveries; true when that number is reached already. */
    boolean limit(long max) {
        maxDeliveries = max;
        return delivered >= max;
    }

    /** Counts a delivery; false when the subscription has had all it asked for. The last one ends it. */
    boolean take() {
        if (!active) {
            return false;
        }
        long n = DELIVERED.incrementAndGet(this);
        if (n < maxDeliveries) {
            return true;
        }
        if (n > maxDeliveries) {
            return false;
        }
        session.exhausted(this);
        return true;
    }
}
