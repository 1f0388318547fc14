package org.memphisee.meta.jpa.entity;

import java.time.OffsetDateTime;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** How far a projection is, and in which log. */
@Entity
@Table(name = "projection_cursor")
public class ProjectionCursorEntity {

    @Id
    private String name;

    @Column(name = "log_id")
    private String logId;

    private long position;

    @Column(name = "updated_at")
    private OffsetDateTime updatedAt;

    protected ProjectionCursorEntity() { } // for JPA

    public ProjectionCursorEntity(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    public String getLogId() {
        return logId;
    }

    public void setLogId(String logId) {
        this.logId = logId;
    }

    public long getPosition() {
        return position;
    }

    public void setPosition(long position) {
        this.position = position;
    }

    public OffsetDateTime getUpdatedAt() {
        return updatedAt;
    }

    public void setUpdatedAt(OffsetDateTime updatedAt) {
        this.updatedAt = updatedAt;
    }
}
