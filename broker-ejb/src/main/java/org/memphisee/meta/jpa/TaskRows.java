package org.memphisee.meta.jpa;

import jakarta.persistence.EntityManager;

import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.TaskDefinitions;
import org.memphisee.meta.jpa.entity.TaskEntity;

/** Writes events of tasks into their table, inside somebody's transaction. */
final class TaskRows {

    private TaskRows() { }

    static void started(EntityManager manager, SystemEvent.TaskStarted e) {
        manager.persist(new TaskEntity(e.id(), e.kind(), EventWriter.text(e.station()), e.user(), EventWriter.json(e.arguments()),
            EventWriter.time(e.atNanos())));
    }

    static void progressed(EntityManager manager, SystemEvent.TaskProgressed e) {
        TaskEntity task = manager.find(TaskEntity.class, e.id());
        if (task != null) {
            task.setProgress(e.done(), e.total(), EventWriter.json(e.data()));
        }
    }

    /** As many stay as the definitions remember. */
    static void ended(EntityManager manager, SystemEvent.TaskEnded e) {
        TaskEntity task = manager.find(TaskEntity.class, e.id());
        if (task == null) {
            return;
        }
        task.setProgress(e.done(), e.total(), EventWriter.json(e.data()));
        task.setEnd(e.outcome(), EventWriter.text(e.reason()), EventWriter.time(e.atNanos()));
        manager.flush();
        manager.createNativeQuery("delete from tasks where outcome is not null and id not in (select id from tasks "
            + "where outcome is not null order by ended_at desc, id desc limit " + TaskDefinitions.KEPT + ")").executeUpdate();
    }
}
