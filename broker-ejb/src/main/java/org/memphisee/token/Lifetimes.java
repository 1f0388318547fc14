package org.memphisee.token;

/**
 * How long tokens of one door live, in minutes.
 *
 * @param access default of access tokens, at least 1
 * @param refresh default of refresh tokens, at least 1
 * @param max the longest that a client may ask for, 0 for no limit
 */
public record Lifetimes(long access, long refresh, long max) {

    /** So many minutes in milliseconds are still exact for a client that knows only floating point. */
    private static final long UTMOST = 150_000_000_000L;

    long accessMinutes(long asked) {
        return minutes(asked, access);
    }

    long refreshMinutes(long asked) {
        return minutes(asked, refresh);
    }

    private long minutes(long asked, long normal) {
        long wanted = asked > 0 ? asked : normal;
        return Math.min(wanted, max > 0 ? max : UTMOST);
    }
}
