package org.memphisee.gateway.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.microprofile.metrics.MetricRegistry;

import org.memphisee.gateway.monitor.Monitor;
import org.memphisee.gateway.monitor.MonitorAnswer;

/**
 * {@code /metrics} of port 7777 (monitoring.md 2; ADR 0026): Prometheus text 0.0.4, written piece by
 * piece as the scraper takes it, packed when it asks for that. Parameters {@code scope} and {@code name} as MicroProfile Metrics has them.
 */
@WebServlet(urlPatterns = "/metrics")
public class MetricsServlet extends HttpServlet {

    static final String APPLICATION = MetricRegistry.APPLICATION_SCOPE;

    private static final long serialVersionUID = 1;
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
    /** A slow scraper holds a thread; more than so many at a time are asked to come again. */
    private static final int AT_ONCE = 4;

    private final transient Semaphore scrapes = new Semaphore(AT_ONCE);

    @Inject
    private transient Monitor monitor;

    @Inject
    private transient Exporter exporter;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!monitor.atMetricsPort(request.getLocalPort())) {
            MonitorAnswer.text(response, HttpServletResponse.SC_NOT_FOUND, Monitor.NOT_FOUND);
            return;
        }
        Optional<Collector> collector = exporter.collector();
        if (collector.isEmpty()) {
            later(response, "the broker is starting\n");
        } else if (!scrapes.tryAcquire()) {
            later(response, AT_ONCE + " scrapes are being answered, come again\n");
        } else {
            try {
                scrape(collector.get(), request, response);
            } finally {
                scrapes.release();
            }
        }
    }

    private static void scrape(Collector collector, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
        String scope = text(request.getParameter("scope"));
        String name = text(request.getParameter("name"));
        response.setContentType(TYPE);
        response.setHeader("Vary", "Accept-Encoding");
        response.setHeader("X-Content-Type-Options", "nosniff");
        TextWriter out = new TextWriter(body(request, response), new ScrapePace());
        if (collector.write(out, scope, name)) {
            out.close();
        } else {
            response.reset();
            MonitorAnswer.text(response, HttpServletResponse.SC_NOT_FOUND, "no such scope or name\n");
        }
    }

    private static OutputStream body(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!packed(request.getHeader("Accept-Encoding"))) {
            return response.getOutputStream();
        }
        response.setHeader("Content-Encoding", "gzip");
        return new GZIPOutputStream(response.getOutputStream(), 8 << 10) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        };
    }

    /** Whether the scraper takes gzip. */
    static boolean packed(String accepted) {
        if (accepted == null) {
            return false;
        }
        for (String coding : accepted.split(",")) {
            String[] parts = coding.strip().split("\\s*;\\s*");
            if (parts[0].equalsIgnoreCase("gzip")) {
                return parts.length < 2 || !parts[1].matches("[qQ]=0(\\.0*)?");
            }
        }
        return false;
    }

    private static void later(HttpServletResponse response, String text) throws IOException {
        response.setHeader("Retry-After", "1");
        MonitorAnswer.text(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, text);
    }

    private static String text(String parameter) {
        return parameter == null ? "" : parameter;
    }
}
