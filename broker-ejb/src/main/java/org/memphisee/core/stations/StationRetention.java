package org.memphisee.core.stations;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.memphisee.core.control.SystemEvent.RetentionType;
import org.memphisee.core.stream.StreamConfig;

/**
 * How messages leave a station, in a word and a number. Streams of plain clients may have several limits; the first of time,
 * messages and bytes is told. Any thread.
 *
 * @param kind {@code message_age_sec}, {@code messages}, {@code bytes}, {@code ack_based}; of plain clients' streams also
 *     {@code interest}, {@code work_queue} and {@code unlimited}
 * @param value seconds, messages or bytes; 0 where there is no such limit
 */
public record StationRetention(String kind, long value) {

    private static final StationRetention INTEREST = new StationRetention("interest", 0);
    private static final StationRetention WORK_QUEUE = new StationRetention("work_queue", 0);
    private static final StationRetention UNLIMITED = new StationRetention("unlimited", 0);

    /** Of a native station. */
    public static StationRetention of(RetentionType type, long value) {
        return new StationRetention(type.name().toLowerCase(Locale.ROOT), value);
    }

    /** Of a plain client's stream. Times below a second count as one. */
    public static StationRetention of(StreamConfig config) {
        if (config.retention() != StreamConfig.Retention.LIMITS) {
            return config.retention() == StreamConfig.Retention.INTEREST ? INTEREST : WORK_QUEUE;
        }
        if (config.maxAgeNanos() > 0) {
            return of(RetentionType.MESSAGE_AGE_SEC, Math.max(1, TimeUnit.NANOSECONDS.toSeconds(config.maxAgeNanos())));
        }
        if (config.maxMsgs() > 0) {
            return of(RetentionType.MESSAGES, config.maxMsgs());
        }
        return config.maxBytes() > 0 ? of(RetentionType.BYTES, config.maxBytes()) : UNLIMITED;
    }

    /** In the words that clients of the management API know, where there is one. */
    public String apiKind() {
        return this.equals(INTEREST) || this.equals(WORK_QUEUE) ? "ack_based" : kind;
    }
}
