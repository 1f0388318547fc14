package org.memphisee.port;

/**
 * CONNECT as parsed, defaults filled in (wire-protocol.md 1.4). Strings are never null; absent ones are empty.
 *
 * @param verbose answer {@code +OK} to each accepted operation
 * @param pedantic check publish subjects
 * @param echo deliver own publications to own subscriptions
 * @param headers the client understands HMSG
 * @param noResponders the client wants status 503 when nobody listens
 * @param protocol 0, or 1 for a client that understands asynchronous INFO
 * @param user user name as sent, possibly {@code name$account}
 * @param password password as sent
 * @param authToken token as sent
 * @param name client name, for SDK clients {@code connectionId::username}
 * @param lang client language as sent
 * @param version client library version as sent
 * @param accountRequested whether {@code account} or {@code new_account} was present
 */
public record ConnectOptions(boolean verbose, boolean pedantic, boolean echo, boolean headers, boolean noResponders,
                             int protocol, String user, String password, String authToken, String name, String lang,
                             String version, boolean accountRequested) {
    @Override
    public String toString() { // never print secrets
        return "ConnectOptions[user=" + user + ", name=" + name + ", lang=" + lang + ", version=" + version + "]";
    }
}
