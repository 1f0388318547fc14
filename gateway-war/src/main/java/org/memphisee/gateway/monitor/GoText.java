package org.memphisee.gateway.monitor;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** Times and durations as monitors of this kind write them. */
final class GoText {

    private static final long MICRO = 1_000L;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private GoText() { }

    /** Milliseconds since the epoch as RFC 3339. */
    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** As in {@code 1d2h3m4s}; leading zero parts are left out. */
    static String uptime(Duration duration) {
        StringBuilder text = new StringBuilder();
        if (duration.toDays() > 0) {
            text.append(duration.toDays()).append('d');
        }
        if (duration.toHours() > 0) {
            text.append(duration.toHoursPart()).append('h');
        }
        if (duration.toMinutes() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        return text.append(duration.toSecondsPart()).append('s').toString();
    }

    /** A short time in its largest fitting unit, as in {@code 1.2ms}. */
    static String shortTime(long nanos) {
        if (nanos < MICRO) {
            return nanos + "ns";
        }
        if (nanos < MILLI) {
            return fraction(nanos, MICRO) + "µs";
        }
        return nanos < SECOND ? fraction(nanos, MILLI) + "ms" : fraction(nanos, SECOND) + "s";
    }

    private static String fraction(long nanos, long unit) {
        return BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit)).stripTrailingZeros().toPlainString();
    }
}
