package org.memphisee.core.api;

/**
 * Who a connection is, as decided at CONNECT (wire-protocol.md 2.3).
 *
 * @param user user name without account suffix, lower case
 * @param connectionId the SDK's connection id, empty for plain NATS clients
 * @param lang CONNECT {@code lang}
 * @param tenant account name
 * @param address the peer's network address, empty when it has none
 */
public record ClientIdentity(String user, String connectionId, String lang, String tenant, String address) {

    /** One whose address is not known (yet). */
    public ClientIdentity(String user, String connectionId, String lang, String tenant) {
        this(user, connectionId, lang, tenant, "");
    }

    /** Whether a Memphis SDK speaks. */
    public boolean sdk() {
        return !connectionId.isEmpty();
    }

    /** The same at an address. */
    public ClientIdentity at(String peer) {
        return new ClientIdentity(user, connectionId, lang, tenant, peer);
    }
}
