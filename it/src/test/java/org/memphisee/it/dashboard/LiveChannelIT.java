package org.memphisee.it.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.it.support.Eventually;

/** The live channel (dashboard.md D-01, 3.9; U-027) over a real WebSocket. */
final class LiveChannelIT {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Duration QUESTIONS = Duration.ofMillis(100);
    /** Rates are rounded, and a late look spreads what it finds over the time since the last one. */
    private static final double ALMOST_FIVE = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final DashboardClient client = new DashboardClient();
    private final String station = "live-it-" + NAMES.incrementAndGet();
    private String token;

    @BeforeEach
    void createStation() throws Exception {
        token = client.rootToken();
        client.call(token, "POST", "stations/createStation", DashboardClient.JSON.createObjectNode().put("name", station)
                .put("retention_type", "messages").put("retention_value", 1000).put("partitions_number", 2)
                .put("storage_type", "file").put("replicas", 1));
    }

    @AfterEach
    void removeStation() throws Exception {
        ObjectNode body = DashboardClient.JSON.createObjectNode();
        body.putArray("station_names").add(station);
        client.call(token, "DELETE", "stations/removeStation", body);
    }

    private JsonNode row(JsonNode frame) {
        for (JsonNode row : frame.path("data").path("rows")) {
            if (row.path("name").asText().equals(station)) {
                return row;
            }
        }
        return DashboardClient.JSON.missingNode();
    }

