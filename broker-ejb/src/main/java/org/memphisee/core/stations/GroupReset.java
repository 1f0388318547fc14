package org.memphisee.core.stations;

import java.util.List;
import java.util.Objects;

/**
 * Where a consumer group is to go on, as somebody asks for it.
 *
 * @param station external name
 * @param group external name
 * @param to where
 * @param value the sequence, or the time in nanoseconds since the epoch; else of no meaning
 * @param dryRun tell what would be, and change nothing
 * @param force also while members are connected
 */
public record GroupReset(String station, String group, To to, long value, boolean dryRun, boolean force) {
    public GroupReset {
        Objects.requireNonNull(to, "to is required");
    }

    /** Where. */
    public enum To {
        /** With the oldest message that is there. */
        START,
        /** With the next message that comes. */
        END,
        /** With this sequence, on each partition. */
        SEQUENCE,
        /** With the first message stored at this time or later. */
        TIME
    }

    /**
     * What a reset does, or would do.
     *
     * @param parts each partition
     */
    public record Outcome(List<Part> parts) {
        public Outcome {
            parts = List.copyOf(parts);
        }

        /** Messages that the group gets from there on. */
        public long messages() {
            return parts.stream().mapToLong(Part::messages).sum();
        }

        /** Messages not acknowledged before. */
        public long before() {
            return parts.stream().mapToLong(Part::before).sum();
        }
    }

    /**
     * What it does on a partition.
     *
     * @param partition its number, 0 in streams of plain clients
     * @param before messages that are not acknowledged
     * @param sequence first sequence to look at from then on
     * @param messages stored messages from there on
     * @param exact false when so many messages are missing from there on that there may be fewer
     */
    public record Part(int partition, long before, long sequence, long messages, boolean exact) { }
}
