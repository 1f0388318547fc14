package org.memphisee.meta.jpa.entity;

import java.time.OffsetDateTime;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.memphisee.core.control.SystemEvent.TaskOutcome;

/** A task that runs, or one of the last that ended. */
@Entity
@Table(name = "tasks")
public class TaskEntity {

    @Id
    private long id;

    private String kind;

    private String station;

    @Column(name = "user_name")
    private String userName;

    private String arguments;

    @Column(name = "started_at")
    private OffsetDateTime startedAt;

    private long done;

    private long total;

    private String data = "{}";

    @Enumerated(EnumType.STRING)
    private TaskOutcome outcome;

    private String reason = "";

    @Column(name = "ended_at")
    private OffsetDateTime endedAt;

    protected TaskEntity() { } // for JPA

    /** A task that has just begun. */
    public TaskEntity(long id, String kind, String station, String userName, String arguments, OffsetDateTime startedAt) {
        this.id = id;
        this.kind = kind;
        this.station = station;
        this.userName = userName;
        this.arguments = arguments;
        this.startedAt = startedAt;
    }

    /** How far it is. */
    public void setProgress(long partsDone, long parts, String remembered) {
        done = partsDone;
        total = parts;
        data = remembered;
    }

    /** How and when it ended. */
    public void setEnd(TaskOutcome how, String why, OffsetDateTime at) {
        outcome = how;
        reason = why;
        endedAt = at;
    }
}
