package org.memphisee.run;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import org.memphisee.config.BrokerSettings;
import org.memphisee.message.OperatorMessage;
import org.memphisee.meta.postgres.EmbeddedPostgres;

/**
 * Looks which of the ports that a broker needs other programs have, all of them at once. Asked before anything is started,
 * and again while the application starts: the container opens its HTTP ports only after that and goes on without one that is
 * in use. One thread.
 */
public final class FreePorts {

    private static final String LOCAL = "127.0.0.1";

    private final BrokerSettings settings;

    /** The ports of these settings. */
    public FreePorts(BrokerSettings settings) {
        this.settings = settings;
    }

    /**
     * What keeps the broker from starting: a line with the remedy for each port that is taken; empty when it may start. The
     * embedded database alone keeps nobody from starting unless its port was chosen on purpose: clients do not need it.
     */
    public List<String> conflicts() {
        BrokerSettings.Listen listen = settings.listen();
        List<String> lines = new ArrayList<>();
        check(lines, listen.address(), listen.clientPort(), "clients", "MEMPHISEE_CLIENT_PORT");
        if (listen.webSocketPort() != 0) {
            check(lines, listen.address(), listen.webSocketPort(), "WebSocket", "MEMPHISEE_WEBSOCKET_PORT");
        }
        check(lines, listen.address(), listen.gatewayPort(), "REST gateway", "MEMPHISEE_GATEWAY_PORT");
        check(lines, listen.address(), listen.dashboardPort(), "dashboard", "MEMPHISEE_DASHBOARD_PORT");
        check(lines, listen.address(), listen.monitorPort(), "monitor", "MEMPHISEE_MONITOR_PORT");
        check(lines, listen.address(), listen.metricsPort(), "health", "MEMPHISEE_METRICS_PORT");
        if (settings.database().mode() == BrokerSettings.DatabaseMode.EMBEDDED
            && (settings.database().portChosen() || !lines.isEmpty()) && !survivorHasPort()) {
            check(lines, LOCAL, settings.database().port(), "embedded PostgreSQL", "MEMPHISEE_METADATA_PORT");
        }
        return lines;
    }

    /** Our own database of before, which outlived a killed broker and is stopped at the start. */
    private boolean survivorHasPort() {
        Path directory = settings.storage().postgresDir();
        return EmbeddedPostgres.portOfSurvivor(directory).equals(OptionalInt.of(settings.database().port()));
    }

    private static void check(List<String> lines, String address, int port, String what, String variable) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            lines.add(OperatorMessage.PORT_IN_USE.lineWithRemedy(port, what, variable));
        }
    }
}
