package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.SchemaDefinition;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.SchemaType;

/**
 * A schema as people look at it (management-api.md M-041, M-042).
 *
 * @param id its number
 * @param name external name
 * @param type its language
 * @param compatibility what new versions owe to those before them
 * @param tags tags for people
 * @param createdBy user who made it
 * @param createdNanos when, nanoseconds since the epoch
 * @param active number of the active version
 * @param versions all versions, the newest first
 * @param stations names of the stations that have it, with the version each pins
 */
public record SchemaView(long id, String name, SchemaType type, Compatibility compatibility, List<Tag> tags, String createdBy,
                         long createdNanos, int active, List<Version> versions, Map<String, Integer> stations) {

    /**
     * One version.
     *
     * @param number from 1
     * @param content the text
     * @param messageName Protobuf: the message at the root
     * @param descriptor Protobuf: the descriptor set in base64
     * @param createdBy user who made it
     * @param createdNanos when, nanoseconds since the epoch
     */
    public record Version(int number, String content, String messageName, String descriptor, String createdBy,
                          long createdNanos) { }

    public SchemaView {
        tags = List.copyOf(tags);
        versions = List.copyOf(versions);
        stations = Collections.unmodifiableMap(new TreeMap<>(stations));
    }

    /** Control loop only. */
    static SchemaView of(Definitions definitions, SchemaDefinition schema) {
        Map<String, Integer> stations = new TreeMap<>();
        definitions.schemas().attached().filter(attached -> attached.schemaId() == schema.id()).forEach(attached ->
            Target.byId(definitions, attached.stationId()).ifPresent(t -> stations.put(t.name(), attached.version())));
        List<Version> versions = new ArrayList<>(schema.versions().stream().map(v -> new Version(v.number(),
            v.text().content(), v.text().messageName(), v.text().descriptor(), v.createdBy(), v.createdNanos())).toList());
        Collections.reverse(versions);
        return new SchemaView(schema.id(), schema.name(), schema.type(), schema.compatibility(), schema.tags().stream()
            .map(tag -> Tag.stored(tag, schema.tagColors().get(tag))).toList(), schema.created().createdBy(),
            schema.created().createdNanos(), schema.active(), versions, stations);
    }

    /** The same with these versions only. */
    SchemaView only(int... numbers) {
        return new SchemaView(id, name, type, compatibility, tags, createdBy, createdNanos, active, versions.stream()
            .filter(v -> Arrays.stream(numbers).anyMatch(n -> n == v.number())).toList(), stations);
    }
}
