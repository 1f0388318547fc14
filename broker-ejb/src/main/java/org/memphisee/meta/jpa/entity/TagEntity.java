package org.memphisee.meta.jpa.entity;

import java.time.OffsetDateTime;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A tag that somebody defined. */
@Entity
@Table(name = "tags")
public class TagEntity {

    @Id
    private long id;

    private String name;

    private String color;

    @Column(name = "created_by")
    private String createdBy;

    @Column(name = "created_at")
    private OffsetDateTime createdAt;

    protected TagEntity() { } // for JPA

    public TagEntity(long id, String name, String color, String createdBy, OffsetDateTime createdAt) {
        this.id = id;
        this.name = name;
        this.color = color;
        this.createdBy = createdBy;
        this.createdAt = createdAt;
    }

    public long getId() {
        return id;
    }

    public String getName() {
        return name;
    }

    public String getColor() {
        return color;
    }

    public String getCreatedBy() {
        return createdBy;
    }

    public OffsetDateTime getCreatedAt() {
        return createdAt;
    }
}
