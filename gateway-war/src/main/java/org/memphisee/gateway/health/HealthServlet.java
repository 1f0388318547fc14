package org.memphisee.gateway.health;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

import org.memphisee.gateway.monitor.Monitor;
import org.memphisee.gateway.monitor.MonitorAnswer;

/**
 * {@code /health} of port 7777, as MicroProfile Health has it: 200 when all checks are up, 503 when one is down, 500
 * when one cannot be made. The container's own page answers on its default host, which this server does not open (ADR
 * 0026).
 */
@WebServlet(urlPatterns = {"/health", "/health/*"}, loadOnStartup = 1)
public class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = Logger.getLogger(HealthServlet.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    private transient Monitor monitor;

    @Inject
    @Startup
    private transient Instance<HealthCheck> started;

    @Inject
    @Liveness
    private transient Instance<HealthCheck> live;

    @Inject
    @Readiness
    private transient Instance<HealthCheck> ready;

    private transient Map<String, List<HealthCheck>> checks;

    /** For the container. */
    public HealthServlet() { }

    HealthServlet(Monitor monitor, List<HealthCheck> started, List<HealthCheck> live, List<HealthCheck> ready) {
        this.monitor = monitor;
        serve(started, live, ready);
    }

    @Override
    public void init() {
        // once: each look-up of a dependent bean would stay in memory
        serve(started.stream().toList(), live.stream().toList(), ready.stream().toList());
    }

    private void serve(List<HealthCheck> ofStart, List<HealthCheck> ofLife, List<HealthCheck> ofService) {
        List<HealthCheck> all = new ArrayList<>(ofStart);
        all.addAll(ofLife);
        all.addAll(ofService);
        checks = Map.of("/health", all, "/health/started", ofStart, "/health/live", ofLife, "/health/ready", ofService);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<HealthCheck> asked = checks.get(Monitor.path(request));
        if (asked == null || !monitor.atMetricsPort(request.getLocalPort())) {
            MonitorAnswer.text(response, HttpServletResponse.SC_NOT_FOUND, Monitor.NOT_FOUND);
            return;
        }
        int status = HttpServletResponse.SC_OK;
        ObjectNode body = JSON.createObjectNode().put("status", "UP");
        ArrayNode rows = body.putArray("checks");
        try {
            for (HealthCheck check : asked) {
                HealthCheckResponse answer = check.call();
                row(rows.addObject(), answer);
                if (answer.getStatus() == HealthCheckResponse.Status.DOWN) {
                    status = HttpServletResponse.SC_SERVICE_UNAVAILABLE;
                }
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a health check failed", e);
            status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        }
        if (status != HttpServletResponse.SC_OK) {
            body.put("status", "DOWN");
        }
        MonitorAnswer.send(response, status, "application/json", JSON.writeValueAsBytes(body));
    }

    private static void row(ObjectNode row, HealthCheckResponse answer) {
        row.put("name", answer.getName()).put("status", answer.getStatus().name());
        ObjectNode data = row.putObject("data");
        answer.getData().ifPresent(all -> all.forEach((name, value) -> data.set(name, JSON.valueToTree(value))));
    }
}
