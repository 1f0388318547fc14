package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.log.StoreException;

/** Tools say which level of the API a request needs, so that a newer member is not lost. */
class RequiredLevelTest {

    private LiveClient client;

    @BeforeEach
    void start() throws StoreException {
        client = new LiveClient();
        client.done("STREAM.CREATE.S", "{'name':'S','subjects':['s.>'],'allow_direct':true}");
        client.done("CONSUMER.CREATE.S.c", "{'config':{'durable_name':'c'}}");
        client.store("s.a", "", "hello");
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private static String level(String value) {
        return LiveClient.header("Other: 7", "Nats-Required-Api-Level: " + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "4", "x", "-1", "99999999999999999999"})
    void shouldRefuseWhatNeedsAHigherOne(String value) {
        for (String operation : new String[] {"INFO", "STREAM.INFO.S", "CONSUMER.INFO.S.c", "STREAM.NAMES"}) {
            LiveClient.Message answer = client.request("$JS.API." + operation, level(value), "");
            assertEquals(10185, answer.errCode(), answer.toString());
            assertEquals(412, answer.json().path("error").path("code").asInt());
        }
        for (String operation : new String[] {"DIRECT.GET.S.s.a", "DIRECT.GET.S", "CONSUMER.MSG.NEXT.S.c"}) {
            assertEquals("412 Required Api Level", client.request("$JS.API." + operation, level(value), "").status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", " 00 "})
    void shouldServeWhatItSpeaks(String value) {
        assertFalse(client.request("$JS.API.INFO", level(value), "").json().has("error"));
        assertEquals("hello", client.request("$JS.API.DIRECT.GET.S.s.a", level(value), "").payload());
        assertEquals("hello", client.request("$JS.API.CONSUMER.MSG.NEXT.S.c", level(value), "").payload());
    }

    @Test
    void shouldStoreAPublishThatSaysSo() {
        assertEquals(2, client.store("s.a", level("3"), "x").path("seq").asInt());
    }

    @Test
    void shouldRefuseFastBatches() {
        client.subscribe("batch.>", "b");
        client.publish("s.a", "batch.id.10.ok.1.0.$FI", "", "x");
        assertEquals(10205, client.next().errCode());
    }
}
