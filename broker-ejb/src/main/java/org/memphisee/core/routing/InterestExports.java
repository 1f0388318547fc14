package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the clients of this node listen to, as the other nodes are told: for each pattern whether anybody does, for each queue
 * group how many. Coming and going is noted by any thread, and told by the routes' one.
 */
final class InterestExports {

    /** Told what others should know; weight 0 for nobody any more. */
    interface Teller {
        void interest(byte[] pattern, String queue, int weight);
    }

    private record Key(byte[] pattern, String queue) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(pattern, key.pattern) && queue.equals(key.queue);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(pattern) + queue.hashCode();
        }
    }

    private static final class Count {
        private final Key key;
        private int now;
        private int told;
        private boolean changed;

        private Count(Key key) {
            this.key = key;
        }

        /** What is told of it: without a queue group only whether there is somebody. */
        private int weight() {
            return key.queue.isEmpty() ? Math.min(1, now) : now;
        }
    }

    private final Map<Key, Count> counts = new LinkedHashMap<>();
    private final List<Count> changed = new ArrayList<>();
    private final Runnable news;
    private volatile boolean pending;

    /** Nobody listens yet; told when the first change waits. */
    InterestExports(Runnable news) {
        this.news = news;
    }

    /** Whether there is something to tell. Any thread. */
    boolean pending() {
        return pending;
    }

    /** One more listens (1), or one less (-1). Any thread. */
    void changed(ClientSubscription s, int by) {
        boolean first = false;
        synchronized (this) {
            Count count = counts.computeIfAbsent(new Key(s.pattern, s.queue), Count::new);
            count.now += by;
            if (!count.changed) {
                count.changed = true;
                changed.add(count);
            }
            if (!pending) {
                pending = true;
                first = true;
            }
        }
        if (first) {
            news.run();
        }
    }

    /** Tells what has changed since the last time. */
    synchronized void tell(Teller teller) {
        pending = false;
        for (Count count : changed) {
            count.changed = false;
            int weight = count.weight();
            if (weight != count.told) {
                count.told = weight;
                teller.interest(count.key.pattern, count.key.queue, weight);
            }
            if (count.now == 0) {
                counts.remove(count.key);
            }
        }
        changed.clear();
    }

    /** Tells everything; right after {@link #tell}. */
    synchronized void tellAll(Teller teller) {
        for (Count count : counts.values()) {
            if (count.told > 0) {
                teller.interest(count.key.pattern, count.key.queue, count.told);
            }
        }
    }
}
