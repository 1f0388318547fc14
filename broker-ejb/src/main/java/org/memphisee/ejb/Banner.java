package org.memphisee.ejb;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;

import org.memphisee.config.BrokerSettings;
import org.memphisee.message.OperatorMessage;

/**
 * What people see when the broker is ready. Shown only after each port really answers. Used by the starting thread,
 * which it keeps waiting until then.
 */
final class Banner {

    private static final Logger LOG = Logger.getLogger(Banner.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 50;

    private final BrokerSettings settings;
    private final PortProbe probe;
    private final boolean wellKnownPassword;
    private final Instant started;

    Banner(BrokerSettings settings, boolean wellKnownPassword, Instant started) {
        this.settings = settings;
        probe = new PortProbe(settings);
        this.wellKnownPassword = wellKnownPassword;
        this.started = started;
    }

    void show() throws InterruptedException {
        BrokerSettings.Listen listen = settings.listen();
        await("clients", listen.clientPort(), () -> probe.greets(listen.clientPort()));
        await("REST gateway", listen.gatewayPort(),
            () -> probe.answers(gateway(), listen.gatewayPort(), "/monitoring/status"));
        await("dashboard", listen.dashboardPort(), () -> probe.answers(http(), listen.dashboardPort(), "/"));
        await("monitor", listen.monitorPort(), () -> probe.answers("http", listen.monitorPort(), "/"));
        await("health", listen.metricsPort(), () -> probe.answers("http", listen.metricsPort(), "/health/live"));
        String seconds = BrokerLifecycle.seconds(started);
        lines(seconds).forEach(ServerProcess::print);
        OperatorMessage.READY.log(LOG, seconds);
    }

    /** The text, line by line. */
    List<String> lines(String seconds) {
        BrokerSettings.Listen listen = settings.listen();
        String host = shownHost();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Memphis EE is ready (" + seconds + " s)");
        lines.add("");
        lines.add(row("Clients", host + ":" + listen.clientPort() + "   (Memphis SDKs, nats://" + host + ":"
            + listen.clientPort() + ")"));
        if (listen.webSocketPort() != 0) {
            lines.add(row("WebSocket", (settings.tls().webSocket() ? "wss://" : "ws://") + host + ":" + listen.webSocketPort()));
        }
        lines.add(row("REST", gateway() + "://" + host + ":" + listen.gatewayPort()));
        lines.add(row("Dashboard", http() + "://" + host + ":" + listen.dashboardPort() + "/"));
        lines.add(row("Monitor", "http://" + host + ":" + listen.monitorPort() + "/"));
        lines.add(row("Health", "http://" + host + ":" + listen.metricsPort() + "/health"));
        lines.add(row("Metadata", settings.database().mode() == BrokerSettings.DatabaseMode.EMBEDDED
            ? "embedded PostgreSQL, 127.0.0.1:" + settings.database().port()
            : settings.database().host() + ":" + settings.database().port() + "/" + settings.database().name()));
        lines.add(row("Data", settings.storage().dataDir().toString()));
        lines.add(row("Login", wellKnownPassword
            ? "root with the default password \"" + BrokerSettings.WELL_KNOWN_PASSWORD
                + "\"; set your own with ROOT_PASSWORD"
            : "root with its own password"));
        lines.add("");
        lines.add("Stop with Ctrl-C.");
        return lines;
    }

    private static String row(String name, String value) {
        return String.format(java.util.Locale.ROOT, "  %-10s %s", name, value);
    }

    private void await(String what, int port, Check check) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!check.succeeds()) {
            if (Instant.now().isAfter(deadline)) {
                OperatorMessage.HTTP_PORT_SILENT.log(LOG, port, what, LIMIT.toSeconds());
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private String gateway() {
        return settings.tls().gateway() ? "https" : "http";
    }

    private String http() {
        return settings.tls().http() ? "https" : "http";
    }

    private String shownHost() {
        String host = probe.host();
        return host.equals("127.0.0.1") ? "localhost" : host;
    }

    @FunctionalInterface
    private interface Check {
        boolean succeeds();
    }
}
