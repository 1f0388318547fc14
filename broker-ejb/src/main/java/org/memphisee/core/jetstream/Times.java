package org.memphisee.core.jetstream;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** Times as the API writes them: RFC 3339, UTC, up to nine fraction digits. */
public final class Times {

    private static final long NANOS = 1_000_000_000L;
    static final String NEVER = "0001-01-01T00:00:00Z";
    private static final Instant FIRST = Instant.ofEpochSecond(Long.MIN_VALUE / NANOS + 1);
    private static final Instant LAST = Instant.ofEpochSecond(Long.MAX_VALUE / NANOS - 1);

    /** Earlier than any message: the zero time where it is a time and not the absence of one. */
    static final long BEGINNING = Long.MIN_VALUE;

    private Times() { }

    /** A time, or the zero time for 0. */
    public static String format(long nanos) {
        if (nanos == 0 || nanos == BEGINNING) {
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

    /** Nanoseconds since the epoch, 0 for no time at all; {@link #BEGINNING} or the last one for what is beyond them. */
    static long parse(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            Instant time = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
            if (time.isBefore(FIRST)) {
                return BEGINNING;
            }
            return time.isAfter(LAST) ? Long.MAX_VALUE : nanos(time);
        } catch (DateTimeException e) {
            throw ApiError.INVALID_JSON.refusal();
        }
    }

    /** A time at the epoch itself is not taken for none. */
    private static long nanos(Instant time) {
        long nanos = time.getEpochSecond() * NANOS + time.getNano();
        return nanos == 0 ? -1 : nanos;
    }
}
