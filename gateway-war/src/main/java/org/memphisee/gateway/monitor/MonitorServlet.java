package org.memphisee.gateway.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.ejb.BrokerStatus;

/** Answers the monitor's paths; any method counts as GET or HEAD, others are refused. */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
public class MonitorServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Memphis EE monitor</title></head>
        <body><h1>Memphis EE monitor</h1>
        <p><a href="/varz">General (varz)</a></p>
        <p><a href="/healthz">Health (healthz)</a></p>
        </body></html>
        """;

    private final transient Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();

    @EJB
    private transient BrokerStatus status;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = path(request);
        switch (path) {
            case "/" -> {
                count(path);
                send(response, HttpServletResponse.SC_OK, "text/html", PAGE.getBytes(StandardCharsets.UTF_8));
            }
            case "/varz" -> {
                count(path);
                sendJson(response, HttpServletResponse.SC_OK, new Varz(status, requests).toJson(), true);
            }
            case "/healthz" -> {
                count(path);
                health(response, Boolean.parseBoolean(request.getParameter("details")));
            }
            default -> send(response, HttpServletResponse.SC_NOT_FOUND, "text/plain",
                "404 page not found\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void health(HttpServletResponse response, boolean details) throws IOException {
        List<String> problems = status.problems();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (problems.isEmpty()) {
            sendJson(response, HttpServletResponse.SC_OK, body.put("status", "ok"), false);
            return;
        }
        if (details) {
            body.put("status", "error");
            problems.forEach(problem -> body.withArray("errors").addObject().put("type", "CONNECTION")
                .put("error", problem));
        } else {
            body.put("status", "unavailable").put("error", problems.get(0));
        }
        sendJson(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, body, false);
    }

    private void count(String path) {
        requests.computeIfAbsent(path, p -> new LongAdder()).increment();
    }

    /** Normalised by the container, unlike the request's URI. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo() == null ? "" : request.getPathInfo();
        String path = (request.getServletPath() + info).replaceAll("/{2,}", "/");
        return path.isEmpty() ? "/" : path;
    }

    private static void sendJson(HttpServletResponse response, int code, ObjectNode body, boolean indented)
        throws IOException {
        byte[] bytes = indented ? JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(body)
            : JSON.writeValueAsBytes(body);
        response.setHeader("Access-Control-Allow-Origin", "*");
        send(response, code, "application/json", bytes);
    }

    private static void send(HttpServletResponse response, int code, String type, byte[] body) throws IOException {
        response.setStatus(code);
        response.setContentType(type);
        if (!type.equals("application/json")) {
            response.setCharacterEncoding("UTF-8");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
