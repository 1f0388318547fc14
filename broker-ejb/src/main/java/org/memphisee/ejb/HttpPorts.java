package org.memphisee.ejb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.config.BrokerSettings;

/** Whether the HTTP ports take connections; most are the container's, which opens them and tells nobody. Thread-safe. */
final class HttpPorts {

    private static final int LIMIT_MILLIS = 500;
    /** So long an answer counts when all was well; when not, it is looked at again at once. */
    private static final long FRESH_NANOS = 5_000_000_000L;

    private final BrokerSettings.Listen listen;
    private long seenWell;
    private boolean well;

    HttpPorts(BrokerSettings.Listen listen) {
        this.listen = listen;
    }

    /** Ports that nobody listens on. */
    synchronized List<Integer> silent() {
        if (well && System.nanoTime() - seenWell < FRESH_NANOS) {
            return List.of();
        }
        List<Integer> silent = new ArrayList<>();
        for (int port : List.of(listen.gatewayPort(), listen.dashboardPort(), listen.monitorPort(),
            listen.metricsPort())) {
            if (!open(port)) {
                silent.add(port);
            }
        }
        well = silent.isEmpty();
        seenWell = System.nanoTime();
        return silent;
    }

    private boolean open(int port) {
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(listen.address());
            socket.connect(new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address,
                port), LIMIT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
