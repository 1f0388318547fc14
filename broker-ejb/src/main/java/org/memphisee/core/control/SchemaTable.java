package org.memphisee.core.control;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Schemas and which station has which: part of the fold. Control loop only. */
public final class SchemaTable {

    private final TreeMap<String, SchemaDefinition> byName = new TreeMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final TreeMap<Long, SchemaEvent.SchemaAttached> attached = new TreeMap<>();
    private long size;

    SchemaTable() { }

    /** A schema by external name. */
    public Optional<SchemaDefinition> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** A schema by number. */
    public Optional<SchemaDefinition> byId(long id) {
        return Optional.ofNullable(names.get(id)).map(byName::get);
    }

    /** All schemas, by name. */
    public Collection<SchemaDefinition> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** What a station has; the station's number, or the partition's of a non-native station. */
    public Optional<SchemaEvent.SchemaAttached> of(long stationId) {
        return Optional.ofNullable(attached.get(stationId));
    }

    /** Numbers of the stations that have a schema, in order; one that is about to be made counts. */
    public List<Long> stationsWith(long schemaId) {
        return attached().filter(a -> a.schemaId() == schemaId).map(SchemaEvent.SchemaAttached::stationId).toList();
    }

    /** Whether any station has the schema. */
    public boolean used(long schemaId) {
        return attached().anyMatch(a -> a.schemaId() == schemaId);
    }

    /** Everything that is attached, by number of station. */
    public Stream<SchemaEvent.SchemaAttached> attached() {
        return attached.values().stream();
    }

    /** Characters of all versions together. */
    public long size() {
        return size;
    }

    // ---- folding

    /** Applies an event; false when it is not about schemas. */
    boolean apply(SystemEvent event) {
        if (event instanceof SchemaEvent.SchemaCreated e) {
            byName.put(e.name(), SchemaDefinition.of(e));
            names.put(e.id(), e.name());
            size += e.text().size();
        } else if (event instanceof SchemaEvent.SchemaVersionAdded e) {
            byId(e.schemaId()).ifPresent(schema -> {
                SchemaDefinition next = schema.with(e);
                size += next == schema ? 0 : e.text().size();
                put(next);
            });
        } else if (event instanceof SchemaEvent.SchemaVersionActivated e) {
            byId(e.schemaId()).ifPresent(schema -> put(schema.withActive(e.version())));
        } else if (event instanceof SchemaEvent.SchemaChanged e) {
            byId(e.schemaId()).ifPresent(schema -> put(schema.with(e)));
        } else if (event instanceof SchemaEvent.SchemaRemoved e) {
            byId(e.id()).ifPresent(this::removed);
        } else if (event instanceof SchemaEvent.SchemaAttached e) {
            if (byId(e.schemaId()).flatMap(schema -> schema.version(e.version())).isPresent()) {
                attached.put(e.stationId(), e);
            }
        } else if (event instanceof SchemaEvent.SchemaDetached e) {
            attached.remove(e.stationId());
        } else {
            return false;
        }
        return true;
    }

    /** A station went. */
    void stationRemoved(long stationId) {
        attached.remove(stationId);
    }

    private void put(SchemaDefinition schema) {
        byName.put(schema.name(), schema);
    }

    private void removed(SchemaDefinition schema) {
        byName.remove(schema.name());
        names.remove(schema.id());
        attached.values().removeIf(a -> a.schemaId() == schema.id());
        schema.versions().forEach(version -> size -= version.text().size());
    }
}
