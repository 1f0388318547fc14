package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void shouldTellOfSoManyInAMinuteOnly() {
        TestClock clock = new TestClock();
        ClientAlerts client = new ClientAlerts(clock);
        List<Alert> raised = new ArrayList<>();
        byte[] failure = "{\"type\":\"schema_validation_fail_alert\"}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1_000; i++) {
            client.told(failure, raised::add);
        }
        assertEquals(ClientAlerts.TOLD_IN_A_MINUTE, raised.size());
        clock.now += 60_000_000_000L;
        client.told(failure, raised::add);
        assertEquals(ClientAlerts.TOLD_IN_A_MINUTE + 1, raised.size());
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
