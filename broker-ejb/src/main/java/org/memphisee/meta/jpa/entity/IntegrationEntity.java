package org.memphisee.meta.jpa.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An integration, without its secrets. */
@Entity
@Table(name = "integrations")
public class IntegrationEntity {

    @Id
    private String name;

    private String keys;

    @Column(name = "switches_on")
    private String switchesOn;

    protected IntegrationEntity() { } // for JPA

    /** One with its keys and switches, both as JSON. */
    public IntegrationEntity(String name, String keys, String switchesOn) {
        this.name = name;
        this.keys = keys;
        this.switchesOn = switchesOn;
    }
}
