package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.Problem.Part;

class ReadinessTest {

    private static final MetadataHealth THERE = new MetadataHealth(true, true, 0, false);

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Map<String, Object> answers = new HashMap<>(Map.of("listening", true, "storageFull", false,
        "streamFaults", new TreeMap<>(), "clusterProblem", Optional.empty()));

    @BeforeEach
    void listen() throws IOException {
        for (int i = 0; i < 4; i++) {
            listeners.add(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }

    private int port(int listener) {
        return listeners.get(listener).getLocalPort();
    }

    private List<Part> problems(MetadataHealth metadata) {
        BrokerEngine engine = (BrokerEngine) Proxy.newProxyInstance(BrokerEngine.class.getClassLoader(),
            new Class<?>[] {BrokerEngine.class}, (proxy, method, arguments) -> answers.get(method.getName()));
        HttpPorts ports = new HttpPorts(new BrokerSettings.Listen("127.0.0.1", 1, 0, port(0), port(1), port(2), port(3)));
        return Readiness.problems(engine, ports, metadata).stream().map(Problem::part).toList();
    }

    @Test
    void shouldBeReadyWhenEverythingIsThere() {
        assertEquals(List.of(), problems(THERE));
    }

    @Test
    void shouldMissAPortThatIsNotOpen() throws IOException {
        listeners.get(2).close();
        assertEquals(List.of(Part.LISTENERS), problems(THERE));
        answers.put("listening", false);
        assertEquals(List.of(Part.LISTENERS, Part.LISTENERS), problems(THERE));
    }

    @Test
    void shouldNameTheGravestFirst() {
        answers.put("storageFull", true);
        answers.put("streamFaults", new TreeMap<>(Map.of("a$1", "frozen", "b$1", "not recovered")));
        answers.put("listening", false);
        assertEquals(List.of(Part.LISTENERS, Part.STORAGE_SPACE, Part.STREAMS, Part.STREAMS), problems(THERE));
    }

    @Test
    void shouldCountTheDatabaseOnlyWhenItIsRequiredAndAwayForLong() {
        assertEquals(List.of(), problems(new MetadataHealth(true, false, 3_600, false)));
        assertEquals(List.of(), problems(new MetadataHealth(true, false, 10, true)));
        assertEquals(List.of(Part.METADATA), problems(new MetadataHealth(true, false, 11, true)));
    }
}
