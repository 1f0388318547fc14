package org.memphisee.meta.jpa.entity;

import java.io.Serializable;
import java.time.OffsetDateTime;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A consumer group of a station. */
@Entity
@Table(name = "consumer_groups")
@IdClass(ConsumerGroupEntity.Key.class)
public class ConsumerGroupEntity {

    @Id
    @Column(name = "station_id")
    private long stationId;

    @Id
    private String name;

    @Column(name = "max_ack_time_ms")
    private long maxAckTimeMillis;

    @Column(name = "max_deliveries")
    private int maxDeliveries;

    @Column(name = "start_from_sequence")
    private long startFromSequence;

    @Column(name = "last_messages")
    private long lastMessages;

    @Column(name = "created_at")
    private OffsetDateTime createdAt;

    protected ConsumerGroupEntity() { } // for JPA

    public ConsumerGroupEntity(long stationId, String name) {
        this.stationId = stationId;
        this.name = name;
    }

    public long getStationId() {
        return stationId;
    }

    public String getName() {
        return name;
    }

    public long getMaxAckTimeMillis() {
        return maxAckTimeMillis;
    }

    public void setMaxAckTimeMillis(long maxAckTimeMillis) {
        this.maxAckTimeMillis = maxAckTimeMillis;
    }

    public int getMaxDeliveries() {
        return maxDeliveries;
    }

    public void setMaxDeliveries(int maxDeliveries) {
        this.maxDeliveries = maxDeliveries;
    }

    public long getStartFromSequence() {
        return startFromSequence;
    }

    public void setStartFromSequence(long startFromSequence) {
        this.startFromSequence = startFromSequence;
    }

    public long getLastMessages() {
        return lastMessages;
    }

    public void setLastMessages(long lastMessages) {
        this.lastMessages = lastMessages;
    }

    public OffsetDateTime getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(OffsetDateTime createdAt) {
        this.createdAt = createdAt;
    }

    /** Station and name. */
    public static final class Key implements Serializable {

        private static final long serialVersionUID = 1;

        private long stationId;
        private String name;

        public Key() { } // for JPA

        public Key(long stationId, String name) {
            this.stationId = stationId;
            this.name = name;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.stationId == stationId && key.name.equals(name);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(stationId) * 31 + name.hashCode();
        }
    }
}
