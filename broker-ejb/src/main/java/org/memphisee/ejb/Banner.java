package org.memphisee.ejb;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
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
    private static final int PROBE_MILLIS = 2_000;
    private static final long PAUSE_MILLIS = 50;

    private final BrokerSettings settings;
    private final boolean clientsServed;
    private final Instant started;

    Banner(BrokerSettings settings, boolean clientsServed, Instant started) {
        this.settings = settings;
        this.clientsServed = clientsServed;
        this.started = started;
    }

    void show() throws InterruptedException {
        BrokerSettings.Listen listen = settings.listen();
        if (clientsServed) {
            await("clients", listen.clientPort(), () -> greeted(listen.clientPort()));
        }
        await("dashboard", listen.dashboardPort(), () -> answers(listen.dashboardPort(), "/"));
        await("monitor", listen.monitorPort(), () -> answers(listen.monitorPort(), "/"));
        await("health", listen.metricsPort(), () -> answers(listen.metricsPort(), "/health/live"));
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
        lines.add(row("Clients", clientsServed ? host + ":" + listen.clientPort()
            + "   (Memphis SDKs, nats://" + host + ":" + listen.clientPort() + ")" : "not served by this build"));
        if (clientsServed && listen.webSocketPort() != 0) {
            lines.add(row("WebSocket", "ws://" + host + ":" + listen.webSocketPort()));
        }
        lines.add(row("Dashboard", "http://" + host + ":" + listen.dashboardPort() + "/"));
        lines.add(row("Monitor", "http://" + host + ":" + listen.monitorPort() + "/"));
        lines.add(row("Health", "http://" + host + ":" + listen.metricsPort() + "/health"));
        lines.add(row("Metadata", settings.database().mode() == BrokerSettings.DatabaseMode.EMBEDDED
            ? "embedded PostgreSQL, 127.0.0.1:" + settings.database().port()
            : settings.database().host() + ":" + settings.database().port() + "/" + settings.database().name()));
        lines.add(row("Data", settings.storage().dataDir().toString()));
        lines.add(row("Login", settings.access().wellKnownPassword()
            ? "root with the default password \"" + BrokerSettings.WELL_KNOWN_PASSWORD
                + "\"; set your own with ROOT_PASSWORD"
            : "root with the password you set"));
        lines.add("");
        lines.add("Stop with Ctrl-C.");
        return lines;
    }

    private static String row(String name, String value) {
        return String.format(java.util.Locale.ROOT, "  %-10s %s", name, value);
    }

    private void await(String what, int port, Probe probe) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!probe.succeeds()) {
            if (Instant.now().isAfter(deadline)) {
                OperatorMessage.HTTP_PORT_SILENT.log(LOG, port, what, LIMIT.toSeconds());
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Whether a client would be greeted with INFO. */
    private boolean greeted(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(probeHost(), port), PROBE_MILLIS);
            socket.setSoTimeout(PROBE_MILLIS);
            return new String(socket.getInputStream().readNBytes(5), java.nio.charset.StandardCharsets.US_ASCII)
                .equals("INFO ");
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers(int port, String path) {
        try {
            String host = probeHost();
            String bracketed = host.contains(":") ? "[" + host + "]" : host;
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + bracketed + ":" + port + path)
                .toURL().openConnection();
            connection.setConnectTimeout(PROBE_MILLIS);
            connection.setReadTimeout(PROBE_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Where we reach ourselves: loopback when listening everywhere. */
    private String probeHost() {
        String address = settings.listen().address();
        try {
            return InetAddress.getByName(address).isAnyLocalAddress() ? "127.0.0.1" : address;
        } catch (IOException e) {
            return address;
        }
    }

    private String shownHost() {
        String host = probeHost();
        return host.equals("127.0.0.1") ? "localhost" : host;
    }

    @FunctionalInterface
    private interface Probe {
        boolean succeeds();
    }
}
