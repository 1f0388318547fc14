package org.memphisee.core.schema;

import java.util.Objects;

/**
 * What is done with the messages of a station that has a schema. Immutable.
 *
 * @param schema name of the schema
 * @param type its language
 * @param version the version that the station has
 * @param refuse whether messages that do not fit are refused; else they are only counted
 * @param check looks at messages
 */
public record StationCheck(String schema, SchemaType type, int version, boolean refuse, MessageCheck check) {
    public StationCheck {
        Objects.requireNonNull(schema, "schema is required");
        Objects.requireNonNull(check, "check is required");
    }
}
