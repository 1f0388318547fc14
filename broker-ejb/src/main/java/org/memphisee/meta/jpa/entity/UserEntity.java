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

import org.memphisee.core.control.UserEvent;

/** A user, without anything secret. */
@Entity
@Table(name = "users")
public class UserEntity {

    @Id
    private long id;

    private String name;

    @Enumerated(EnumType.STRING)
    private UserEvent.UserType type;

    @Enumerated(EnumType.STRING)
    private UserEvent.UserRole role;

    @Column(name = "created_at")
    private OffsetDateTime createdAt;

    @Column(name = "last_login")
    private OffsetDateTime lastLogin;

    private String permissions;

    @ElementCollection
    @CollectionTable(name = "user_profile", joinColumns = @JoinColumn(name = "user_id"))
    @MapKeyColumn(name = "key")
    @Column(name = "value")
    private Map<String, String> profile = new HashMap<>();

    protected UserEntity() { } // for JPA

    public UserEntity(long id) {
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

    public UserEvent.UserType getType() {
        return type;
    }

    public void setType(UserEvent.UserType type) {
        this.type = type;
    }

    /** What it may do where permissions for stations do not decide. */
    public UserEvent.UserRole getRole() {
        return role;
    }

    public void setRole(UserEvent.UserRole role) {
        this.role = role;
    }

    public OffsetDateTime getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(OffsetDateTime createdAt) {
        this.createdAt = createdAt;
    }

    /** When it last signed in to the management API; null for never. */
    public OffsetDateTime getLastLogin() {
        return lastLogin;
    }

    public void setLastLogin(OffsetDateTime lastLogin) {
        this.lastLogin = lastLogin;
    }

    /** Which stations it may use, as JSON. */
    public String getPermissions() {
        return permissions;
    }

    public void setPermissions(String permissions) {
        this.permissions = permissions;
    }

    public Map<String, String> getProfile() {
        return profile;
    }
}
