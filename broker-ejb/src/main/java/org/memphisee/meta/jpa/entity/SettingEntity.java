package org.memphisee.meta.jpa.entity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A setting of the installation. */
@Entity
@Table(name = "settings")
public class SettingEntity {

    @Id
    private String key;

    private String value;

    protected SettingEntity() { } // for JPA

    public SettingEntity(String key) {
        this.key = key;
    }

    public String getKey() {
        return key;
    }

    public String getValue() {
        return value;
    }

    public void setValue(String value) {
        this.value = value;
    }
}
