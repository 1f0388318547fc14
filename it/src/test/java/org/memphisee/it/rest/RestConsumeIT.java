package org.memphisee.it.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;

/** Consuming through the gateway, with acknowledgements by the client, long polls and binary bodies. */
final class RestConsumeIT {
    private static Gateway gateway;
    private static String token;

    @BeforeAll
    static void open() {
        gateway = new Gateway((BrokerProcess) Brokers.shared());
        token = gateway.rootToken();
    }

    private static void produce(String station, int from, int to) {
        String body = String.join(",", IntStream.range(from, to).mapToObj(Integer::toString).toList());
        HttpResponse<String> response = gateway.post("/stations/" + station + "/produce/batch", token, "[" + body + "]");
        assertEquals(200, response.statusCode(), response.body());
    }

    private static HttpResponse<String> consume(String stationAndQuery, String body) {
        String[] parts = stationAndQuery.split("\\?", 2);
        return gateway.post("/stations/" + parts[0] + "/consume/batch" + (parts.length > 1 ? "?" + parts[1] : ""), token,
                body);
    }

    private static List<String> texts(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        List<String> texts = new ArrayList<>();
        Gateway.parsed(response).forEach(m -> texts.add(m.get("message").asText()));
        return texts;
    }

    @Test
    void shouldGiveMessagesOnceWithUserHeadersOnly() {
        assertEquals(200, Gateway.send(gateway.json("/stations/rest-consume/produce/single", "{'a':1}")
                .header("Authorization", "Bearer " + token).header("X-User", "u")).statusCode());
        produce("rest-consume", 0, 20);
        HttpResponse<String> response = consume("rest-consume", "{'consumer_name':'C','batch_size':5}");
        assertEquals(List.of("{\"a\":1}", "0", "1", "2", "3"), texts(response));
        JsonNode headers = Gateway.parsed(response).get(0).get("headers");
        assertEquals("u", headers.get("X-User").asText());
        assertEquals("application/json", headers.get("Content-Type").asText());
        headers.fieldNames().forEachRemaining(name -> assertFalse(name.startsWith("$memphis"), name));
        assertEquals(10, texts(consume("rest-consume", "{'consumer_name':'c'}")).size());
        assertEquals(6, texts(consume("rest-consume", "{'consumer_name':'c','batch_size':5000,"
                + "'batch_max_wait_time_ms':300}")).size());
        assertEquals(List.of(), texts(consume("rest-consume", "{'consumer_name':'c','batch_max_wait_time_ms':100}")));
    }

