package org.memphisee.core.access;

import org.memphisee.core.api.ClientIdentity;

/** The decision on a CONNECT. */
public sealed interface AuthResult {

    /** May go on, as this identity. */
    record Accepted(ClientIdentity identity) implements AuthResult { }

    /** Is refused and closed, with this text for {@code -ERR}. */
    record Refused(String error) implements AuthResult { }
}
