package org.memphisee.gateway.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.observe.BrokerObserver;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.MetadataHealth;
import org.memphisee.ejb.Problem;
import org.memphisee.ejb.Problem.Part;
import org.memphisee.gateway.KeptBody;
import org.memphisee.gateway.monitor.Monitor;

/** What orchestrators are told in each state of the broker. */
@Timeout(10)
class HealthServletTest {

    private static final int METRICS = 7777;
    private static final Set<String> NONE = Set.of();

    private BrokerStatus.State state = BrokerStatus.State.RUNNING;
    private List<Problem> problems = List.of();
    private Optional<String> fault = Optional.empty();
    private HealthServlet servlet = servlet();
    private int code;
    private JsonNode body;

    @BeforeAll
    static void provideAnswers() {
        HealthCheckResponse.setResponseProvider(AnswerBuilder::new);
    }

    @AfterAll
    static void provideNone() {
        HealthCheckResponse.setResponseProvider(null);
    }

    /** The checks that the container would find for the kind. */
    private static List<HealthCheck> produced(BrokerChecks checks, Class<? extends Annotation> kind) {
        List<HealthCheck> found = new ArrayList<>();
        for (Method method : BrokerChecks.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(kind)) {
                try {
                    found.add((HealthCheck) method.invoke(checks));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return found;
    }

    private HealthServlet servlet() {
        BrokerChecks checks = new BrokerChecks(new Status());
        Monitor monitor = new Monitor() {
            @Override
            public boolean atMetricsPort(int localPort) {
                return localPort == METRICS;
            }
        };
        return new HealthServlet(monitor, produced(checks, Startup.class), produced(checks, Liveness.class),
            produced(checks, Readiness.class));
    }

    private void get(int port, String path) throws IOException {
        HttpServletRequest request = proxy(HttpServletRequest.class, (method, arguments) -> switch (method) {
            case "getLocalPort" -> port;
            case "getServletPath" -> path;
            default -> null;
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HttpServletResponse response = proxy(HttpServletResponse.class, (method, arguments) -> {
            if (method.equals("setStatus")) {
                code = (int) arguments[0];
            }
            return method.equals("getOutputStream") ? new KeptBody(bytes) : null;
        });
        servlet.doGet(request, response);
        body = code == HttpServletResponse.SC_NOT_FOUND ? null : new ObjectMapper().readTree(bytes.toByteArray());
    }

    private interface Answering {
        Object answer(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answering answering) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            (self, method, arguments) -> answering.answer(method.getName(), arguments)));
    }

    /** The path answers 503 because of these checks and no others, or 200 if there are none. */
    private void assertDown(Set<String> names, String path) throws IOException {
        get(METRICS, path);
        Set<String> down = new TreeSet<>();
        for (JsonNode check : body.get("checks")) {
            if (check.get("status").textValue().equals("DOWN")) {
                down.add(check.get("name").textValue());
            }
        }
        assertEquals(new TreeSet<>(names), down, body::toString);
        assertEquals(names.isEmpty() ? 200 : 503, code, body::toString);
        assertEquals(names.isEmpty() ? "UP" : "DOWN", body.get("status").textValue());
    }

    private String data(String check, String name) {
        for (JsonNode row : body.get("checks")) {
            if (row.get("name").textValue().equals(check)) {
                return row.get("data").path(name).asText();
            }
        }
        throw new AssertionError("no " + check + " in " + body);
    }

    @Test
    void shouldBeUpWhenTheBrokerRuns() throws IOException {
        assertDown(NONE, "/health");
        assertEquals(10, body.get("checks").size());
        assertDown(NONE, "/health/started");
        assertDown(NONE, "/health/live");
        assertEquals(1, body.get("checks").size());
        assertDown(NONE, "/health/ready");
        assertEquals(6, body.get("checks").size());
        assertEquals("70", data("storage-space", "percent"));
    }

    @Test
    void shouldNotBeReadyButLiveWhileClientsAreAskedToLeave() throws IOException {
        state = BrokerStatus.State.STOPPING;
        problems = List.of(new Problem(Part.DRAINING, "", "the broker is stopping"));
        assertDown(Set.of("draining"), "/health/ready");
        assertDown(Set.of("draining"), "/health");
        assertDown(NONE, "/health/live");
    }

    @Test
    void shouldNotBeReadyButLiveWhileTheBrokerStarts() throws IOException {
        state = BrokerStatus.State.STARTING;
        problems = List.of(new Problem(Part.STARTING, "", "the broker is starting"));
        assertDown(Set.of("listeners"), "/health/ready");
        assertEquals("the broker is starting", data("listeners", "problems"));
        assertDown(Set.of("startup-listeners", "startup-storage", "startup-metadata"), "/health/started");
        assertEquals("STARTING", data("startup-storage", "state"));
        assertDown(NONE, "/health/live");
    }

    @Test
    void shouldAskForARestartWhenTheBrokerHasFailed() throws IOException {
        state = BrokerStatus.State.FAILED;
        problems = List.of(new Problem(Part.FAILED, "", "the log cannot be read"));
        assertDown(Set.of("process"), "/health/live");
        assertDown(Set.of("listeners"), "/health/ready");
        assertEquals("the log cannot be read", data("listeners", "problems"));

        state = BrokerStatus.State.RUNNING;
        problems = List.of();
        fault = Optional.of("the log writer does not answer");
        assertDown(Set.of("process"), "/health/live");
        assertEquals("the log writer does not answer", data("process", "problem"));
        assertDown(NONE, "/health/ready");
    }

    @Test
    void shouldGiveEachProblemToItsCheckAndStayLive() throws IOException {
        problems = List.of(new Problem(Part.LISTENERS, "", "port 4444 is not open"),
            new Problem(Part.LISTENERS, "", "port 7770 is not open"));
        assertDown(Set.of("listeners"), "/health/ready");
        assertEquals("port 4444 is not open; port 7770 is not open", data("listeners", "problems"));

        problems = List.of(new Problem(Part.STORAGE_SPACE, "", "the disk is full"),
            new Problem(Part.STREAMS, "a$1", "stream a$1 is frozen"), new Problem(Part.STREAMS, "b$1", "so is b$1"),
            new Problem(Part.METADATA, "", "the database is away"), new Problem(Part.CLUSTER, "", "no leader"));
        assertDown(Set.of("storage-space", "streams", "metadata", "cluster"), "/health/ready");
        assertEquals("no leader", data("cluster", "problem"));
        assertEquals("the disk is full", data("storage-space", "problem"));
        assertEquals("a$1 b$1", data("streams", "names"));
        assertDown(NONE, "/health/live");
    }

    @Test
    void shouldAnswerOnItsPortAndPathsOnly() throws IOException {
        get(8222, "/health/ready");
        assertEquals(404, code);
        get(METRICS, "/health/else");
        assertEquals(404, code);
    }

    @Test
    void shouldSayThatACheckCouldNotBeMade() throws IOException {
        servlet = new HealthServlet(new Monitor() {
            @Override
            public boolean atMetricsPort(int localPort) {
                return true;
            }
        }, List.of(), List.of(), List.of(() -> {
            throw new IllegalStateException("out of order");
        }));
        get(METRICS, "/health/ready");
        assertEquals(500, code);
        assertEquals("DOWN", body.get("status").textValue());
    }

    /** A broker in the test's state. */
    private final class Status implements BrokerStatus {
        private final BrokerEngine engine = proxy(BrokerEngine.class, (method, arguments) -> switch (method) {
            case "fault" -> fault;
            case "storagePercent" -> 70;
            case "observer" -> new BrokerObserver(null, List::of, () -> 0);
            default -> throw new AssertionError("a check asks for " + method);
        });

        private boolean open() {
            return state == State.RUNNING || state == State.STOPPING;
        }

        @Override
        public State state() {
            return state;
        }

        @Override
        public Instant started() {
            return Instant.EPOCH;
        }

        @Override
        public Optional<BrokerSettings> settings() {
            return Optional.empty();
        }

        @Override
        public Optional<BrokerEngine> engine() {
            return open() ? Optional.of(engine) : Optional.empty();
        }

        @Override
        public MetadataHealth metadata() {
            return new MetadataHealth(open(), open(), 0, false);
        }

        @Override
        public List<Problem> health() {
            return problems;
        }
    }
}