    @Test
    void shouldComeBackEmptyAfterTheWait() { // R-005a
        consume("rest-empty", "{'consumer_name':'c','batch_max_wait_time_ms':100}");
        long start = System.nanoTime();
        assertEquals("[]", consume("rest-empty", "{'consumer_name':'c','batch_max_wait_time_ms':700}").body());
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 700 && millis < 1200, () -> millis + " ms");
    }

    @Test
    void shouldAnswerALongPollWhenItsMessagesAreThere() throws Exception {
        consume("rest-poll", "{'consumer_name':'c','batch_max_wait_time_ms':100}");
        CompletableFuture<List<String>> poll = CompletableFuture.supplyAsync(() -> texts(consume("rest-poll",
                "{'consumer_name':'c','batch_size':3,'batch_max_wait_time_ms':30000}")));
        produce("rest-poll", 0, 2);
        assertFalse(poll.isDone());
        produce("rest-poll", 2, 3);
        assertEquals(List.of("0", "1", "2"), poll.get(10, java.util.concurrent.TimeUnit.SECONDS));
    }

    @Test
    void shouldShareWithinAGroupAndRepeatForEach() { // R-005b
        produce("rest-groups", 0, 100);
        String body = "{'consumer_name':'c','consumer_group':'G1','batch_size':25,'batch_max_wait_time_ms':2000}";
        List<CompletableFuture<List<String>>> calls = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> texts(consume("rest-groups", body)))).toList();
        List<String> all = new ArrayList<>();
        calls.forEach(call -> all.addAll(call.join()));
        assertEquals(100, all.size());
        assertEquals(100, new HashSet<>(all).size());
        assertEquals(100, texts(consume("rest-groups", "{'consumer_name':'c','batch_size':100}")).size());
        assertEquals(0, texts(consume("rest-groups", "{'consumer_name':'d','consumer_group':'g1',"
                + "'batch_max_wait_time_ms':100}")).size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[|Invalid request body",
        "{'batch_size':'1'}|Invalid request body",
        "{'batch_size':1}|Consumer name is required",
        "{'consumer_name':'c','batch_size':5001}|Batch size can not be greater than 5000 or less than 1",
        "{'consumer_name':'c','batch_size':-1}|Batch size can not be greater than 5000 or less than 1",
        "{'consumer_name':'c d'}|Only alphanumeric and the '_', '-', '.' characters are allowed in Consumer"})
    void shouldRefuseBadRequests(String body, String text) { // R-005c
        HttpResponse<String> response = gateway.post("/stations/rest-bad/consume/batch", token,
                body);
        assertEquals(400, response.statusCode());
        assertEquals(text, Gateway.parsed(response).get("error").asText());
        assertFalse(Gateway.parsed(response).get("success").asBoolean());
    }

    @Test
    void shouldLetTheClientAcknowledge() {
        produce("rest-manual", 0, 3);
        String body = "{'consumer_name':'c','consumer_group':'manual','batch_size':3,'batch_max_wait_time_ms':500}";
        JsonNode messages = Gateway.parsed(consume("rest-manual?ack=manual", body));
        assertEquals(3, messages.size());
        String first = messages.get(0).get("ack_id").asText();
        String second = messages.get(1).get("ack_id").asText();
        String third = messages.get(2).get("ack_id").asText();
        assertEquals(200, gateway.post("/stations/rest-manual/consume/ack", token, "{'ack_ids':['" + first + "']}")
                .statusCode());
        assertEquals(200, gateway.post("/stations/rest-manual/consume/nack", token, "{'ack_ids':['" + second + "']}")
                .statusCode());
        assertEquals(200, gateway.post("/stations/rest-manual/consume/nack", token,
                "{'ack_ids':['" + third + "'],'delay_ms':700}").statusCode());
        assertEquals(List.of("1"), texts(consume("rest-manual?ack=manual", body)));
        assertEquals(List.of("2"), texts(consume("rest-manual?ack=manual", body.replace(":500", ":5000")
                .replace("'batch_size':3", "'batch_size':1"))));
        HttpResponse<String> mixed = gateway.post("/stations/rest-manual/consume/ack", token,
                "{'ack_ids':['" + second + "','nonsense']}");
        assertEquals(400, mixed.statusCode());
        assertEquals("[true,false]", Gateway.parsed(mixed).get("results").toString());
        assertEquals(400, gateway.post("/stations/rest-other/consume/ack", token, "{'ack_ids':['" + third + "']}")
                .statusCode());
        assertEquals(400, gateway.post("/stations/rest-manual/consume/ack", token, "{'ack_ids':[]}").statusCode());
    }

    /** What a group gave up and is sent again comes to its members here too, and goes with their acknowledgement. */
    @Test
    void shouldGiveDeadLettersThatAreSentAgain() {
        produce("rest-letters", 0, 1);
        String body = "{'consumer_name':'c','consumer_group':'g','batch_size':1,'batch_max_wait_time_ms':500,'max_ack_time_ms':1000,"
                + "'max_msg_deliveries':1}";
        assertEquals(List.of("0"), texts(consume("rest-letters?ack=manual", body)));
        assertEquals(List.of(), texts(consume("rest-letters?ack=manual", body.replace(":500", ":2000"))),
                "its time is over meanwhile");
        String list = "v2/dead-letters?station_name=rest-letters";
        Eventually.await("it is given up", () -> gateway.api("GET", list, "").get("total").asInt() == 1);
        long id = gateway.api("GET", list, "").get("messages").get(0).get("id").asLong();
        gateway.api("POST", "stations/resendPoisonMessages", "{'station_name':'rest-letters','poison_message_ids':[" + id + "]}");
        produce("rest-letters", 1, 2);
        JsonNode messages = Gateway.parsed(consume("rest-letters?ack=manual", body.replace("'batch_size':1", "'batch_size':2")));
        assertEquals(2, messages.size());
        assertEquals("0", messages.get(0).get("message").asText(), "before what is new");
        messages.get(0).get("headers").fieldNames().forEachRemaining(name -> assertFalse(name.startsWith("$memphis"), name));
        assertEquals(200, gateway.post("/stations/rest-letters/consume/ack", token, "{'ack_ids':['"
                + messages.get(0).get("ack_id").asText() + "','" + messages.get(1).get("ack_id").asText() + "']}").statusCode());
        assertEquals(0, gateway.api("GET", list, "").get("total").asInt());
    }

    @Test
    void shouldGiveBinaryBodies() {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        assertEquals(200, Gateway.send(gateway.request("/stations/rest-binary/produce/single")
                .header("Authorization", "Bearer " + token).POST(BodyPublishers.ofByteArray(every))).statusCode());
        String body = "{'consumer_name':'c','consumer_group':'x','batch_size':1}";
        String base64 = texts(consume("rest-binary?encoding=base64", body)).get(0);
        org.junit.jupiter.api.Assertions.assertArrayEquals(every, Base64.getDecoder().decode(base64));
        assertTrue(texts(consume("rest-binary", body.replace("'x'", "'y'"))).get(0).contains("\ufffd"));
    }

    @Test
    void shouldGiveMuchAtOnce() {
        String large = "\"" + "x".repeat(100_000) + "\"";
        gateway.post("/stations/rest-much/produce/batch", token, "[" + String.join(",", java.util.Collections.nCopies(60,
                large)).replace("'", "") + "]");
        int seen = 0;
        for (int call = 0; call < 10 && seen < 60; call++) {
            seen += texts(consume("rest-much", "{'consumer_name':'c','batch_size':60,'batch_max_wait_time_ms':100}")).size();
        }
        assertEquals(60, seen); // in as many answers as the budget for one takes
    }
}
