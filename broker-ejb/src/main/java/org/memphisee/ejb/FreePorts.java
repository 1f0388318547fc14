package org.memphisee.ejb;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

import org.memphisee.config.BrokerSettings;
import org.memphisee.message.OperatorMessage;

/**
 * Looks whether the ports are free. The container opens its HTTP ports only after the application has started and goes on
 * without one that is in use, so this has to be asked while the application starts. Used by the container's thread.
 */
final class FreePorts {

    private final BrokerSettings.Listen listen;

    FreePorts(BrokerSettings.Listen listen) {
        this.listen = listen;
    }

    /** Fails when another program listens on one of them. */
    void require() throws StartException {
        require(listen.clientPort(), "clients", "MEMPHISEE_CLIENT_PORT");
        if (listen.webSocketPort() != 0) {
            require(listen.webSocketPort(), "WebSocket", "MEMPHISEE_WEBSOCKET_PORT");
        }
        require(listen.gatewayPort(), "REST gateway", "MEMPHISEE_GATEWAY_PORT");
        require(listen.dashboardPort(), "dashboard", "MEMPHISEE_DASHBOARD_PORT");
        require(listen.monitorPort(), "monitor", "MEMPHISEE_MONITOR_PORT");
        require(listen.metricsPort(), "health", "MEMPHISEE_METRICS_PORT");
    }

    private void require(int port, String what, String variable) throws StartException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(listen.address(), port));
        } catch (IOException e) {
            throw new StartException(OperatorMessage.PORT_IN_USE, port, what, variable);
        }
    }
}
