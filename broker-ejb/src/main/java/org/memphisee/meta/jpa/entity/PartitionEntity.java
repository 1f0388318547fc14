package org.memphisee.meta.jpa.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** One partition of a station, which is one stream. */
@Entity
@Table(name = "partitions")
public class PartitionEntity {

    @Id
    private long id;

    @Column(name = "station_id")
    private long stationId;

    private int number;

    @Column(name = "stream_name")
    private String streamName;

    private String config;

    protected PartitionEntity() { } // for JPA

    public PartitionEntity(long id) {
        this.id = id;
    }

    public long getId() {
        return id;
    }

    public long getStationId() {
        return stationId;
    }

    public void setStationId(long stationId) {
        this.stationId = stationId;
    }

    public int getNumber() {
        return number;
    }

    public void setNumber(int number) {
        this.number = number;
    }

    public String getStreamName() {
        return streamName;
    }

    public void setStreamName(String streamName) {
        this.streamName = streamName;
    }

    public String getConfig() {
        return config;
    }

    public void setConfig(String config) {
        this.config = config;
    }
}
