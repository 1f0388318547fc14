package org.memphisee.core.stations;

import java.util.Objects;
import java.util.Optional;

/**
 * What somebody wants to be otherwise with a station that is in use, not yet checked; what is empty stays as it is.
 *
 * @param station its name
 * @param retentionType {@code message_age_sec}, {@code messages}, {@code bytes} or {@code ack_based}
 * @param retentionValue seconds, messages or bytes
 * @param windowMillis idempotency window, milliseconds
 * @param dlsPoison dead-letter messages that ran out of deliveries
 * @param dlsSchemaverse dead-letter messages that fail their schema
 * @param dlsStation station that gets copies of dead letters, an empty text for none; made if it is not there
 * @param durability {@code fsync} or {@code interval}
 * @param tieredStorage whether what its limits remove goes to the second tier
 */
public record StationChange(String station, Optional<String> retentionType, Optional<Long> retentionValue,
                            Optional<Long> windowMillis, Optional<Boolean> dlsPoison, Optional<Boolean> dlsSchemaverse,
                            Optional<String> dlsStation, Optional<String> durability, Optional<Boolean> tieredStorage) {
    public StationChange {
        Objects.requireNonNull(station, "station is required");
    }

    /** What becomes of dead letters, nothing else. */
    public static StationChange deadLetters(String station, boolean poison, boolean schemaverse) {
        return new StationChange(station, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(poison),
            Optional.of(schemaverse), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Where copies of dead letters go, nothing else; an empty text for nowhere. */
    public static StationChange deadLetterStation(String station, String name) {
        return new StationChange(station, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty());
    }
}
