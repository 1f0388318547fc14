package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;

/**
 * A schema as defined. Immutable.
 *
 * @param created how it was made
 * @param versions all versions; number n is at index n - 1
 * @param active number of the active version
 * @param compatibility what new versions owe to those before them
 * @param tags tags for people
 * @param tagColors colours of those tags that have one
 */
public record SchemaDefinition(SchemaEvent.SchemaCreated created, List<Version> versions, int active,
                               Compatibility compatibility, List<String> tags, Map<String, String> tagColors) {

    /**
     * One version.
     *
     * @param number from 1
     * @param text what it says
     * @param createdBy user who made it
     * @param createdNanos when
     */
    public record Version(int number, SchemaText text, String createdBy, long createdNanos) { }

    public SchemaDefinition {
        versions = List.copyOf(versions);
        tags = List.copyOf(tags);
        tagColors = Map.copyOf(tagColors);
    }

    static SchemaDefinition of(SchemaEvent.SchemaCreated e) {
        return new SchemaDefinition(e, List.of(new Version(1, e.text(), e.createdBy(), e.createdNanos())), 1,
            e.compatibility(), e.tags(), e.tagColors());
    }

    /** Its number. */
    public long id() {
        return created.id();
    }

    /** External name. */
    public String name() {
        return created.name();
    }

    /** Its language. */
    public SchemaType type() {
        return created.type();
    }

    /** The version of that number. */
    public Optional<Version> version(int number) {
        return number < 1 || number > versions.size() ? Optional.empty() : Optional.of(versions.get(number - 1));
    }

    /** The newest version. */
    public Version newest() {
        return versions.get(versions.size() - 1);
    }

    SchemaDefinition with(SchemaEvent.SchemaVersionAdded e) {
        if (e.version() != versions.size() + 1) {
            return this;
        }
        List<Version> more = new ArrayList<>(versions);
        more.add(new Version(e.version(), e.text(), e.createdBy(), e.createdNanos()));
        return new SchemaDefinition(created, more, active, compatibility, tags, tagColors);
    }

    SchemaDefinition withActive(int number) {
        return version(number).isEmpty() ? this
            : new SchemaDefinition(created, versions, number, compatibility, tags, tagColors);
    }

    SchemaDefinition with(SchemaEvent.SchemaChanged e) {
        return new SchemaDefinition(created, versions, active, e.compatibility(), e.tags(), e.tagColors());
    }
}
