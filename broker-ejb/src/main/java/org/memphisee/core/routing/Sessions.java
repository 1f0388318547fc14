package org.memphisee.core.routing;

import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.port.BrokerPort;
import org.memphisee.port.ClusterMembers;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.ServerIdentity;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;

/** The door for transports. Thread-safe. */
public final class Sessions implements BrokerPort {

    /** Clients switch features by the announced version; see wire-protocol.md 1.3 for why not a newer one. */
    private static final String VERSION = "2.10.7";

    private final Router router;
    private final SessionGate gate;
    private volatile ServerIdentity identity;
    private final AtomicLong subscriptions = new AtomicLong();
    private final UserSessions users = new UserSessions();

    /** A door that lets in whom the gate admits. */
    public Sessions(Router router, SessionGate gate, String serverName, String serverId, int maxPayload) {
        this.router = router;
        this.gate = gate;
        this.identity = new ServerIdentity(serverId, serverName, VERSION, maxPayload, true);
    }

    /** Another largest message from now on, bytes; clients are told of it with what they send next. */
    public synchronized void limitMessages(int maxPayload) {
        ServerIdentity now = identity;
        identity = new ServerIdentity(now.serverId(), now.serverName(), now.version(), maxPayload, now.authRequired(),
            now.cluster());
    }

    /** The cluster has other nodes to connect to from now on; clients are told of them with what they send next. */
    public synchronized void cluster(ClusterMembers members) {
        ServerIdentity now = identity;
        if (!members.equals(now.cluster())) {
            identity = new ServerIdentity(now.serverId(), now.serverName(), now.version(), now.maxPayload(), now.authRequired(),
                members);
        }
    }

    /** Subscriptions of all clients now. */
    public long subscriptions() {
        return subscriptions.get();
    }

    @Override
    public ServerIdentity identity() {
        return identity;
    }

    @Override
    public SessionPort open(SessionInfo info, DeliverySink sink) {
        return new ClientSession(router, gate, info, sink, subscriptions, users);
    }

    /** Closes all connections of a user who is no longer welcome. */
    public void cut(String user) {
        users.cut(user);
    }
}
