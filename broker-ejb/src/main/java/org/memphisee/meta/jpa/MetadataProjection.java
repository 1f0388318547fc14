package org.memphisee.meta.jpa;

import java.sql.Connection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.LockModeType;

import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.meta.jpa.entity.ConsumerEntity;
import org.memphisee.meta.jpa.entity.IntegrationEntity;
import org.memphisee.meta.jpa.entity.ProjectionCursorEntity;
import org.memphisee.meta.jpa.entity.SettingEntity;
import org.memphisee.meta.jpa.entity.StationEntity;
import org.memphisee.meta.jpa.entity.TagEntity;
import org.memphisee.meta.jpa.entity.TaskEntity;
import org.memphisee.meta.jpa.entity.UserEntity;

/**
 * Brings the tables to a place in the log. The cursor moves in the transaction of the events it counts, so every event
 * counts once, whatever fails in between. One thread.
 */
final class MetadataProjection {

    private static final String NAME = "definitions";

    private final EntityManagerFactory factory;
    private final String logId;

    MetadataProjection(EntityManagerFactory factory, String logId) {
        this.factory = factory;
        this.logId = logId;
    }

    /** The last event of our log that is in the tables; empty when they belong to no log or to another one. */
    OptionalLong position() {
        try (EntityManager manager = factory.createEntityManager()) {
            ProjectionCursorEntity cursor = manager.find(ProjectionCursorEntity.class, NAME);
            return cursor == null || !cursor.getLogId().equals(logId) ? OptionalLong.empty()
                : OptionalLong.of(cursor.getPosition());
        }
    }

    /** Asks the database for nothing: a failure says that it is not there. */
    void ask() {
        try (EntityManager manager = factory.createEntityManager()) {
            manager.createNativeQuery("select 1").getSingleResult();
        }
    }

    /** Empties the tables and writes what the snapshot says, at once. */
    void rebuild(DefinitionsSnapshot snapshot) {
        transaction(manager -> {
            for (Class<?> entity : List.of(ConsumerEntity.class, StationEntity.class, UserEntity.class, SettingEntity.class,
                IntegrationEntity.class, TaskEntity.class, TagEntity.class)) {
                manager.createQuery("delete from " + entity.getSimpleName() + " e").executeUpdate();
            }
            new SchemaWriter(manager).clear();
            EventWriter writer = new EventWriter(manager);
            snapshot.events().forEach(writer::write);
            move(manager, snapshot.index());
        });
    }

    /**
     * Writes events in one transaction; those that are in the tables already are passed over.
     *
     * @param events in the order of the log
     * @return index of the last one
     */
    long apply(List<EventBacklog.Numbered> events) {
        long last = events.get(events.size() - 1).index();
        transaction(manager -> {
            ProjectionCursorEntity cursor = manager.find(ProjectionCursorEntity.class, NAME,
                LockModeType.PESSIMISTIC_WRITE);
            if (cursor == null || !cursor.getLogId().equals(logId)) {
                throw new MetadataException("the tables belong to another log");
            }
            long position = cursor.getPosition();
            EventWriter writer = new EventWriter(manager);
            for (EventBacklog.Numbered event : events) {
                if (event.index() > position) {
                    writer.write(event.event());
                    position = event.index();
                }
            }
            move(manager, position);
        });
        return last;
    }

    /** Does something with the connection in a transaction of its own. */
    void connected(Consumer<Connection> work) {
        transaction(manager -> work.accept(manager.unwrap(Connection.class)));
    }

    private void move(EntityManager manager, long position) {
        ProjectionCursorEntity cursor = manager.find(ProjectionCursorEntity.class, NAME);
        if (cursor == null) {
            cursor = new ProjectionCursorEntity(NAME);
            cursor.setLogId(logId);
            cursor.setPosition(position);
            cursor.setUpdatedAt(now());
            manager.persist(cursor);
            return;
        }
        cursor.setLogId(logId);
        cursor.setPosition(position);
        cursor.setUpdatedAt(now());
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC);
    }

    private void transaction(Consumer<EntityManager> work) {
        try (EntityManager manager = factory.createEntityManager()) {
            EntityTransaction transaction = manager.getTransaction();
            transaction.begin();
            try {
                work.accept(manager);
                transaction.commit();
            } finally {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
            }
        }
    }
}
