package org.memphisee.core.stations;

/**
 * How many dead letters a station has. One moment's figures.
 *
 * @param unacked of messages that groups gave up
 * @param schema of messages that violate its schema
 * @param notKept messages that violate its schema and are not among those, because there were too many at a time; since the start
 * @param forRoom letters that went since the start because there was no room for more
 */
public record DeadLetterCounts(long unacked, long schema, long notKept, long forRoom) {

    /** None. */
    public static final DeadLetterCounts NONE = new DeadLetterCounts(0, 0, 0, 0);

    /** Both together. */
    public long total() {
        return unacked + schema;
    }
}
