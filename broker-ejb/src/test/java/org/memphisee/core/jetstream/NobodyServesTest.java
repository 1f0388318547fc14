package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.log.StoreException;

/** Requests that reach nobody are answered at once: a client that waits in silence does not make its consumer anew. */
class NobodyServesTest {

    private LiveClient client;

    @BeforeEach
    void start() throws StoreException {
        client = new LiveClient();
        client.done("STREAM.CREATE.S", "{'name':'S','subjects':['s.>']}");
        client.done("CONSUMER.CREATE.S.c", "{'config':{'durable_name':'c','ack_policy':'explicit'}}");
    }

    @AfterEach
    void stop() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONSUMER.MSG.NEXT.X.c", "CONSUMER.MSG.NEXT.S.x", "CONSUMER.MSG.NEXT.S", "CONSUMER.MSG.NEXT.S.",
        "CONSUMER.MSG.NEXT.S.c.d", "DIRECT.GET.S", "DIRECT.GET.S.s.a", "DIRECT.GET.X", "NONSENSE"})
    void shouldSay503(String operation) {
        assertEquals("503", client.js(operation, "{'batch':1,'expires':60000000000,'seq':1}").status(), operation);
    }

    @Test
    void shouldSay503ForAConsumerThatWasRemoved() {
        client.done("CONSUMER.DELETE.S.c", "");
        assertEquals("503", client.js("CONSUMER.MSG.NEXT.S.c", "").status());
        client.done("STREAM.DELETE.S", "");
        assertEquals("503", client.js("CONSUMER.MSG.NEXT.S.c", "").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"+ACK", "-NAK", "+TERM", "+WPI", "+NXT"})
    void shouldSay503ToAcksOfAConsumerThatTakesNone(String ack) {
        client.done("CONSUMER.CREATE.S.n", "{'config':{'name':'n','ack_policy':'none'}}");
        client.store("s.a", "", "hello");
        String asked = client.js("CONSUMER.MSG.NEXT.S.n", "").reply();
        assertEquals("503", client.request(asked, ack).status());
        String wanted = client.js("CONSUMER.MSG.NEXT.S.c", "").reply();
        assertEquals("", client.request(wanted, "+ACK").status(), "of one that does");
    }

    @Test
    void shouldTellEverybodyWhoTheyAre() {
        LiveClient.Message answer = client.request("$SYS.REQ.USER.INFO", "");
        assertEquals("root", answer.json().path("data").path("user").asText());
        assertEquals("$memphis", answer.json().path("data").path("account").asText());
        assertEquals("test", answer.json().path("server").path("name").asText());
    }

    @Test
    void shouldServeAConsumerThatIsThere() {
        client.store("s.a", "", "hello");
        assertEquals("hello", client.js("CONSUMER.MSG.NEXT.S.c", "").payload());
    }
}
