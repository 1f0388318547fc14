package org.memphisee.cli.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;

/**
 * Sends a stream as an archive of version 2 in chunks of STREAM.RESTORE (jetstream-new.md 6). Frames are not compressed: a
 * migration is bounded by reading and writing. No more than a window of chunks is unanswered.
 */
final class ArchiveIntake implements Target.Intake {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] IDENTIFIER = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};
    private static final byte[] SIGN = "NATSARC1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = {};
    private static final int FRAME = 64 << 10;
    private static final int FRAME_HEADER = 8;
    private static final int PLAIN = 1;
    private static final int MASK = 0xa282ead8;
    private static final int CHUNK = 256 << 10;
    /** Room for a chunk's subject and protocol line. */
    private static final int SPARE = 1 << 10;
    private static final int WINDOW = 16;
    private static final String IMPORT = "memphisee_import";

    private final JetStreamServer server;
    private final String subject;
    private final boolean complete;
    private final long last;
    private final long messages;
    private final byte[] frame = new byte[FRAME];
    private final byte[] chunk;
    private final byte[] number = new byte[10];
    private final Queue<CompletableFuture<byte[]>> unanswered = new ArrayDeque<>();
    private int framed;
    private int chunked;

    ArchiveIntake(JetStreamServer server, String stream, JsonNode config, Optional<StationPlace> station, String id,
        boolean restart) {
        this.server = server;
        ObjectNode request = JetStreamServer.object();
        request.set("config", config);
        request.putObject("state");
        ObjectNode about = request.putObject(IMPORT).put("id", id).put("restart", restart);
        station.ifPresent(place -> about.putObject("station").put("name", place.station()).put("number", place.number())
            .put("partitions", place.partitions()));
        JsonNode answer = server.ask("STREAM.RESTORE." + stream, request);
        subject = answer.path("deliver_subject").asText();
        complete = answer.path(IMPORT).path("complete").asBoolean();
        last = answer.path(IMPORT).path("last_seq").asLong();
        messages = answer.path(IMPORT).path("messages").asLong();
        chunk = new byte[Math.max(SPARE, Math.min(CHUNK, server.session().maxPayload() - SPARE))];
        out(IDENTIFIER, 0, IDENTIFIER.length);
        data(SIGN, 0, SIGN.length);
    }

    @Override
    public long last() {
        return last;
    }

    @Override
    public long messages() {
        return messages;
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public void entry(String name, byte[] json) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        head(bytes.length, 0, 0, 0, json.length);
        data(bytes, 0, bytes.length);
        data(json, 0, json.length);
    }

    @Override
    public void message(StoredMessage m) {
        head(m.subject().length, m.timeNanos(), m.sequence(), m.headerLength(), m.body().length - m.headerLength());
        data(m.subject(), 0, m.subject().length);
        data(m.body(), 0, m.body().length);
    }

    private void head(int name, long timeNanos, long sequence, int header, int payload) {
        number(name);
        number(timeNanos << 1 ^ timeNanos >> 63);
        number(sequence);
        number(header);
        number(payload);
    }

    private void number(long value) {
        int length = 0;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            number[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        number[length++] = (byte) rest;
        data(number, 0, length);
    }

    // ---- frames

    private void data(byte[] bytes, int offset, int length) {
        int at = offset;
        while (at < offset + length) {
            int n = Math.min(offset + length - at, frame.length - framed);
            System.arraycopy(bytes, at, frame, framed, n);
            framed += n;
            at += n;
            if (framed == frame.length) {
                frame();
            }
        }
    }

    private void frame() {
        if (framed == 0) {
            return;
        }
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, framed);
        int sum = (int) crc.getValue();
        sum = (sum >>> 15 | sum << 17) + MASK;
        int length = framed + 4;
        byte[] header = {PLAIN, (byte) length, (byte) (length >>> 8), (byte) (length >>> 16), (byte) sum, (byte) (sum >>> 8),
            (byte) (sum >>> 16), (byte) (sum >>> 24)};
        out(header, 0, FRAME_HEADER);
        out(frame, 0, framed);
        framed = 0;
    }

    // ---- chunks

    private void out(byte[] bytes, int offset, int length) {
        int at = offset;
        while (at < offset + length) {
            int n = Math.min(offset + length - at, chunk.length - chunked);
            System.arraycopy(bytes, at, chunk, chunked, n);
            chunked += n;
            at += n;
            if (chunked == chunk.length) {
                send();
            }
        }
    }

    private void send() {
        if (chunked == 0) {
            return;
        }
        unanswered.add(server.session().request(subject, Arrays.copyOf(chunk, chunked)));
        chunked = 0;
        while (unanswered.size() >= WINDOW) {
            answer();
        }
    }

    private void answer() {
        byte[] bytes = server.broker().await(unanswered.remove());
        if (bytes.length > 0) {
            read(bytes);
        }
    }

    @Override
    public void pause() {
        frame();
        send();
        while (!unanswered.isEmpty()) {
            answer();
        }
    }

    @Override
    public void finish() {
        head(0, 0, 0, 0, 0);
        pause();
        read(server.broker().await(server.session().request(subject, NONE)));
    }

    /** Ends with what the broker says, unless it is content. */
    private static void read(byte[] bytes) {
        try {
            JsonNode error = JSON.readTree(bytes).path("error");
            if (!error.isMissingNode()) {
                throw CliFailure.refused(error.path("description").asText());
            }
        } catch (IOException e) {
            throw CliFailure.refused(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
