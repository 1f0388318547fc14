package org.memphisee.meta.jpa.entity;

import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;

import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.stream.StreamConfig;

/** A station, or a plain stream seen as one. */
@Entity
@Table(name = "stations")
public class StationEntity {

    @Id
    private long id;

    private String name;

    @Column(name = "native_station")
    private boolean nativeStation;

    @Enumerated(EnumType.STRING)
    @Column(name = "retention_type")
    private SystemEvent.RetentionType retentionType;

    @Column(name = "retention_value")
    private long retentionValue;

    @Enumerated(EnumType.STRING)
    private StreamConfig.Storage storage;

    private int replicas;

    @Column(name = "idempotency_window_ms")
    private long idempotencyWindowMillis;

    @Column(name = "dls_poison")
    private boolean dlsPoison;

    @Column(name = "dls_schemaverse")
    private boolean dlsSchemaverse;

    @Column(name = "dls_station_id")
    private Long dlsStationId;

    @Column(name = "tiered_storage")
    private boolean tieredStorage;

    @Column(name = "created_by")
    private String createdBy;

    @Column(name = "created_at")
    private OffsetDateTime createdAt;

    private int version;

    @ElementCollection
    @CollectionTable(name = "station_tags", joinColumns = @JoinColumn(name = "station_id"))
    @MapKeyColumn(name = "tag")
    @Column(name = "color")
    private Map<String, String> tags = new HashMap<>();

    protected StationEntity() { } // for JPA

    public StationEntity(long id) {
        this.id = id;
    }

    public long getId() {
        return id;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public boolean isNativeStation() {
        return nativeStation;
    }

    public void setNativeStation(boolean nativeStation) {
        this.nativeStation = nativeStation;
    }

    public SystemEvent.RetentionType getRetentionType() {
        return retentionType;
    }

    public void setRetentionType(SystemEvent.RetentionType retentionType) {
        this.retentionType = retentionType;
    }

    public long getRetentionValue() {
        return retentionValue;
    }

    public void setRetentionValue(long retentionValue) {
        this.retentionValue = retentionValue;
    }

    public StreamConfig.Storage getStorage() {
        return storage;
    }

    public void setStorage(StreamConfig.Storage storage) {
        this.storage = storage;
    }

    public int getReplicas() {
        return replicas;
    }

    public void setReplicas(int replicas) {
        this.replicas = replicas;
    }

    public long getIdempotencyWindowMillis() {
        return idempotencyWindowMillis;
    }

    public void setIdempotencyWindowMillis(long idempotencyWindowMillis) {
        this.idempotencyWindowMillis = idempotencyWindowMillis;
    }

    public boolean isDlsPoison() {
        return dlsPoison;
    }

    public void setDlsPoison(boolean dlsPoison) {
        this.dlsPoison = dlsPoison;
    }

    public boolean isDlsSchemaverse() {
        return dlsSchemaverse;
    }

    public void setDlsSchemaverse(boolean dlsSchemaverse) {
        this.dlsSchemaverse = dlsSchemaverse;
    }

    public Long getDlsStationId() {
        return dlsStationId;
    }

    public void setDlsStationId(Long dlsStationId) {
        this.dlsStationId = dlsStationId;
    }

    public boolean isTieredStorage() {
        return tieredStorage;
    }

    public void setTieredStorage(boolean tieredStorage) {
        this.tieredStorage = tieredStorage;
    }

    public String getCreatedBy() {
        return createdBy;
    }

    public void setCreatedBy(String createdBy) {
        this.createdBy = createdBy;
    }

    public OffsetDateTime getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(OffsetDateTime createdAt) {
        this.createdAt = createdAt;
    }

    public int getVersion() {
        return version;
    }

    public void setVersion(int version) {
        this.version = version;
    }

    /** Colours by tag, empty for none. */
    public Map<String, String> getTags() {
        return tags;
    }
}
