package org.memphisee.core.stations;

import java.util.List;

/**
 * A consumer group as its administrators look at it (features.md 3.7). One moment's figures.
 *
 * @param name external name
 * @param own whether SDKs made it; else it is a durable of a plain client, which has no members
 * @param active whether a member is connected, or for one without members whether somebody asks for messages
 * @param maxAckTimeMillis time to acknowledge, milliseconds
 * @param maxDeliveries deliveries of one message, -1 for unlimited
 * @param positions where it is on each partition
 * @param members who registered for it
 */
public record GroupStatus(String name, boolean own, boolean active, long maxAckTimeMillis, long maxDeliveries,
                          List<Position> positions, List<StationOverview.MemberView> members) {
    public GroupStatus {
        positions = List.copyOf(positions);
        members = List.copyOf(members);
    }

    /**
     * Where it is on a partition.
     *
     * @param partition its number, 0 in streams of plain clients
     * @param lastSequence last message of the partition
     * @param delivered highest sequence delivered
     * @param floor everything up to this sequence is acknowledged
     * @param lag messages not yet acknowledged
     * @param inProcess of those, delivered
     * @param givenUp messages that ran out of deliveries or were dead-lettered, ever
     * @param lagMillis age of the oldest message that is not acknowledged, 0 when there is none
     */
    public record Position(int partition, long lastSequence, long delivered, long floor, long lag, long inProcess,
                           long givenUp, long lagMillis) { }

    /** Messages not yet acknowledged. */
    public long lag() {
        return positions.stream().mapToLong(Position::lag).sum();
    }

    /** Age of the oldest message that is not acknowledged, milliseconds; 0 when there is none. */
    public long lagMillis() {
        return positions.stream().mapToLong(Position::lagMillis).max().orElse(0);
    }
}
