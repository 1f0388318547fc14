package org.memphisee.gateway.monitor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.ejb.BrokerEngine;

/** Answers the monitor's paths to GET and HEAD; other methods are refused. */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1, asyncSupported = true)
public class MonitorServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLBACK = "[A-Za-z_$][A-Za-z0-9_$.]{0,127}";
    private static final String PAGE = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Memphis EE monitor</title></head>
        <body><h1>Memphis EE monitor</h1>
        <p><a href="/varz">General (varz)</a></p>
        <p><a href="/jsz?consumers=true">Streams and consumers (jsz)</a></p>
        <p><a href="/connz">Connections (connz)</a></p>
        <p><a href="/accountz">Accounts (accountz)</a>, <a href="/accstatz">their traffic (accstatz)</a></p>
        <p><a href="/subsz">Subscriptions (subsz)</a></p>
        <p><a href="/routez">Routes (routez)</a>, <a href="/gatewayz">gateways</a>, <a href="/leafz">leaf nodes</a></p>
        <p><a href="/healthz">Health (healthz)</a></p>
        </body></html>
        """;

    @Inject
    private transient Monitor monitor;

    /** For the container. */
    public MonitorServlet() { }

    MonitorServlet(Monitor monitor) {
        this.monitor = monitor;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (monitor.atMetricsPort(request.getLocalPort())) {
            notFound(response);
            return;
        }
        String path = monitor.shown(Monitor.path(request));
        monitor.count(path);
        try {
            answer(path, new Parameters(request::getParameter), response);
        } catch (BadParameterException e) {
            MonitorAnswer.text(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage() + '\n');
        }
    }

    private void answer(String path, Parameters parameters, HttpServletResponse response)
        throws IOException, BadParameterException {
        switch (path) {
            case "/" -> MonitorAnswer.send(response, HttpServletResponse.SC_OK, "text/html;charset=UTF-8",
                PAGE.replace("href=\"/", "href=\"" + monitor.basePath() + '/').getBytes(StandardCharsets.UTF_8));
            case "/varz" -> json(response, HttpServletResponse.SC_OK, monitor.varz(), true, parameters);
            case "/healthz" -> {
                Healthz.Answer answer = monitor.healthz(parameters);
                json(response, answer.code(), answer.body(), false, parameters);
            }
            case "/stacksz" -> stacks(response);
            default -> show(path, parameters, response);
        }
    }

    private void show(String path, Parameters parameters, HttpServletResponse response)
        throws IOException, BadParameterException {
        Endpoint endpoint = monitor.endpoint(path);
        if (endpoint == null) {
            notFound(response);
            return;
        }
        BrokerEngine engine = monitor.status().engine().orElse(null);
        if (engine == null) {
            MonitorAnswer.text(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the broker is starting\n");
            return;
        }
        json(response, HttpServletResponse.SC_OK, endpoint.answer(engine, parameters), true, parameters);
    }

    private void stacks(HttpServletResponse response) throws IOException {
        if (!monitor.status().settings().map(s -> s.monitoring().stacks()).orElse(false)) {
            notFound(response);
            return;
        }
        StringBuilder all = new StringBuilder();
        for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(false, false)) {
            all.append('"').append(thread.getThreadName()).append("\" ").append(thread.getThreadState()).append('\n');
            for (StackTraceElement element : thread.getStackTrace()) {
                all.append("    at ").append(element).append('\n');
            }
            all.append('\n');
        }
        MonitorAnswer.text(response, HttpServletResponse.SC_OK, all.toString());
    }

    private static void json(HttpServletResponse response, int code, ObjectNode body, boolean indented,
                             Parameters parameters) throws IOException, BadParameterException {
        byte[] bytes = indented ? JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(body)
            : JSON.writeValueAsBytes(body);
        response.setHeader("Access-Control-Allow-Origin", "*");
        String callback = parameters.text("callback");
        if (callback.isEmpty()) {
            MonitorAnswer.send(response, code, "application/json", bytes);
        } else if (callback.matches(CALLBACK)) {
            MonitorAnswer.send(response, code, "application/javascript;charset=UTF-8",
                (callback + '(' + new String(bytes, StandardCharsets.UTF_8) + ')').getBytes(StandardCharsets.UTF_8));
        } else {
            throw new BadParameterException("Error decoding 'callback': allowed is the name of a function");
        }
    }

    private static void notFound(HttpServletResponse response) throws IOException {
        MonitorAnswer.text(response, HttpServletResponse.SC_NOT_FOUND, Monitor.NOT_FOUND);
    }
}
