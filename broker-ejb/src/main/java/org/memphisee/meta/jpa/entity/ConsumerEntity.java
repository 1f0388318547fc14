package org.memphisee.meta.jpa.entity;

import java.time.OffsetDateTime;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A consumer of one partition. One that belongs to a group follows the group's settings and has no configuration of its
 * own.
 */
@Entity
@Table(name = "consumers")
public class ConsumerEntity {

    @Id
    private long id;

    @Column(name = "partition_id")
    private long partitionId;

    @Column(name = "station_id")
    private Long stationId;

    @Column(name = "group_name")
    private String groupName;

    private String name;

    @Column(name = "start_sequence")
    private long startSequence;

    private String config;

    @Column(name = "created_at")
    private OffsetDateTime createdAt;

    protected ConsumerEntity() { } // for JPA

    public ConsumerEntity(long id) {
        this.id = id;
    }

    public long getId() {
        return id;
    }

    public long getPartitionId() {
        return partitionId;
    }

    public void setPartitionId(long partitionId) {
        this.partitionId = partitionId;
    }

    public Long getStationId() {
        return stationId;
    }

    public void setStationId(Long stationId) {
        this.stationId = stationId;
    }

    public String getGroupName() {
        return groupName;
    }

    public void setGroupName(String groupName) {
        this.groupName = groupName;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public long getStartSequence() {
        return startSequence;
    }

    public void setStartSequence(long startSequence) {
        this.startSequence = startSequence;
    }

    public String getConfig() {
        return config;
    }

    public void setConfig(String config) {
        this.config = config;
    }

    public OffsetDateTime getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(OffsetDateTime createdAt) {
        this.createdAt = createdAt;
    }
}
