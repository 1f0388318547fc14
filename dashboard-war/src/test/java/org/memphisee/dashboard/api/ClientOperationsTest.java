package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.stations.Members.Member;
import org.memphisee.core.stations.RegisteredClient;

class ClientOperationsTest {

    private static RegisteredClient client(boolean producer) {
        return new RegisteredClient(new Member(7, producer, "x", 3, producer ? "" : "g1", "uuid", "application", "app", "a", "go", 4),
            true, "10.0.0.5:41230", 1_700_000_000_000_000_000L, producer ? 0 : 30_000, producer ? 0 : 2);
    }

    /** The examples of management-api.md 19. */
    @Test
    void shouldShowClientsAsTheOldToolReadsThem() {
        String head = "{\"id\":7,\"name\":\"x\",\"type\":\"application\",\"connection_id\":\"uuid\",\"created_by\":5,"
            + "\"created_by_username\":\"app\",\"created_at\":\"2023-11-14T22:13:20Z\",\"station_name\":\"orders\",\"is_active\":true,"
            + "\"is_deleted\":false,\"client_address\":\"10.0.0.5:41230\"";
        assertEquals(head + "}", ClientOperations.json(client(true), "orders", 5).toString());
        assertEquals(head + ",\"consumers_group\":\"g1\",\"max_ack_time_ms\":30000,\"max_msg_deliveries\":2}",
            ClientOperations.json(client(false), "orders", 5).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stations/createConnector", "functions/testFunction", "functions/events/getEvent",
        "monitoring/stations/getFunctionsOverview"})
    void shouldKnowWhatOnlyTheHostedEditionHas(String path) {
        assertTrue(HostedEdition.has(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stations/createStation", "functions/getAllFunctions", "functions", "", "billing/getBill"})
    void shouldLeaveEverythingElseAlone(String path) {
        assertFalse(HostedEdition.has(path));
    }
}
