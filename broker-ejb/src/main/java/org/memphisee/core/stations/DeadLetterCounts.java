package org.memphisee.core.stations;

/**
 * How many dead letters a station has. One moment's figures.
 *
 * @param unacked of messages that groups gave up
 * @param schema of messages that violate its schema
 */
public record DeadLetterCounts(long unacked, long schema) {

    /** None. */
    public static final DeadLetterCounts NONE = new DeadLetterCounts(0, 0);

    /** Both together. */
    public long total() {
        return unacked + schema;
    }
}