    private void publish(Connection connection, int partition, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            connection.jetStream().publish(station + "$" + partition + ".final", ("m" + i).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldShowWhatHappens() throws Exception {
        try (LiveChannel channel = LiveChannel.signedIn(client, token); Connection nats = NatsClient.connect(client.broker())) {
            channel.follow(1, "overview", "{}");
            assertEquals("snapshot", channel.await(1, frame -> true).path("kind").asText());
            // the first frame may be of a look shortly before
            JsonNode overview = channel.await(1, frame -> frame.path("data").path("connections").asLong() >= 1);
            assertTrue(overview.path("data").path("startedAt").asLong() > 0, overview.toString());
            assertTrue(overview.path("data").path("wellKnownPassword").asBoolean(), overview.toString());
            channel.follow(2, "stations", "{}");
            JsonNode first = row(channel.await(2, frame -> !row(frame).isMissingNode()));
            assertEquals(0, first.path("messages").asInt(-1), first.toString());
            assertEquals(2, first.path("partitions").asInt());

            publish(nats, 1, 3);
            publish(nats, 2, 4);
            JsonNode seven = channel.await(2, frame -> row(frame).path("messages").asInt() == 7);
            assertEquals("delta", seven.path("kind").asText());
            channel.await(2, frame -> row(frame).path("inRate").asDouble() > 0);
            JsonNode flowing = channel.await(1, frame -> frame.path("data").path("inRate").asDouble() > 0);
            assertTrue(flowing.path("data").path("inRate").asDouble() <= 7, "what was stored: " + flowing);
            channel.await(1, frame -> frame.path("data").path("dataBytes").asLong()
                    > 10 * frame.path("data").path("storedBytes").asLong()); // the database is in there too
        }
    }

    /** W-07, W-08. */
    @Test
    void shouldTellOfTasksAndWhatPeopleShouldHearOf() throws Exception {
        try (LiveChannel channel = LiveChannel.signedIn(client, token)) {
            channel.follow(1, "tasks", "{}");
            channel.follow(2, "notices", "{}");
            assertEquals("snapshot", channel.await(1, frame -> true).path("kind").asText());
            assertEquals("snapshot", channel.await(2, frame -> true).path("kind").asText());
            ObjectNode body = DashboardClient.JSON.createObjectNode().put("station_name", station);
            body.putArray("poison_message_ids");
            client.call(token, "POST", "stations/resendPoisonMessages", body);
            JsonNode[] last = new JsonNode[3];
            channel.await(frame -> { // whichever is the first
                int id = frame.path("id").asInt();
                if ((id == 1 || id == 2) && !about(frame).isMissingNode()) {
                    last[id] = about(frame);
                }
                return last[1] != null && last[1].path("state").asText().equals("completed") && last[2] != null;
            });
            assertEquals("root", last[1].path("user").asText(), last[1].toString());
            assertTrue(last[1].path("endedAt").asLong() >= last[1].path("startedAt").asLong(), last[1].toString());
            assertTrue(last[2].path("text").asText().endsWith("has been completed successfully"), last[2].toString());
        }
    }

    private JsonNode about(JsonNode frame) {
        for (JsonNode row : frame.path("data").path("rows")) {
            if (row.path("station").asText().equals(station)) {
                return row;
            }
        }
        return DashboardClient.JSON.missingNode();
    }

    /** A machine that is busy with other things may be late once or twice, a broker that looks too seldom is so each time. */
    @Test
    void shouldShowAMessageWithinTwoSeconds() throws Exception {
        try (LiveChannel channel = LiveChannel.signedIn(client, token); Connection nats = NatsClient.connect(client.broker())) {
            channel.follow(2, "stations", "{}");
            channel.await(2, frame -> !row(frame).isMissingNode());
            long fastest = Long.MAX_VALUE;
            for (int round = 1; round <= 8 && fastest >= 2_000; round++) {
                int all = round;
                publish(nats, 1, 1);
                long stored = System.nanoTime();
                channel.await(2, frame -> row(frame).path("messages").asInt() == all);
                fastest = Math.min(fastest, Duration.ofNanos(System.nanoTime() - stored).toMillis());
            }
            assertTrue(fastest < 2_000, "seen after " + fastest + " ms at best");
        }
    }

    /** Nobody has looked while it happened. */
    @Test
    void shouldTellWhatWentThroughBeforeAnybodyLooked() throws Exception {
        long before = 0; // however late a step is measured, what follows is in later ones
        for (JsonNode point : series()) {
            before = Math.max(before, point.path(0).asLong());
        }
        long begin = before + 1;
        try (Connection nats = NatsClient.connect(client.broker())) {
            publish(nats, 1, 5);
        }
        Eventually.await("five messages in the series", LIMIT, QUESTIONS, () -> stored(begin, series()) > ALMOST_FIVE);
        // at first it may be shown what somebody else looked at two seconds ago
        Eventually.await("five messages in the first frame", LIMIT, QUESTIONS, () -> {
            try (LiveChannel channel = LiveChannel.signedIn(client, token)) {
                channel.follow(1, "overview", "{}");
                return stored(begin, channel.await(1, frame -> true).path("data").path("history")) > ALMOST_FIVE;
            }
        });
    }

    /** Messages per second of one-second steps since a time, together. */
    private JsonNode series() throws Exception {
        return client.call(token, "GET", "v2/metrics/series?step=1", DashboardClient.JSON.createObjectNode()).path("points");
    }

    private static double stored(long sinceMillis, JsonNode points) {
        double stored = 0;
        for (JsonNode point : points) {
            stored += point.path(0).asLong() >= sinceMillis ? point.path(1).asDouble() : 0;
        }
        return stored;
    }

    @Test
    void shouldShowTheLagOfEachGroup() throws Exception {
        try (LiveChannel channel = LiveChannel.signedIn(client, token); Connection nats = NatsClient.connect(client.broker())) {
            NatsClient.consumer(nats, station + "$1", "readers");
            NatsClient.consumer(nats, station + "$2", "readers");
            publish(nats, 1, 5);
            publish(nats, 2, 2);
            channel.follow(9, "groups", "{\"station\":\"" + station + "\"}");
            channel.await(9, frame -> row(frame, "readers").path("lag").asInt() == 7);
            NatsClient.acknowledge(nats, station + "$1", "readers", 4);
            JsonNode after = row(channel.await(9, frame -> row(frame, "readers").path("lag").asInt() == 3), "readers");
            assertEquals(3, after.path("waiting").asInt() + after.path("inProcess").asInt(), after.toString());
        }
    }

    private static JsonNode row(JsonNode frame, String key) {
        for (JsonNode row : frame.path("data").path("rows")) {
            if (row.path("key").asText().equals(key)) {
                return row;
            }
        }
        return DashboardClient.JSON.missingNode();
    }

    @Test
    void shouldSayWhichStationsAreGone() throws Exception {
        try (LiveChannel channel = LiveChannel.signedIn(client, token)) {
            channel.follow(1, "stations", "{}");
            channel.await(1, frame -> !row(frame).isMissingNode());
            removeStation();
            channel.await(1, frame -> frame.path("data").path("gone").toString().contains(station));
            createStation();
            channel.await(1, frame -> !row(frame).isMissingNode());
        }
    }

    @Test
    void shouldSendNothingToWhomNothingFollows() throws Exception {
        try (LiveChannel channel = LiveChannel.signedIn(client, token)) {
            channel.follow(1, "overview", "{}");
            channel.await(1, frame -> frame.path("kind").asText().equals("delta"));
            channel.send("{\"op\":\"unsub\",\"id\":1}");
            channel.send("{\"op\":\"ping\"}");
            channel.await(frame -> frame.path("kind").asText().equals("pong"));
            Thread.sleep(2_500);
            assertEquals(0, channel.waiting());
        }
    }

    @Test
    void shouldTalkOnlyToWhoHasAToken() throws Exception {
        try (LiveChannel forged = new LiveChannel(client); LiveChannel silent = new LiveChannel(client);
                LiveChannel hasty = new LiveChannel(client)) {
            forged.send("{\"op\":\"auth\",\"token\":\"" + token.substring(0, token.length() - 4) + "AAAA\"}");
            assertEquals(4401, forged.closeCode());
            hasty.follow(1, "overview", "{}");
            assertEquals(4401, hasty.closeCode());
            assertEquals(0, silent.waiting());
        }
    }

    @Test
    void shouldEndWithItsUser() throws Exception {
        String user = "live-it-user-" + NAMES.incrementAndGet();
        client.call(token, "POST", "usermgmt/addUser", DashboardClient.JSON.createObjectNode().put("username", user)
                .put("user_type", "management").put("password", "Passw0rd!x"));
        try (LiveChannel channel = LiveChannel.signedIn(client, client.token(user, "Passw0rd!x"))) {
            channel.follow(1, "overview", "{}");
            channel.await(1, frame -> true);
            client.call(token, "DELETE", "usermgmt/removeUser",
                    DashboardClient.JSON.createObjectNode().put("username", user));
            assertEquals(4401, channel.closeCode());
        }
    }

    @Test
    void shouldKeepPagesOfOtherSitesOut() {
        WebSocket.Builder builder = client.http().newWebSocketBuilder().header("Origin", "http://evil.example");
        CompletionException refused = assertThrows(CompletionException.class, () -> builder.buildAsync(
                URI.create("ws://" + client.authority() + "/api/v2/live"), new WebSocket.Listener() { }).join());
        WebSocketHandshakeException cause = (WebSocketHandshakeException) refused.getCause();
        assertEquals(403, cause.getResponse().statusCode());
    }

    private HttpResponse<String> poll(String bearer, String origin, String body) throws Exception {
        HttpRequest.Builder request = client.request("/api/v2/live/poll").POST(HttpRequest.BodyPublishers.ofString(body));
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (!origin.isEmpty()) {
            request.header("Origin", origin);
        }
        return client.send(request);
    }

    private JsonNode frames(String body) throws Exception {
        HttpResponse<String> answer = poll(token, "http://" + client.authority(), body);
        assertEquals(200, answer.statusCode(), answer.body());
        return DashboardClient.JSON.readTree(answer.body()).path("frames");
    }

    @Test
    void shouldAnswerQuestionsOfPagesThatGetNoWebSocketThrough() throws Exception {
        JsonNode[] found = {DashboardClient.JSON.missingNode()};
        String wanted = "{\"topics\":[{\"id\":4,\"topic\":\"overview\"},{\"id\":5,\"topic\":\"stations\"},"
                + "{\"id\":6,\"topic\":\"groups\",\"args\":{\"station\":\"" + station + "\"}}]}";
        Eventually.await("all three topics", LIMIT, QUESTIONS, () -> {
            found[0] = frames(wanted);
            return found[0].size() == 3 && !row(found[0].path(1)).isMissingNode();
        });
        assertTrue(found[0].path(0).path("data").path("history").isArray(), found[0].toString());
        for (JsonNode frame : found[0]) {
            assertEquals("snapshot", frame.path("kind").asText(), frame.toString());
        }

        long seen = found[0].path(1).path("seq").asLong();
        try (Connection nats = NatsClient.connect(client.broker())) {
            publish(nats, 1, 3);
        }
        JsonNode[] delta = {DashboardClient.JSON.missingNode()};
        Eventually.await("what changed since", LIMIT, QUESTIONS, () -> {
            delta[0] = frames("{\"topics\":[{\"id\":5,\"topic\":\"stations\",\"seen\":" + seen + "}]}").path(0);
            return row(delta[0]).path("messages").asInt() == 3;
        });
        assertEquals("delta", delta[0].path("kind").asText(), delta[0].toString());
    }

    @Test
    void shouldAnswerNoOtherQuestions() throws Exception {
        String all = "{\"topics\":[{\"id\":5,\"topic\":\"stations\"}]}";
        assertEquals(401, poll("", "", all).statusCode());
        assertEquals(401, poll(token.substring(1), "", all).statusCode());
        assertEquals(403, poll(token, "http://evil.example", all).statusCode());
        for (String body : new String[] {"", "[", "{}", "{\"topics\":{}}", "{\"topics\":[{\"id\":1,\"topic\":\"users\"}]}",
                "{\"topics\":[" + "{\"id\":1,\"topic\":\"overview\"},".repeat(40) + "{}]}", "x".repeat(40_000)}) {
            assertEquals(400, poll(token, "", body).statusCode(), body.substring(0, Math.min(40, body.length())));
        }
        HttpResponse<String> get = client.get("/api/v2/live/poll");
        assertEquals(405, get.statusCode());
        assertEquals("POST", get.headers().firstValue("Allow").orElse(""));
    }

    @Test
    void shouldSurviveFramesThatMakeNoSense() throws Exception {
        for (String frame : new String[] {"", "{", "[]", "null", "{\"op\":{}}", "{\"op\":\"sub\"}", "x".repeat(15_000),
                "[".repeat(10_000)}) {
            try (LiveChannel channel = new LiveChannel(client)) {
                channel.send(frame);
                assertEquals(4401, channel.closeCode(), frame.substring(0, Math.min(20, frame.length())));
            }
        }
        try (LiveChannel channel = LiveChannel.signedIn(client, token)) {
            channel.follow(-5, "overview", "{}");
            channel.await(frame -> frame.path("kind").asText().equals("error"));
            channel.follow(5, "nothing", "{}");
            channel.await(5, frame -> frame.path("kind").asText().equals("error"));
        }
        assertEquals(200, client.send(client.request("/").method("HEAD", HttpRequest.BodyPublishers.noBody())).statusCode());
    }

    @Test
    void shouldCutOffWhoSendsTooMuchAtOnce() throws Exception {
        try (LiveChannel channel = LiveChannel.signedIn(client, token)) {
            channel.send("{\"op\":\"ping\",\"x\":\"" + "y".repeat(40_000) + "\"}");
            assertEquals(1009, channel.closeCode());
        }
    }

    /** One frame whose header promises a terabyte, from somebody without a token. */
    @Test
    void shouldNotWaitForWhatAFrameDeclares() throws Exception {
        try (Socket socket = new Socket("localhost", client.broker().ports().dashboard())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(("GET /api/v2/live HTTP/1.1\r\nHost: " + client.authority()
                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertTrue(new String(in.readNBytes(12), StandardCharsets.US_ASCII).endsWith("101"));
            socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4});
            try {
                for (int i = 0; i < 10_000; i++) {
                    socket.getOutputStream().write(new byte[65_536]); // 640 MB if nobody stops it
                }
                throw new AssertionError("the server took all of it");
            } catch (IOException cutOff) {
                assertEquals(200, client.get("/api/status").statusCode());
            }
        }
    }
}
