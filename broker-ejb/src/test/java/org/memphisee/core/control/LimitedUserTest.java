package org.memphisee.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.NewUser;
import org.memphisee.core.access.PermissionPatterns;
import org.memphisee.core.access.UserProfile;
import org.memphisee.core.api.ClientIdentity;

/** A user with permissions at the two request languages (wire-protocol.md 2.6). */
class LimitedUserTest {

    private static final ClientIdentity ANN = new ClientIdentity("ann", "uuid", "nats.js", "$memphis");

    private final PlaneFixture plane = new PlaneFixture();

    @BeforeEach
    void users() {
        FakeApi.await(plane.plane.users().createUser(Authors.of("root"), new NewUser("ann", "application", "Secret-1x", UserProfile.EMPTY,
            new PermissionPatterns(List.of("in", "both"), List.of("out", "both"), List.of(), List.of()))));
        for (String station : new String[] {"in", "out", "both", "other"}) {
            assertEquals("", plane.ask("$memphis_station_creations", "{'name':'" + station + "','partitions_number':1}"));
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private String ask(String subject, String json) {
        return plane.ask(ANN, subject, json).payload();
    }

    private String error(String subject, String json) {
        return plane.ask(ANN, subject, json).json().path("error").asText();
    }

    private JsonNode js(String operation, String json) {
        return plane.ask(ANN, "$JS.API." + operation, json).json();
    }

    @Test
    void shouldCreateAndRemoveOnlyStationsItMayWrite() {
        String create = "$memphis_station_creations";
        String no = "user ann is not allowed to create station new.one";
        assertEquals(no, ask(create, "{'name':'New.One','partitions_number':1}"));
        assertEquals("", ask(create, "{'name':'both','partitions_number':1,'dls_station':'dead'}")); // is there, as it is
        assertEquals("", ask(create, "{'name':'out','partitions_number':1}"));
        assertEquals("user ann is not allowed to access station in",
            ask("$memphis_station_destructions", "{'station_name':'in'}"));
        assertEquals("", ask("$memphis_station_destructions", "{'station_name':'both'}"));
        assertEquals("user ann is not allowed to create station dead",
            ask(create, "{'name':'both','partitions_number':1,'dls_station':'dead'}"));
        assertTrue(plane.definitions().events().stream().anyMatch(e -> e instanceof SystemEvent.StationCreated s
            && s.name().equals("in")));
    }

    @Test
    void shouldProduceOnlyWhereItMayWrite() {
        String body = "{'name':'p','station_name':'%s','connection_id':'uuid','producer_type':'application',"
            + "'req_version':4,'username':'root'}";
        assertEquals("user ann is not allowed to access station in",
            error("$memphis_producer_creations", body.formatted("in")));
        assertEquals("user ann is not allowed to access station new",
            error("$memphis_producer_creations", body.formatted("new")));
        assertEquals("", error("$memphis_producer_creations", body.formatted("out")));
        assertEquals("user ann is not allowed to access station in",
            ask("$memphis_producer_destructions", "{'name':'p','station_name':'in'}"));
    }

    @Test
    void shouldConsumeOnlyWhereItMayRead() {
        String body = "{'name':'c','station_name':'%s','connection_id':'uuid','consumer_type':'application',"
            + "'consumers_group':'g','max_ack_time_ms':30000,'max_msg_deliveries':3,'start_consume_from_sequence':1,"
            + "'last_messages':-1,'req_version':4}";
        assertEquals("user ann is not allowed to access station out",
            ask("$memphis_consumer_creations", body.formatted("out")));
        assertEquals("", error("$memphis_consumer_creations", body.formatted("in")));
        assertEquals("user ann is not allowed to access station other",
            ask("$memphis_consumer_destructions", "{'name':'c','station_name':'other'}"));
    }

    @Test
    void shouldNotMakeADefaultStationByConsumingFromIt() {
        FakeApi.await(plane.plane.users().createUser(Authors.of("root"), new NewUser("bob", "application", "Secret-1x", UserProfile.EMPTY,
            new PermissionPatterns(List.of("*"), List.of(), List.of(), List.of()))));
        ClientIdentity bob = new ClientIdentity("bob", "uuid-2", "nats.js", "$memphis");
        assertEquals("user bob is not allowed to create station new", plane.ask(bob, "$memphis_consumer_creations",
            "{'name':'c','station_name':'new','consumer_type':'application','start_consume_from_sequence':1,"
                + "'last_messages':-1,'req_version':4}").payload());
    }

    @Test
    void shouldNotChangeSchemasOfStationsItMayNotWrite() {
        assertEquals("user ann is not allowed to access station in",
            ask("$memphis_schema_attachments", "{'name':'s','station_name':'in'}"));
        assertEquals("Schema s does not exist", ask("$memphis_schema_attachments", "{'name':'s','station_name':'out'}"));
        assertEquals("user ann is not allowed to access station in",
            ask("$memphis_schema_detachments", "{'station_name':'in'}"));
    }

    @Test
    void shouldSeeOnlyNamesOfStationsItMayUse() {
        JsonNode names = js("STREAM.NAMES", "").get("streams");
        assertEquals("[\"both$1\",\"in$1\",\"out$1\"]", names.toString());
        assertEquals(4, plane.js("STREAM.NAMES", "").get("streams").size());
    }

    @Test
    void shouldNotStoreOrSendByAStreamOrConsumerWhatItMayNotPublish() {
        String denied = "user ann is not allowed to use these subjects";
        for (String config : new String[] {"'subjects':['foreign$1.>']", "'subjects':['*.x']",
            "'subjects':['plain']", "'subjects':['both$2.>'],'republish':{'src':'>','dest':'in$1.>'}"}) {
            assertEquals(denied, js("STREAM.CREATE.both$2", "{'name':'both$2'," + config + "}").at("/error/description")
                .asText(), config);
        }
        assertFalse(js("STREAM.CREATE.both$2", "{'name':'both$2','subjects':['both$2.>']}").has("error"));
        assertEquals(denied, js("STREAM.UPDATE.both$2", "{'name':'both$2','subjects':['both$2.>','plain']}")
            .at("/error/description").asText());
        assertEquals("user ann is not allowed to use this deliver subject", js("CONSUMER.CREATE.in$1.push",
            "{'stream_name':'in$1','config':{'name':'push','deliver_subject':'other$1.x','ack_policy':'none'}}")
            .at("/error/description").asText());
        assertFalse(js("CONSUMER.CREATE.in$1.push", "{'stream_name':'in$1','config':{'name':'push',"
            + "'deliver_subject':'_INBOX.a.b','ack_policy':'none'}}").has("error"));
    }
}
