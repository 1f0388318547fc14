package org.memphisee.core.audit;

import java.util.Locale;

/**
 * Which entries are wanted. An empty text and 0 stand for any.
 *
 * @param kind kind of thing
 * @param object its name
 * @param station the station that it is, or is in
 * @param user who did it
 * @param action what was done
 * @param door way in, by its label
 * @param fromNanos not before this time, nanoseconds since the epoch
 * @param toNanos not after this time
 * @param activity whether what clients do all the time is wanted too
 */
public record AuditQuery(String kind, String object, String station, String user, String action, String door, long fromNanos,
                         long toNanos, boolean activity) {

    /** Everything about one thing. */
    public static AuditQuery of(String kind, String object) {
        return new AuditQuery(kind, object, "", "", "", "", 0, 0, false);
    }

    /** Everything about one station. */
    public static AuditQuery ofStation(String station) {
        return new AuditQuery("", "", station, "", "", "", 0, 0, true);
    }

    boolean wants(AuditEntry entry) {
        return is(kind, entry.subject().kind()) && is(object, entry.subject().object())
            && is(station, entry.subject().station()) && is(user, entry.by().user()) && is(action, entry.action())
            && is(door, entry.by().door().label()) && (fromNanos == 0 || entry.atNanos() >= fromNanos)
            && (toNanos == 0 || entry.atNanos() <= toNanos);
    }

    /** Names of things are in lower case but for streams of plain clients. */
    private static boolean is(String wanted, String given) {
        return wanted.isEmpty() || wanted.toLowerCase(Locale.ROOT).equals(given.toLowerCase(Locale.ROOT));
    }
}
