package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.RawConnection;

/** Monitor and health answer on their own ports only, and agree. */
final class MonitorIT {
    private static BrokerProcess broker;

    @BeforeAll
    static void start() {
        broker = BrokerProcess.started();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String get(int port, String path, int expected) {
        BrokerProcess.Answer answer = broker.http(port, path);
        assertEquals(expected, answer.code(), () -> port + path + ": " + answer.body());
        return answer.body();
    }

    private static String monitor(String path) {
        return get(broker.ports().monitor(), path, 200);
    }

    @Test
    void shouldShowAPageWithLinks() {
        assertTrue(monitor("/").contains("href=\"/varz\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/varz", "//varz"})
    void shouldShowTheServersState(String path) throws Exception {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.flush();
            String varz = monitor(path).replace(" ", "");
            assertTrue(varz.contains("\"port\":" + broker.clientPort() + ','), varz);
            assertTrue(varz.contains("\"version\":\"2.10.7\""), varz);
            assertTrue(varz.contains("\"server_name\":\"memphis-0\""), varz);
            assertTrue(varz.contains("\"max_payload\":1048576,"), varz);
            assertTrue(!varz.contains("\"connections\":0,"), varz);
        }
    }

    @Test
    void shouldSayThatItIsHealthy() {
        assertEquals("{\"status\":\"ok\"}", monitor("/healthz").trim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/started", "/health/live", "/health/ready"})
    void shouldBeUp(String path) {
        assertTrue(get(broker.ports().metrics(), path, 200).contains("\"status\":\"UP\""));
    }

    @Test
    void shouldAnswerUnknownPathsWithNotFound() {
        get(broker.ports().monitor(), "/no-such-path", 404);
    }

    @Test
    void shouldKeepMonitorAndHealthOnTheirOwnPorts() {
        get(broker.ports().gateway(), "/varz", 401); // what the gateway says to any address without a token
        assertTrue(!get(broker.ports().dashboard(), "/varz", 200).contains("server_id")); // any address is the page there
        get(broker.ports().metrics(), "/varz", 404);
        get(broker.ports().monitor(), "/health/ready", 404);
        get(broker.ports().gateway(), "/health/ready", 401);
    }

    @Test
    void shouldServeTheDashboardsPage() {
        get(broker.ports().dashboard(), "/", 200);
    }

    @Test
    void shouldTellThePeopleWhereEverythingIs() {
        assertEquals(1, broker.outputLines("Memphis EE is ready").size(), broker.output());
        assertEquals(1, broker.outputLines("nats://localhost:" + broker.clientPort()).size(), broker.output());
    }
}
