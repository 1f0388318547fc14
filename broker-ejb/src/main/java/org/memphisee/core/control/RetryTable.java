package org.memphisee.core.control;

import java.util.Collection;
import java.util.Collections;
import java.util.TreeMap;

import org.memphisee.core.letters.RetryPolicy;

/** When dead letters of stations are given again by themselves: part of the fold. Control loop only. */
public final class RetryTable {

    private final TreeMap<Long, SystemEvent.DeadLetterRetrySet> set = new TreeMap<>();

    RetryTable() { }

    /** Of one station; the station's number, or the partition's of a non-native station. */
    public RetryPolicy of(long stationId) {
        SystemEvent.DeadLetterRetrySet e = set.get(stationId);
        return e == null ? RetryPolicy.NONE : new RetryPolicy(e.delaysMillis(), e.maximum());
    }

    /** What makes it as it is, by number of station. */
    Collection<SystemEvent.DeadLetterRetrySet> events() {
        return Collections.unmodifiableCollection(set.values());
    }

    void apply(SystemEvent.DeadLetterRetrySet e) {
        if (new RetryPolicy(e.delaysMillis(), e.maximum()).none()) {
            set.remove(e.stationId());
        } else {
            set.put(e.stationId(), e);
        }
    }

    void stationRemoved(long stationId) {
        set.remove(stationId);
    }
}
