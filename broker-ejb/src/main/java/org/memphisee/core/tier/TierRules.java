package org.memphisee.core.tier;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Partitions whose limits remove nothing that is not in the second tier. Known before partitions are recovered, so that nothing
 * goes between a start and the first look of tiered storage. Any thread.
 */
public final class TierRules {

    private final Set<Long> holding = ConcurrentHashMap.newKeySet();

    /** Whether a partition begins with holding. */
    public boolean holds(long partition) {
        return holding.contains(partition);
    }

    /** What a partition that is made or recovered from now on does. */
    public void set(long partition, boolean holds) {
        if (holds) {
            holding.add(partition);
        } else {
            holding.remove(partition);
        }
    }
}
