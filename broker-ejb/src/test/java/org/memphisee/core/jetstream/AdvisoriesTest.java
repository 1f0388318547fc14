package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.log.StoreException;

/** What the broker tells of streams, consumers, messages and requests, member by member (jetstream-api.md 6.15). */
class AdvisoriesTest {

    private static final String PREFIX = "$JS.EVENT.ADVISORY.";
    private static final String TYPE = "io.nats.jetstream.advisory.v1.";

    private LiveClient client;
    private int requests;

    @BeforeEach
    void start() throws StoreException {
        client = new LiveClient();
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private void send(String operation, String json) {
        client.publish("$JS.API." + operation, "_INBOX.live.own" + ++requests, "", json.replace('\'', '"'));
    }

    /** The next advisory with that subject, whose members have to be these, in this order. */
    private JsonNode advisory(String subject, String type, String... members) {
        LiveClient.Message message = client.next();
        while (!message.subject().equals(PREFIX + subject)) {
            message = client.next();
        }
        JsonNode event = message.json();
        List<String> names = new ArrayList<>();
        event.fieldNames().forEachRemaining(names::add);
        List<String> expected = new ArrayList<>(List.of("type", "id", "timestamp"));
        expected.addAll(List.of(members));
        assertEquals(expected, names);
        assertEquals(TYPE + type, event.path("type").asText());
        assertTrue(event.path("id").asText().length() >= 22, event::toString);
        Instant.parse(event.path("timestamp").asText());
        return event;
    }

    private String delivered() {
        LiveClient.Message message = client.next();
        while (!message.reply().startsWith("$JS.ACK.")) {
            message = client.next();
        }
        return message.reply();
    }

    @Test
    void shouldTellOfStreamsAndConsumers() {
        client.subscribe(PREFIX + ">", "adv");
        send("STREAM.CREATE.S", "{'name':'S','subjects':['s.>']}");
        JsonNode event = advisory("STREAM.CREATED.S", "stream_action", "stream", "action");
        assertEquals("S create", event.path("stream").asText() + " " + event.path("action").asText());
        send("STREAM.UPDATE.S", "{'name':'S','subjects':['s.>'],'max_msgs':9}");
        assertEquals("modify", advisory("STREAM.UPDATED.S", "stream_action", "stream", "action").path("action").asText());
        send("CONSUMER.CREATE.S.c", "{'stream_name':'S','config':{'durable_name':'c','ack_policy':'explicit'}}");
        event = advisory("CONSUMER.CREATED.S.c", "consumer_action", "stream", "consumer", "action");
        assertEquals("c create", event.path("consumer").asText() + " " + event.path("action").asText());
        send("CONSUMER.DELETE.S.c", "");
        event = advisory("CONSUMER.DELETED.S.c", "consumer_action", "stream", "consumer", "action");
        assertEquals("delete", event.path("action").asText());
        send("STREAM.DELETE.S", "");
        assertEquals("delete", advisory("STREAM.DELETED.S", "stream_action", "stream", "action").path("action").asText());
    }

    @Test
    void shouldTellWhatBecomesOfMessages() {
        client.done("STREAM.CREATE.S", "{'name':'S','subjects':['s.>']}");
        client.done("CONSUMER.CREATE.S.c", "{'stream_name':'S','config':{'durable_name':'c','ack_policy':'explicit',"
            + "'max_deliver':1}}");
        client.store("s.a", "", "1");
        client.store("s.a", "", "2");
        client.subscribe(PREFIX + ">", "adv");
        send("CONSUMER.MSG.NEXT.S.c", "{'batch':1}");
        client.publish(delivered(), "", "", "-NAK");
        JsonNode event = advisory("CONSUMER.MSG_NAKED.S.c", "nak", "stream", "consumer", "consumer_seq", "stream_seq",
            "deliveries");
        assertEquals("1 1 1", event.path("consumer_seq") + " " + event.path("stream_seq") + " " + event.path("deliveries"));
        send("CONSUMER.MSG.NEXT.S.c", "{'batch':1}");
        event = advisory("CONSUMER.MAX_DELIVERIES.S.c", "max_deliver", "stream", "consumer", "stream_seq", "deliveries");
        assertEquals("1 1", event.path("stream_seq") + " " + event.path("deliveries"));
        client.publish(delivered(), "", "", "+TERM no \"use\"");
        event = advisory("CONSUMER.MSG_TERMINATED.S.c", "terminated", "stream", "consumer", "consumer_seq", "stream_seq",
            "deliveries", "reason");
        assertEquals("no \"use\"", event.path("reason").asText());
        assertEquals("2 2 1", event.path("consumer_seq") + " " + event.path("stream_seq") + " " + event.path("deliveries"));
    }

    @Test
    void shouldTellOfRequestsAndTheirAnswers() {
        client.subscribe(PREFIX + "API", "adv");
        send("STREAM.INFO.NONE", "{}");
        JsonNode event = advisory("API", "api_audit", "server", "client", "subject", "request", "response");
        assertEquals("test", event.path("server").asText());
        assertEquals("root", event.path("client").path("user").asText());
        assertEquals("$memphis", event.path("client").path("acc").asText());
        assertEquals("java", event.path("client").path("lang").asText());
        assertEquals("$JS.API.STREAM.INFO.NONE", event.path("subject").asText());
        assertEquals("{}", event.path("request").asText());
        assertTrue(event.path("response").asText().contains("\"err_code\":10059"), event::toString);
        send("INFO", "");
        event = advisory("API", "api_audit", "server", "client", "subject", "response");
        assertTrue(event.path("response").asText().startsWith("{\"type\":\"io.nats.jetstream.api.v1.account_info_response\""));
        send("STREAM.INFO." + "x".repeat(300), " ".repeat(200_000));
        assertEquals((64 << 10) + 3, advisory("API", "api_audit", "server", "client", "subject", "request", "response")
            .path("request").asText().length());
    }

    @Test
    void shouldBeStoredWhereAStreamCoversThem() {
        client.done("STREAM.CREATE.AUDIT", "{'name':'AUDIT','subjects':['" + PREFIX + "API']}");
        client.done("STREAM.CREATE.S", "{'name':'S','subjects':['s.>']}");
        PlaneFixture.until(() -> client.done("STREAM.INFO.AUDIT", "").path("state").path("messages").asInt() >= 1);
    }

    @Test
    void shouldNotBeMadeWhenNobodyHearsThem() {
        try (ControlFixture control = new ControlFixture().start()) {
            new JetStreamApi(control.engine, user -> Permissions.UNRESTRICTED, name -> true).bind(control.api);
            control.api.deaf = true;
            assertTrue(control.api.js("STREAM.CREATE.S", "{'name':'S','subjects':['s.>']}").has("config"));
            assertTrue(control.api.js("CONSUMER.CREATE.S.c", "{'stream_name':'S','config':{'durable_name':'c'}}").has("config"));
            assertTrue(control.api.js("STREAM.DELETE.S", "").path("success").asBoolean());
            assertEquals(List.of(), control.api.published);
        }
    }
}
