package org.memphisee.meta.jpa.entity;

import java.time.OffsetDateTime;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A registered producer or consumer. */
@Entity
@Table(name = "members")
public class MemberEntity {

    /** What it registered as. */
    public enum Kind { PRODUCER, CONSUMER }

    @Id
    private long id;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    private String name;

    @Column(name = "station_id")
    private long stationId;

    @Column(name = "group_name")
    private String groupName;

    @Column(name = "connection_id")
    private String connectionId;

    private String type;

    @Column(name = "user_name")
    private String userName;

    @Column(name = "app_id")
    private String appId;

    private String sdk;

    @Column(name = "request_version")
    private int requestVersion;

    @Column(name = "created_at")
    private OffsetDateTime createdAt;

    protected MemberEntity() { } // for JPA

    /** A member of a station, with its group if it is a consumer. */
    public MemberEntity(long id, Kind kind, String name, long stationId, String groupName) {
        this.id = id;
        this.kind = kind;
        this.name = name;
        this.stationId = stationId;
        this.groupName = groupName;
    }

    public long getId() {
        return id;
    }

    public Kind getKind() {
        return kind;
    }

    public String getName() {
        return name;
    }

    public long getStationId() {
        return stationId;
    }

    public String getGroupName() {
        return groupName;
    }

    public String getConnectionId() {
        return connectionId;
    }

    public void setConnectionId(String connectionId) {
        this.connectionId = connectionId;
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public String getUserName() {
        return userName;
    }

    public void setUserName(String userName) {
        this.userName = userName;
    }

    public String getAppId() {
        return appId;
    }

    public void setAppId(String appId) {
        this.appId = appId;
    }

    public String getSdk() {
        return sdk;
    }

    public void setSdk(String sdk) {
        this.sdk = sdk;
    }

    public int getRequestVersion() {
        return requestVersion;
    }

    public void setRequestVersion(int requestVersion) {
        this.requestVersion = requestVersion;
    }

    public OffsetDateTime getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(OffsetDateTime createdAt) {
        this.createdAt = createdAt;
    }
}
