package org.memphisee.client;

import java.util.Objects;

/**
 * Which messages a member wants.
 *
 * @param station the station's name
 * @param group the consumer group
 * @param member name under which the broker shows the member
 * @param ackWaitMillis time after which an unacknowledged message comes again, at least 1
 * @param maxDeliveries deliveries of one message to the group, 1 to 10
 */
public record GroupSpec(String station, String group, String member, long ackWaitMillis, int maxDeliveries) {
    public GroupSpec {
        Objects.requireNonNull(station, "station is required");
        Objects.requireNonNull(group, "group is required");
        Objects.requireNonNull(member, "member is required");
    }
}
