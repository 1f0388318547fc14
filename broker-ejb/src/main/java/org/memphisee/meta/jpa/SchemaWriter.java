package org.memphisee.meta.jpa;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;

import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.schema.SchemaText;

/** Writes events of schemas into their tables, inside somebody's transaction. Nobody reads them as entities. */
final class SchemaWriter {

    private final EntityManager manager;

    SchemaWriter(EntityManager manager) {
        this.manager = manager;
    }

    /** Writes an event; false when it is not about schemas. */
    boolean write(SystemEvent event) {
        if (event instanceof SchemaEvent.SchemaCreated e) {
            created(e);
        } else if (event instanceof SchemaEvent.SchemaVersionAdded e) {
            version(e.schemaId(), e.version(), false, e.text(), e.createdBy(), EventWriter.time(e.createdNanos()));
        } else if (event instanceof SchemaEvent.SchemaVersionActivated e) {
            run("update schema_versions set active = false where schema_id = ?1 and active", e.schemaId());
            run("update schema_versions set active = true where schema_id = ?1 and version_number = ?2", e.schemaId(), e.version());
        } else if (event instanceof SchemaEvent.SchemaChanged e) {
            run("update schemas set compatibility = ?2 where id = ?1", e.schemaId(), e.compatibility().name());
            tags(e.schemaId(), e.tags(), e.tagColors());
        } else if (event instanceof SchemaEvent.SchemaRemoved e) {
            run("delete from schemas where id = ?1", e.id());
        } else if (event instanceof SchemaEvent.SchemaAttached e) {
            stationRemoved(e.stationId());
            run("insert into station_schemas (station_id, schema_id, version_number, enforcement) values (?1, ?2, ?3, ?4)",
                e.stationId(), e.schemaId(), e.version(), e.enforcement().name());
        } else if (event instanceof SchemaEvent.SchemaDetached e) {
            stationRemoved(e.stationId());
        } else {
            return false;
        }
        return true;
    }

    /** A station went. */
    void stationRemoved(long stationId) {
        run("delete from station_schemas where station_id = ?1", stationId);
    }

    /** Empties the tables. */
    void clear() {
        run("delete from station_schemas");
        run("delete from schemas");
    }

    private void created(SchemaEvent.SchemaCreated e) {
        OffsetDateTime at = EventWriter.time(e.createdNanos());
        run("insert into schemas (id, name, type, compatibility, created_by, created_at) values (?1, ?2, ?3, ?4, ?5, ?6)",
            e.id(), e.name(), e.type().name(), e.compatibility().name(), EventWriter.text(e.createdBy()), at);
        version(e.id(), 1, true, e.text(), e.createdBy(), at);
        tags(e.id(), e.tags(), e.tagColors());
    }

    private void version(long schemaId, int number, boolean active, SchemaText text, String user, OffsetDateTime at) {
        run("insert into schema_versions (schema_id, version_number, active, schema_content, msg_struct_name, descriptor, "
            + "created_by, created_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", schemaId, number, active,
            EventWriter.text(text.content()), EventWriter.text(text.messageName()), text.descriptor(), EventWriter.text(user), at);
    }

    private void tags(long schemaId, List<String> tags, Map<String, String> colors) {
        run("delete from schema_tags where schema_id = ?1", schemaId);
        tags.stream().distinct().forEach(tag -> run("insert into schema_tags (schema_id, tag, color) values (?1, ?2, ?3)", schemaId,
            EventWriter.text(tag), EventWriter.text(colors.getOrDefault(tag, ""))));
    }

    private void run(String statement, Object... parameters) {
        Query prepared = manager.createNativeQuery(statement);
        for (int i = 0; i < parameters.length; i++) {
            prepared.setParameter(i + 1, parameters[i]);
        }
        prepared.executeUpdate();
    }
}
