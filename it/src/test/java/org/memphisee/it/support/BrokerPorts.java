package org.memphisee.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of one broker, kept over its restarts. They lie below the range from which the system takes the ports of
 * outgoing connections, so that no client of a test gets one while the broker is down.
 *
 * @param client clients
 * @param webSocket clients by WebSocket
 * @param gateway REST gateway
 * @param dashboard dashboard
 * @param monitor monitor
 * @param metrics health
 * @param metadata embedded PostgreSQL
 */
public record BrokerPorts(int client, int webSocket, int gateway, int dashboard, int monitor, int metrics, int metadata) {
    private static final int LOWEST = 20_000;
    private static final int ABOVE_HIGHEST = 32_000;
    private static final int COUNT = 7;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> GIVEN = new HashSet<>();

    /** Ports that are free now; none is given twice by this JVM. */
    public static synchronized BrokerPorts free() {
        List<Integer> ports = new ArrayList<>();
        for (int attempt = 0; ports.size() < COUNT && attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE_HIGHEST);
            if (!GIVEN.contains(port) && isFree(port)) {
                GIVEN.add(port);
                ports.add(port);
            }
        }
        if (ports.size() < COUNT) {
            throw new IllegalStateException("no " + COUNT + " free ports between " + LOWEST + " and " + ABOVE_HIGHEST);
        }
        return new BrokerPorts(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), ports.get(5),
                ports.get(6));
    }

    /** All of them. */
    List<Integer> all() {
        return List.of(client, webSocket, gateway, dashboard, monitor, metrics, metadata);
    }

    /** Whether nobody listens on the loopback port. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (java.net.BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
