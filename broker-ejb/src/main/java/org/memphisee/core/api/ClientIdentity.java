package org.memphisee.core.api;

/**
 * Who a connection is, as decided at CONNECT (wire-protocol.md 2.3).
 *
 * @param user user name without account suffix, lower case
 * @param connectionId the SDK's connection id, empty for plain NATS clients
 * @param lang CONNECT {@code lang}
 * @param tenant account name
 */
public record ClientIdentity(String user, String connectionId, String lang, String tenant) {

    /** Whether a Memphis SDK speaks. */
    public boolean sdk() {
        return !connectionId.isEmpty();
    }
}
