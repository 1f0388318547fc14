package org.memphisee.core.definitions;

import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;

/**
 * A user in a document.
 *
 * @param name user name, lower case
 * @param type {@code application} or {@code management}
 * @param role {@code full} or {@code viewer}
 * @param profile what people write about it
 * @param permissions which stations it may use
 * @param passwordHash its password as an encoded salted hash, empty when the document has none
 * @param password a password in clear, for a user that is about to be made; empty for none, and never written
 */
record UserItem(String name, String type, String role, UserProfile profile, PermissionPatterns permissions, String passwordHash,
                String password) {

    /** As it is asked for. */
    NewUser wanted() {
        return new NewUser(name, type, password, profile, permissions, role);
    }

    @Override
    public String toString() { // never print secrets
        return "UserItem[name=" + name + ", type=" + type + "]";
    }
}
