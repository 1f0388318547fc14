package org.memphisee.core.stations;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.memphisee.core.errand.ConsumerFigures;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.partition.StreamState;

/**
 * One station as it was read: sums over its partitions.
 *
 * @param entry what it is
 * @param messages stored
 * @param bytes stored
 * @param published messages ever stored
 * @param lastMillis when the newest was stored, 0 for never
 * @param frozen whether a partition refuses publishes after a storage error
 * @param groups its consumers by external name
 */
public record StationReading(StationEntry entry, long messages, long bytes, long published, long lastMillis,
                             boolean frozen, Map<String, Group> groups) {

    /**
     * A consumer group, or a consumer of a plain stream: sums over the partitions.
     *
     * @param lag messages that are not acknowledged
     * @param inProcess of those, given
     * @param redelivered of these, given more than once
     * @param delivered deliveries ever made
     * @param givenUp messages that ran out of deliveries or were dead-lettered, ever
     * @param active whether somebody asks for messages
     * @param lastMillis when the last was delivered, 0 for never
     */
    public record Group(long lag, long inProcess, long redelivered, long delivered, long givenUp, boolean active,
                        long lastMillis) {

        private static final Group NONE = new Group(0, 0, 0, 0, 0, false, 0);

        /** Messages that it was not yet given. */
        public long waiting() {
            return lag - inProcess;
        }

        private Group plus(ConsumerFigures c) {
            return new Group(lag + c.lag(), inProcess + c.inProcess(), redelivered + c.redelivered(), delivered + c.deliveries(),
                givenUp + c.givenUp(), active || c.asked() || c.inProcess() > 0,
                Math.max(lastMillis, c.lastDeliveryNanos() / 1_000_000));
        }
    }

    static StationReading of(StationEntry entry, List<StreamState> partitions, List<ConsumerFigures> consumers) {
        long messages = 0;
        long bytes = 0;
        long published = 0;
        long lastNanos = 0;
        boolean frozen = false;
        for (StreamState state : partitions) {
            messages += state.messages();
            bytes += state.bytes();
            published += state.lastSeq();
            lastNanos = Math.max(lastNanos, state.lastTimeNanos());
            frozen |= state.frozen();
        }
        Map<String, Group> groups = new TreeMap<>();
        for (ConsumerFigures one : consumers) {
            String name = one.name();
            if (!StationLayout.internal(name)) { // those of the broker itself are not shown
                groups.merge(entry.nativeStation() ? StationLayout.externalName(name) : name, Group.NONE.plus(one),
                    (before, same) -> before.plus(one));
            }
        }
        return new StationReading(entry, messages, bytes, published, lastNanos / 1_000_000, frozen, groups);
    }

    /** The worst of the groups' lags. */
    public long lag() {
        return groups.values().stream().mapToLong(Group::lag).max().orElse(0);
    }

    /** Deliveries ever made. */
    public long delivered() {
        return groups.values().stream().mapToLong(Group::delivered).sum();
    }
}
