package org.memphisee.core.jetstream;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** Times as the API writes them: RFC 3339, UTC, up to nine fraction digits. */
public final class Times {

    private static final long NANOS = 1_000_000_000L;
    private static final String NEVER = "0001-01-01T00:00:00Z";
    private static final Instant FIRST = Instant.ofEpochSecond(Long.MIN_VALUE / NANOS + 1);
    private static final Instant LAST = Instant.ofEpochSecond(Long.MAX_VALUE / NANOS - 1);

    private Times() { }

    /** A time, or the zero time for 0. */
    public static String format(long nanos) {
        if (nanos == 0) {
            return NEVER;
        }
        String text = DateTimeFormatter.ISO_INSTANT.format(
            Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)));
        int dot = text.indexOf('.');
        if (dot < 0) {
            return text;
        }
        int end = text.length() - 1;
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, end) + "Z";
    }

    /** Nanoseconds since the epoch, 0 for the zero time. */
    static long parse(String text) {
        if (text.isEmpty() || text.equals(NEVER)) {
            return 0;
        }
        try {
            Instant time = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
            if (time.isBefore(FIRST) || time.isAfter(LAST)) {
                throw ApiError.INVALID_JSON.refusal();
            }
            return time.getEpochSecond() * NANOS + time.getNano();
        } catch (DateTimeException e) {
            throw ApiError.INVALID_JSON.refusal();
        }
    }
}
