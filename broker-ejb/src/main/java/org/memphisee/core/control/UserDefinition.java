package org.memphisee.core.control;

/**
 * A user as defined.
 *
 * @param created how it was made
 * @param passwordHash its present password, as an encoded salted hash
 */
public record UserDefinition(SystemEvent.UserCreated created, String passwordHash) {

    /** User name, lower case. */
    public String name() {
        return created.name();
    }

    /** What it may connect to. */
    public SystemEvent.UserType type() {
        return created.type();
    }

    @Override
    public String toString() { // never print the hash
        return "UserDefinition[" + created + "]";
    }
}
