package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.notices.Alert;
import org.memphisee.core.notices.Notice;
import org.memphisee.core.time.TestClock;

/** What SDKs say and do that people should hear of. */
class ClientAlertsTest {

    private final PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void close() {
        plane.close();
    }

    private List<String> notices() {
        plane.definitions(); // behind what was asked before
        return plane.plane.notices().newerThan(0).stream().map(Notice::text).toList();
    }

    private void tell(String json) {
        plane.api.send(PlaneFixture.SDK, "$memphis_notifications", json.replace('\'', '"')); // nobody answers
    }

    @Test
    void shouldTellOfAMessageThatBrokeItsSchema() {
        tell("{'title':'Schema validation has failed','msg':'Station: my#Orders\\nProducer: p\\nError: x','code':'00ff',"
            + "'type':'schema_validation_fail_alert'}");
        tell("{'Title':'t','Msg':'Station: b','Code':'','Type':'schema_validation_fail_alert'}"); // as the Go SDK says it
        assertEquals(List.of("Schema validation has failed: Station: b",
            "Schema validation has failed: Station: my#Orders\nProducer: p\nError: x"), notices());
        assertEquals("my.orders", plane.plane.notices().newerThan(0).get(1).station());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{'type':7}", "{'type':'other','msg':'x'}", "{'msg':{'a':1}}"})
    void shouldDropWhatIsNone(String json) {
        tell(json);
        assertEquals(List.of(), notices());
    }

    private static byte[] failure(String message) {
        return ("{\"type\":\"schema_validation_fail_alert\",\"msg\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellOfSoManyInAMinuteOnly() {
        TestClock clock = new TestClock();
        ClientAlerts client = new ClientAlerts(clock, (user, station) -> true);
        List<Alert> raised = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            client.told(new ClientIdentity("app", "uuid-" + i, "go", "$memphis"), failure("x"), raised::add);
        }
        assertEquals(ClientAlerts.TOLD_IN_A_MINUTE, raised.size());
        clock.now += 60_000_000_000L;
        client.told(PlaneFixture.SDK, failure("x"), raised::add);
        assertEquals(ClientAlerts.TOLD_IN_A_MINUTE + 1, raised.size());
    }

    @Test
    void shouldLeaveRoomForOthersWhenOneTellsOfMany() {
        ClientAlerts client = new ClientAlerts(new TestClock(), (user, station) -> true);
        List<Alert> raised = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            client.told(PlaneFixture.SDK, failure("mine"), raised::add);
        }
        assertEquals(ClientAlerts.TOLD_BY_ONE, raised.size());
        client.told(new ClientIdentity("app", "uuid-2", "go", "$memphis"), failure("other"), raised::add);
        assertEquals("other", raised.get(ClientAlerts.TOLD_BY_ONE).text());
    }

    @Test
    void shouldDropWhatIsLargerThanAnSdkMakesIt() {
        ClientAlerts client = new ClientAlerts(new TestClock(), (user, station) -> true);
        List<Alert> raised = new ArrayList<>();
        client.told(PlaneFixture.SDK, failure("x".repeat(ClientAlerts.MAX_BYTES)), raised::add);
        client.told(PlaneFixture.SDK, failure("x".repeat(ClientAlerts.MAX_BYTES - 100)), raised::add);
        assertEquals(1, raised.size());
    }

    @Test
    void shouldNotLetAUserTellOfStationsThatItMayNotProduceTo() {
        ClientAlerts client = new ClientAlerts(new TestClock(), (user, station) -> station.equals("orders.eu"));
        List<Alert> raised = new ArrayList<>();
        client.told(PlaneFixture.SDK, failure("Station: payroll"), raised::add);
        client.told(PlaneFixture.SDK, failure("Station: Orders#eu"), raised::add);
        assertEquals(List.of("orders.eu"), raised.stream().map(Alert::station).toList());
    }

    /** F-148. */
    @Test
    void shouldTellOnceOfAConnectionThatLeftItsProducersAndConsumers() {
        plane.plane.connectionOpened("uuid-1");
        plane.ask("$memphis_producer_creations", "{'name':'p','station_name':'orders','connection_id':'uuid-1',"
            + "'producer_type':'application','req_version':4,'username':'root','app_id':'a'}");
        plane.ask("$memphis_consumer_creations", "{'name':'c','station_name':'orders','connection_id':'uuid-1',"
            + "'consumer_type':'application','consumers_group':'g','max_ack_time_ms':30000,'max_msg_deliveries':2,"
            + "'start_consume_from_sequence':1,'last_messages':-1,'req_version':4,'username':'root','app_id':'a'}");
        plane.plane.connectionOpened("uuid-1"); // a second one under the same id
        plane.plane.connectionClosed("uuid-1");
        assertEquals(List.of(), notices());
        plane.plane.connectionClosed("uuid-1");
        assertEquals(List.of("Disconnection events: producer p, consumer c of group g disconnected"), notices());
        assertEquals("orders", plane.plane.notices().newerThan(0).get(0).station());
    }

    @Test
    void shouldTellNothingOfOneThatTookItsProducersBack() {
        plane.plane.connectionOpened("uuid-1");
        plane.ask("$memphis_producer_creations", "{'name':'p','station_name':'orders','connection_id':'uuid-1',"
            + "'producer_type':'application','req_version':4,'username':'root','app_id':'a'}");
        plane.ask("$memphis_producer_destructions", "{'name':'p','station_name':'orders','connection_id':'uuid-1',"
            + "'username':'root','req_version':1}");
        plane.plane.connectionClosed("uuid-1");
        assertEquals(List.of(), notices());
    }
}
