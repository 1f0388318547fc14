package org.memphisee.core.partition;

import org.memphisee.core.stream.StreamConfig;

/** What each node of a cluster knows of a partition, also one that others have. Thread-safe. */
public interface KnownPartition {

    /** Its number, never reused. */
    long id();

    /** Name of its stream. */
    String name();

    /** Its configuration now. */
    StreamConfig config();

    /** When it was created, nanoseconds since the epoch. */
    long createdNanos();
}
