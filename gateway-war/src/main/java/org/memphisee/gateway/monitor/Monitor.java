package org.memphisee.gateway.monitor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.node.ObjectNode;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;

import org.memphisee.core.status.StatusPages;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/** The answers of the monitor, for its own port and for the exporter, which flattens the same ones. Thread-safe. */
@ApplicationScoped
public class Monitor implements StatusPages {

    /** What is said of a path that is not there. */
    public static final String NOT_FOUND = "404 page not found\n";

    private static final String[] PATHS = {"/", "/varz", "/connz", "/routez", "/subsz", "/jsz", "/healthz", "/accountz",
        "/accstatz", "/gatewayz", "/leafz"};

    private final Map<String, LongAdder> requests = new LinkedHashMap<>();
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

    @EJB
    private BrokerStatus status;

    /** Empty, for the container. */
    public Monitor() {
        for (String path : PATHS) {
            requests.put(path, new LongAdder());
        }
        endpoints.put("/connz", new Connz());
        endpoints.put("/subsz", new Subsz());
        endpoints.put("/subscriptionsz", new Subsz());
        endpoints.put("/jsz", (engine, parameters) -> new Jsz(status).answer(engine, parameters));
        endpoints.put("/routez", ServerLinks::routez);
        endpoints.put("/gatewayz", ServerLinks::gatewayz);
        endpoints.put("/leafz", ServerLinks::leafz);
        endpoints.put("/accountz", Accounts::accountz);
        endpoints.put("/accstatz", Accounts::accstatz);
    }

    Monitor(BrokerStatus status) {
        this();
        this.status = status;
    }

    /** The broker's state, of which everything is shown. */
    public BrokerStatus status() {
        return status;
    }

    /** Whether a request came to the port of metrics and health, where there is no monitor. */
    public boolean atMetricsPort(int localPort) {
        return status.settings().map(s -> s.listen().metricsPort() == localPort).orElse(false);
    }

    /** What stands before every path but the page's, empty for nothing. */
    String basePath() {
        return status.settings().map(s -> s.monitoring().basePath()).orElse("");
    }

    /** What a path means without the base path; empty when it is not below that. */
    String shown(String path) {
        String base = basePath();
        if (base.isEmpty() || path.equals("/")) {
            return path;
        }
        return path.equals(base) ? "/" : path.startsWith(base + '/') ? path.substring(base.length()) : "";
    }

    /** The path that a request asks for, without double slashes. */
    public static String path(HttpServletRequest request) {
        // normalised by the container, unlike the request's URI
        String info = request.getPathInfo() == null ? "" : request.getPathInfo();
        String path = (request.getServletPath() + info).replaceAll("/{2,}", "/");
        return path.isEmpty() ? "/" : path;
    }

    /** Counts a request of a path that exists. */
    void count(String path) {
        LongAdder adder = requests.get(path.equals("/subscriptionsz") ? "/subsz" : path);
        if (adder != null) {
            adder.increment();
        }
    }

    /** What the path shows, or null when there is no such path that shows the running broker. */
    Endpoint endpoint(String path) {
        return endpoints.get(path);
    }

    Healthz.Answer healthz(Parameters parameters) throws BadParameterException {
        return new Healthz(status).answer(parameters);
    }

    /** {@code /varz}; there before the broker is open. */
    public ObjectNode varz() {
        return new Varz(status, requests).toJson();
    }

    /** For clients that ask by subject; not counted as requests to the port. */
    @Override
    public ObjectNode page(String path, Map<String, String> parameters) throws RefusedException {
        Parameters query = new Parameters(parameters::get);
        try {
            return switch (path) {
                case "/varz" -> varz();
                case "/healthz" -> healthz(query).body();
                default -> endpoints.get(path).answer(status.engine()
                    .orElseThrow(() -> new RefusedException("the broker is starting")), query);
            };
        } catch (BadParameterException e) {
            throw new RefusedException(e.getMessage());
        }
    }

    @Override
    public String host() {
        return status.settings().map(s -> s.listen().address()).orElse("");
    }

    /** The answer of one of the other paths without parameters. */
    public ObjectNode show(String path, BrokerEngine engine) {
        try {
            return endpoints.get(path).answer(engine, new Parameters(name -> null));
        } catch (BadParameterException e) {
            throw new IllegalStateException("there were no parameters", e);
        }
    }
}
