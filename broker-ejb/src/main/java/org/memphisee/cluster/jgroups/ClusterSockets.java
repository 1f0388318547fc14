package org.memphisee.cluster.jgroups;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.ThreadFactory;

/** Sockets of JGroups' server: with mutual TLS 1.3 where that is configured, and with limits in time in any case. */
final class ClusterSockets extends DefaultSocketFactory {

    static final String[] PROTOCOLS = {"TLSv1.3"};

    private final Supplier<SSLContext> tls;
    private final ThreadFactory threads;
    private final int most;

    /**
     * @param tls null for plain connections
     * @param most connections that others may open, and as many that have not greeted yet
     */
    ClusterSockets(Supplier<SSLContext> tls, ThreadFactory threads, int most) {
        this.tls = tls;
        this.threads = threads;
        this.most = most;
    }

    @Override
    public Socket createSocket(String service) throws IOException {
        Socket socket = tls == null ? new Socket() : tls.get().getSocketFactory().createSocket();
        if (socket instanceof SSLSocket secured) {
            secured.setEnabledProtocols(PROTOCOLS);
        }
        socket.setSoTimeout(ClusterDoor.READ_MILLIS);
        return socket;
    }

    @Override
    public ServerSocket createServerSocket(String service) throws IOException {
        return new ClusterDoor(tls, threads, most, most);
    }
}
