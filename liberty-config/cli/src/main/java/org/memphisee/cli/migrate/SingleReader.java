package org.memphisee.cli.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

/** Reads a stream by asking for one message after the other, many questions at a time. Nothing changes at the server. */
final class SingleReader implements MessageReader {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int NO_MESSAGE = 10037;
    private static final int MOST = 256;
    private static final int LEAST = 4;
    /** So much may be under way, as far as messages are as large as those before. */
    private static final long BYTES = 8L << 20;
    private static final long NANOS = 1_000_000_000L;

    private final JetStreamServer server;
    private final String subject;
    private final long to;
    private final Queue<CompletableFuture<byte[]>> asked = new ArrayDeque<>();
    private long next;
    private long ask;
    private long large;

    SingleReader(JetStreamServer server, JsonNode info, long from, long to) {
        this.server = server;
        this.subject = JetStreamServer.API + "STREAM.MSG.GET." + info.path("config").path("name").asText();
        this.to = to;
        next = Math.max(1, Math.max(from, info.path("state").path("first_seq").asLong()));
        ask = next;
        JsonNode state = info.path("state");
        large = state.path("bytes").asLong() / Math.max(1, state.path("messages").asLong());
    }

    @Override
    public StoredMessage next() {
        while (true) {
            long room = Math.max(LEAST, Math.min(MOST, BYTES / Math.max(1, large)));
            while (ask <= to && asked.size() < room) {
                asked.add(server.session().request(subject, ("{\"seq\":" + ask++ + ",\"next_by_subj\":\">\"}")
                    .getBytes(StandardCharsets.UTF_8)));
            }
            if (asked.isEmpty()) {
                return null;
            }
            StoredMessage m = message(server.broker().await(asked.remove()));
            if (m == null || m.sequence() > to) {
                close(); // nothing is behind it
                ask = Long.MAX_VALUE;
                return null;
            }
            if (m.sequence() >= next) { // else several questions had the same answer, for there is a gap
                next = m.sequence() + 1;
                ask = Math.max(ask, next);
                large = Math.max(large - large / 8, m.size());
                return m;
            }
        }
    }

    private static StoredMessage message(byte[] answer) {
        try {
            JsonNode n = JSON.readTree(answer);
            JsonNode error = n.path("error");
            if (error.path("err_code").asInt() == NO_MESSAGE) {
                return null;
            }
            if (!error.isMissingNode()) {
                throw CliFailure.refused(error.path("description").asText());
            }
            JsonNode m = n.path("message");
            byte[] headers = Base64.getDecoder().decode(m.path("hdrs").asText(""));
            byte[] payload = Base64.getDecoder().decode(m.path("data").asText(""));
            byte[] body = java.util.Arrays.copyOf(headers, headers.length + payload.length);
            System.arraycopy(payload, 0, body, headers.length, payload.length);
            Instant time = OffsetDateTime.parse(m.path("time").asText()).toInstant();
            return new StoredMessage(m.path("seq").asLong(), time.getEpochSecond() * NANOS + time.getNano(),
                m.path("subject").asText().getBytes(StandardCharsets.UTF_8), headers.length, body);
        } catch (IOException | java.time.DateTimeException | IllegalArgumentException e) {
            throw new CliFailure(ExitCode.BAD_DATA, "A message of the server is not understood: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        asked.clear(); // answers that still come are passed over
    }
}
