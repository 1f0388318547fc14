package org.memphisee.core.access;

import org.memphisee.core.api.ClientIdentity;

/** The decision on a CONNECT. */
public sealed interface AuthResult {

    /**
     * May go on.
     *
     * @param identity who it is
     * @param user the user as it was when it proved who it is
     */
    record Accepted(ClientIdentity identity, User user) implements AuthResult { }

    /** May go on and follow live topics, nothing else. */
    record Viewer(ClientIdentity identity) implements AuthResult { }

    /** Is refused and closed, with this text for {@code -ERR}. */
    record Refused(String error) implements AuthResult { }
}
