package org.memphisee.chaos;

/**
 * What a client asked and what it was told.
 *
 * @param client which connection of which client, as only within one there is an order
 * @param kind what it asked
 * @param key about what
 * @param value what it wrote or read; unique where it wrote
 * @param number sequence that it was told, or that it expects; 0 for none
 * @param begin when it asked, nanoseconds
 * @param end when it was told; {@link Long#MAX_VALUE} when it never was
 */
record Op(String client, String kind, String key, String value, long number, long begin, long end, Result result, String detail) {

    enum Result {
        /** It was done. */
        OK,
        /** It was not done, and never will be. */
        REFUSED,
        /** Nobody knows. */
        UNKNOWN
    }

    boolean ok() {
        return result == Result.OK;
    }

    boolean unknown() {
        return result == Result.UNKNOWN;
    }

    @Override
    public String toString() {
        return "%d %s %s %s %s '%s' %d %s %s".formatted(begin, end == Long.MAX_VALUE ? "never" : String.valueOf(end), client,
            kind, key,
            value, number, result, detail);
    }
}
