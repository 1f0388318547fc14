package org.memphisee.ra;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Says once when a broker is lost and once when it is back, however many connections notice it. Thread-safe. */
public final class BrokerWatch {

    private static final Logger LOG = System.getLogger(BrokerWatch.class.getName());

    /** What is known of each broker: whether it was there the last time. */
    private final Map<String, Boolean> reachable = new ConcurrentHashMap<>();

    /** A conversation has begun. */
    public void connected(String peer) {
        if (!Boolean.TRUE.equals(reachable.put(peer, true))) {
            LOG.log(Level.INFO, "RA0201 Connected to {0}", peer);
        }
    }

    /** One could not begin, or has ended by itself. */
    public void lost(String peer, String reason) {
        if (!Boolean.FALSE.equals(reachable.put(peer, false))) {
            LOG.log(Level.WARNING, "RA0202 No connection to {0}: {1}. It is tried again until it succeeds", peer, reason);
        }
    }
}
