package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import org.memphisee.core.stations.StationMessage;

class MessageJsonTest {

    private static final String HEADERS = "NATS/1.0\r\n$memphis_producedBy: Prod\r\n$memphis_connectionId: c1\r\n"
        + "k:  v \r\nk: second\r\nno colon\r\n: nameless\r\n\r\n";

    private static StationMessage message(String headers, int payload) {
        return new StationMessage(2, 7, 1_700_000_000_123_456_789L, headers.getBytes(StandardCharsets.UTF_8),
            "x".repeat(payload).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldShowTheBeginningAndHideWhatTheBrokerUses() {
        assertEquals("{'message_seq':7,'produced_by':'prod','data':'" + "78".repeat(40) + "','created_at':"
            + "'2023-11-14T22:13:20.123456789Z','connection_id':'c1','size':" + (HEADERS.length() + 100)
            + ",'payload_size':100,'headers':{'k':'v'},'partition':2}", MessageJson.row(message(HEADERS, 100), true, MessageJson.ROW_BYTES)
                .toString().replace('"', '\''));
    }

    @Test
    void shouldShowAPlainStreamsMessageWithoutProducer() {
        assertEquals("{'message_seq':7,'produced_by':'','data':'','created_at':'2023-11-14T22:13:20.123456789Z',"
            + "'connection_id':'','size':0,'payload_size':0,'headers':{},'partition':2}",
            MessageJson.row(message("", 0), false, 160).toString().replace('"', '\''));
    }

    @Test
    void shouldShowAsMuchOfTheBeginningAsIsAskedFor() {
        assertEquals("78".repeat(90), MessageJson.row(message("", 100), false, 90).path("data").asText());
        assertEquals("78".repeat(100), MessageJson.row(message("", 100), false, 160).path("data").asText());
    }
}
