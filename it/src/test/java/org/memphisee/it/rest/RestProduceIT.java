package org.memphisee.it.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.Subscription;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;

/** Producing through the gateway, seen by a client on the client port. */
final class RestProduceIT {
    private static final String DONE = "{\"error\":null,\"success\":true}";
    private static Gateway gateway;
    private static String token;
    private static Connection nats;

    @BeforeAll
    static void open() throws Exception {
        gateway = new Gateway((BrokerProcess) Brokers.shared());
        token = gateway.rootToken();
        nats = Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + gateway.broker().clientPort())
                .userInfo("root", gateway.broker().password()).build());
    }

    @AfterAll
    static void close() throws Exception {
        nats.close();
    }

    private static HttpResponse<String> single(String station, String type, byte[] body, String... headers) {
        var request = gateway.request("/stations/" + station + "/produce/single").header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return Gateway.send(request);
    }

    private static HttpResponse<String> batch(String pathAndQuery, String body) {
        return Gateway.send(gateway.request("/stations/" + pathAndQuery).header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json; charset=utf-8").POST(BodyPublishers.ofString(body)));
    }

    /** All messages of a partition, in order. */
    private static List<Message> stored(String stream) throws Exception {
        JetStreamSubscription all = nats.jetStream().subscribe(stream + ".>",
                PullSubscribeOptions.builder().stream(stream).build());
        List<Message> messages = new ArrayList<>();
        List<Message> some;
        do {
            some = all.fetch(500, Duration.ofMillis(500));
            some.forEach(Message::ack);
            messages.addAll(some);
        } while (!some.isEmpty());
        all.unsubscribe();
        return messages;
    }

    private static String text(Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    /** F-155: the requests of docs/guide/recipes.md, as they stand there, and Argo's subscription. */
    @Test
    void shouldServeTheRecipesForOtherToolsAsTheyAreWritten() throws Exception {
        String page = Files.readString(Path.of("../docs/guide/recipes.md"));
        Matcher requests = Pattern.compile("```http\n(POST) (\\S+)\n(.*?)\n\n(.*?)\n```", Pattern.DOTALL).matcher(page);
        String subject = page.replaceAll("(?s).*\n    subject: (\\S+)\n.*", "$1");
        assertEquals(200, single("hooks-argo", "text/plain", new byte[0]).statusCode()); // it is there before it is listened to
        Subscription argo = nats.subscribe(subject);
        nats.flush(Duration.ofSeconds(10));
        String recipeToken = "";
        List<String> sent = new ArrayList<>();
        while (requests.find()) {
            String body = requests.group(4).replace("USER", "root").replace("PASSWORD", gateway.broker().password());
            var request = gateway.request(requests.group(2).replace("TOKEN", recipeToken)).POST(BodyPublishers.ofString(body));
            for (String header : requests.group(3).split("\n")) {
                request.header(header.replaceFirst(":.*", ""), header.replaceFirst("[^:]*: ", "").replace("TOKEN", recipeToken));
            }
            HttpResponse<String> response = Gateway.send(request);
            assertEquals(200, response.statusCode(), requests.group(2) + ": " + response.body());
            if (recipeToken.isEmpty()) {
                recipeToken = Gateway.parsed(response).get("jwt").asText();
            } else {
                assertEquals(DONE, response.body());
                sent.add(body);
            }
        }
        assertEquals(4, sent.size());
        assertEquals(sent.subList(0, 2), stored("hooks-zapier$1").stream().map(RestProduceIT::text).toList());
        assertEquals(sent.subList(2, 3), stored("hooks-changes$1").stream().map(RestProduceIT::text).toList());
        assertEquals(sent.get(3), text(argo.nextMessage(Duration.ofSeconds(10))));
        argo.unsubscribe();
    }

    @Test
    void shouldStoreBodiesByteForByteInAStationMadeForThem() throws Exception { // R-003, R-003a
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        String[] types = {"application/json", "application/json; charset=utf-8", "text/plain", "text/xml",
            "application/x-protobuf", "application/octet-stream", "application/x-www-form-urlencoded", ""};
        for (String type : types) {
            HttpResponse<String> response = single("Rest.Bytes", type, every);
            assertEquals(200, response.statusCode(), type + " " + response.body());
            assertEquals(DONE, response.body());
            assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
        }
        assertEquals(200, single("rest.bytes", "text/plain", new byte[0]).statusCode());
        List<Message> messages = stored("rest#bytes$1");
        assertEquals(types.length + 1, messages.size());
        for (int i = 0; i < types.length; i++) {
            assertArrayEquals(every, messages.get(i).getData(), types[i]);
        }
        assertEquals(0, messages.get(types.length).getData().length);
        var stream = nats.jetStreamManagement().getStreamInfo("rest#bytes$1").getConfiguration();
        assertEquals(Duration.ofHours(1), stream.getMaxAge());
        assertEquals(Duration.ofMinutes(2), stream.getDuplicateWindow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/zip", "multipart/form-data; boundary=x"})
    void shouldRefuseOtherTypes(String type) { // R-003c
        HttpResponse<String> response = single("rest-types", type, new byte[1]);
        assertEquals(415, response.statusCode());
        assertTrue(response.body().startsWith("{\"error\":\"unsupported content type\",\"success\":false,\"hint\":\"send "),
                response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a%20b|Only alphanumeric and the '_', '-', '.' characters are allowed in Station",
        "a+b|Only alphanumeric and the '_', '-', '.' characters are allowed in Station",
        "-a|Station name can not start or end with non alphanumeric character"})
    void shouldRefuseBadNames(String station, String text) {
        HttpResponse<String> response = single(station, "text/plain", new byte[1]);
        assertEquals(400, response.statusCode(), response.body());
        assertEquals(text, Gateway.parsed(response).get("error").asText());
    }

    @Test
    void shouldMapHeaders() throws Exception {
        HttpResponse<String> response = single("rest-headers", "application/json", "{}".getBytes(),
                "X-Order", "42", "x-lower-case", "v", "Cookie", "secret=1", "Nats-Rollup", "all",
                "Nats-Expected-Stream", "other", "Nats-Msg-Id", "1", "X-Twice", "first", "X-Twice", "second",
                "X-Text", "gr\u00fcn");
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(200, single("rest-headers", "application/json", "{}".getBytes(), "Nats-Msg-Id", "1").statusCode());
        List<Message> messages = stored("rest-headers$1");
        assertEquals(2, messages.size());
        var headers = messages.get(0).getHeaders();
        assertEquals("42", headers.getFirst("X-Order"));
        assertEquals("v", headers.getFirst("X-Lower-Case"));
        assertEquals("first", headers.getFirst("X-Twice"));
        assertEquals("application/json", headers.getFirst("Content-Type"));
        assertEquals("rest-gateway", headers.getFirst("$memphis_producedBy"));
        assertFalse(headers.getFirst("$memphis_connectionId").isEmpty());
        assertTrue(headers.getFirst("Host").startsWith("127.0.0.1"));
        for (String kept : new String[] {"Authorization", "Cookie", "Nats-Rollup", "Nats-Expected-Stream", "Nats-Msg-Id",
            "Connection"}) {
            assertNull(headers.getFirst(kept), kept);
        }
        assertFalse(headers.toString().contains(token));
        response = single("rest-headers", "text/plain", new byte[1], "$memphis_producedBy", "me");
        assertEquals(400, response.statusCode());
        assertEquals("Keys in headers should not start with $memphis", Gateway.parsed(response).get("error").asText());
    }

    @Test
    void shouldStoreOneMessageForOneMessageId() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(200, single("rest-ids", "text/plain", "x".getBytes(), "Msg-Id", "same").statusCode());
        }
        assertEquals(200, single("rest-ids", "text/plain", "y".getBytes(), "msg-id", "other").statusCode());
        List<Message> messages = stored("rest-ids$1");
        assertEquals(2, messages.size());
        assertEquals("same", messages.get(0).getHeaders().getFirst("msg-id"));
    }

    @Test
    void shouldTakeTheLargestMessageAndNoLarger() throws Exception {
        HttpResponse<String> large = single("rest-large", "text/plain", new byte[1 << 20]);
        assertEquals(413, large.statusCode());
        int limit = Integer.parseInt(Gateway.parsed(large).get("error").asText().replaceAll(".* (\\d+) bytes", "$1"));
        assertTrue(limit > (1 << 20) - 1024, () -> "headers take " + ((1 << 20) - limit));
        assertEquals(200, single("rest-large", "text/plain", new byte[limit]).statusCode());
        assertEquals(413, single("rest-large", "text/plain", new byte[limit + 1]).statusCode());
        // the same without a length announced
        assertEquals(413, Gateway.send(gateway.request("/stations/rest-large/produce/single")
                .header("Authorization", "Bearer " + token).header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[2 << 20])))).statusCode());
        assertEquals(200, Gateway.send(gateway.request("/stations/rest-large/produce/single")
                .header("Authorization", "Bearer " + token).header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[500_000])))).statusCode());
        List<Message> messages = stored("rest-large$1");
        assertEquals(List.of(limit, 500_000), messages.stream().map(m -> m.getData().length).toList());
    }

    @Test
    void shouldUndoCompression() throws Exception {
        byte[] plain = "plain text, plain text, plain text".repeat(1000).getBytes();
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(plain);
        }
        ByteArrayOutputStream deflate = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflate)) {
            out.write(plain);
        }
        assertEquals(200, single("rest-zip", "text/plain", gzip.toByteArray(), "Content-Encoding", "gzip").statusCode());
        assertEquals(200, single("rest-zip", "text/plain", deflate.toByteArray(), "Content-Encoding", "deflate")
                .statusCode());
        assertEquals(400, single("rest-zip", "text/plain", plain, "Content-Encoding", "gzip").statusCode());
        assertEquals(415, single("rest-zip", "text/plain", plain, "Content-Encoding", "compress").statusCode());
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            out.write(new byte[64 << 20]);
        }
        assertEquals(413, single("rest-zip", "text/plain", bomb.toByteArray(), "Content-Encoding", "gzip").statusCode());
        List<Message> messages = stored("rest-zip$1");
        assertEquals(2, messages.size());
        for (Message message : messages) {
            assertArrayEquals(plain, message.getData());
            assertNull(message.getHeaders().getFirst("Content-Encoding"));
        }
    }

    @Test
    void shouldStoreABatchInOrderWithoutChangingIt() throws Exception {
        String body = "[ {\"b\" : 9007199254740993, \"a\":\"<&> \\u00e9\"}, 1e400 ,\"text \\\" ]\",null,[1, 2],\n{} ]";
        HttpResponse<String> response = batch("rest-batch/produce/batch", body);
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(DONE, response.body());
        assertEquals(List.of("{\"b\":9007199254740993,\"a\":\"<&> \\u00e9\"}", "1e400", "\"text \\\" ]\"", "null", "[1,2]",
                "{}"), stored("rest-batch$1").stream().map(RestProduceIT::text).toList());
        assertEquals(200, batch("rest-batch/produce/batch", "[]").statusCode());
        StringBuilder many = new StringBuilder("[");
        for (int i = 0; i < 5000; i++) {
            many.append(i == 0 ? "" : ",").append("{\"n\":").append(i).append('}');
        }
        response = batch("rest-batch-many/produce/batch?results=true", many.append(']').toString());
        JsonNode results = Gateway.parsed(response).get("results");
        assertEquals(5000, results.size());
        assertEquals(5000, results.get(4999).get("sequence").asLong());
        List<Message> messages = stored("rest-batch-many$1");
        for (int i = 0; i < 5000; i++) {
            assertEquals("{\"n\":" + i + "}", text(messages.get(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "", "[", "[1,]", "[1] x", "nonsense", "[{\"a\":1]"})
    void shouldRefuseWhatIsNoArrayAndStoreNothing(String body) throws Exception { // R-004b
        HttpResponse<String> response = batch("rest-no-batch/produce/batch", body);
        assertEquals(400, response.statusCode());
        assertTrue(response.body().startsWith("{\"error\":\"unsupported request\",\"success\":false,\"hint\":\"a batch is"),
                response.body());
        assertFalse(nats.jetStreamManagement().getStreamNames().contains("rest-no-batch$1"));
    }

    @Test
    void shouldSayWhatOfABatchWasSent() throws Exception {
        String large = "\"" + "x".repeat(1 << 20) + "\"";
        HttpResponse<String> response = batch("rest-partly/produce/batch?results=true", "[1," + large + ",3]");
        assertEquals(413, response.statusCode());
        JsonNode answer = Gateway.parsed(response);
        assertEquals(1, answer.get("sent").asInt());
        assertEquals(2, answer.get("fail").asInt());
        assertFalse(answer.get("success").asBoolean());
        assertEquals(answer.get("error"), answer.get("errors"));
        assertEquals(2, answer.get("results").size());
        assertEquals(List.of("1"), stored("rest-partly$1").stream().map(RestProduceIT::text).toList());
    }

    @Test
    void shouldRefuseWhatDoesNotFitTheSchema() throws Exception { // R-003b, R-004a
        String schema = "{\"name\":\"rest-schema\",\"type\":\"json\",\"schema_content\":\"{\\\"type\\\":\\\"integer\\\"}\"}";
        nats.request("$memphis_schema_creations", schema.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10));
        assertEquals(200, single("rest-schema", "application/json", "0".getBytes(StandardCharsets.UTF_8)).statusCode());
        nats.request("$memphis_schema_attachments", "{\"name\":\"rest-schema\",\"station_name\":\"rest-schema\"}"
                .getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10));
        HttpResponse<String> refused = single("rest-schema", "application/json", "\"x\"".getBytes(StandardCharsets.UTF_8));
        assertEquals(400, refused.statusCode(), refused.body());
        JsonNode one = Gateway.parsed(refused);
        assertTrue(one.get("error").asText().startsWith("Schema validation has failed: "), refused.body());
        assertFalse(one.get("success").asBoolean());
        HttpResponse<String> partly = batch("rest-schema/produce/batch", "[1,\"x\",3]");
        assertEquals(400, partly.statusCode(), partly.body());
        JsonNode answer = Gateway.parsed(partly);
        assertEquals(1, answer.get("sent").asInt());
        assertEquals(2, answer.get("fail").asInt());
        assertTrue(answer.get("errors").get(0).asText().startsWith("Schema validation has failed: "), partly.body());
        nats.request("$memphis_schema_detachments", "{\"station_name\":\"rest-schema\"}".getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(10));
        assertEquals(200, single("rest-schema", "application/json", "\"y\"".getBytes(StandardCharsets.UTF_8)).statusCode());
        assertEquals(List.of("0", "1", "\"y\""), stored("rest-schema$1").stream().map(RestProduceIT::text).toList());
    }

    @Test
    void shouldLetTheClientChooseThePartition() throws Exception {
        String creation = "{\"name\":\"rest-parts\",\"retention_type\":\"message_age_sec\",\"retention_value\":3600,"
                + "\"storage_type\":\"file\",\"replicas\":1,\"partitions_number\":3,\"username\":\"root\"}";
        nats.request("$memphis_station_creations", creation.getBytes(), Duration.ofSeconds(10));
        for (int i = 0; i < 4; i++) {
            assertEquals(200, batch("rest-parts/produce/batch?partition_key=customer", "[" + i + "]").statusCode());
        }
        assertEquals(200, batch("rest-parts/produce/batch?partition_number=2", "[\"two\"]").statusCode());
        assertEquals(400, batch("rest-parts/produce/batch?partition_number=4", "[1]").statusCode());
        assertEquals(400, batch("rest-parts/produce/batch?partition_number=x", "[1]").statusCode());
        assertEquals(400, batch("rest-parts/produce/batch?partition_number=1&partition_key=a", "[1]").statusCode());
        List<Integer> sizes = new ArrayList<>();
        for (int p = 1; p <= 3; p++) {
            List<String> texts = stored("rest-parts$" + p).stream().map(RestProduceIT::text).toList();
            sizes.add(texts.size());
            assertTrue(texts.contains("\"two\"") == (p == 2));
        }
        sizes.sort(null);
        assertTrue(sizes.equals(List.of(0, 1, 4)) || sizes.equals(List.of(0, 0, 5)), sizes::toString);
    }
}
