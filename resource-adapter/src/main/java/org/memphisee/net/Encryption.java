package org.memphisee.net;

import java.util.Objects;

import javax.net.ssl.SSLSession;

/** What is known of a connection's TLS: nothing until a handshake is done. Written by its event loop, read by any thread. */
public final class Encryption {

    private static final Facts NONE = new Facts("", "", false);

    private volatile Facts facts = NONE;

    private record Facts(String protocol, String cipher, boolean first) { }

    /**
     * A handshake succeeded.
     *
     * @param session what was agreed
     * @param first whether it came before INFO
     */
    public void established(SSLSession session, boolean first) {
        facts = new Facts(Objects.requireNonNull(session.getProtocol(), "protocol is required"),
                session.getCipherSuite(), first);
    }

    /** Whether the bytes are encrypted. */
    public boolean active() {
        return facts != NONE;
    }

    /** As the JDK names it, {@code TLSv1.3}; empty without. */
    String protocol() {
        return facts.protocol;
    }

    /** The cipher suite; empty without. */
    String cipher() {
        return facts.cipher;
    }

    /** Whether the handshake came before INFO. */
    boolean first() {
        return facts.first;
    }
}
