package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;

/** Clients do not notice what happens to the metadata database (promise P7). */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // one broker and its database through all of it
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class DatabaseDownIT {
    private static final Duration DATABASE = Duration.ofSeconds(90);
    private static BrokerProcess broker;

    @BeforeAll
    static void start() {
        broker = BrokerProcess.started();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void assertReady() {
        BrokerProcess.Answer ready = broker.http(broker.ports().metrics(), "/health/ready");
        assertEquals(200, ready.code(), ready.body());
    }

    private static void awaitDatabase() {
        Eventually.await("the embedded database listens", DATABASE,
                () -> broker.databaseRuns() && !BrokerPorts.isFree(broker.ports().metadata()));
    }

    @Test
    @Order(1)
    void shouldServeClientsWhileTheDatabaseIsDeadAndBringItBack() throws IOException {
        awaitDatabase();
        long first = broker.databaseProcess();
        try (Load load = new Load(broker, "database-killed")) {
            load.awaitMore(100);
            assertTrue(broker.killDatabase());
            load.awaitMore(500);
            assertReady();
            awaitDatabase();
            assertNotEquals(first, broker.databaseProcess());
            load.awaitMore(100);
            assertReady();
        }
    }

    @Test
    @Order(2)
    void shouldReplaceADatabaseThatOutlivedAKilledBroker() throws IOException {
        awaitDatabase();
        long survivor = broker.databaseProcess();
        broker.kill();
        assertEquals(survivor, broker.databaseProcess(), "only the broker was killed");
        broker.startAgain();
        Eventually.await("the survivor was replaced", DATABASE,
                () -> broker.databaseRuns() && broker.databaseProcess() != survivor);
        assertReady();
        broker.stop();
        assertFalse(broker.databaseRuns(), "an orderly stop stops the database");
    }

    @Test
    @Order(3)
    void shouldStartAndServeWithAnExternalDatabaseThatIsNotThere() throws IOException {
        broker.startAgain(Map.of("MEMPHISEE_METADATA_MODE", "external", "MEMPHISEE_METADATA_HOST", "127.0.0.1",
                "MEMPHISEE_METADATA_PORT", Integer.toString(BrokerPorts.free().metadata())));
        assertReady();
        assertFalse(broker.databaseRuns());
        try (Load load = new Load(broker, "database-absent")) {
            load.awaitMore(500);
            assertReady();
        }
        try (RawConnection connection = RawConnection.login(broker)) {
            Load.success(connection.request("$JS.API.STREAM.INFO.database-killed", ""));
        }
        broker.stop();
    }
}
