package org.memphisee.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.Connection;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.api.MessageInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.Brokers;

/**
 * A stream goes to a nats-server and comes back, as {@code nats stream backup} and {@code restore} do it: the same sequences,
 * times, headers and consumers on both. Needs a nats-server from 2.15 on, named by {@code MEMPHISEE_NATS_PEER} or on the path;
 * skipped without one.
 */
@Timeout(120)
@SuppressWarnings("try") // the close methods of jnats may throw InterruptedException
final class StreamSnapshotIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int MESSAGES = 300;
    private static final int CHUNK = 50_000;

    @TempDir
    private Path directory;

    private record Snapshot(JsonNode answer, byte[] bytes) { }

    @Test
    void shouldCarryAStreamToAnotherServerAndBack() throws Exception {
        String program = peer();
        assumeTrue(!program.isEmpty(), "there is no nats-server from 2.15 on: neither MEMPHISEE_NATS_PEER nor the path names one");
        int port = freePort();
        Process peer = new ProcessBuilder(program, "-a", "127.0.0.1", "-p", Integer.toString(port), "-js", "-sd",
            directory.resolve("js").toString()).redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
        try (JnatsFixture nats = new JnatsFixture(Brokers.shared())) {
            String stream = nats.stream();
            for (int i = 1; i <= MESSAGES; i++) {
                nats.connection().request(stream + "." + i % 4, new io.nats.client.impl.Headers().add("Nats-Msg-Id", "id-" + i),
                    ("message " + i + " ").repeat(i).getBytes(StandardCharsets.UTF_8)).get(WAIT.toSeconds(), TimeUnit.SECONDS);
            }
            for (int gone : List.of(3, 100, 101)) {
                nats.jsm().deleteMessage(stream, gone);
            }
            ask(nats.connection(), "CONSUMER.DURABLE.CREATE." + stream + ".work", "{\"stream_name\":\"" + stream
                + "\",\"config\":{\"durable_name\":\"work\",\"ack_policy\":\"explicit\",\"ack_wait\":600000000000}}");
            String inbox = nats.connection().createInbox();
            Subscription pulled = nats.connection().subscribe(inbox); // a message keeps its subject, so it is no answer to a request
            for (int i = 0; i < 5; i++) {
                nats.connection().publish("$JS.API.CONSUMER.MSG.NEXT." + stream + ".work", inbox,
                    "{\"batch\":1}".getBytes(StandardCharsets.UTF_8));
                Message m = pulled.nextMessage(WAIT);
                if (i < 2) {
                    nats.connection().request(m.getReplyTo(), "+ACK".getBytes(StandardCharsets.UTF_8), WAIT);
                }
            }
            try (Connection other = connect(port)) {
                Snapshot ours = snapshot(nats.connection(), stream);
                restore(other, stream, ours);
                assertSame(nats.connection(), other, stream);
                Snapshot theirs = snapshot(other, stream);
                nats.jsm().deleteStream(stream);
                restore(nats.connection(), stream, theirs);
                assertSame(other, nats.connection(), stream);
            }
        } finally {
            peer.destroy();
            peer.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static Connection connect(int port) throws Exception {
        return Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + port).connectionTimeout(WAIT)
            .maxReconnects(100).reconnectWait(Duration.ofMillis(100)).errorListener(new io.nats.client.ErrorListener() { })
            .build());
    }

    private static void assertSame(Connection one, Connection other, String stream) throws Exception {
        JetStreamOptions options = JetStreamOptions.builder().requestTimeout(WAIT).build();
        for (int i = 1; i <= MESSAGES; i++) {
            int sequence = i;
            if (List.of(3, 100, 101).contains(i)) {
                continue;
            }
            MessageInfo a = one.jetStreamManagement(options).getMessage(stream, sequence);
            MessageInfo b = other.jetStreamManagement(options).getMessage(stream, sequence);
            assertEquals(a.getSubject(), b.getSubject());
            assertEquals(a.getTime(), b.getTime());
            assertEquals(a.getHeaders(), b.getHeaders());
            assertEquals(new String(a.getData(), StandardCharsets.UTF_8), new String(b.getData(), StandardCharsets.UTF_8));
        }
        JsonNode a = ask(one, "STREAM.INFO." + stream, "{\"deleted_details\":true}").get("state");
        assertEquals(a, ask(other, "STREAM.INFO." + stream, "{\"deleted_details\":true}").get("state"));
        JsonNode c = ask(one, "CONSUMER.INFO." + stream + ".work", "");
        JsonNode d = ask(other, "CONSUMER.INFO." + stream + ".work", "");
        for (String member : List.of("num_ack_pending", "num_redelivered", "num_pending")) {
            assertEquals(c.get(member), d.get(member), member);
        }
        for (String member : List.of("delivered", "ack_floor")) {
            assertEquals(c.get(member).get("consumer_seq"), d.get(member).get("consumer_seq"), member);
            assertEquals(c.get(member).get("stream_seq"), d.get(member).get("stream_seq"), member);
        }
    }

    private static JsonNode ask(Connection connection, String operation, String json) throws Exception {
        Message answer = connection.request("$JS.API." + operation, json.getBytes(StandardCharsets.UTF_8), WAIT);
        JsonNode read = MAPPER.readTree(answer.getData());
        assertFalse(read.has("error"), read.toString());
        return read;
    }

    private static Snapshot snapshot(Connection connection, String stream) throws Exception {
        String inbox = connection.createInbox();
        Subscription chunks = connection.subscribe(inbox);
        connection.flush(WAIT);
        JsonNode answer = ask(connection, "STREAM.SNAPSHOT." + stream, "{\"deliver_subject\":\"" + inbox
            + "\",\"chunk_size\":4096,\"window_size\":16384}");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Message m = chunks.nextMessage(WAIT);
        while (m != null && m.getData().length > 0) {
            all.writeBytes(m.getData());
            if (m.getReplyTo() != null) {
                connection.publish(m.getReplyTo(), new byte[0]);
            }
            m = chunks.nextMessage(WAIT);
        }
        chunks.unsubscribe();
        assertFalse(m == null || m.isStatusMessage() && m.getStatus().getCode() != 204, "the snapshot was not completed: " + m);
        return new Snapshot(answer, all.toByteArray());
    }

    private static void restore(Connection connection, String stream, Snapshot from) throws Exception {
        ObjectNode request = MAPPER.createObjectNode();
        request.set("config", from.answer().get("config"));
        request.set("state", from.answer().get("state"));
        String to = ask(connection, "STREAM.RESTORE." + stream, request.toString()).get("deliver_subject").asText();
        byte[] bytes = from.bytes();
        for (int at = 0; at < bytes.length; at += CHUNK) {
            Message answer = connection.request(to, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + CHUNK)), WAIT);
            assertEquals("", new String(answer.getData(), StandardCharsets.UTF_8));
        }
        JsonNode end = MAPPER.readTree(connection.request(to, new byte[0], WAIT).getData());
        assertFalse(end.has("error"), end.toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The program, empty when there is none that is new enough. */
    private static String peer() throws Exception {
        String named = System.getenv("MEMPHISEE_NATS_PEER");
        for (String program : named == null ? List.of("nats-server") : List.of(named)) {
            try {
                Process version = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
                String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                java.util.regex.Matcher m = java.util.regex.Pattern.compile("v(\\d+)\\.(\\d+)\\.").matcher(text);
                if (version.waitFor() == 0 && m.find()
                    && Integer.parseInt(m.group(1)) * 1000 + Integer.parseInt(m.group(2)) >= 2015) {
                    return program;
                }
            } catch (IOException e) {
                continue; // it is not there
            }
        }
        return "";
    }
}
