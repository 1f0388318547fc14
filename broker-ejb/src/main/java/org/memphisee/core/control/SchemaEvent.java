package org.memphisee.core.control;

import java.util.List;
import java.util.Map;

import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;

/** Events of schemas, and of the stations that have one. */
public sealed interface SchemaEvent extends SystemEvent.Kind {

    /**
     * A schema came to be, with version 1, which is active.
     *
     * @param id its number
     * @param name external name: lower case, with dots
     * @param type its language
     * @param text what version 1 says
     * @param compatibility what new versions owe to those before them
     * @param tags tags for people
     * @param tagColors colours of those tags that have one, {@code R, G, B} by tag
     * @param createdBy user who made it
     * @param createdNanos when
     */
    record SchemaCreated(long id, String name, SchemaType type, SchemaText text, Compatibility compatibility,
                         List<String> tags, Map<String, String> tagColors, String createdBy, long createdNanos)
        implements SchemaEvent {
        public SchemaCreated {
            tags = List.copyOf(tags);
            tagColors = Map.copyOf(tagColors);
        }
    }

    /**
     * A schema got another version, which is not active.
     *
     * @param schemaId the schema
     * @param version its number, one more than the last
     * @param text what it says
     * @param createdBy user who made it
     * @param createdNanos when
     */
    record SchemaVersionAdded(long schemaId, int version, SchemaText text, String createdBy, long createdNanos)
        implements SchemaEvent { }

    /** Another version of a schema is the active one; stations keep theirs. */
    record SchemaVersionActivated(long schemaId, int version) implements SchemaEvent { }

    /** What people may change of a schema; all of it, as it is now. */
    record SchemaChanged(long schemaId, Compatibility compatibility, List<String> tags, Map<String, String> tagColors)
        implements SchemaEvent {
        public SchemaChanged {
            tags = List.copyOf(tags);
            tagColors = Map.copyOf(tagColors);
        }
    }

    /** A schema went, with all its versions; no station has it any more. */
    record SchemaRemoved(long id) implements SchemaEvent { }

    /**
     * A station has this version of a schema from now on, in place of what it had. May come before the station itself, so
     * that a station that is made with a schema is never there without it.
     *
     * @param stationId the station, or the partition of a non-native station
     * @param schemaId the schema
     * @param version the version, which stays whatever becomes active
     * @param enforcement what the broker does with messages that do not fit
     */
    record SchemaAttached(long stationId, long schemaId, int version, Enforcement enforcement) implements SchemaEvent { }

    /** A station has no schema any more. */
    record SchemaDetached(long stationId) implements SchemaEvent { }
}
