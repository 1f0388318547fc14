package org.memphisee.it.adapter.app;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What the beans of this deployment have seen. Thread-safe. */
public final class Seen {
    private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();
    private static final Map<String, Integer> BUSY = Collections.synchronizedMap(new HashMap<>());
    private static final Map<String, Integer> MOST_BUSY = Collections.synchronizedMap(new HashMap<>());
    private static final AtomicLong QUICK = new AtomicLong();
    private static final AtomicLong FIRST = new AtomicLong();

    private Seen() {
    }

    static void line(String text) {
        LINES.add(text);
    }

    static void enter(String bean) {
        MOST_BUSY.merge(bean, BUSY.merge(bean, 1, Integer::sum), Math::max);
    }

    static void leave(String bean) {
        BUSY.merge(bean, -1, Integer::sum);
    }

    static int mostBusy(String bean) {
        return MOST_BUSY.getOrDefault(bean, 0);
    }

    static String lines() {
        return String.join("\n", LINES);
    }

    static void quick(int messages) {
        FIRST.compareAndSet(0, System.nanoTime());
        QUICK.addAndGet(messages);
    }

    /** Messages counted, and nanoseconds since the first of them. */
    static String quick() {
        long count = QUICK.get();
        return count + " " + (System.nanoTime() - FIRST.get());
    }

}
