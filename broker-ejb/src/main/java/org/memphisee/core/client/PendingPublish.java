package org.memphisee.core.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.core.routing.LocalOrigin;

/**
 * One message on its way and the future of its caller. Answered on the shard's thread with the same PubAck that a
 * connection would get.
 */
final class PendingPublish extends CompletableFuture<Stored> implements LocalOrigin {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final byte[] SEQUENCE = "\"seq\":".getBytes(StandardCharsets.US_ASCII);

    /** Where the name of the stream begins in an answer. */
    private static final int STREAM_NAME = "{\"stream\":\"".length();

    private final int partition;
    private final int bytes;
    private final ByteBudget budget;
    /** Set when the messages before it in its batch failed; null for a message alone. */
    private final AtomicBoolean stopped;
    private boolean settled;

    /**
     * A message whose bytes were taken from the budget.
     *
     * @param partition number shown to the caller
     */
    PendingPublish(int partition, int bytes, ByteBudget budget, AtomicBoolean stopped) {
        this.partition = partition;
        this.bytes = bytes;
        this.budget = budget;
        this.stopped = stopped;
    }

    @Override
    public boolean wanted() {
        if (stopped != null && stopped.get()) {
            refuse(new LocalRefusal(LocalRefusal.Kind.FAILED, "not sent because an earlier message failed"));
            return false;
        }
        return !isDone();
    }

    @Override
    public void gone() {
        refuse(new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "the station was removed meanwhile"));
    }

    @Override
    public void answer(byte[] subject, int offset, int length, byte[] payload, int payloadLength) {
        if (payload[2] == 'e') { // {"error":…
            refuse(refusal(payload, payloadLength));
        } else {
            int at = sequenceAt(payload, payloadLength);
            long sequence = 0;
            while (at < payloadLength && payload[at] >= '0' && payload[at] <= '9') {
                sequence = sequence * 10 + payload[at++] - '0';
            }
            settle();
            complete(payload[at] == ',' ? new Stored(partitionOf(payload), sequence, true)
                : new Stored(partition, sequence, false));
        }
    }

    /** The earlier message with the same id may be in another partition: the answer names its stream. */
    private int partitionOf(byte[] json) {
        if (partition == 0) {
            return 0;
        }
        int i = STREAM_NAME;
        int number = 0;
        for (; json[i] != '"'; i++) { // a station's name has no quotes
            number = json[i] == '$' ? 0 : number * 10 + json[i] - '0';
        }
        return number;
    }

    /** The stream acknowledges nothing: taken is all that can be said. */
    void unacknowledged() {
        settle();
        complete(new Stored(partition, 0, false));
    }

    void refuse(LocalRefusal why) {
        if (stopped != null) {
            stopped.set(true);
        }
        settle();
        completeExceptionally(why);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        settle();
        return super.cancel(mayInterrupt);
    }

    private void settle() {
        synchronized (this) { // nearly never contended: one shard, and a caller that gave up
            if (settled) {
                return;
            }
            settled = true;
        }
        budget.give(bytes);
    }

    /** The name of the stream stands before it, so the last one counts. */
    private static int sequenceAt(byte[] json, int length) {
        for (int i = length - SEQUENCE.length; i > 0; i--) {
            int k = 0;
            while (k < SEQUENCE.length && json[i + k] == SEQUENCE[k]) {
                k++;
            }
            if (k == SEQUENCE.length) {
                return i + k;
            }
        }
        throw new IllegalStateException("not a PubAck: " + new String(json, 0, length, StandardCharsets.UTF_8));
    }

    private static LocalRefusal refusal(byte[] json, int length) {
        try {
            JsonNode error = MAPPER.readTree(json, 0, length).path("error");
            String text = error.path("description").asText();
            return new LocalRefusal(switch (error.path("err_code").asInt()) {
                case 10054, 10097 -> LocalRefusal.Kind.TOO_LARGE;
                case 10023 -> LocalRefusal.Kind.STORAGE_FULL;
                case 10077, 10118 -> LocalRefusal.Kind.UNAVAILABLE;
                case 10158 -> LocalRefusal.Kind.BUSY;
                default -> LocalRefusal.Kind.FAILED;
            }, text);
        } catch (IOException e) {
            throw new UncheckedIOException("not a refusal", e);
        }
    }
}
