package org.memphisee.gateway.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.Test;

import org.memphisee.gateway.KeptBody;
import org.memphisee.config.BrokerSettings;
import org.memphisee.config.InvalidSettingsException;
import org.memphisee.config.SettingSource;
import org.memphisee.config.SettingsLoader;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.MetadataHealth;
import org.memphisee.ejb.Problem;

/** What the monitor answers before there is a broker, which is as long as recovery takes, and while it stops. */
class MonitorServletTest {

    private static final int METRICS = 7777;

    private final Map<String, String> settings = new HashMap<>();
    private Problem problem = new Problem(Problem.Part.STARTING, "", "the broker is starting");
    private int code;

    private BrokerSettings settings() {
        try {
            return new SettingsLoader(SettingSource.of("test", settings), Map.of(),
                new SettingsLoader.Machine(2, 1L << 30, "/home/nobody")).load().settings();
        } catch (InvalidSettingsException e) {
            throw new IllegalStateException(e);
        }
    }

    private final BrokerStatus status = new BrokerStatus() {
        @Override
        public State state() {
            return State.STARTING;
        }

        @Override
        public Instant started() {
            return Instant.EPOCH;
        }

        @Override
        public Optional<BrokerSettings> settings() {
            return Optional.of(MonitorServletTest.this.settings());
        }

        @Override
        public Optional<BrokerEngine> engine() {
            return Optional.empty();
        }

        @Override
        public MetadataHealth metadata() {
            return new MetadataHealth(false, false, 0, false);
        }

        @Override
        public List<Problem> health() {
            return List.of(problem);
        }
    };

    private String get(int port, String path) throws IOException {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {HttpServletRequest.class}, (proxy, method, arguments) -> switch (method.getName()) {
                case "getLocalPort" -> port;
                case "getServletPath" -> "";
                case "getPathInfo" -> path;
                default -> null;
            });
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {HttpServletResponse.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("setStatus")) {
                    code = (int) arguments[0];
                }
                return method.getName().equals("getOutputStream") ? new KeptBody(body) : null;
            });
        new MonitorServlet(new Monitor(status)).doGet(request, response);
        return body.toString(StandardCharsets.UTF_8);
    }

    private void expect(int expected, String path) throws IOException {
        String body = get(8222, path);
        assertEquals(expected, code, path + ": " + body);
    }

    @Test
    void shouldServeProbesAndTheServersStateWhileTheBrokerRecovers() throws IOException {
        assertTrue(get(8222, "/").contains("href=\"/varz\""));
        assertEquals(200, code);
        expect(200, "//varz");
        expect(503, "/jsz");
        assertEquals("{\"status\":\"unavailable\",\"error\":\"the broker is starting\"}", get(8222, "/healthz"));
        assertEquals(503, code);
    }

    @Test
    void shouldTellAClosedPortFromAServerThatStops() throws IOException {
        problem = new Problem(Problem.Part.LISTENERS, "", "port 4444 is not open");
        assertEquals("{\"status\":\"error\",\"error\":\"port 4444 is not open\"}", get(8222, "/healthz"));
        assertEquals(500, code);
        problem = new Problem(Problem.Part.DRAINING, "", "the broker is stopping");
        expect(503, "/healthz");
        expect(200, "/");
    }

    @Test
    void shouldShowStacksOnlyWhenThatIsAllowed() throws IOException {
        expect(404, "/stacksz");
        settings.put("memphisee.monitor.stacks", "true");
        assertTrue(get(8222, "/stacksz").contains("shouldShowStacksOnlyWhenThatIsAllowed"));
        assertEquals(200, code);
    }

    @Test
    void shouldServeBelowItsBasePath() throws IOException {
        settings.put("memphisee.monitor.base.path", "/nats/a");
        expect(200, "/nats/a/varz");
        assertTrue(get(8222, "/nats/a/varz").contains("\"http_base_path\" : \"/nats/a\""));
        assertTrue(get(8222, "/nats/a/").contains("href=\"/nats/a/varz\""));
        expect(404, "/varz");
        expect(404, "/nats/abc/varz");
        expect(200, "/nats/a");
        expect(200, "/"); // for probes
    }

    @Test
    void shouldNotBeOnTheMetricsPort() throws IOException {
        get(METRICS, "/varz");
        assertEquals(404, code);
    }
}
