package org.memphisee.it.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.RawMessage;

/** A disk that is too full refuses publishes with a reason and nothing else (promise P6). */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class FullDiskIT {
    private static final String STREAM = "full-disk";
    private static final int MESSAGES = 10;
    /** More than others on this machine may free meanwhile. */
    private static final long MARGIN = 64L << 30;

    @Test
    void shouldRefusePublishesAndGoOnWithReadsAndAcksWhenTheDiskIsFull() throws IOException {
        try (BrokerProcess broker = BrokerProcess.started()) {
            try (RawConnection connection = RawConnection.login(broker)) {
                Load.success(connection.request("$JS.API.STREAM.CREATE." + STREAM, "{\"name\":\"" + STREAM
                        + "\",\"subjects\":[\"" + STREAM + ".>\"],\"storage\":\"file\"}"));
                Load.success(connection.request("$JS.API.CONSUMER.CREATE." + STREAM + ".group", "{\"stream_name\":\""
                        + STREAM + "\",\"config\":{\"durable_name\":\"group\",\"name\":\"group\","
                        + "\"ack_policy\":\"explicit\",\"ack_wait\":60000000000}}"));
                for (int i = 1; i <= MESSAGES; i++) {
                    Load.success(connection.request(STREAM + ".a", "m" + i));
                }
            }
            broker.stop();
            long free = Files.getFileStore(broker.dataDirectory()).getUsableSpace();
            broker.startAgain(Map.of("MEMPHISEE_DISK_MIN_FREE", Long.toString(free + MARGIN)));
            assertReadsButTakesNothing(broker);
            broker.stop();
            broker.startAgain();
            assertTakesPublishesAgain(broker);
        }
    }

    private static void assertReadsButTakesNothing(BrokerProcess broker) throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            String refused = connection.request(STREAM + ".a", "too much");
            assertTrue(refused.replace(" ", "").contains("\"err_code\":10023"), refused);
            Load.success(connection.request("$JS.API.STREAM.MSG.GET." + STREAM, "{\"seq\":3}"));
        }
        for (RawMessage message : fetch(broker)) {
            try (RawConnection connection = RawConnection.login(broker)) {
                assertEquals("", connection.request(message.reply(), "+ACK"));
            }
        }
        BrokerProcess.Answer ready = broker.http(broker.ports().metrics(), "/health/ready");
        assertEquals(503, ready.code(), ready.body());
        assertTrue(ready.body().contains("publishes are refused"), ready.body());
        assertEquals(200, broker.http(broker.ports().metrics(), "/health/live").code());
    }

    private static List<RawMessage> fetch(BrokerProcess broker) throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.send("SUB inbox.full 1\r\n");
            String pull = "{\"batch\":" + MESSAGES + ",\"expires\":10000000000}";
            connection.send("PUB $JS.API.CONSUMER.MSG.NEXT." + STREAM + ".group inbox.full " + pull.length() + "\r\n"
                    + pull + "\r\n");
            List<RawMessage> messages = new ArrayList<>();
            for (int i = 1; i <= MESSAGES; i++) {
                RawMessage message = connection.readMessage();
                assertEquals("m" + i, message.payload());
                messages.add(message);
            }
            return messages;
        }
    }

    private static void assertTakesPublishesAgain(BrokerProcess broker) throws IOException {
        try (RawConnection connection = RawConnection.login(broker)) {
            String info = connection.request("$JS.API.CONSUMER.INFO." + STREAM + ".group", "").replace(" ", "");
            assertTrue(info.contains("\"num_ack_pending\":0") && info.contains("\"num_pending\":0"), info);
            Load.success(connection.request(STREAM + ".a", "room again"));
        }
        Eventually.await("ready", () -> broker.http(broker.ports().metrics(), "/health/ready").code() == 200);
    }
}
