package org.memphisee.core.stations;

import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaType;

/**
 * The schema of a station as people look at it.
 *
 * @param name name of the schema
 * @param type its language
 * @param version the version that the station pins
 * @param updatesAvailable whether another version is active
 * @param enforcement what the broker does with messages that do not fit
 */
public record StationSchema(String name, SchemaType type, int version, boolean updatesAvailable, Enforcement enforcement) {

    static StationSchema of(StationSchemas.Pinned pinned) {
        return new StationSchema(pinned.schema().name(), pinned.schema().type(), pinned.version().number(),
            pinned.updatesAvailable(), pinned.enforcement());
    }
}
