package org.memphisee.dashboard.api;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.access.User;
import org.memphisee.dashboard.web.ShortAnswer;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/**
 * The door of the management API. Checks in this order: name by which we are called, page that calls, path and method,
 * token, body; then the operation decides. Whatever happens, the answer is JSON and says nothing of our insides.
 */
@WebServlet(urlPatterns = "/api/*", loadOnStartup = 1)
public class ApiServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private static final System.Logger LOG = System.getLogger(ApiServlet.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Requests with large bodies at a time. */
    private static final int MOST_LARGE = 2;

    @EJB
    private transient BrokerStatus status;

    @Resource
    private transient ManagedScheduledExecutorService executor;

    private final transient Semaphore large = new Semaphore(MOST_LARGE);
    private transient Guard guard;
    private transient Map<String, Map<String, Operation>> operations;
    private transient TopicAnswers topics;
    private transient Sampling sampling;
    private transient Future<?> everySecond;

    @Override
    public void init() {
        Throughput throughput = serve(status);
        sampling = new Sampling(status, engine -> throughput.sample(Instant.now(), Throughput.totals(engine)), topics);
        everySecond = executor.scheduleAtFixedRate(sampling, 1, 1, TimeUnit.SECONDS);
    }

    /** Answers from now on, about this broker; what needs nothing of the container. */
    Throughput serve(BrokerStatus broker) {
        status = broker;
        guard = new Guard(broker);
        Throughput throughput = new Throughput();
        operations = new HashMap<>();
        topics = new TopicAnswers(broker, operations);
        all(broker, guard, throughput).forEach(operation -> operations
            .computeIfAbsent(operation.path(), path -> new HashMap<>()).put(operation.method(), operation));
        return throughput;
    }

    /** What is told to who follows topics. */
    TopicAnswers topics() {
        return topics;
    }

    /** Everything that the API can do; {@code src/main/openapi/management.yaml} describes it. */
    static List<Operation> all(BrokerStatus status, Guard guard, Throughput throughput) {
        return Stream.of(
            new SessionOperations(guard).all(),
            new UserOperations().all(), new AccountOperations().all(),
            new StationOperations().all(),
            new SchemaOperations().all(),
            new MonitoringOperations(new MainOverview(status, throughput)).all(),
            new TaskOperations().all(),
            new BackupOperations().all(),
            new SettingOperations().all(),
            new LogoOperations().all(),
            new IntegrationOperations().all(),
            new GraphOperations().all(),
            new DeadLetterOperations().all(),
            new StationChangeOperations().all(),
            new RemovalOperations().all(),
            new GroupOperations().all(),
            new TagOperations().all(),
            new AuditOperations().all(),
            new ApiKeyOperations().all(),
            new DefinitionsOperations().all(),
            new LogOperations().all(),
            new ClientOperations().all(),
            new ClusterOperations().all()
        ).flatMap(List::stream).toList();
    }

    @Override
    public void destroy() {
        everySecond.cancel(false);
        sampling.end();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long begun = System.nanoTime();
        try {
            serve(request, response);
        } finally {
            String path = path(request);
            status.engine().ifPresent(engine -> engine.latencies().api().record(
                operations.containsKey(path) ? path : "other", response.getStatus(), System.nanoTime() - begun));
        }
    }

    private static String path(HttpServletRequest request) {
        return request.getPathInfo() == null ? "" : request.getPathInfo().substring(1);
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            String origin = request.getHeader("Origin");
            String host = request.getHeader("Host");
            checkOrigin(origin, host);
            if (guard.foreignAndAllowed(origin, host)) {
                allowOrigin(response, origin);
            }
            if (request.getMethod().equals("OPTIONS")) {
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                return;
            }
            answer(request, response);
        } catch (ApiFailure failure) {
            fail(response, failure);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a request to the management API failed", e);
            fail(response, ApiFailure.of(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "Server error"));
        }
    }

    private void checkOrigin(String origin, String host) {
        if (!guard.hostAllowed(host)) {
            throw ApiFailure.of(ApiFailure.FORBIDDEN,
                "With the default root password the server answers only as localhost; set ROOT_PASSWORD");
        }
        if (!guard.originAllowed(origin, host)) {
            throw ApiFailure.of(ApiFailure.FORBIDDEN,
                "Pages of this origin may not call the API; see memphisee.dashboard.cors.origins");
        }
    }

    private static void allowOrigin(HttpServletResponse response, String origin) {
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Access-Control-Allow-Credentials", "true");
        response.setHeader("Access-Control-Allow-Methods", "GET,POST,PUT,DELETE,OPTIONS");
        response.setHeader("Access-Control-Allow-Headers", "Origin,Content-Length,Content-Type,Authorization");
        response.setHeader("Access-Control-Expose-Headers", "Content-Length");
        response.addHeader("Vary", "Origin");
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = path(request);
        if (path.endsWith("/") && operations.containsKey(path.substring(0, path.length() - 1))) {
            redirect(request, response, path.substring(0, path.length() - 1));
            return;
        }
        Operation operation = operation(request.getMethod(), path, response);
        Optional<User> user = operation.open() ? Optional.empty()
            : Optional.of(guard.user(request).orElseThrow(this::notSignedIn));
        BrokerEngine engine = status.engine().orElseThrow(ApiServlet::notOpen);
        BrokerSettings settings = status.settings().orElseThrow(ApiServlet::notOpen);
        if (!operation.large()) {
            finish(response, handled(operation, request, response, engine, settings, user));
        } else if (large.tryAcquire()) {
            try {
                finish(response, handled(operation, request, response, engine, settings, user));
            } finally {
                large.release();
            }
        } else {
            throw ApiFailure.of(ApiFailure.UNAVAILABLE, "The broker is busy with other large requests, try again");
        }
    }

    private static void finish(HttpServletResponse response, JsonNode answer) throws IOException {
        if (answer != Operation.ANSWERED) {
            send(response, HttpServletResponse.SC_OK, answer);
        }
    }

    private static JsonNode handled(Operation operation, HttpServletRequest request, HttpServletResponse response,
                                    BrokerEngine engine, BrokerSettings settings, Optional<User> user) throws IOException {
        byte[] body = operation.method().equals("GET") ? new byte[0] : body(request, operation.maxBody());
        try {
            if (operation.access() == Operation.Access.CHANGE) {
                engine.stations().access().requireChanges(user.orElseThrow(ApiFailure::unauthorized).name());
            }
            return operation.handler().handle(Call.of(request, response, engine, settings, user, body));
        } catch (ApiFailure failure) {
            throw failure;
        } catch (RuntimeException e) {
            throw Waiting.answer(e);
        }
    }

    private ApiFailure notSignedIn() {
        return status.engine().isPresent() ? ApiFailure.unauthorized() : notOpen();
    }

    private static ApiFailure notOpen() {
        return ApiFailure.of(ApiFailure.UNAVAILABLE, "The broker is not open");
    }

    private Operation operation(String method, String path, HttpServletResponse response) {
        Map<String, Operation> byMethod = operations.get(path);
        if (byMethod == null && HostedEdition.has(path)) {
            throw ApiFailure.showable(HostedEdition.TEXT);
        }
        if (byMethod == null) {
            throw ApiFailure.of(ApiFailure.NOT_FOUND, "Not found");
        }
        Operation operation = byMethod.get(method.equals("HEAD") ? "GET" : method);
        if (operation == null) {
            response.setHeader("Allow", String.join(", ", new TreeSet<>(byMethod.keySet())));
            throw ApiFailure.of(ApiFailure.METHOD_NOT_ALLOWED, "Method not allowed");
        }
        return operation;
    }

    /** Only to a path of ours that we know. */
    private static void redirect(HttpServletRequest request, HttpServletResponse response, String known) {
        String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        response.setStatus(request.getMethod().equals("GET") ? HttpServletResponse.SC_MOVED_PERMANENTLY
            : HttpServletResponse.SC_TEMPORARY_REDIRECT);
        response.setHeader("Location", "/api/" + known + query);
    }

    private static byte[] body(HttpServletRequest request, int limit) throws IOException {
        if (request.getContentLengthLong() > limit) {
            throw tooLarge();
        }
        byte[] bytes = request.getInputStream().readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw tooLarge();
        }
        return bytes;
    }

    private static ApiFailure tooLarge() {
        return ApiFailure.of(ApiFailure.TOO_LARGE, "The request is too large");
    }

    private void fail(HttpServletResponse response, ApiFailure failure) throws IOException {
        int showable = status.settings().map(s -> s.dashboard().showableStatus()).orElse(ApiFailure.SHOWABLE);
        send(response, failure.status(showable), failure.body());
    }

    private static void send(HttpServletResponse response, int code, JsonNode body) throws IOException {
        ShortAnswer.json(response, code, JSON.writeValueAsBytes(body));
    }
}
