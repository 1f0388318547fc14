package org.memphisee.core.stations;

import java.util.List;

/**
 * A station with who uses it (management-api.md M-062).
 *
 * @param station the station
 * @param messages messages stored in the partitions looked at
 * @param bytes accounted bytes stored there
 * @param deadLetters how many dead letters the partitions looked at have
 * @param deadLettersOf stations whose dead-letter station this is, by name
 * @param members registered producers and consumers, each with whether it is connected
 * @param groups consumer groups and durables of plain clients, by name
 * @param leader the node that decides about the only partition looked at; empty when it looks at all, or nobody does
 * @param followers the other nodes that have it
 */
public record StationOverview(StationView station, long messages, long bytes, DeadLetterCounts deadLetters, List<String> deadLettersOf,
                              List<MemberView> members, List<GroupView> groups, String leader,
                              List<String> followers) {
    public StationOverview {
        deadLettersOf = List.copyOf(deadLettersOf);
        members = List.copyOf(members);
        groups = List.copyOf(groups);
        followers = List.copyOf(followers);
    }

    /**
     * A registration.
     *
     * @param member what was registered
     * @param active whether its connection is there
     */
    public record MemberView(Members.Member member, boolean active) { }

    /**
     * A consumer group on all partitions looked at.
     *
     * @param name external name
     * @param maxAckTimeMillis time to acknowledge, milliseconds
     * @param maxDeliveries deliveries of one message, -1 for unlimited
     * @param partitions numbers of those partitions looked at that it reads
     * @param unprocessed messages not yet acknowledged: never delivered or waiting for acknowledgement
     * @param inProcess of those, delivered and waiting for acknowledgement
     * @param givenUp messages that ran out of deliveries or were dead-lettered, ever
     * @param active whether a member is connected, or for a group without members whether somebody asks for messages
     */
    public record GroupView(String name, long maxAckTimeMillis, long maxDeliveries, List<Integer> partitions,
                            long unprocessed, long inProcess, long givenUp, boolean active) {
        public GroupView {
            partitions = List.copyOf(partitions);
        }
    }
}
