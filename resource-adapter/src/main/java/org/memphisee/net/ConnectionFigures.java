package org.memphisee.net;

import org.memphisee.port.SessionInfo;

/**
 * What a monitor shows of one client (monitoring.md 1.4). Times in milliseconds since the epoch. Strings come from the
 * client, are never null and cut to {@value #MAX_TEXT} characters.
 *
 * @param clientId number of the connection
 * @param transport how it reached us
 * @param remoteHost address of the peer
 * @param remotePort its port
 * @param startMillis when it was accepted
 * @param lastActivityMillis when a message or bytes last went either way
 * @param stopMillis when it ended, 0 while it is open
 * @param stopReason why it ended, empty while it is open
 * @param roundTripNanos how long it took to answer the last PING, 0 for not yet
 * @param pendingBytes bytes that wait for it
 * @param inMessages messages from it
 * @param inBytes their header blocks and payloads
 * @param outMessages messages queued to it
 * @param outBytes their header blocks and payloads
 * @param subscriptions its subscriptions
 * @param user user it signed in as, empty before that
 * @param name how it calls itself
 * @param lang language of its library
 * @param version version of its library
 * @param tlsVersion protocol of an encrypted connection, else empty
 * @param tlsCipher its cipher suite, else empty
 * @param tlsFirst whether its handshake came before INFO
 */
public record ConnectionFigures(long clientId, SessionInfo.Transport transport, String remoteHost, int remotePort,
                                long startMillis, long lastActivityMillis, long stopMillis, String stopReason,
                                long roundTripNanos, long pendingBytes, long inMessages, long inBytes, long outMessages,
                                long outBytes, int subscriptions, String user, String name, String lang, String version,
                                String tlsVersion, String tlsCipher, boolean tlsFirst) {

    /** Longest text of a client that is kept. */
    public static final int MAX_TEXT = 256;

    /** About what it takes in memory. */
    int bytes() {
        return 240 + 2 * (remoteHost.length() + user.length() + name.length() + lang.length() + version.length());
    }
}
