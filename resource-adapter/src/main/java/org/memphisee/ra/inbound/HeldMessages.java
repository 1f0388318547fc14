package org.memphisee.ra.inbound;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.memphisee.client.Delivery;

/**
 * Messages that were delivered and are not settled: those that wait for a worker and those in a bean's hands. Guarded by its
 * owner. Times are of {@link System#nanoTime()}.
 */
final class HeldMessages {

    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private final Set<Delivery> held = Collections.newSetFromMap(new IdentityHashMap<>());
    private final long ackWaitNanos;

    HeldMessages(long ackWaitNanos) {
        this.ackWaitNanos = ackWaitNanos;
    }

    void add(Delivery delivery) {
        waiting.add(delivery);
        held.add(delivery);
    }

    int waiting() {
        return waiting.size();
    }

    /** Messages in beans' hands. */
    int inHands() {
        return held.size() - waiting.size();
    }

    /**
     * Messages for one call of a bean: first deliveries together, a redelivered message alone. Those the broker no longer
     * expects an answer for are dropped: they come again.
     */
    List<Delivery> take(int most, long now) {
        List<Delivery> taken = new ArrayList<>(Math.min(most, waiting.size()));
        while (taken.size() < most && !waiting.isEmpty()) {
            Delivery next = waiting.peek();
            if (now - next.touchedAt() >= ackWaitNanos) {
                held.remove(waiting.poll());
                continue;
            }
            boolean again = next.attempt() > 1;
            if (again && !taken.isEmpty()) {
                break;
            }
            taken.add(waiting.poll());
            if (again) {
                break;
            }
        }
        return taken;
    }

    void settled(List<Delivery> deliveries) {
        deliveries.forEach(held::remove);
    }

    /** Takes all that wait; nobody is going to handle them. */
    List<Delivery> abandon() {
        List<Delivery> all = new ArrayList<>(waiting);
        waiting.clear();
        all.forEach(held::remove);
        return all;
    }

    /** Forgets all, those in beans' hands too: nobody waits for what becomes of them. */
    void withdraw() {
        held.forEach(Delivery::withdraw);
        held.clear();
        waiting.clear();
    }

    /** Messages for which the broker should be told that they are in progress; they count as told now. */
    List<Delivery> due(long now) {
        List<Delivery> due = new ArrayList<>();
        for (Delivery delivery : held) {
            if (now - delivery.touchedAt() >= ackWaitNanos / 3) {
                delivery.touch(now);
                due.add(delivery);
            }
        }
        return due;
    }
}
